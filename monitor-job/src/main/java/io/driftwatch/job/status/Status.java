package io.driftwatch.job.status;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * How an installation fares. Times are ISO-8601.
 *
 * @param healthy whether nothing is wrong
 * @param problems in words, what is wrong
 * @param reachable whether Kafka answers
 * @param windows the newest window of each model version, with its scores
 * @param alerts alerts that fire
 * @param endpoints how the last delivery to each endpoint ended
 * @param silences silences that hold
 * @param configuration the one in force; null if none was ever published
 * @param jobs jobs on the Flink clusters that were asked
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Status(
        boolean healthy,
        List<String> problems,
        boolean reachable,
        List<Topic> topics,
        List<Window> windows,
        List<Firing> alerts,
        List<Endpoint> endpoints,
        List<Quiet> silences,
        Configuration configuration,
        List<Job> jobs) {

    /**
     * A topic that a job reads.
     *
     * @param group consumer group whose committed offsets say how far the job is
     * @param partitions 0 if there is no such topic
     * @param records records that are there now
     * @param committed partitions in which the group has committed an offset
     * @param lag records that the group has not read
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Topic(
            String name,
            String purpose,
            String group,
            int partitions,
            long records,
            int committed,
            long lag,
            List<Partition> progress) {}

    /**
     * A partition of such a topic.
     *
     * @param committed null if the group never committed one
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Partition(int partition, long end, Long committed, long lag) {}

    /**
     * The newest window of a model version.
     *
     * @param samples most values that a feature has in it
     * @param scored scores of the whole model version that have a value
     * @param unscored those that have none
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Window(
            String model, String version, String end, long samples, int scored, int unscored) {}

    /** An alert that fires. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Firing(
            String fingerprint,
            String alert,
            String severity,
            String model,
            String version,
            String feature,
            String since,
            String summary) {}

    /**
     * An endpoint that something was delivered to, or was to be.
     *
     * @param outcome of the last delivery
     * @param at when it ended
     * @param reason in words, how
     * @param undelivered how many of the deliveries that were looked at did not get there
     * @param lastDelivered when the last one that did ended; null if none did
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Endpoint(
            String receiver,
            String endpoint,
            String outcome,
            String at,
            String reason,
            int undelivered,
            String lastDelivered) {}

    /** A silence that holds. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Quiet(
            String id, String until, String by, List<String> matchers, String comment) {}

    /**
     * The configuration that was published last.
     *
     * @param version which one
     * @param by who published it
     * @param at when
     * @param answers what the processes of the jobs have made of it
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Configuration(long version, String by, String at, List<Answer> answers) {}

    /**
     * What a process of a job has made of a configuration.
     *
     * @param accepted whether it is in force there; otherwise the one before still is
     * @param worker names the process, differently at each start: some may have ended since
     * @param reason why it was refused; null if it was not
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Answer(String job, String worker, boolean accepted, String reason, String at) {}

    /**
     * A job on a Flink cluster.
     *
     * @param restarts how often it was restarted; null if Flink does not say
     * @param lastCheckpoint when the last one was complete; null if none was
     * @param failedCheckpoints how many failed since the job began
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Job(
            String name,
            String id,
            String state,
            String since,
            Long restarts,
            String lastCheckpoint,
            Long failedCheckpoints) {

        boolean isRunning() {
            return state.equals("RUNNING");
        }
    }
}
