package io.driftwatch.job.decode;

import io.driftwatch.job.config.StreamConfig;

/** Finds the wanted fields in the bytes of one record. Not for several threads. */
public interface RecordDecoder {
    /**
     * Reports the wanted fields to {@code out}.
     *
     * @throws Rejection if the bytes do not follow the format, or {@code out} refuses a field
     */
    void decode(byte[] bytes, FieldReceiver out) throws Rejection;

    /** The decoder for a stream's records on Kafka. */
    static RecordDecoder of(StreamConfig stream, FieldPlan plan) {
        return switch (stream.format()) {
            case JSON -> new JsonRecordDecoder(plan);
            case AVRO -> AvroRecordDecoder.plain(stream.schemas().get(0), plan);
            case AVRO_SINGLE_OBJECT -> AvroRecordDecoder.singleObject(stream.schemas(), plan);
            case CSV ->
                    throw new IllegalArgumentException(
                            "format csv is for files; records on Kafka need json or avro");
        };
    }
}
