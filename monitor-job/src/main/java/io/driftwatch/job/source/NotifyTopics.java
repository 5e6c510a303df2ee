package io.driftwatch.job.source;

import io.driftwatch.job.Stage;
import io.driftwatch.job.config.KafkaConfig;
import io.driftwatch.job.config.StreamConfig.StartFrom;
import io.driftwatch.job.config.TopicsConfig;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.Score;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Reads what the monitor job writes and the notify job lives on. */
public final class NotifyTopics {
    /** What the names of the consumer groups of the notify job begin with. */
    public static final String GROUP = "driftwatch-notify";

    private NotifyTopics() {}

    /** The consumer group under which the notify job's offsets in the alerts are committed. */
    public static String group(KafkaConfig kafka) {
        return kafka.properties().getOrDefault(KafkaSources.GROUP_ID, GROUP);
    }

    /** Opens the changes of alerts, from the oldest that the topic still has. */
    public static DataStream<Alert> alerts(
            StreamExecutionEnvironment env, KafkaConfig kafka, TopicsConfig topics) {
        return open(env, kafka, topics.alerts(), Alert.class, GROUP, StartFrom.EARLIEST)
                .uid(Stage.SOURCE.uid("alerts"));
    }

    /** Opens the scores, from now on. */
    public static DataStream<Score> scores(
            StreamExecutionEnvironment env, KafkaConfig kafka, TopicsConfig topics) {
        return open(env, kafka, topics.scores(), Score.class, GROUP + "-scores", StartFrom.LATEST)
                .uid(Stage.SOURCE.uid("scores"));
    }

    private static <T extends SpecificRecord> DataStreamSource<T> open(
            StreamExecutionEnvironment env,
            KafkaConfig kafka,
            String topic,
            Class<T> type,
            String group,
            StartFrom startFrom) {
        KafkaSource<T> source =
                KafkaSources.<T>builder(kafka, group, startFrom)
                        .setTopics(topic)
                        .setDeserializer(new RecordDeserializer<>(type))
                        .setClientIdPrefix(group)
                        .build();
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), "source " + topic);
    }
}
