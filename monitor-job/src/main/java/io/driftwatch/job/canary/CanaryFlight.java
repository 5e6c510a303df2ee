package io.driftwatch.job.canary;

import io.driftwatch.alerts.config.CanaryConfig;
import io.driftwatch.alerts.config.Durations;
import io.driftwatch.alerts.rule.Figures;
import io.driftwatch.job.canary.CanaryReceiver.Expected;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.kafka.KafkaFailure;
import io.driftwatch.job.kafka.KafkaTopics;
import io.driftwatch.job.kafka.TopicRecords;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
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
            send(drift.drift());
            told = receiver.await(begin, System.nanoTime(), within);
            reason = told.isPresent() ? null : "no message came within " + missed(begin);
            send(drift.end());
            if (told.isPresent()) {
                // What was not told to begin need not be told to end.
                resolved = receiver.await(end, System.nanoTime(), within).isPresent();
                reason =
                        resolved
                                ? null
                                : "the message that the drift is over did not come within "
                                        + missed(end);
            }
        } catch (IOException e) {
            reason = e.getMessage();
        }
        // Another program may fly next, and its windows must be later ones.
        long left = drift.next().toEpochMilli() - clock.millis();
        TimeUnit.MILLISECONDS.sleep(Math.min(left, CanaryDrift.LENGTH.toMillis()));
        return new CanaryResult(
                Figures.instant(now),
                told.isPresent(),
                told.map(delay -> delay.toMillis() / 1e3).orElse(null),
                resolved,
                reason);
    }

    private String missed(Expected message) {
        return Durations.format(within) + "; " + stage(message);
    }

    /** All to one partition: how far others are then makes no difference. */
    private void send(List<byte[]> records) throws IOException, InterruptedException {
        Properties properties = config.kafka().toProducerProperties(PATIENCE_MILLIS);
        properties.putIfAbsent("client.id", CanaryConfig.NAME);
        String topic = config.topics().canary();
        requireTopic(topic);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            Future<RecordMetadata> last = null;
            for (byte[] record : records) {
                boolean isFirst = last == null;
                last = producer.send(new ProducerRecord<>(topic, 0, null, record));
                if (isFirst) {
                    // If nobody takes it, all others would be waited for as long, one by one.
                    last.get();
                }
            }
            // In one partition the last one is there when all are.
            last.get();
        } catch (KafkaException e) {
            throw KafkaFailure.of(config.kafka(), e);
        } catch (ExecutionException e) {
            throw KafkaFailure.of(config.kafka(), e.getCause());
        }
    }

    /** A broker that makes topics of its own accord would make it with any number of partitions. */
    private void requireTopic(String topic) throws IOException {
        try (KafkaTopics topics = new KafkaTopics(config.kafka())) {
            if (topics.partitions(List.of(topic)).isEmpty()) {
                throw new IOException(
                        "there is no topic "
                                + topic
                                + ", or it may not be seen; make it with driftwatch topics create");
            }
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
