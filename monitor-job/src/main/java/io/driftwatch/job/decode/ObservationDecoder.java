package io.driftwatch.job.decode;

import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.schemas.DeadLetter;
import java.time.InstantSource;

/**
 * Decodes the records of one stream: each becomes an observation or a dead letter, never an
 * exception. Not for several threads.
 */
public final class ObservationDecoder {
    private final String model;
    private final RecordDecoder decoder;
    private final ObservationBuilder builder;

    public ObservationDecoder(
            String model, StreamConfig stream, FieldPlan plan, InstantSource clock) {
        this(model, RecordDecoder.of(stream, plan), plan, clock);
    }

    /** For files, whose records are read where they stand. */
    public ObservationDecoder(String model, FieldPlan plan, InstantSource clock) {
        this(model, (RecordDecoder) null, plan, clock);
    }

    private ObservationDecoder(
            String model, RecordDecoder decoder, FieldPlan plan, InstantSource clock) {
        this.model = model;
        this.decoder = decoder;
        this.builder = new ObservationBuilder(plan, clock);
    }

    /** Decodes one record; {@code value} may be null. */
    public Decoded decode(byte[] value, String topic, int partition, long offset) {
        try {
            if (value == null || value.length == 0) {
                throw new Rejection(
                        RejectionReason.EMPTY_PAYLOAD,
                        "the record has no value; deletions and markers do not belong on this"
                                + " topic");
            }
            builder.start();
            decoder.decode(value, builder);
            return Decoded.of(builder.finish(topic, partition, offset));
        } catch (Rejection e) {
            return Decoded.of(deadLetter(e, value, topic, partition, offset));
        }
    }

    /** Decodes the current record of a file. */
    public Decoded decode(RecordCursor file, String fileName, long row) {
        try {
            builder.start();
            file.fields(builder);
            return Decoded.of(builder.finish(fileName, 0, row));
        } catch (Rejection e) {
            return Decoded.of(deadLetter(e, file.bytes(), fileName, 0, row));
        }
    }

    private DeadLetter deadLetter(
            Rejection rejection, byte[] value, String topic, int partition, long offset) {
        return DeadLetters.undecoded(model, rejection, value, topic, partition, offset);
    }
}
