package io.driftwatch.alerts.route;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A route with the routes below it, as in Alertmanager. An alert that comes to a node goes down to
 * the first child that matches it, and on to later children if that one continues; where no child
 * matches, the node's own route takes it.
 *
 * @param matchers what an alert must match to come here; none at the root
 * @param continues whether siblings behind this one see the alert too
 * @param route where an alert goes that no child takes; the children have what they inherit from it
 * @param routes the children, in their order; copied
 */
public record RouteTree(
        List<Matcher> matchers, boolean continues, Route route, List<RouteTree> routes)
        implements Serializable {
    public RouteTree {
        matchers = List.copyOf(matchers);
        routes = List.copyOf(routes);
    }

    /** A tree that is only a root. */
    public static RouteTree of(Route route) {
        return new RouteTree(List.of(), false, route, List.of());
    }

    /**
     * Returns the routes that take an alert with these labels, in the order of the tree; empty if
     * this node does not match it, which a root always does.
     */
    public List<Route> match(Map<String, String> labels) {
        List<Route> taken = new ArrayList<>();
        match(labels, taken);
        return taken;
    }

    private boolean match(Map<String, String> labels, List<Route> taken) {
        if (!Matcher.matchesAll(matchers, labels)) {
            return false;
        }
        boolean isTaken = false;
        for (RouteTree child : routes) {
            boolean matches = child.match(labels, taken);
            isTaken |= matches;
            if (matches && !child.continues) {
                break;
            }
        }
        if (!isTaken) {
            taken.add(route);
        }
        return true;
    }

    /** Returns all routes, each before those below it. */
    public List<Route> all() {
        List<Route> all = new ArrayList<>();
        all.add(route);
        routes.forEach(child -> all.addAll(child.all()));
        return all;
    }

    /** Says whether any route has a receiver. */
    public boolean hasReceiver() {
        return all().stream().anyMatch(each -> each.receiver() != null);
    }
}
