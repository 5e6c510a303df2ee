package io.driftwatch.job.source;

import io.driftwatch.job.Stage;
import io.driftwatch.job.config.KafkaConfig;
import io.driftwatch.job.config.StreamConfig.StartFrom;
import io.driftwatch.job.config.TopicsConfig;
import io.driftwatch.schemas.Silence;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Reads the topic by which people steer a running job. */
public final class ControlTopic {
    private static final String GROUP = "driftwatch-notify-control";

    private ControlTopic() {}

    /** Opens the silences, from the oldest that the topic still has. */
    public static DataStream<Silence> silences(
            StreamExecutionEnvironment env, KafkaConfig kafka, TopicsConfig topics) {
        KafkaSource<Silence> source =
                KafkaSources.<Silence>builder(kafka, GROUP, StartFrom.EARLIEST)
                        .setTopics(topics.control())
                        .setDeserializer(new RecordDeserializer<>(Silence.class))
                        .setClientIdPrefix("driftwatch-notify-control")
                        .build();
        return env.fromSource(
                        source, WatermarkStrategy.noWatermarks(), "source " + topics.control())
                .uid(Stage.SOURCE.uid("silences"));
    }
}
