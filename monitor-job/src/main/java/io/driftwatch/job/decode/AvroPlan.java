package io.driftwatch.job.decode;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * One step of reading a value: hand it on, or go through its parts. Compiled once from the writer's
 * schema and the wanted paths. Not for several threads.
 */
interface AvroPlan {
    /** Reads one value. */
    void read(AvroBytes in, FieldReceiver out) throws IOException, Rejection;

    /** The plan for a value of that schema, of which the branches of {@code wanted} are wanted. */
    static AvroPlan compile(Schema schema, PathTree wanted) {
        if (wanted == null) {
            AvroSkip skip = AvroSkip.compile(schema);
            return (in, out) -> skip.skip(in);
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
        List<AvroPlan> made = new ArrayList<>();
        List<Schema.Field> fields = schema.getFields();
        for (int i = 0; i < fields.size(); ) {
            int run = doublesFrom(fields, i, wanted);
            if (run > 1) {
                made.add(doubles(fields.subList(i, i + run), wanted));
                i += run;
            } else {
                Schema.Field field = fields.get(i++);
                made.add(compile(field.schema(), wanted.child(field.name())));
            }
        }
        AvroPlan[] steps = made.toArray(AvroPlan[]::new);
        return (in, out) -> {
            refuse(wanted, "a record", out);
            for (AvroPlan step : steps) {
                step.read(in, out);
            }
        };
    }

    /** How many wanted doubles stand in a row. */
    private static int doublesFrom(List<Schema.Field> fields, int from, PathTree wanted) {
        int to = from;
        while (to < fields.size() && isWantedDouble(fields.get(to), wanted)) {
            to++;
        }
        return to - from;
    }

    private static boolean isWantedDouble(Schema.Field field, PathTree wanted) {
        PathTree child = wanted.child(field.name());
        return field.schema().getType() == Schema.Type.DOUBLE
                && child != null
                && child.field() != PathTree.NONE;
    }

    /** Features mostly are doubles in a row: one step for all of them. */
    private static AvroPlan doubles(List<Schema.Field> fields, PathTree wanted) {
        int[] numbers = fields.stream().mapToInt(f -> wanted.child(f.name()).field()).toArray();
        return (in, out) -> {
            for (int number : numbers) {
                out.number(number, in.readDouble());
            }
        };
    }

    private static AvroPlan union(Schema schema, PathTree wanted) {
        AvroPlan[] branches =
                schema.getTypes().stream().map(t -> compile(t, wanted)).toArray(AvroPlan[]::new);
        return (in, out) -> branches[in.readInt()].read(in, out);
    }

    private static AvroPlan map(Schema schema, PathTree wanted) {
        Schema values = schema.getValueType();
        AvroPlan skip = compile(values, null);
        Map<String, AvroPlan> steps = new HashMap<>();
        wanted.children().forEach((name, child) -> steps.put(name, compile(values, child)));
        KnownStrings known = new KnownStrings();
        return (in, out) -> {
            refuse(wanted, "a map", out);
            for (long n = in.readBlock(); n > 0; n = in.readBlock()) {
                for (long i = 0; i < n; i++) {
                    steps.getOrDefault(in.readString(known), skip).read(in, out);
                }
            }
        };
    }

    private static AvroPlan array(Schema schema, PathTree wanted) {
        Schema items = schema.getElementType();
        AvroPlan skip = compile(items, null);
        AvroPlan[] steps = wantedItems(items, wanted);
        return (in, out) -> {
            refuse(wanted, "an array", out);
            long index = 0;
            for (long n = in.readBlock(); n > 0; n = in.readBlock()) {
                for (long i = 0; i < n; i++, index++) {
                    AvroPlan step = index < steps.length ? steps[(int) index] : null;
                    (step == null ? skip : step).read(in, out);
                }
            }
        };
    }

    /** Plans by index; null where an item is not wanted. */
    private static AvroPlan[] wantedItems(Schema items, PathTree wanted) {
        Map<Integer, AvroPlan> steps = new HashMap<>();
        wanted.children()
                .forEach(
                        (name, child) -> {
                            if (name.matches("0|[1-9][0-9]{0,5}")) {
                                steps.put(Integer.valueOf(name), compile(items, child));
                            }
                        });
        int size = steps.keySet().stream().mapToInt(i -> i + 1).max().orElse(0);
        AvroPlan[] byIndex = new AvroPlan[size];
        steps.forEach((index, step) -> byIndex[index] = step);
        return byIndex;
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
                            ? (in, out) -> out.instant(field, in.readInt() * 86_400_000L)
                            : (in, out) -> out.integer(field, in.readInt());
            case LONG -> {
                long perMilli = unitsPerMilli(logical);
                yield perMilli > 0
                        ? (in, out) -> out.instant(field, Math.floorDiv(in.readLong(), perMilli))
                        : (in, out) -> out.integer(field, in.readLong());
            }
            case FLOAT -> (in, out) -> out.number(field, in.readFloat());
            case DOUBLE -> (in, out) -> out.number(field, in.readDouble());
            case BOOLEAN -> (in, out) -> out.truth(field, in.readBoolean());
            case STRING -> {
                KnownStrings known = new KnownStrings();
                yield (in, out) -> out.text(field, in.readString(known));
            }
            case ENUM -> {
                List<String> symbols = schema.getEnumSymbols();
                yield (in, out) -> out.text(field, symbols.get(in.readInt()));
            }
            case NULL -> (in, out) -> out.nothing(field);
            case BYTES ->
                    logical instanceof LogicalTypes.Decimal decimal
                            ? (in, out) ->
                                    out.number(field, number(in.readBytes(), decimal.getScale()))
                            : (in, out) -> {
                                in.skip(in.readLong());
                                out.other(field, "bytes");
                            };
            case FIXED -> {
                int size = schema.getFixedSize();
                yield logical instanceof LogicalTypes.Decimal decimal
                        ? (in, out) ->
                                out.number(field, number(in.readFixed(size), decimal.getScale()))
                        : (in, out) -> {
                            in.skip(size);
                            out.other(field, "fixed bytes");
                        };
            }
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
}
