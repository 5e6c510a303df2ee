package io.driftwatch.alerts.rule;

import io.driftwatch.schemas.BinChange;
import io.driftwatch.schemas.Score;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Numbers and times as messages to people show them, the same in every locale and time zone. */
public final class Figures {
    private static final MathContext DIGITS = new MathContext(4);
    private static final int LONGEST_NAME = 100;
    private static final double SMALLEST_P_VALUE = 1e-12;
    private static final DateTimeFormatter MINUTES =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private Figures() {}

    /** Returns a number with four significant digits, but never less than its whole part. */
    public static String number(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        BigDecimal exact = new BigDecimal(value);
        BigDecimal rounded =
                Math.abs(value) >= 1000 && Math.abs(value) < 1e9
                        ? exact.setScale(0, RoundingMode.HALF_EVEN)
                        : exact.round(DIGITS).stripTrailingZeros();
        boolean plain = value == 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e9);
        return plain ? rounded.toPlainString() : rounded.toString();
    }

    /** Returns a score's value, with its bounds where they differ; "no value" without one. */
    public static String value(Score score) {
        if (score.getValue() == null) {
            return "no value";
        }
        String value = number(score.getValue());
        if (score.getLower() == null || score.getUpper() == null) {
            return value;
        }
        String lower = number(score.getLower());
        String upper = number(score.getUpper());
        return lower.equals(upper) ? value : value + " (between " + lower + " and " + upper + ")";
    }

    /** Returns {@code p = 0.0004}, or {@code p < 1e-12} for anything smaller. */
    public static String pValue(double pValue) {
        return pValue < SMALLEST_P_VALUE ? "p < 1e-12" : "p = " + number(pValue);
    }

    /** Returns a share from 0 to 1 as {@code 31.25 %}. */
    public static String percent(double share) {
        return number(100 * share) + " %";
    }

    /**
     * Returns {@code from 10 % of the reference to 31 % of the window: JFK}. The name comes last
     * and is cut, as it is data and may be long; nothing in it is escaped.
     */
    public static String change(BinChange change) {
        return "from "
                + percent(change.getReferenceShare())
                + " of the reference to "
                + percent(change.getShare())
                + " of the window: "
                + binName(change.getBin());
    }

    private static String binName(String bin) {
        return switch (bin) {
            case "__other__" -> "rare categories";
            case "__new__" -> "new categories";
            default ->
                    bin.codePointCount(0, bin.length()) <= LONGEST_NAME
                            ? bin
                            : bin.substring(0, bin.offsetByCodePoints(0, LONGEST_NAME)) + "…";
        };
    }

    /** Returns a whole number with thousands set apart by commas. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** Returns a time in UTC, to the minute if it is a whole one. */
    public static String instant(Instant instant) {
        return instant.equals(instant.truncatedTo(ChronoUnit.MINUTES))
                ? MINUTES.format(instant)
                : instant.toString();
    }
}
