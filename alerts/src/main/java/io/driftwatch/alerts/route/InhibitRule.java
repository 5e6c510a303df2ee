package io.driftwatch.alerts.route;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * While one alert fires, others are not told, as in Alertmanager: an alert that the target matchers
 * match is inhibited by a firing one that the source matchers match if both have the same values of
 * the {@code equal} labels, a missing label and an empty one being the same. An alert that both
 * sides match cannot be inhibited by another of that kind, nor by itself.
 *
 * @param source what the inhibiting alert must match; not empty
 * @param target what the inhibited alert must match; not empty
 * @param equal labels with the same value in both
 */
public record InhibitRule(List<Matcher> source, List<Matcher> target, List<String> equal)
        implements Serializable {
    public InhibitRule {
        source = List.copyOf(source);
        target = List.copyOf(target);
        equal = List.copyOf(equal);
    }

    /** Says whether alerts with these labels can inhibit others. */
    public boolean isSource(Map<String, String> labels) {
        return Matcher.matchesAll(source, labels);
    }

    /** Says whether a firing alert inhibits another. */
    public boolean inhibits(Map<String, String> firing, Map<String, String> other) {
        return isSource(firing)
                && Matcher.matchesAll(target, other)
                && hasEqual(firing, other)
                && !(isSource(other) && Matcher.matchesAll(target, firing));
    }

    private boolean hasEqual(Map<String, String> firing, Map<String, String> other) {
        return equal.stream()
                .allMatch(l -> firing.getOrDefault(l, "").equals(other.getOrDefault(l, "")));
    }
}
