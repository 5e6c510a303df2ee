package io.driftwatch.alerts.rule;

import java.util.Locale;

/** How much an alert matters, from least to most. */
public enum Severity {
    INFO,
    WARNING,
    CRITICAL;

    /** Returns the value of the label {@code severity}, in lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the constant of a label; {@link #INFO} for null and for anything unknown. */
    public static Severity ofLabel(String label) {
        for (Severity severity : values()) {
            if (severity.label().equals(label)) {
                return severity;
            }
        }
        return INFO;
    }
}
