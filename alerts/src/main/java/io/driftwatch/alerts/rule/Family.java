package io.driftwatch.alerts.rule;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * Rules that share one budget of false alarms.
 *
 * @param alerts names of the rules; copied, not empty
 * @param level the probability of any false alarm that all of them together may spend on one window
 *     of one sample, in (0, 1)
 * @param tests how many different tests (feature and statistic) they are planned to make in such a
 *     window, at least 1
 * @param correction how p-values are corrected for that number
 */
public record Family(List<String> alerts, double level, int tests, Correction correction)
        implements Serializable {

    /**
     * @throws IllegalArgumentException if there is no rule, or a number is outside its stated range
     */
    public Family {
        alerts = List.copyOf(alerts);
        Objects.requireNonNull(correction, "correction");
        if (alerts.isEmpty() || !(level > 0 && level < 1) || tests < 1) {
            throw new IllegalArgumentException(
                    "A family of the rules "
                            + alerts
                            + " with level "
                            + level
                            + " for "
                            + tests
                            + " tests; expected a rule or more, a level in (0, 1), a test or more");
        }
    }
}
