package io.driftwatch.job.route;

import io.driftwatch.schemas.Alert;

/**
 * An alert on one of its ways.
 *
 * @param group names the route and the group within it, see {@link #group(String, String)}
 * @param alert the alert
 */
public record Routed(String group, Alert alert) {
    /** Not part of any group's key, where it would be escaped. */
    private static final char SEPARATOR = '\n';

    /** The key of a group under which its state is kept. */
    static String group(String routeId, String groupKey) {
        return routeId + SEPARATOR + groupKey;
    }

    /** The key of the group within its route. */
    static String groupKey(String group) {
        return group.substring(group.lastIndexOf(SEPARATOR) + 1);
    }

    /** The id of the route that a group belongs to. */
    static String routeId(String group) {
        return group.substring(0, group.lastIndexOf(SEPARATOR));
    }
}
