package io.driftwatch.job.config;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Topics that Driftwatch writes.
 *
 * @param control where people steer running jobs; compacted
 * @param canary where the canary's records go, if there is one
 * @param encoding how records are written to them
 * @param partitions partitions of topics that {@code driftwatch topics create} makes
 * @param replicationFactor replicas of such topics; -1 leaves it to the broker
 */
public record TopicsConfig(
        String scores,
        String alerts,
        String late,
        String deadLetters,
        String deliveries,
        String retrainRequests,
        String retrainStatus,
        String control,
        String canary,
        Encoding encoding,
        int partitions,
        short replicationFactor)
        implements Serializable {
    private static final String CONTROL = "control";

    /** How records stand on a topic. Readers tell the two apart by the first byte. */
    public enum Encoding {
        /** Avro single-object encoding. */
        AVRO,
        /** One JSON object. */
        JSON
    }

    /** Configuration key to topic name, in the order of the flow, without the canary's. */
    public Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("scores", scores);
        names.put("alerts", alerts);
        names.put("late", late);
        names.put("dead_letters", deadLetters);
        names.put("deliveries", deliveries);
        names.put("retrain_requests", retrainRequests);
        names.put("retrain_status", retrainStatus);
        names.put(CONTROL, control);
        return names;
    }

    /** As above, but only those that a configuration needs. */
    Map<String, String> names(boolean withCanary) {
        Map<String, String> names = names();
        if (withCanary) {
            names.put("canary", canary);
        }
        return names;
    }

    /** Says whether of a topic's records only the last one of each key counts. */
    public boolean isCompacted(String topic) {
        return topic.equals(control);
    }
}
