package io.driftwatch.alerts.config;

import io.driftwatch.alerts.deliver.EndpointConfig;
import io.driftwatch.alerts.deliver.ReceiverConfig;
import io.driftwatch.alerts.deliver.Secret;
import io.driftwatch.alerts.deliver.WebhookEndpoint;
import io.driftwatch.alerts.route.Matcher;
import io.driftwatch.alerts.route.Route;
import io.driftwatch.alerts.route.RouteTree;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The canary: a made-up drift that is sent through everything, from a topic to a message, to see
 * whether it comes out. Its alerts have a route and a receiver of their own, ahead of all others,
 * so that people hear of it only if they ask to.
 *
 * @param url where {@code driftwatch canary} listens
 * @param receiver name of a receiver that hears of it as well; null for none
 */
public record CanaryConfig(Secret url, String receiver) implements Serializable {
    /** The canary's model, and its receiver. */
    public static final String NAME = "driftwatch-canary";

    private static final List<Matcher> MATCHERS =
            List.of(new Matcher("model", Matcher.Operator.EQUAL, NAME));
    private static final String KEY = Route.ROOT + "/" + Matcher.format(MATCHERS);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** What nobody heard of is not worth a second message: the next flight has its own. */
    private static final Duration REPEAT = Duration.ofDays(3650);

    public CanaryConfig {
        Objects.requireNonNull(url, "url");
    }

    /** Says whether an alert with these labels is the canary's. */
    public static boolean isAbout(Map<String, String> labels) {
        return NAME.equals(labels.get("model"));
    }

    /** Says whether a route is one of the canary's own. */
    static boolean isOwn(RouteTree tree) {
        return tree.matchers().equals(MATCHERS) && tree.route().key().equals(KEY);
    }

    /** The receivers with the canary's own behind them. */
    List<ReceiverConfig> withReceiver(List<ReceiverConfig> others) {
        EndpointConfig endpoint =
                new WebhookEndpoint(
                        "webhook[0]",
                        url,
                        WebhookEndpoint.Format.JSON,
                        Map.of(),
                        List.of(),
                        /* timeout= */ null);
        List<ReceiverConfig> all = new ArrayList<>(others);
        all.add(new ReceiverConfig(NAME, List.of(endpoint)));
        return all;
    }

    /** The routes with the canary's own before them. */
    RouteTree withRoutes(RouteTree others) {
        List<RouteTree> children = new ArrayList<>();
        if (receiver != null) {
            children.add(route(receiver, /* continues= */ true));
        }
        children.add(route(NAME, /* continues= */ false));
        children.addAll(others.routes());
        return new RouteTree(others.matchers(), others.continues(), others.route(), children);
    }

    private static RouteTree route(String to, boolean continues) {
        Route route =
                new Route(
                        KEY,
                        KEY + " " + to,
                        to,
                        List.of(Route.EVERY_LABEL),
                        Duration.ZERO,
                        INTERVAL,
                        REPEAT,
                        List.of(),
                        List.of());
        return new RouteTree(MATCHERS, continues, route, List.of());
    }
}
