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

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration REPEAT = Duration.ofHours(4);

    public CanaryConfig {
        Objects.requireNonNull(url, "url");
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
        List<Matcher> matchers = List.of(new Matcher("model", Matcher.Operator.EQUAL, NAME));
        String key = Route.ROOT + "/" + Matcher.format(matchers);
        Route route =
                new Route(
                        key,
                        key + " " + to,
                        to,
                        List.of(Route.EVERY_LABEL),
                        Duration.ZERO,
                        INTERVAL,
                        REPEAT,
                        List.of(),
                        List.of());
        return new RouteTree(matchers, continues, route, List.of());
    }
}
