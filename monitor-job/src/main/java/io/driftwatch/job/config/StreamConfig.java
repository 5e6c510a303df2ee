package io.driftwatch.job.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * One stream of a model.
 *
 * @param role what it carries
 * @param topic Kafka topic
 * @param format how records are written
 * @param schemas Avro schemas as JSON text: exactly one for {@code avro}, one or more for {@code
 *     avro_single_object}, none otherwise
 * @param eventTime where the event time stands
 * @param recordIdPath field that identifies the prediction, or null
 * @param outOfOrderness how far records of one partition may be out of order before they are late
 * @param idleAfter a partition without records for this long no longer holds windows back
 * @param startFrom where to begin without a checkpoint or committed offsets
 */
public record StreamConfig(
        StreamRole role,
        String topic,
        StreamFormat format,
        List<String> schemas,
        EventTimeConfig eventTime,
        String recordIdPath,
        Duration outOfOrderness,
        Duration idleAfter,
        StartFrom startFrom)
        implements Serializable {

    public StreamConfig {
        schemas = List.copyOf(schemas);
    }

    /** Where a job without history begins to read. */
    public enum StartFrom {
        EARLIEST,
        LATEST
    }
}
