package io.driftwatch.alerts.config;

import io.driftwatch.alerts.route.Matcher;
import io.driftwatch.alerts.route.Route;
import io.driftwatch.alerts.route.RouteTree;
import io.driftwatch.alerts.route.TimeIntervals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the part {@code route} of the file: a tree, in which children inherit. */
final class RouteReader {
    private final List<String> receivers;
    private final Map<String, TimeIntervals> intervals;
    private final Map<String, Integer> taken = new HashMap<>();

    RouteReader(List<String> receivers, Map<String, TimeIntervals> intervals) {
        this.receivers = receivers;
        this.intervals = intervals;
    }

    /** Reads the routes; a file without any has the default route to its only receiver, if any. */
    RouteTree read(ConfigMapping root) {
        Optional<ConfigMapping> mapping = root.mapping("route");
        if (mapping.isPresent()) {
            return root(mapping.get());
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
        return RouteTree.of(Route.standard(receivers.size() == 1 ? receivers.get(0) : null));
    }

    private RouteTree root(ConfigMapping mapping) {
        for (String key :
                List.of("matchers", "continue", "mute_time_intervals", "active_time_intervals")) {
            if (mapping.has(key)) {
                mapping.problem(
                        key, "the topmost route takes every alert; put this into a route below it");
            }
        }
        mapping.string("receiver", null);
        return tree(mapping, Route.standard(null), Route.ROOT, List.of());
    }

    private RouteTree child(ConfigMapping mapping, Route parent) {
        List<Matcher> matchers = matchers(mapping, "matchers");
        for (String old : List.of("match", "match_re")) {
            if (mapping.has(old)) {
                mapping.problem(
                        old,
                        "is Alertmanager's old form; use matchers, for example"
                                + " matchers: ['severity=\"critical\"']");
            }
        }
        String key = parent.key() + "/" + Matcher.format(matchers);
        return tree(mapping, parent, key, matchers);
    }

    private RouteTree tree(
            ConfigMapping mapping, Route parent, String key, List<Matcher> matchers) {
        Route route = route(mapping, parent, key);
        boolean continues = mapping.flag("continue", false);
        List<RouteTree> routes = new ArrayList<>();
        for (ConfigMapping each : mapping.mappings("routes")) {
            routes.add(child(each, route));
        }
        mapping.end();
        return new RouteTree(matchers, continues, route, routes);
    }

    /** What alerts of two routes of one key share, if their receiver is the same, is their id. */
    private Route route(ConfigMapping mapping, Route parent, String key) {
        String receiver = receiver(mapping, parent.receiver());
        String id = key + " " + receiver;
        int earlier = taken.merge(id, 1, Integer::sum) - 1;
        return new Route(
                key,
                earlier == 0 ? id : id + " " + earlier,
                receiver,
                mapping.kind("group_by") == Kind.ABSENT ? parent.groupBy() : groupBy(mapping),
                mapping.duration("group_wait", parent.groupWait()),
                positive(mapping, "group_interval", parent.groupInterval()),
                positive(mapping, "repeat_interval", parent.repeatInterval()),
                times(mapping, "mute_time_intervals"),
                times(mapping, "active_time_intervals"));
    }

    private String receiver(ConfigMapping mapping, String inherited) {
        Optional<String> named = mapping.optionalString("receiver");
        if (named.isEmpty() || receivers.contains(named.get())) {
            return named.orElse(inherited);
        }
        String hint =
                receivers.isEmpty()
                        ? "; add it under receivers"
                        : Scalars.didYouMean(named.get(), receivers);
        mapping.problem(
                "receiver", Quoted.of(named.get()) + " is not the name of a receiver" + hint);
        return inherited;
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

    private List<TimeIntervals> times(ConfigMapping mapping, String key) {
        List<TimeIntervals> times = new ArrayList<>();
        for (String name : mapping.strings(key)) {
            TimeIntervals named = intervals.get(name);
            if (named != null) {
                times.add(named);
            } else {
                List<String> names =
                        intervals.keySet().stream().sorted(Comparator.naturalOrder()).toList();
                mapping.problem(
                        key,
                        Quoted.of(name)
                                + " is not the name of a time interval"
                                + (names.isEmpty()
                                        ? "; add it under time_intervals"
                                        : Scalars.didYouMean(name, names)));
            }
        }
        return times;
    }

    /** Reads a list of matchers; in one element there may be several, with commas between them. */
    static List<Matcher> matchers(ConfigMapping mapping, String key) {
        List<Matcher> matchers = new ArrayList<>();
        int index = 0;
        List<String> texts = mapping.strings(key);
        for (String text : texts) {
            try {
                matchers.addAll(Matcher.parseAll(text));
            } catch (IllegalArgumentException mistake) {
                String place = texts.size() == 1 ? "" : "element " + index + ": ";
                mapping.problem(key, place + mistake.getMessage());
            }
            index++;
        }
        return matchers;
    }
}
