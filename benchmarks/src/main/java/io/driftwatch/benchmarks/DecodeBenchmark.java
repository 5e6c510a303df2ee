package io.driftwatch.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.config.StreamFormat;
import io.driftwatch.job.decode.Decoded;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.decode.ObservationDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.flink.formats.avro.AvroDeserializationSchema;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Bytes to an event time and an array of numbers: one operation is one record. The ways to compare
 * with end at the same event time and array.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class DecodeBenchmark {
    private static final int RECORDS = 1024;
    private static final int SEED = 1;
    private static final Workload.Shape SHAPE = Workload.Shape.NUMERIC_20;

    /** Records as Avro binary, and what reads them. */
    @State(Scope.Thread)
    public static class Avro {
        List<byte[]> records;
        ObservationDecoder decoder;
        GenericDatumReader<GenericRecord> reader;
        GenericRecord reusedRecord;
        BinaryDecoder reusedDecoder;
        AvroDeserializationSchema<GenericRecord> flinkAvro;

        /** Makes the records. */
        @Setup
        public void prepare() throws IOException {
            records = Workload.avro(SHAPE, SEED, RECORDS);
            decoder = decoder(StreamFormat.AVRO);
            reader = new GenericDatumReader<>(Workload.avroSchema(SHAPE));
            flinkAvro = AvroDeserializationSchema.forGeneric(Workload.avroSchema(SHAPE));
        }
    }

    /** The same records as JSON, and what reads them. */
    @State(Scope.Thread)
    public static class Json {
        List<byte[]> records;
        ObservationDecoder decoder;
        ObjectMapper mapper;
        String[] names;

        /** Makes the records. */
        @Setup
        public void prepare() throws IOException {
            records = Workload.json(SHAPE, SEED, RECORDS);
            decoder = decoder(StreamFormat.JSON);
            mapper = new ObjectMapper();
            names = new String[SHAPE.numeric()];
            for (int i = 0; i < names.length; i++) {
                names[i] = Workload.feature(i);
            }
        }
    }

    private static ObservationDecoder decoder(StreamFormat format) throws IOException {
        try (TemporaryFolder folder = new TemporaryFolder()) {
            Path config =
                    Workload.writeConfig(folder.path(), SHAPE, format, "unused:9092", "decode");
            ModelConfig model = ConfigLoader.load(config).models().get(0);
            StreamConfig stream = model.streams().get(0);
            FieldPlan plan = FieldPlan.of(model, stream, model.features());
            return new ObservationDecoder(model.name(), stream, plan, InstantSource.system());
        }
    }

    /** Ours: a plan compiled from the schema. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void avroPlan(Avro avro, Blackhole out) {
        for (byte[] record : avro.records) {
            out.consume(observed(avro.decoder, record));
        }
    }

    /** Avro's own reader, with record and decoder used again. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void avroGeneric(Avro avro, Blackhole out) throws IOException {
        for (byte[] bytes : avro.records) {
            avro.reusedDecoder = DecoderFactory.get().binaryDecoder(bytes, avro.reusedDecoder);
            avro.reusedRecord = avro.reader.read(avro.reusedRecord, avro.reusedDecoder);
            consume(avro.reusedRecord, out);
        }
    }

    /** The usual way in a Flink job. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void avroFlink(Avro avro, Blackhole out) throws IOException {
        for (byte[] bytes : avro.records) {
            consume(avro.flinkAvro.deserialize(bytes), out);
        }
    }

    /** Ours: a stream of tokens. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void jsonStreaming(Json json, Blackhole out) {
        for (byte[] record : json.records) {
            out.consume(observed(json.decoder, record));
        }
    }

    /** Jackson's tree, as its defaults make it. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void jsonTree(Json json, Blackhole out) throws IOException {
        for (byte[] bytes : json.records) {
            JsonNode tree = json.mapper.readTree(bytes);
            out.consume(tree.get("at").longValue());
            double[] numbers = new double[json.names.length];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = tree.get(json.names[i]).doubleValue();
            }
            out.consume(numbers);
        }
    }

    private static Decoded observed(ObservationDecoder decoder, byte[] record) {
        Decoded decoded = decoder.decode(record, Workload.TOPIC, 0, 0);
        if (decoded.observation() == null) {
            throw new IllegalStateException(decoded.deadLetter().getDetail());
        }
        return decoded;
    }

    private static void consume(GenericRecord record, Blackhole out) {
        out.consume((long) record.get(0));
        double[] numbers = new double[SHAPE.numeric()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (double) record.get(i + 1);
        }
        out.consume(numbers);
    }
}
