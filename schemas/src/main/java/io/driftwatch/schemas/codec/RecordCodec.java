package io.driftwatch.schemas.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.json.AvroJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * Turns one kind of record into the bytes of a Kafka message and back.
 *
 * <p><b>Two forms.</b> {@link #toAvro} writes Avro's single-object encoding: the bytes {@code C3
 * 01}, the writer schema's CRC-64-AVRO fingerprint (8 bytes, little endian), then the record in
 * binary. {@link #toJson} writes the form of {@link AvroJson} in UTF-8. {@link #read} tells them
 * apart by the first bytes, so a topic may hold both.
 *
 * <p><b>Earlier releases.</b> The fingerprint is looked up in {@link SchemaHistory}: a record
 * written by an earlier release is read with the schema that it was written with, and fields added
 * since take their defaults.
 *
 * <p><b>Threads.</b> One codec may be used by any number of threads at once without locking: it is
 * immutable apart from a concurrent cache of readers, each call has an encoder or decoder of its
 * own, and Avro's readers and writers keep their working state per thread. The records themselves
 * are mutable and not protected.
 *
 * <p><b>Serialization.</b> Only the record class is written; the rest is built anew where the codec
 * arrives. A codec may be a field of a function that travels, or be made in its {@code open}
 * method.
 *
 * <p>No JVM flag is needed: see {@link ClassTrust}.
 *
 * @param <T> the generated record class
 */
public final class RecordCodec<T extends SpecificRecord> implements Serializable {

    @Serial private static final long serialVersionUID = 1;

    private static final int MAGIC_SIZE = 2;
    private static final int HEADER_SIZE = MAGIC_SIZE + Long.BYTES;
    private static final byte MAGIC_0 = (byte) 0xC3;
    private static final byte MAGIC_1 = 0x01;
    private static final String EXPECTED =
            "expected C3 01 (Avro single-object encoding) or { (JSON)";

    static {
        ClassTrust.ensure();
    }

    private final Class<T> type;
    private final transient SchemaHistory history;
    private final transient SpecificData model;
    private final transient Schema schema;
    private final transient byte[] header;
    private final transient SpecificDatumWriter<T> writer;
    private final transient Map<Long, DatumReader<T>> readers = new ConcurrentHashMap<>();

    private RecordCodec(Class<T> type, SchemaHistory history) {
        this.type = requireNonNull(type, "type");
        this.history = requireNonNull(history, "history");
        this.model = SpecificData.getForClass(type);
        this.schema = model.getSchema(type);
        this.header =
                ByteBuffer.allocate(HEADER_SIZE)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(MAGIC_0)
                        .put(MAGIC_1)
                        .putLong(SchemaHistory.fingerprint(schema))
                        .array();
        this.writer = new SpecificDatumWriter<>(schema, model);
    }

    /** A codec for the given generated class, which reads the shipped history of its schema. */
    public static <T extends SpecificRecord> RecordCodec<T> of(Class<T> type) {
        return of(type, SchemaHistory.shipped());
    }

    static <T extends SpecificRecord> RecordCodec<T> of(Class<T> type, SchemaHistory history) {
        return new RecordCodec<>(type, history);
    }

    /**
     * The record in Avro's single-object encoding.
     *
     * @throws IllegalArgumentException naming the field, if a field that may not be null is
     */
    public byte[] toAvro(T record) {
        requireNonNull(record, "record");
        var out = new ByteArrayOutputStream(256);
        try {
            out.write(header);
            var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            writer.write(record, encoder);
            encoder.flush();
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "Cannot write " + schema.getName() + " as Avro: " + e.getMessage(), e);
        }
        return out.toByteArray();
    }

    /**
     * The record as one JSON object in UTF-8, without a line end.
     *
     * @throws IllegalArgumentException as {@link AvroJson#toJson}
     */
    public byte[] toJson(T record) {
        return AvroJson.toJson(record).getBytes(UTF_8);
    }

    /**
     * Reads a record in either form.
     *
     * @throws IllegalArgumentException saying what was found and what was expected, if the bytes
     *     are in neither form, are cut short or too long, were written with a schema that this
     *     release does not know, or hold another record
     */
    public T read(byte[] bytes) {
        requireNonNull(bytes, "bytes");
        if (bytes.length >= MAGIC_SIZE && bytes[0] == MAGIC_0 && bytes[1] == MAGIC_1) {
            return readAvro(bytes);
        }
        if (looksLikeJson(bytes)) {
            return AvroJson.fromJson(bytes, type);
        }
        throw new IllegalArgumentException(
                "Cannot read "
                        + schema.getName()
                        + ": "
                        + beginning(bytes)
                        + ", "
                        + EXPECTED
                        + (bytes.length > 0 && bytes[0] == 0
                                ? "; 00 begins the form of a schema registry, which is not read here"
                                : ""));
    }

    /** The class that this codec reads and writes. */
    public Class<T> type() {
        return type;
    }

    private T readAvro(byte[] bytes) {
        if (bytes.length < HEADER_SIZE) {
            throw new IllegalArgumentException(
                    "Cannot read %s: found %d bytes, expected at least the %d of a single-object header; the message is cut short"
                            .formatted(schema.getName(), bytes.length, HEADER_SIZE));
        }
        var fingerprint = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(MAGIC_SIZE);
        var reader = readers.computeIfAbsent(fingerprint, this::readerFor);
        BinaryDecoder decoder =
                DecoderFactory.get()
                        .binaryDecoder(bytes, HEADER_SIZE, bytes.length - HEADER_SIZE, null);
        T record;
        boolean atEnd;
        try {
            record = reader.read(null, decoder);
            atEnd = decoder.isEnd();
        } catch (IOException | RuntimeException e) {
            // Avro answers damaged bytes with many exceptions, from EOFException to
            // IndexOutOfBoundsException.
            throw new IllegalArgumentException(
                    "Cannot read %s: the %d bytes after the header are cut short or damaged (%s)"
                            .formatted(schema.getName(), bytes.length - HEADER_SIZE, e),
                    e);
        }
        if (!atEnd) {
            throw new IllegalArgumentException(
                    "Cannot read %s: bytes are left over after the record, expected one record a message"
                            .formatted(schema.getName()));
        }
        return record;
    }

    private DatumReader<T> readerFor(long fingerprint) {
        var written =
                history.find(fingerprint)
                        .orElseThrow(() -> new IllegalArgumentException(unknown(fingerprint)));
        if (!written.getFullName().equals(schema.getFullName())) {
            throw new IllegalArgumentException(
                    "Cannot read %s: found a record of %s, expected %s; is this the right topic?"
                            .formatted(
                                    schema.getName(), written.getFullName(), schema.getFullName()));
        }
        return new SpecificDatumReader<>(written, schema, model);
    }

    private String unknown(long fingerprint) {
        var known =
                history.versionsOf(schema.getFullName()).stream()
                        .map(version -> "%016x".formatted(SchemaHistory.fingerprint(version)))
                        .sorted()
                        .collect(Collectors.joining(", "));
        return "Cannot read %s: found schema fingerprint %016x, expected one of %s; if a newer release wrote it, upgrade this one first"
                .formatted(schema.getName(), fingerprint, known);
    }

    private static boolean looksLikeJson(byte[] bytes) {
        for (byte b : bytes) {
            switch (b) {
                case ' ', '\t', '\r', '\n' -> {
                    continue;
                }
                default -> {
                    return b == '{';
                }
            }
        }
        return false;
    }

    private static String beginning(byte[] bytes) {
        return switch (bytes.length) {
            case 0 -> "found no bytes";
            case 1 -> "found the single byte %02X".formatted(bytes[0]);
            default -> "found bytes that begin with %02X %02X".formatted(bytes[0], bytes[1]);
        };
    }

    @Serial
    private Object readResolve() {
        return of(type);
    }
}
