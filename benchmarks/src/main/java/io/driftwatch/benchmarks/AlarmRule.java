package io.driftwatch.benchmarks;

import io.driftwatch.detectors.significance.DriftSeverity;
import io.driftwatch.detectors.significance.SeverityScale;
import java.util.function.Predicate;

/**
 * A way to decide whether a window alarms.
 *
 * @param name how tables call it
 * @param alarms the decision
 */
record AlarmRule(String name, Predicate<Outcome> alarms) {

    /** What {@code min_severity: low} and {@code min_count: auto} make of psi. */
    static AlarmRule byDefault(double significance) {
        AlarmRule keys = twoKeys(significance);
        return new AlarmRule(
                "default rule",
                outcome -> keys.alarms().test(outcome) && outcome.isJudged(significance));
    }

    /** Significant, and at least of low severity: what a rule with {@code min_severity} asks. */
    static AlarmRule twoKeys(double significance) {
        return new AlarmRule(
                "psi, both keys",
                outcome ->
                        SeverityScale.DEFAULT
                                        .of(outcome.pValue() <= significance, outcome.excess())
                                        .compareTo(DriftSeverity.LOW)
                                >= 0);
    }

    /** The p-value of psi alone. */
    static AlarmRule significance(double significance) {
        return new AlarmRule("psi, p alone", outcome -> outcome.pValue() <= significance);
    }

    /** The p-value of ks alone. */
    static AlarmRule kolmogorovSmirnov(double significance) {
        return new AlarmRule("ks, p alone", outcome -> outcome.ksPValue() <= significance);
    }

    /** The classical rule, which knows no sample size. */
    static AlarmRule indexAbove(double threshold) {
        return new AlarmRule("PSI > " + threshold, outcome -> outcome.psi() > threshold);
    }
}
