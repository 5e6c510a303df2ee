package io.driftwatch.job.thresholds;

import java.time.Instant;
import java.util.List;

/**
 * What history says about one statistic of one feature, and the threshold that follows.
 *
 * @param feature its name
 * @param statistic its name
 * @param windows windows of history with a value
 * @param count values in the median window
 * @param median median of the values
 * @param largest largest value
 * @param law critical value of the median window at the level of the plan; NaN if there is none
 * @param mean3sd mean and three standard deviations of the values; NaN below two windows
 * @param threshold the proposal
 * @param fired starts of the windows that would have fired with it, in order
 */
public record Proposal(
        String feature,
        String statistic,
        int windows,
        long count,
        double median,
        double largest,
        double law,
        double mean3sd,
        double threshold,
        List<Instant> fired) {

    public Proposal {
        fired = List.copyOf(fired);
    }
}
