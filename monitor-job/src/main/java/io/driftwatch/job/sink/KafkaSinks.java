package io.driftwatch.job.sink;

import io.driftwatch.job.Stage;
import io.driftwatch.job.config.KafkaConfig;
import io.driftwatch.job.config.TopicsConfig;
import io.driftwatch.job.source.ControlTopic;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.RetrainCommand;
import io.driftwatch.schemas.RetrainRequest;
import io.driftwatch.schemas.RetrainStatusChange;
import io.driftwatch.schemas.Score;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * Writes results to Kafka, at least once: after a failure a result may stand there twice, and both
 * say the same of the same window and revision, or of the same alert and sequence.
 */
public final class KafkaSinks implements Sinks {
    private final KafkaConfig kafka;
    private final TopicsConfig topics;

    public KafkaSinks(KafkaConfig kafka, TopicsConfig topics) {
        this.kafka = kafka;
        this.topics = topics;
    }

    @Override
    public void scores(DataStream<Score> scores) {
        write(
                scores,
                Score.class,
                topics.scores(),
                "scores",
                s -> s.getModel() + "/" + s.getModelVersion() + "/" + s.getFeature());
    }

    @Override
    public void alerts(DataStream<Alert> alerts) {
        write(alerts, Alert.class, topics.alerts(), "alerts", Alert::getFingerprint);
    }

    @Override
    public void late(DataStream<DeadLetter> late) {
        write(late, DeadLetter.class, topics.late(), "late", KafkaSinks::place);
    }

    @Override
    public void deadLetters(DataStream<DeadLetter> deadLetters) {
        write(
                deadLetters,
                DeadLetter.class,
                topics.deadLetters(),
                "dead-letters",
                KafkaSinks::place);
    }

    public void deliveries(DataStream<Delivery> deliveries) {
        write(
                deliveries,
                Delivery.class,
                topics.deliveries(),
                "deliveries",
                Delivery::getNotificationId);
    }

    public void retrainRequests(DataStream<RetrainRequest> requests) {
        write(
                requests,
                RetrainRequest.class,
                topics.retrainRequests(),
                "retrain-requests",
                RetrainRequest::getModel);
    }

    public void retrainStatus(DataStream<RetrainStatusChange> changes) {
        write(
                changes,
                RetrainStatusChange.class,
                topics.retrainStatus(),
                "retrain-status",
                RetrainStatusChange::getModel);
    }

    /** What targets report, on the topic by which people say it too. */
    public void retrainCommands(DataStream<RetrainCommand> commands) {
        write(
                commands,
                RetrainCommand.class,
                topics.control(),
                "retrain-commands",
                said -> ControlTopic.RETRAIN + said.getRequestId() + "/" + said.getKind());
    }

    private static String place(DeadLetter dead) {
        return dead.getTopic() + "-" + dead.getPartition();
    }

    private <T extends SpecificRecord> void write(
            DataStream<T> records,
            Class<T> type,
            String topic,
            String name,
            RecordSerializer.Key<T> key) {
        KafkaSink<T> sink =
                KafkaSink.<T>builder()
                        .setBootstrapServers(kafka.bootstrapServers())
                        .setKafkaProducerConfig(kafka.toProperties())
                        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                        .setRecordSerializer(
                                new RecordSerializer<>(topic, type, topics.encoding(), key))
                        .build();
        records.sinkTo(sink).uid(Stage.SINK.uid(name)).name("sink " + topic);
    }
}
