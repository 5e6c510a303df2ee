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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Made-up traffic of one model: an event time and the features of a {@link Shape}. Numbers are
 * normal, log-normal, uniform and whole ones by turns, with all their digits, as producers write
 * them. Categories follow Zipf's law. The same seed gives the same records. Records are made one
 * after another; not for several threads.
 */
final class Workload {
    /**
     * What a record holds beside its event time.
     *
     * @param numeric numeric features
     * @param categorical categorical features
     * @param cardinality categories of each of them
     * @param segments values of the segment column; 0 for none
     */
    record Shape(int numeric, int categorical, int cardinality, int segments) {
        static final Shape NUMERIC_20 = numbers(20);
        static final Shape NUMERIC_200 = numbers(200);
        static final Shape CATEGORICAL_10 = new Shape(0, 10, 50, 0);

        static Shape numbers(int features) {
            return new Shape(features, 0, 0, 0);
        }

        Shape withSegments(int values) {
            return new Shape(numeric, categorical, cardinality, values);
        }

        @Override
        public String toString() {
            List<String> parts = new ArrayList<>();
            if (numeric > 0) {
                parts.add(numeric + " numeric features");
            }
            if (categorical > 0) {
                parts.add(categorical + " categorical features of " + cardinality + " categories");
            }
            if (segments > 0) {
                parts.add(segments + " segments");
            }
            return String.join(", ", parts);
        }
    }

    static final String SEGMENT = "segment";
    static final String MODEL = "benchmark";
    static final String TOPIC = "benchmark";

    /** How much event time lies between two records: a window of an hour holds 100,000. */
    static final long STEP_MILLIS = 36;

    /** Records are this much out of order at most, well inside what the stream allows. */
    private static final int JITTER_MILLIS = 1000;

    static final long START_MILLIS = Instant.parse("2025-01-01T00:00:00Z").toEpochMilli();
    static final int REFERENCE_ROWS = 50_000;

    private final Shape shape;
    private final SplittableRandom random;
    private final double[] numbers;
    private final int[] categories;
    private final List<String> names;
    private final List<String> categoryNames;

    /** Weights of the categories, added up: the share of one is that of its inverse rank. */
    private final double[] cumulative;

    private int segment;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    private final BinaryEncoder encoder =
            EncoderFactory.get().directBinaryEncoder(bytes, /* reuse= */ null);
    private long eventTimeMillis;
    private long row;

    Workload(Shape shape, long seed) {
        this.shape = shape;
        random = new SplittableRandom(seed);
        numbers = new double[shape.numeric()];
        categories = new int[shape.categorical()];
        names = IntStream.range(0, numbers.length).mapToObj(Workload::feature).toList();
        categoryNames =
                IntStream.range(0, categories.length).mapToObj(Workload::categorical).toList();
        cumulative = new double[shape.cardinality()];
        double sum = 0;
        for (int i = 0; i < cumulative.length; i++) {
            sum += 1.0 / (i + 1);
            cumulative[i] = sum;
        }
    }

    static Schema avroSchema(Shape shape) {
        SchemaBuilder.FieldAssembler<Schema> fields =
                SchemaBuilder.record("Prediction").namespace(MODEL).fields().requiredLong("at");
        if (shape.segments() > 0) {
            fields = fields.requiredString(SEGMENT);
        }
        for (int i = 0; i < shape.numeric(); i++) {
            fields = fields.requiredDouble(feature(i));
        }
        for (int i = 0; i < shape.categorical(); i++) {
            fields = fields.requiredString(categorical(i));
        }
        return fields.endRecord();
    }

    /** Name of a numeric feature. */
    static String feature(int index) {
        return String.format(Locale.ROOT, "feature_%02d", index);
    }

    /** Name of a categorical feature. */
    static String categorical(int index) {
        return String.format(Locale.ROOT, "category_%02d", index);
    }

    /** Name of a category. */
    private static String category(int index) {
        return "value-" + index;
    }

    /** Name of a segment. */
    private static String segment(int index) {
        return "segment-" + index;
    }

