package io.driftwatch.job.source;

import io.driftwatch.job.Stage;
import io.driftwatch.job.config.KafkaConfig;
import io.driftwatch.job.config.StreamConfig.StartFrom;
import io.driftwatch.job.config.TopicsConfig;
import io.driftwatch.schemas.RetrainCommand;
import io.driftwatch.schemas.Silence;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Reads the topic by which people steer a running job. */
public final class ControlTopic {
    /** What the names of the consumer groups that read this topic begin with. */
    public static final String GROUP = NotifyTopics.GROUP + "-control-";

    /** What the keys of silences begin with. */
    public static final String SILENCE = "silence/";

    /** What the keys of commands about retrainings begin with. */
    public static final String RETRAIN = "retrain/";

    private ControlTopic() {}

    /** Opens the silences, from the oldest that the topic still has. */
    public static DataStream<Silence> silences(
            StreamExecutionEnvironment env, KafkaConfig kafka, TopicsConfig topics) {
        return open(env, kafka, topics, Silence.class, SILENCE, "silences");
    }

    /** Opens the decisions and reports about retrainings, from the oldest that it still has. */
    public static DataStream<RetrainCommand> retrainCommands(
            StreamExecutionEnvironment env, KafkaConfig kafka, TopicsConfig topics) {
        return open(env, kafka, topics, RetrainCommand.class, RETRAIN, "retrain-commands");
    }

    private static <T extends SpecificRecord> DataStream<T> open(
            StreamExecutionEnvironment env,
            KafkaConfig kafka,
            TopicsConfig topics,
            Class<T> type,
            String keyPrefix,
            String name) {
        KafkaSource<T> source =
                KafkaSources.<T>builder(kafka, GROUP + name, StartFrom.EARLIEST)
                        .setTopics(topics.control())
                        .setDeserializer(new RecordDeserializer<>(type, keyPrefix))
                        .setClientIdPrefix(GROUP + name)
                        .build();
        return env.fromSource(
                        source,
                        WatermarkStrategy.noWatermarks(),
                        "source " + topics.control() + ": " + name)
                .uid(Stage.SOURCE.uid(name));
    }
}
