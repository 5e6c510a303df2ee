package io.driftwatch.alerts.route;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The alerts that may inhibit others. Pure: what is remembered of them is an argument.
 *
 * <p>In the order of the wall clock an alert inhibits from its arrival to its end. A replay of
 * history reads ahead, so there each is asked whether it fires at the moment in question.
 */
public final class Inhibitors implements Serializable {
    private static final long serialVersionUID = 1L;

    /** How long an ended alert is kept for groups that lag behind it. */
    private static final Duration KEPT = Duration.ofDays(1);

    /**
     * What is kept of an alert. Flat because it is stored state.
     *
     * @param labels its labels
     * @param fromMillis when it began to fire
     * @param untilMillis when it was resolved; {@link Long#MAX_VALUE} while it fires
     */
    public record Source(Map<String, String> labels, long fromMillis, long untilMillis) {
        private boolean firesAt(long millis) {
            return fromMillis <= millis && millis < untilMillis;
        }
    }

    private final List<InhibitRule> rules;

    public Inhibitors(List<InhibitRule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** Says whether an alert can inhibit others. */
    public boolean isSource(Alert alert) {
        return rules.stream().anyMatch(rule -> rule.isSource(alert.getLabels()));
    }

    /**
     * What to keep of an alert after a change; null to forget it.
     *
     * @param beforeOrNull what was kept of it
     * @param nowMillis the time of the change
     */
    public static Source after(Source beforeOrNull, Alert alert, long nowMillis) {
        boolean wasFiring = beforeOrNull != null && beforeOrNull.untilMillis() == Long.MAX_VALUE;
        if (alert.getState() == AlertState.firing) {
            return wasFiring
                    ? beforeOrNull
                    : new Source(Map.copyOf(alert.getLabels()), nowMillis, Long.MAX_VALUE);
        }
        return wasFiring && alert.getState() == AlertState.resolved
                ? new Source(beforeOrNull.labels(), beforeOrNull.fromMillis(), nowMillis)
                : beforeOrNull;
    }

    /** Says whether nobody can ask for it any more. */
    public static boolean isOver(Source source, long nowMillis) {
        return source.untilMillis() < nowMillis - KEPT.toMillis();
    }

    /** Says whether an alert is inhibited at a moment by any of those kept. */
    public boolean inhibit(Iterable<Source> sources, Map<String, String> labels, long atMillis) {
        for (InhibitRule rule : rules) {
            if (!Matcher.matchesAll(rule.target(), labels)) {
                continue;
            }
            for (Source source : sources) {
                if (source.firesAt(atMillis) && rule.inhibits(source.labels(), labels)) {
                    return true;
                }
            }
        }
        return false;
    }
}
