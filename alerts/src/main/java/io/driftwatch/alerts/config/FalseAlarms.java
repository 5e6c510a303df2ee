package io.driftwatch.alerts.config;

import io.driftwatch.detectors.significance.FalseAlarmBudget;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Budgets of false alarms as text: a number above 0, {@code per}, and a duration as {@link
 * Durations} reads it, such as {@code 1 per 30d} or {@code 0.5 per 1w}.
 */
public final class FalseAlarms {
    private static final Pattern GRAMMAR = Pattern.compile("(\\S+) +per +(\\S+)");
    private static final String EXAMPLE = "; use for example 1 per 30d";

    private FalseAlarms() {}

    /** Reads the budget at a key; empty if the key is absent, or after a problem. */
    public static Optional<FalseAlarmBudget> read(ConfigMapping mapping, String key) {
        try {
            return mapping.optionalString(key).map(FalseAlarms::parse);
        } catch (IllegalArgumentException mistake) {
            mapping.problem(key, mistake.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Reads a budget.
     *
     * @throws IllegalArgumentException if the text is none; the message quotes it and says what is
     *     expected
     */
    public static FalseAlarmBudget parse(String text) {
        Matcher matcher = GRAMMAR.matcher(text);
        if (!matcher.matches()) {
            throw mistake(text, "is not a number of false alarms per duration");
        }
        double falseAlarms = number(text, matcher.group(1));
        Duration period = period(text, matcher.group(2));
        if (falseAlarms <= 0) {
            throw mistake(text, "allows no false alarm, which no test can keep");
        }
        if (period.isZero()) {
            throw mistake(text, "has a period of 0");
        }
        return new FalseAlarmBudget(falseAlarms, period);
    }

    private static double number(String text, String number) {
        try {
            return Scalars.number(number);
        } catch (IllegalArgumentException e) {
            throw mistake(text, "does not begin with a number");
        }
    }

    private static Duration period(String text, String period) {
        try {
            return Durations.parse(period);
        } catch (IllegalArgumentException e) {
            throw mistake(text, "does not end in a duration such as 30d or 12h");
        }
    }

    private static IllegalArgumentException mistake(String text, String what) {
        return new IllegalArgumentException(Quoted.of(text) + " " + what + EXAMPLE);
    }

    /** Writes a budget, its period to the millisecond, in a form that {@link #parse} reads. */
    public static String text(FalseAlarmBudget budget) {
        return number(budget.falseAlarms()) + " per " + Durations.format(budget.period());
    }

    /** All digits: what is read again is the same number. */
    private static String number(double value) {
        BigDecimal exact = BigDecimal.valueOf(value).stripTrailingZeros();
        boolean plain = value >= 1e-6 && value < 1e9;
        return plain ? exact.toPlainString() : exact.toString();
    }
}
