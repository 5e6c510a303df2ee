package io.driftwatch.job.cli;

import java.util.Locale;

/** Numbers for people. */
final class Numbers {
    private Numbers() {}

    /** Whole numbers with separators, others with four significant digits. */
    static String show(Number number) {
        if (number instanceof Long || number instanceof Integer) {
            return String.format(Locale.ROOT, "%,d", number.longValue());
        }
        double value = number.doubleValue();
        if (Double.isNaN(value)) {
            return "-";
        }
        if (value == 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6)) {
            return String.format(Locale.ROOT, "%.4g", value);
        }
        return String.format(Locale.ROOT, "%.3e", value);
    }

    /** A share as a percentage. */
    static String percent(double share) {
        return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }
}
