package io.driftwatch.benchmarks;

import java.io.Serializable;

/**
 * One statistic of one feature in one window, by whichever job.
 *
 * @param count values in the window
 * @param lower lower bound of the statistic
 * @param upper upper bound
 */
public record WindowScore(
        String feature,
        long windowStartMillis,
        String statistic,
        long count,
        double value,
        double lower,
        double upper)
        implements Serializable {

    /** As a line that {@link #parse} understands. */
    String toLine() {
        return String.join(
                "\t",
                feature,
                Long.toString(windowStartMillis),
                statistic,
                Long.toString(count),
                Double.toString(value),
                Double.toString(lower),
                Double.toString(upper));
    }

    static WindowScore parse(String line) {
        String[] cells = line.split("\t", -1);
        return new WindowScore(
                cells[0],
                Long.parseLong(cells[1]),
                cells[2],
                Long.parseLong(cells[3]),
                Double.parseDouble(cells[4]),
                Double.parseDouble(cells[5]),
                Double.parseDouble(cells[6]));
    }

    /** Feature, window and statistic: what two jobs must agree about. */
    String place() {
        return feature + " " + windowStartMillis + " " + statistic;
    }
}
