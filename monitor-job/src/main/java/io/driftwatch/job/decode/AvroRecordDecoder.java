package io.driftwatch.job.decode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * Reads Avro binary by a plan compiled from the writer's schema and the wanted paths: no generic
 * record is made, and unwanted fields are skipped.
 */
final class AvroRecordDecoder implements RecordDecoder {
    private static final int HEADER_BYTES = 10;

    private final AvroPlan plain;
    private final Map<Long, AvroPlan> byFingerprint;
    private final AvroBytes in = new AvroBytes();

    private AvroRecordDecoder(AvroPlan plain, Map<Long, AvroPlan> byFingerprint) {
        this.plain = plain;
        this.byFingerprint = byFingerprint;
    }

    /** For records that are nothing but the binary form of one schema. */
    static AvroRecordDecoder plain(String schema, FieldPlan plan) {
        return new AvroRecordDecoder(compile(schema, plan), Map.of());
    }

    /** For records in Avro's single-object encoding of one of several schemas. */
    static AvroRecordDecoder singleObject(List<String> schemas, FieldPlan plan) {
        Map<Long, AvroPlan> plans = new HashMap<>();
        for (String text : schemas) {
            Schema schema = new Schema.Parser().parse(text);
            plans.put(SchemaNormalization.parsingFingerprint64(schema), compile(text, plan));
        }
        return new AvroRecordDecoder(null, plans);
    }

    private static AvroPlan compile(String schema, FieldPlan plan) {
        return AvroPlan.compile(new Schema.Parser().parse(schema), PathTree.of(plan.paths()));
    }

    @Override
    public void decode(byte[] bytes, FieldReceiver out) throws Rejection {
        int start = plain == null ? HEADER_BYTES : 0;
        AvroPlan plan = plain == null ? planFor(bytes) : plain;
        try {
            in.wrap(bytes, start, bytes.length);
            plan.read(in, out);
            if (!in.isAtEnd()) {
                throw new Rejection(
                        RejectionReason.MALFORMED,
                        "bytes are left over after the record; was it written with another"
                                + " schema?");
            }
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw malformed(e);
        }
    }

    /**
     * What damaged bytes lead to: beside what {@link AvroBytes} refuses a branch beyond a union, a
     * symbol beyond an enum, a decimal of no bytes, a nesting too deep to skip.
     */
    static Rejection malformed(Throwable damage) {
        String what =
                damage instanceof IOException
                        ? damage.getMessage()
                        : damage.getClass().getSimpleName();
        return new Rejection(
                RejectionReason.MALFORMED,
                "not Avro binary of the given schema ("
                        + what
                        + "); was it written with another schema, or with a registry's header?");
    }

    private AvroPlan planFor(byte[] bytes) throws Rejection {
        if (bytes.length < HEADER_BYTES || bytes[0] != (byte) 0xC3 || bytes[1] != 0x01) {
            throw new Rejection(
                    RejectionReason.MALFORMED,
                    "does not begin with C3 01 as Avro single-object encoding does; is the format"
                            + " avro, or written with a registry's header?");
        }
        long fingerprint =
                ByteBuffer.wrap(bytes, 2, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
        AvroPlan plan = byFingerprint.get(fingerprint);
        if (plan == null) {
            throw new Rejection(
                    RejectionReason.UNKNOWN_SCHEMA,
                    String.format(
                            "schema fingerprint %016x is none of those configured; add the"
                                    + " writer's schema to the stream",
                            fingerprint));
        }
        return plan;
    }
}
