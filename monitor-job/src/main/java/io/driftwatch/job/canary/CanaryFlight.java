package io.driftwatch.job.canary;

import io.driftwatch.alerts.config.CanaryConfig;
import io.driftwatch.alerts.config.Durations;
import io.driftwatch.alerts.rule.Figures;
import io.driftwatch.job.canary.CanaryReceiver.Expected;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.kafka.KafkaFailure;
import io.driftwatch.job.kafka.TopicRecords;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends the canary through a running installation, and says what came out. */
public final class CanaryFlight {
    private static final int PATIENCE_MILLIS = 15_000;

    /** Changes of alerts to look back on, in each partition, when no message has come. */
    private static final long LOOK_BACK = 10_000;

    private final MonitorConfig config;
    private final CanaryReceiver receiver;
    private final Duration within;
    private final Clock clock;

    /** Windows follow one another, from flight to flight too. */
    private Instant notBefore = Instant.EPOCH;

    /**
     * @param config one with a canary
     * @param within how long each of the two messages may take
     */
    public CanaryFlight(
            MonitorConfig config, CanaryReceiver receiver, Duration within, Clock clock) {
        this.config = config;
        this.receiver = receiver;
        this.within = within;
        this.clock = clock;
    }

    /** Makes a drift and waits for the message, ends it and waits for that message. */
    public CanaryResult fly() throws InterruptedException {
        Instant now = clock.instant();
        long whole = Math.floorDiv(now.toEpochMilli(), CanaryModel.WINDOW.toMillis());
        Instant start = Instant.ofEpochMilli(whole * CanaryModel.WINDOW.toMillis());
        CanaryDrift drift =
                new CanaryDrift(
                        start.isBefore(notBefore) ? notBefore : start,
                        UUID.randomUUID().toString());
        notBefore = drift.next();
        Expected begin = new Expected(AlertState.firing, drift.drifting());
        Expected end = new Expected(AlertState.resolved, drift.calm());
        receiver.expect(begin, end);
        Optional<Duration> told = Optional.empty();
        boolean resolved = false;
        String reason;
        try {
            told = tell(drift.drift(), begin);
            reason =
                    told.isPresent()
                            ? null
                            : "no message came within "
                                    + Durations.format(within)
                                    + "; "
                                    + stage(begin);
            resolved = tell(drift.end(), end).isPresent() && reason == null;
            if (!resolved && reason == null) {
                reason =
                        "the message that the drift is over did not come within "
                                + Durations.format(within)
                                + "; "
                                + stage(end);
            }
        } catch (IOException e) {
            reason = e.getMessage();
        }
        return new CanaryResult(
                Figures.instant(now),
                told.isPresent(),
                told.map(delay -> delay.toMillis() / 1e3).orElse(null),
                resolved,
                reason);
    }

    private Optional<Duration> tell(List<byte[]> records, Expected message)
            throws IOException, InterruptedException {
        send(records);
        return receiver.await(message, System.nanoTime(), within);
    }

    /** All to one partition: how far others are then makes no difference. */
    private void send(List<byte[]> records) throws IOException, InterruptedException {
        Properties properties = config.kafka().toProperties();
        properties.putIfAbsent("max.block.ms", PATIENCE_MILLIS);
        properties.putIfAbsent("request.timeout.ms", 5000);
        properties.putIfAbsent("delivery.timeout.ms", PATIENCE_MILLIS);
        properties.putIfAbsent("client.id", CanaryConfig.NAME);
        String topic = config.topics().canary();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            // Without the topic each record would be waited for, until the producer gives it up.
            producer.partitionsFor(topic);
            Future<RecordMetadata> last = null;
            for (byte[] record : records) {
                last = producer.send(new ProducerRecord<>(topic, 0, null, record));
            }
            // In one partition the last one is there when all are.
            last.get();
        } catch (KafkaException e) {
            throw KafkaFailure.of(config.kafka(), e);
        } catch (ExecutionException e) {
            throw KafkaFailure.of(config.kafka(), e.getCause());
        }
    }

    /** How far the drift came: the topic of alerts lies half way. */
    private String stage(Expected message) {
        String topic = config.topics().alerts();
        try {
            List<Alert> alerts =
                    new TopicRecords<>(config.kafka(), topic, "", Alert.class).tail(LOOK_BACK);
            boolean isJudged =
                    alerts.stream()
                            .anyMatch(
                                    alert ->
                                            alert.getState() == message.state()
                                                    && alert.getScore()
                                                            .getModel()
                                                            .equals(CanaryConfig.NAME)
                                                    && alert.getScore()
                                                            .getWindowStart()
                                                            .equals(message.window()));
            return isJudged
                    ? "the alert is on "
                            + topic
                            + ", so look at the notify job, at silences, and at whether it reaches"
                            + " canary.url"
                    : "there is no alert on "
                            + topic
                            + " either, so look at the monitor job: driftwatch status says how far"
                            + " it is; it must have been started with this canary section";
        } catch (IOException e) {
            return "how far it came is not known: " + e.getMessage();
        }
    }
}
