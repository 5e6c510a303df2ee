package io.driftwatch.alerts.config;

import io.driftwatch.alerts.route.Route;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads the part {@code route} of the file. */
final class RouteReader {
    private RouteReader() {}

    /** Reads the route; a file without one has the default route to its only receiver, if any. */
    static Route read(ConfigMapping root, List<String> receivers) {
        Optional<ConfigMapping> mapping = root.mapping("route");
        if (mapping.isPresent()) {
            return route(mapping.get(), receivers);
        }
        if (receivers.size() > 1 && root.kind("route") == Kind.ABSENT) {
            root.problem(
                    "receivers",
                    "there are "
                            + receivers.size()
                            + " but no route says which one gets the alerts; add for example"
                            + " route: {receiver: "
                            + receivers.get(0)
                            + "}");
        }
        return Route.standard(receivers.size() == 1 ? receivers.get(0) : null);
    }

    private static Route route(ConfigMapping mapping, List<String> receivers) {
        Route standard = Route.standard(null);
        String receiver = receiver(mapping, receivers);
        List<String> groupBy =
                mapping.kind("group_by") == Kind.ABSENT ? standard.groupBy() : groupBy(mapping);
        Duration wait = mapping.duration("group_wait", standard.groupWait());
        Duration interval = positive(mapping, "group_interval", standard.groupInterval());
        Duration repeat = positive(mapping, "repeat_interval", standard.repeatInterval());
        if (!mapping.mappings("routes").isEmpty()) {
            mapping.problem("routes", "child routes are not supported yet; use routes: []");
        }
        mapping.end();
        return new Route(receiver, groupBy, wait, interval, repeat);
    }

    private static String receiver(ConfigMapping mapping, List<String> receivers) {
        String receiver = mapping.string("receiver", null);
        if (mapping.kind("receiver") != Kind.SCALAR || receivers.contains(receiver)) {
            return receiver.isEmpty() ? null : receiver;
        }
        String hint =
                receivers.isEmpty()
                        ? "; add it under receivers"
                        : Scalars.didYouMean(receiver, receivers);
        mapping.problem("receiver", Quoted.of(receiver) + " is not the name of a receiver" + hint);
        return null;
    }

    private static List<String> groupBy(ConfigMapping mapping) {
        List<String> labels = mapping.strings("group_by");
        if (labels.contains(Route.EVERY_LABEL) && labels.size() > 1) {
            mapping.problem("group_by", "'...' stands for all labels; leave the others out");
        }
        return labels;
    }

    private static Duration positive(ConfigMapping mapping, String key, Duration fallback) {
        Duration duration = mapping.duration(key, fallback);
        if (duration.isZero()) {
            mapping.problem(
                    key, "must be longer than 0; use for example " + Durations.format(fallback));
            return fallback;
        }
        return duration;
    }
}
