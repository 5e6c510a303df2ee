package io.driftwatch.job.decode;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;

/**
 * One step of reading a value: hand it on, skip it, or go through its parts. Compiled once from the
 * writer's schema and the wanted paths.
 */
interface AvroPlan {
    /**
     * Reads one value.
     *
     * @param limit bytes of the whole record: no string in it can be longer
     */
    void read(BinaryDecoder in, int limit, FieldReceiver out) throws IOException, Rejection;

    /** The plan for a value of that schema, of which the branches of {@code wanted} are wanted. */
    static AvroPlan compile(Schema schema, PathTree wanted) {
        if (wanted == null) {
            return (in, limit, out) -> GenericDatumReader.skip(schema, in);
        }
        return switch (schema.getType()) {
            case RECORD -> record(schema, wanted);
            case UNION -> union(schema, wanted);
            case MAP -> map(schema, wanted);
            case ARRAY -> array(schema, wanted);
            default ->
                    wanted.field() == PathTree.NONE
                            ? compile(schema, null)
                            : scalar(schema, wanted.field());
        };
    }

    private static AvroPlan record(Schema schema, PathTree wanted) {
        AvroPlan[] steps =
                schema.getFields().stream()
                        .map(f -> compile(f.schema(), wanted.child(f.name())))
                        .toArray(AvroPlan[]::new);
        return (in, limit, out) -> {
            refuse(wanted, "a record", out);
            for (AvroPlan step : steps) {
                step.read(in, limit, out);
            }
        };
    }

    private static AvroPlan union(Schema schema, PathTree wanted) {
        List<Schema> types = schema.getTypes();
        AvroPlan[] branches = types.stream().map(t -> compile(t, wanted)).toArray(AvroPlan[]::new);
        return (in, limit, out) -> branches[in.readIndex()].read(in, limit, out);
    }

    private static AvroPlan map(Schema schema, PathTree wanted) {
        Schema values = schema.getValueType();
        AvroPlan skip = compile(values, null);
        java.util.Map<String, AvroPlan> steps = new java.util.HashMap<>();
        wanted.children().forEach((name, child) -> steps.put(name, compile(values, child)));
        return (in, limit, out) -> {
            refuse(wanted, "a map", out);
            for (long n = in.readMapStart(); n > 0; n = in.mapNext()) {
                for (long i = 0; i < n; i++) {
                    steps.getOrDefault(string(in, limit), skip).read(in, limit, out);
                }
            }
        };
    }

    private static AvroPlan array(Schema schema, PathTree wanted) {
        Schema items = schema.getElementType();
        AvroPlan skip = compile(items, null);
        java.util.Map<String, AvroPlan> steps = new java.util.HashMap<>();
        wanted.children().forEach((name, child) -> steps.put(name, compile(items, child)));
        return (in, limit, out) -> {
            refuse(wanted, "an array", out);
            long index = 0;
            for (long n = in.readArrayStart(); n > 0; n = in.arrayNext()) {
                for (long i = 0; i < n; i++, index++) {
                    steps.getOrDefault(Long.toString(index), skip).read(in, limit, out);
                }
            }
        };
    }

    private static void refuse(PathTree wanted, String kind, FieldReceiver out) throws Rejection {
        if (wanted.field() != PathTree.NONE) {
            out.other(wanted.field(), kind);
        }
    }

    private static AvroPlan scalar(Schema schema, int field) {
        LogicalType logical = schema.getLogicalType();
        return switch (schema.getType()) {
            case INT ->
                    logical instanceof LogicalTypes.Date
                            ? (in, limit, out) -> out.instant(field, in.readInt() * 86_400_000L)
                            : (in, limit, out) -> out.integer(field, in.readInt());
            case LONG -> {
                long perMilli = unitsPerMilli(logical);
                yield perMilli > 0
                        ? (in, limit, out) ->
                                out.instant(field, Math.floorDiv(in.readLong(), perMilli))
                        : (in, limit, out) -> out.integer(field, in.readLong());
            }
            case FLOAT -> (in, limit, out) -> out.number(field, in.readFloat());
            case DOUBLE -> (in, limit, out) -> out.number(field, in.readDouble());
            case BOOLEAN -> (in, limit, out) -> out.truth(field, in.readBoolean());
            case STRING -> (in, limit, out) -> out.text(field, string(in, limit));
            case ENUM -> {
                List<String> symbols = schema.getEnumSymbols();
                yield (in, limit, out) -> out.text(field, symbols.get(in.readEnum()));
            }
            case NULL -> (in, limit, out) -> out.nothing(field);
            case BYTES ->
                    logical instanceof LogicalTypes.Decimal decimal
                            ? (in, limit, out) ->
                                    out.number(field, number(bytes(in, limit), decimal.getScale()))
                            : (in, limit, out) -> {
                                in.skipBytes();
                                out.other(field, "bytes");
                            };
            case FIXED ->
                    logical instanceof LogicalTypes.Decimal decimal
                            ? (in, limit, out) ->
                                    out.number(
                                            field,
                                            number(
                                                    fixed(in, schema.getFixedSize()),
                                                    decimal.getScale()))
                            : (in, limit, out) -> {
                                in.skipFixed(schema.getFixedSize());
                                out.other(field, "fixed bytes");
                            };
            case RECORD, UNION, MAP, ARRAY -> throw new AssertionError("handled by compile");
        };
    }

    /** How many units of a time's logical type make a millisecond, or 0 if it is no time. */
    private static long unitsPerMilli(LogicalType logical) {
        if (logical instanceof LogicalTypes.TimestampMillis
                || logical instanceof LogicalTypes.LocalTimestampMillis) {
            return 1;
        }
        if (logical instanceof LogicalTypes.TimestampMicros
                || logical instanceof LogicalTypes.LocalTimestampMicros) {
            return 1000;
        }
        if (logical instanceof LogicalTypes.TimestampNanos
                || logical instanceof LogicalTypes.LocalTimestampNanos) {
            return 1_000_000;
        }
        return 0;
    }

    private static double number(byte[] unscaled, int scale) {
        return new BigDecimal(new BigInteger(unscaled), scale).doubleValue();
    }

    private static String string(BinaryDecoder in, int limit) throws IOException, Rejection {
        return new String(bytes(in, limit), StandardCharsets.UTF_8);
    }

    /** Checks the length first: a corrupt one must not ask for gigabytes. */
    private static byte[] bytes(BinaryDecoder in, int limit) throws IOException, Rejection {
        long length = in.readLong();
        if (length < 0 || length > limit) {
            throw new Rejection(
                    RejectionReason.MALFORMED,
                    "a string of " + length + " bytes in a record of " + limit);
        }
        return fixed(in, (int) length);
    }

    private static byte[] fixed(BinaryDecoder in, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFixed(bytes);
        return bytes;
    }
}
