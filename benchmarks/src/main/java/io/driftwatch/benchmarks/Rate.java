package io.driftwatch.benchmarks;

import java.util.Locale;

/**
 * How many of the simulated windows alarmed.
 *
 * @param alarms windows that alarmed
 * @param windows all windows
 */
record Rate(long alarms, long windows) {
    /** The two-sided normal quantile of a confidence of 99 %. */
    private static final double QUANTILE = 2.5758293035489004;

    Rate plus(Rate other) {
        return new Rate(alarms + other.alarms, windows + other.windows);
    }

    double share() {
        return (double) alarms / windows;
    }

    /** The lower end of Wilson's 99 % interval. */
    double lower() {
        return centre() - halfWidth();
    }

    /** The upper end of Wilson's 99 % interval. */
    double upper() {
        return centre() + halfWidth();
    }

    private double centre() {
        double square = QUANTILE * QUANTILE;
        return (alarms + square / 2) / (windows + square);
    }

    private double halfWidth() {
        double square = QUANTILE * QUANTILE;
        double variance = share() * (1 - share()) * windows + square / 4;
        return QUANTILE * Math.sqrt(variance) / (windows + square);
    }

    /** Rate and interval as multiples of {@code unit}, such as 0.001 for alarms per thousand. */
    String in(double unit) {
        return String.format(
                Locale.ROOT,
                "%.2f (%.2f-%.2f)",
                share() / unit,
                Math.max(0, lower()) / unit,
                upper() / unit);
    }

    String percent() {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share());
    }
}
