package io.driftwatch.job.source;

import io.driftwatch.job.Stage;
import io.driftwatch.job.decode.Decoded;
import java.io.Serializable;
import java.time.Instant;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Which records are read, by their event time.
 *
 * @param from records with an earlier event time are left out; null for none
 * @param until records with this or a later event time are left out; null for none
 */
public record TimeRange(Instant from, Instant until) implements Serializable {
    /** Leaves nothing out. */
    public static final TimeRange ALL = new TimeRange(null, null);

    /** Leaves out what is outside; what could not be decoded stays. */
    SingleOutputStreamOperator<Decoded> of(
            SingleOutputStreamOperator<Decoded> records, String... id) {
        if (from == null && until == null) {
            return records;
        }
        long first = from == null ? Long.MIN_VALUE : from.toEpochMilli();
        long end = until == null ? Long.MAX_VALUE : until.toEpochMilli();
        String[] parts = new String[id.length + 1];
        parts[0] = "range";
        System.arraycopy(id, 0, parts, 1, id.length);
        return records.filter(d -> d.observation() == null || isInside(d, first, end))
                .setParallelism(records.getParallelism())
                .uid(Stage.SOURCE.uid(parts));
    }

    private static boolean isInside(Decoded decoded, long first, long end) {
        return decoded.eventTimeMillis() >= first && decoded.eventTimeMillis() < end;
    }
}
