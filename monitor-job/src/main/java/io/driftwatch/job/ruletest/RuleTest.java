package io.driftwatch.job.ruletest;

import io.driftwatch.job.config.ModelConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One test: scores that come in, alerts and notifications that must come out.
 *
 * @param name what it shows
 * @param model whose scores they are
 * @param version the model version
 * @param start beginning of the first window
 * @param interval length of a window, and the time from one to the next
 * @param series the scores
 * @param alertTests what must fire at certain times
 * @param notifyTests what must have been sent by certain times
 */
public record RuleTest(
        String name,
        ModelConfig model,
        String version,
        Instant start,
        Duration interval,
        List<Series> series,
        List<AlertTest> alertTests,
        List<NotifyTest> notifyTests) {

    /**
     * The scores of one statistic of one feature in one window after the other.
     *
     * @param segment column and value; empty for the whole
     * @param values one for each window; null for a window without a score
     * @param pValue p-value of every score; null for none
     * @param severity grade of every score; null for none
     * @param count rows of every window
     */
    public record Series(
            String feature,
            String statistic,
            Map<String, String> segment,
            List<Double> values,
            Double pValue,
            String severity,
            long count) {}

    /**
     * What must fire at a time, and nothing else of that name.
     *
     * @param at time since the start
     * @param alertname name of the alerts that are looked at
     * @param expected what is said of each of them
     */
    public record AlertTest(Duration at, String alertname, List<ExpectedAlert> expected) {}

    /**
     * What must have been sent since the previous of these times, in this order.
     *
     * @param at time since the start
     * @param expected what is said of each notification
     */
    public record NotifyTest(Duration at, List<ExpectedNotification> expected) {}

    /** Labels and annotations that an alert must have; it may have others. */
    public record ExpectedAlert(Map<String, String> labels, Map<String, String> annotations) {}

    /**
     * A notification.
     *
     * @param receiver whom it is for
     * @param status firing or resolved; empty if nothing is said of it
     * @param alerts what is said of each of its alerts; null if nothing is said of them
     */
    public record ExpectedNotification(
            String receiver, String status, List<ExpectedAlert> alerts) {}
}
