package io.driftwatch.alerts.rule;

/** How the p-values of one window are corrected for their number. */
public enum Correction {
    /** Step by step from the smallest on: never less powerful than {@link #BONFERRONI}. */
    HOLM,
    /** Each times the number of tests: what one score has to show hangs on no other score. */
    BONFERRONI
}
