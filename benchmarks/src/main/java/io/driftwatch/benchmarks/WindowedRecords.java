package io.driftwatch.benchmarks;

import io.driftwatch.job.config.StreamFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The numbers of a {@link Workload}, with event times that are evenly spaced and in order: every
 * window holds exactly {@value #WINDOW_ROWS} rows, however somebody cuts them.
 */
final class WindowedRecords {
    static final int WINDOW_ROWS = 10_000;
    static final long WINDOW_MILLIS = 3_600_000;
    static final Workload.Shape SHAPE = Workload.Shape.NUMERIC_20;

    private static final long STEP_MILLIS = WINDOW_MILLIS / WINDOW_ROWS;

    private final long seed;
    private final long rows;

    WindowedRecords(long seed, long rows) {
        this.seed = seed;
        this.rows = rows;
    }

    /**
     * Writes a configuration with windows of {@value #WINDOW_ROWS} rows, named after the format.
     */
    static Path writeConfig(Path folder, StreamFormat format, String bootstrapServers)
            throws IOException {
        String name = format.name().toLowerCase(Locale.ROOT);
        return Workload.writeConfig(folder, SHAPE, format, "{size: 1h}", bootstrapServers, name);
    }

    /** One record after the other. */
    private interface Sink {
        void accept(long eventTimeMillis, double[] numbers) throws IOException;
    }

    private void forEach(Sink sink) throws IOException {
        Workload workload = new Workload(SHAPE, seed);
        for (long row = 0; row < rows; row++) {
            workload.next();
            sink.accept(Workload.START_MILLIS + row * STEP_MILLIS, workload.numbers());
        }
    }

    /** Writes a CSV file with a header. */
    void writeCsv(Path file) throws IOException {
        try (var out = Files.newBufferedWriter(file)) {
            out.write("at,");
            out.write(
                    IntStream.range(0, SHAPE.numeric())
                            .mapToObj(Workload::feature)
                            .collect(Collectors.joining(",", "", "\n")));
            StringBuilder line = new StringBuilder();
            forEach(
                    (at, numbers) -> {
                        line.setLength(0);
                        line.append(at);
                        for (double number : numbers) {
                            line.append(',').append(number);
                        }
                        out.append(line.append('\n'));
                    });
        }
    }

    /** Writes an Avro container file, not compressed. */
    void writeAvro(Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, /* reuse= */ null);
        try (DataFileWriter<GenericRecord> out =
                new DataFileWriter<GenericRecord>(new GenericDatumWriter<>())
                        .create(Workload.avroSchema(SHAPE), file.toFile())) {
            forEach(
                    (at, numbers) -> {
                        bytes.reset();
                        encoder.writeLong(at);
                        for (double number : numbers) {
                            encoder.writeDouble(number);
                        }
                        encoder.flush();
                        out.appendEncoded(ByteBuffer.wrap(bytes.toByteArray()));
                    });
        }
    }

    /** Writes the records as JSON to the one partition of {@link Workload#TOPIC}. */
    void sendJson(String bootstrapServers) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", bootstrapServers);
        properties.setProperty("linger.ms", "20");
        properties.setProperty("batch.size", Integer.toString(64 << 10));
        ByteArraySerializer plain = new ByteArraySerializer();
        String[] keys = new String[SHAPE.numeric()];
        Arrays.setAll(keys, i -> ",\"" + Workload.feature(i) + "\":");
        StringBuilder json = new StringBuilder();
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, plain, plain)) {
            forEach(
                    (at, numbers) -> {
                        json.setLength(0);
                        json.append("{\"at\":").append(at);
                        for (int i = 0; i < numbers.length; i++) {
                            json.append(keys[i]).append(numbers[i]);
                        }
                        byte[] value = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
                        var unused =
                                producer.send(
                                        new ProducerRecord<>(Workload.TOPIC, value),
                                        (sent, e) -> failure.compareAndSet(null, e));
                    });
        }
        if (failure.get() != null) {
            throw new IOException("the topic could not be filled", failure.get());
        }
    }
}