    /** Moves on to the next record. */
    void next() {
        eventTimeMillis = START_MILLIS + row * STEP_MILLIS + random.nextInt(JITTER_MILLIS);
        row++;
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = draw(i);
        }
        for (int i = 0; i < categories.length; i++) {
            double at = random.nextDouble() * cumulative[cumulative.length - 1];
            int found = Arrays.binarySearch(cumulative, at);
            categories[i] = Math.min(found < 0 ? ~found : found, cumulative.length - 1);
        }
        if (shape.segments() > 0) {
            segment = random.nextInt(shape.segments());
        }
    }

    /** Event time of the current record. */
    long eventTimeMillis() {
        return eventTimeMillis;
    }

    /** The current record's numeric features; changes with the next record. */
    double[] numbers() {
        return numbers;
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
    static double[][] numbers(Shape shape, long seed, int records) {
        Workload workload = new Workload(shape, seed);
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
            if (shape.segments() > 0) {
                encoder.writeString(segment(segment));
            }
            for (double number : numbers) {
                encoder.writeDouble(number);
            }
            for (int category : categories) {
                encoder.writeString(category(category));
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
        if (shape.segments() > 0) {
            text.append(",\"segment\":\"").append(segment(segment)).append('"');
        }
        for (int i = 0; i < numbers.length; i++) {
            text.append(",\"").append(names.get(i)).append("\":").append(numbers[i]);
        }
        for (int i = 0; i < categories.length; i++) {
            text.append(",\"").append(categoryNames.get(i)).append("\":\"");
            text.append(category(categories[i])).append('"');
        }
        return text.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Writes a configuration with windows of an hour, see the other method of this name. */
    static Path writeConfig(
            Path folder,
            Shape shape,
            StreamFormat format,
            String bootstrapServers,
            String consumerGroup)
            throws IOException {
        return writeConfig(folder, shape, format, "{size: 1h}", bootstrapServers, consumerGroup);
    }

    /**
     * Writes a configuration with all that belongs to it but the profile.
     *
     * @param window the model's {@code window}
     * @return the configuration file
     */
    static Path writeConfig(
            Path folder,
            Shape shape,
            StreamFormat format,
            String window,
            String bootstrapServers,
            String consumerGroup)
            throws IOException {
        Files.writeString(folder.resolve("prediction.avsc"), avroSchema(shape).toString());
        StringBuilder features = new StringBuilder();
        for (int i = 0; i < shape.numeric(); i++) {
            features.append("      ").append(feature(i)).append(": {type: numeric}\n");
        }
        for (int i = 0; i < shape.categorical(); i++) {
            features.append("      ").append(categorical(i)).append(": {type: categorical}\n");
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
                    window: %s
                    segments: [%s]
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
                                window,
                                shape.segments() > 0 ? SEGMENT : "",
                                features));
    }

    /** Writes a profile of {@value #REFERENCE_ROWS} rows, see the other method of this name. */
    static void writeProfile(MonitorConfig config, Shape shape, long seed) throws IOException {
        writeProfile(config, shape, seed, REFERENCE_ROWS);
    }

    /** Writes the reference profile that a configuration names, of records made with a seed. */
    static void writeProfile(MonitorConfig config, Shape shape, long seed, int rows)
            throws IOException {
        ModelConfig model = config.models().get(0);
        StreamConfig stream = model.streams().get(0);
        FieldPlan plan = FieldPlan.of(model, stream, model.features());
        ReferenceBuilder reference = new ReferenceBuilder(model, model.features());
        Workload workload = new Workload(shape, seed);
        for (int i = 0; i < rows; i++) {
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
                Arrays.stream(categories).mapToObj(Workload::category).toArray(String[]::new),
                shape.segments() > 0 ? new String[] {segment(segment)} : new String[0],
                TOPIC,
                /* partition= */ 0,
                offset,
                /* layout= */ 1);
    }

    /** Some records in a row, as Avro binary. */
    static List<byte[]> avro(Shape shape, long seed, int records) {
        Workload workload = new Workload(shape, seed);
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            workload.next();
            all.add(workload.avro());
        }
        return all;
    }

    /** The same records as JSON. */
    static List<byte[]> json(Shape shape, long seed, int records) {
        Workload workload = new Workload(shape, seed);
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            workload.next();
            all.add(workload.json());
        }
        return all;
    }
}
