package io.driftwatch.job.source;

import io.driftwatch.job.Stage;
import io.driftwatch.job.config.KafkaConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.config.StreamConfig.StartFrom;
import io.driftwatch.job.decode.Decoded;
import io.driftwatch.job.live.LivePlan;
import java.util.List;
import java.util.Properties;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Reads the streams from Kafka. */
public final class KafkaSources implements Sources {
    /** The consumer group of the monitor job. */
    public static final String GROUP = "driftwatch-monitor";

    static final String GROUP_ID = "group.id";

    private final KafkaConfig kafka;

    /** The consumer group under which the monitor job's offsets are committed. */
    public static String group(KafkaConfig kafka) {
        return kafka.properties().getOrDefault(GROUP_ID, GROUP);
    }

    /** What of the topics' present content is read; null reads on for ever. */
    private final TimeRange range;

    public KafkaSources(KafkaConfig kafka) {
        this(kafka, null);
    }

    private KafkaSources(KafkaConfig kafka, TimeRange range) {
        this.kafka = kafka;
        this.range = range;
    }

    /** The same, but all that the topics hold when the job begins, and no more. */
    public KafkaSources bounded(TimeRange newRange) {
        return new KafkaSources(kafka, newRange);
    }

    @Override
    public boolean areLive() {
        return range == null;
    }

    @Override
    public List<SingleOutputStreamOperator<Decoded>> open(
            StreamExecutionEnvironment env, ModelConfig model, StreamConfig stream, LivePlan plan) {
        String role = stream.role().key();
        KafkaSourceBuilder<Decoded> source =
                KafkaSources.<Decoded>builder(kafka, GROUP, stream.startFrom())
                        .setTopics(stream.topic())
                        .setDeserializer(new DecodingSchema(plan))
                        .setClientIdPrefix("driftwatch-" + model.name() + "-" + role);
        if (range != null) {
            source.setStartingOffsets(OffsetsInitializer.earliest())
                    .setBounded(OffsetsInitializer.latest());
        }
        SingleOutputStreamOperator<Decoded> records =
                env.fromSource(
                                source.build(),
                                PaneWatermarks.strategy(model, stream)
                                        .withIdleness(stream.idleAfter()),
                                model.name() + " " + role + ": source " + stream.topic())
                        .uid(Stage.SOURCE.uid(model.name(), role));
        return List.of(range == null ? records : range.of(records, model.name(), role));
    }

    /**
     * A source with what is common to all of ours; the user's properties win where we own nothing.
     */
    public static <T> KafkaSourceBuilder<T> builder(
            KafkaConfig kafka, String group, StartFrom startFrom) {
        Properties properties = kafka.toProperties();
        properties.putIfAbsent(GROUP_ID, group);
        properties.putIfAbsent("isolation.level", "read_committed");
        return KafkaSource.<T>builder()
                .setBootstrapServers(kafka.bootstrapServers())
                .setStartingOffsets(startingOffsets(startFrom))
                .setProperties(properties);
    }

    /** The connector still asks for a type that Kafka has deprecated, and offers no other. */
    @SuppressWarnings("deprecation")
    private static OffsetsInitializer startingOffsets(StartFrom startFrom) {
        return OffsetsInitializer.committedOffsets(
                startFrom == StartFrom.LATEST
                        ? org.apache.kafka.clients.consumer.OffsetResetStrategy.LATEST
                        : org.apache.kafka.clients.consumer.OffsetResetStrategy.EARLIEST);
    }
}
