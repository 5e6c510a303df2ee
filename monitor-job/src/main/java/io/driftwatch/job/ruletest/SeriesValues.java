package io.driftwatch.job.ruletest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values of a series in promtool's notation, with spaces between them: {@code 0.3} is a value,
 * {@code _} a window without one, {@code 0.1x3} a value and three more of it, {@code _x3} three
 * windows without, {@code 0.1+0.05x3} a value and three more, each 0.05 larger than the one before,
 * {@code 0.3-0.05x3} each smaller.
 *
 * @see <a
 *     href="https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series">the
 *     notation</a>
 */
final class SeriesValues {
    private static final String NUMBER =
            "[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?";
    private static final Pattern ITEM =
            Pattern.compile("(" + NUMBER + ")(?:([+-]" + NUMBER + ")?x([0-9]{1,6}))?");
    private static final Pattern MISSING = Pattern.compile("_(?:x([0-9]{1,6}))?");
    private static final int MOST = 1_000_000;

    private SeriesValues() {}

    /**
     * Reads a series; null stands for a window without a value.
     *
     * @throws IllegalArgumentException if the text is anything else, or stands for more than a
     *     million windows
     */
    static List<Double> parse(String text) {
        List<Double> values = new ArrayList<>();
        for (String item : text.strip().split("\\s+")) {
            Matcher missing = MISSING.matcher(item);
            Matcher number = ITEM.matcher(item);
            if (missing.matches()) {
                int count = missing.group(1) == null ? 1 : Integer.parseInt(missing.group(1));
                values.addAll(Collections.nCopies(count, null));
            } else if (number.matches()) {
                add(number, values);
            } else {
                throw new IllegalArgumentException(
                        "'" + item + "' is not a value; use for example 0.05x3 0.31 _ 0.1+0.05x4");
            }
            if (values.size() > MOST) {
                throw new IllegalArgumentException("stands for more than " + MOST + " windows");
            }
        }
        return values;
    }

    private static void add(Matcher item, List<Double> values) {
        double first = Double.parseDouble(item.group(1));
        double step = item.group(2) == null ? 0 : Double.parseDouble(item.group(2));
        int more = item.group(3) == null ? 0 : Integer.parseInt(item.group(3));
        for (int i = 0; i <= more; i++) {
            values.add(first + i * step);
        }
    }
}
