package io.driftwatch.job.source;

import io.driftwatch.job.Stage;
import io.driftwatch.job.config.KafkaConfig;
import io.driftwatch.job.config.StreamConfig.StartFrom;
import io.driftwatch.job.config.TopicsConfig;
import io.driftwatch.schemas.Alert;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Reads the topic that the monitor job writes and the notify job lives on. */
public final class AlertsTopic {
    private static final String GROUP = "driftwatch-notify";

    private AlertsTopic() {}

    public static DataStream<Alert> open(
            StreamExecutionEnvironment env, KafkaConfig kafka, TopicsConfig topics) {
        KafkaSource<Alert> source =
                KafkaSources.<Alert>builder(kafka, GROUP, StartFrom.EARLIEST)
                        .setTopics(topics.alerts())
                        .setDeserializer(new RecordDeserializer<>(Alert.class))
                        .setClientIdPrefix("driftwatch-notify")
                        .build();
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), "source " + topics.alerts())
                .uid(Stage.SOURCE.uid("alerts"));
    }
}
