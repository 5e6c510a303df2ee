package io.driftwatch.benchmarks;

import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.config.StreamFormat;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.decode.Observation;
import io.driftwatch.job.profile.ProfileFile;
import io.driftwatch.job.profile.ReferenceBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Made-up traffic of one model: an event time and {@value #FEATURES} numeric features a record,
 * normal, log-normal, uniform and whole numbers by turns, six decimals at most. The same seed gives
 * the same records. Records are made one after another; not for several threads.
 */
final class Workload {
    static final int FEATURES = 20;
    static final String MODEL = "benchmark";
    static final String TOPIC = "benchmark";

    /** How much event time lies between two records: a window of an hour holds 100,000. */
    private static final long STEP_MILLIS = 36;

    /** Records are this much out of order at most, well inside what the stream allows. */
    private static final int JITTER_MILLIS = 1000;

    private static final long START_MILLIS = Instant.parse("2025-01-01T00:00:00Z").toEpochMilli();
    static final int REFERENCE_ROWS = 50_000;

    private static final Schema SCHEMA = schema();

    private final SplittableRandom random;
    private final double[] numbers = new double[FEATURES];
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    private final BinaryEncoder encoder =
            EncoderFactory.get().directBinaryEncoder(bytes, /* reuse= */ null);
    private long eventTimeMillis;
    private long row;

    Workload(long seed) {
        random = new SplittableRandom(seed);
    }

    private static Schema schema() {
        SchemaBuilder.FieldAssembler<Schema> fields =
                SchemaBuilder.record("Prediction").namespace(MODEL).fields().requiredLong("at");
        for (int i = 0; i < FEATURES; i++) {
            fields = fields.requiredDouble(feature(i));
        }
        return fields.endRecord();
    }

    static Schema avroSchema() {
        return SCHEMA;
    }

    static String feature(int index) {
        return String.format(Locale.ROOT, "feature_%02d", index);
    }

    /** Moves on to the next record. */
    void next() {
        eventTimeMillis = START_MILLIS + row * STEP_MILLIS + random.nextInt(JITTER_MILLIS);
        row++;
        for (int i = 0; i < FEATURES; i++) {
            numbers[i] = Math.rint(draw(i) * 1e6) / 1e6;
        }
    }

    private double draw(int feature) {
        return switch (feature % 4) {
            case 0 -> 100 + 15 * random.nextGaussian();
            case 1 -> Math.exp(1 + random.nextGaussian());
            case 2 -> random.nextDouble();
            default -> Math.floor(-20 * Math.log(1 - random.nextDouble()));
        };
    }

    /** Some records in a row, the numbers alone. */
    static double[][] numbers(long seed, int records) {
        Workload workload = new Workload(seed);
        double[][] all = new double[records][];
        for (int i = 0; i < records; i++) {
            workload.next();
            all[i] = workload.numbers.clone();
        }
        return all;
    }

    /** The record as Avro binary. */
    byte[] avro() {
        bytes.reset();
        try {
            encoder.writeLong(eventTimeMillis);
            for (double number : numbers) {
                encoder.writeDouble(number);
            }
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The record as JSON. */
    byte[] json() {
        StringBuilder text = new StringBuilder(512).append("{\"at\":").append(eventTimeMillis);
        for (int i = 0; i < FEATURES; i++) {
            text.append(",\"").append(feature(i)).append("\":").append(numbers[i]);
        }
        return text.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Writes a configuration with all that belongs to it but the profile.
     *
     * @return the configuration file
     */
    static Path writeConfig(
            Path folder, StreamFormat format, String bootstrapServers, String consumerGroup)
            throws IOException {
        Files.writeString(folder.resolve("prediction.avsc"), SCHEMA.toString());
        StringBuilder features = new StringBuilder();
        for (int i = 0; i < FEATURES; i++) {
            features.append("      ").append(feature(i)).append(": {type: numeric}\n");
        }
        String schema = format == StreamFormat.AVRO ? ", schema: prediction.avsc" : "";
        return Files.writeString(
                folder.resolve(consumerGroup + ".yaml"),
                """
                kafka:
                  bootstrap_servers: "%s"
                  properties: {group.id: %s}
                topics: {replication_factor: 1}
                models:
                  - name: %s
                    profile: profile.avro
                    streams:
                      - {role: features, topic: %s, format: %s, event_time: at%s}
                    window: {size: 1h}
                    features:
                %srules:
                  - {alert: FeatureDrift, statistic: psi, above: 0.2, significance: 0.001}
                """
                        .formatted(
                                bootstrapServers,
                                consumerGroup,
                                MODEL,
                                TOPIC,
                                format.name().toLowerCase(Locale.ROOT),
                                schema,
                                features));
    }

    /** Writes the reference profile that a configuration names, of records made with a seed. */
    static void writeProfile(MonitorConfig config, long seed) throws IOException {
        ModelConfig model = config.models().get(0);
        StreamConfig stream = model.streams().get(0);
        FieldPlan plan = FieldPlan.of(model, stream, model.features());
        ReferenceBuilder reference = new ReferenceBuilder(model, model.features());
        Workload workload = new Workload(seed);
        for (int i = 0; i < REFERENCE_ROWS; i++) {
            workload.next();
            reference.add(plan, workload.observation(i));
        }
        ProfileFile.write(model.profilePath(), reference.build(Instant.now(), "benchmarks"));
    }

    private Observation observation(long offset) {
        return new Observation(
                eventTimeMillis,
                ModelConfig.DEFAULT_VERSION,
                /* recordId= */ null,
                numbers.clone(),
                new String[0],
                new String[0],
                TOPIC,
                /* partition= */ 0,
                offset);
    }

    /** Some records in a row, as Avro binary. */
    static List<byte[]> avro(long seed, int records) {
        Workload workload = new Workload(seed);
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            workload.next();
            all.add(workload.avro());
        }
        return all;
    }

    /** The same records as JSON. */
    static List<byte[]> json(long seed, int records) {
        Workload workload = new Workload(seed);
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            workload.next();
            all.add(workload.json());
        }
        return all;
    }
}
