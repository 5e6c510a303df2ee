package io.driftwatch.job.decode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** Passes over one value without making anything of it. */
interface AvroSkip {
    void skip(AvroBytes in) throws IOException;

    static AvroSkip compile(Schema schema) {
        return compile(schema, new HashMap<>());
    }

    /**
     * @param records what was made of the records around: a record may contain itself
     */
    private static AvroSkip compile(Schema schema, Map<String, Fields> records) {
        return switch (schema.getType()) {
            case NULL -> in -> {};
            case BOOLEAN -> fixed(1);
            case FLOAT -> fixed(Float.BYTES);
            case DOUBLE -> fixed(Double.BYTES);
            case FIXED -> fixed(schema.getFixedSize());
            case INT, ENUM, LONG -> AvroBytes::readLong;
            case STRING, BYTES -> in -> in.skip(in.readLong());
            case UNION -> {
                AvroSkip[] branches =
                        schema.getTypes().stream()
                                .map(type -> compile(type, records))
                                .toArray(AvroSkip[]::new);
                yield in -> branches[in.readInt()].skip(in);
            }
            case ARRAY -> items(compile(schema.getElementType(), records));
            case MAP -> {
                AvroSkip value = compile(schema.getValueType(), records);
                yield items(
                        in -> {
                            in.skip(in.readLong());
                            value.skip(in);
                        });
            }
            case RECORD -> {
                Fields known = records.get(schema.getFullName());
                yield known != null ? known : Fields.compile(schema, records);
            }
        };
    }

    private static AvroSkip fixed(int size) {
        return new Fixed(size);
    }

    private static AvroSkip items(AvroSkip item) {
        return in -> {
            for (long n = in.skipBlocks(); n > 0; n = in.skipBlocks()) {
                for (long i = 0; i < n; i++) {
                    item.skip(in);
                }
            }
        };
    }

    /** A value of so many bytes. */
    record Fixed(long size) implements AvroSkip {
        @Override
        public void skip(AvroBytes in) throws IOException {
            in.skip(size);
        }
    }

    /** A record, field by field; fields of fixed sizes in a row are one step. */
    final class Fields implements AvroSkip {
        private AvroSkip[] fields = {};

        private static Fields compile(Schema schema, Map<String, Fields> records) {
            Fields made = new Fields();
            records.put(schema.getFullName(), made);
            List<AvroSkip> fields = new ArrayList<>();
            for (Schema.Field field : schema.getFields()) {
                AvroSkip next = AvroSkip.compile(field.schema(), records);
                int last = fields.size() - 1;
                if (next instanceof Fixed b && last >= 0 && fields.get(last) instanceof Fixed a) {
                    fields.set(last, new Fixed(a.size() + b.size()));
                } else {
                    fields.add(next);
                }
            }
            made.fields = fields.toArray(AvroSkip[]::new);
            return made;
        }

        @Override
        public void skip(AvroBytes in) throws IOException {
            for (AvroSkip field : fields) {
                field.skip(in);
            }
        }
    }
}
