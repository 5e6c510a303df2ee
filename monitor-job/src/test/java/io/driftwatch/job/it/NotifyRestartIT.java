package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.Main;
import io.driftwatch.job.it.MoodyReceiver.Mood;
import io.driftwatch.job.it.MoodyReceiver.Request;
import io.driftwatch.job.judge.TestingScores;
import io.driftwatch.job.kafka.TopicRecords;
import io.driftwatch.job.source.ControlTopic;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.Silence;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.client.JobCancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is to be told is told, though the notify job is cancelled and resumed. */
class NotifyRestartIT {
    private static final int INCIDENTS = 12;
    private static final RetryPolicy PATIENT =
            new RetryPolicy(
                    Collections.nCopies(200, Duration.ofMillis(200)),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(1));

    private static final String CONFIG =
            """
            kafka: {bootstrap_servers: "${servers}"}
            models:
              - name: basket-value
                profile: basket-value.avro
                streams: [{role: inference, topic: baskets, format: json, event_time: at}]
                window: {size: 1m}
                features: {amount: {type: numeric, path: /basket/amount}, country: {}}
            rules: [{alert: Drift, statistic: psi, above: 0.2}]
            delivery: {allow: [127.0.0.1]}
            receivers:
              - {name: team, webhook: [{url: "${well}", format: json}, {url: "${fails}", format: json}]}
            route: {receiver: team, group_by: ['...'], group_wait: 50ms, group_interval: 1s}
            """;

    @TempDir Path folder;

    @Test
    @Timeout(240)
    void twoCancellationsWhileAnEndpointFailsLoseNothingAndEveryRepetitionHasItsId()
            throws Exception {
        try (MoodyReceiver receiver = new MoodyReceiver();
                Installation installed =
                        new Installation(
                                folder,
                                CONFIG.replace("${well}", receiver.url("well"))
                                        .replace("${fails}", receiver.url("fails")),
                                1)) {
            receiver.set("fails", Mood.FAILS);
            String checkpoint = null;
            for (int life = 0; life < 3; life++) {
                JobClient job = installed.notifier(PATIENT, checkpoint);
                int last = (life + 1) * INCIDENTS / 3;
                installed.alert(
                        IntStream.range(life * INCIDENTS / 3, last)
                                .mapToObj(NotifyRestartIT::firing)
                                .toList());
                receiver.await(() -> features(receiver, "well").size() == last);
                int failures = requests(receiver, "fails").size();
                receiver.await(() -> requests(receiver, "fails").size() > failures + 2);
                if (life < 2) {
                    checkpoint = cancel(installed, job);
                } else {
                    receiver.set("fails", Mood.WELL);
                    receiver.await(() -> features(receiver, "fails").size() == INCIDENTS);
                    awaitDeliveries(installed);
                    job.cancel().get();
                }
            }

            for (String path : List.of("well", "fails")) {
                Map<String, Set<String>> bodies =
                        requests(receiver, path).stream()
                                .collect(
                                        Collectors.groupingBy(
                                                Request::id,
                                                Collectors.mapping(
                                                        Request::body, Collectors.toSet())));
                assertThat(bodies).as("one id an incident for " + path).hasSize(INCIDENTS);
                assertThat(bodies.values()).as("and one body an id").allMatch(b -> b.size() == 1);
            }
            assertThat(requests(receiver, "fails").size()).isGreaterThan(INCIDENTS);
            // A job that has forgotten reads the alerts from their beginning: 4 + 8 + 12 requests.
            // One that remembers repeats at most what it sent after its last checkpoint.
            assertThat(requests(receiver, "well"))
                    .as("what was delivered is remembered")
                    .hasSizeLessThan(2 * INCIDENTS);
        }
    }

    @Test
    @Timeout(240)
    void aSilenceHoldsInARunningJobFromItsBeginningToItsEnd() throws Exception {
        try (MoodyReceiver receiver = new MoodyReceiver();
                Installation installed =
                        new Installation(
                                folder,
                                CONFIG.replace("${well}", receiver.url("well"))
                                        .replace("${fails}", receiver.url("other")),
                                1)) {
            JobClient job = installed.notifier(PATIENT, null);
            installed.alert(List.of(firing(1)));
            receiver.await(() -> features(receiver, "well").size() == 1);

            assertThat(silence("add", "--comment", "a test", "feature=feature-2")).isZero();
            // The next alert's message is the sign that the job has come so far.
            installed.alert(List.of(firing(2), firing(3)));
            receiver.await(() -> features(receiver, "well").size() == 2);
            assertThat(requests(receiver, "well"))
                    .noneMatch(request -> request.body().contains("feature-2"));

            TopicRecords<Silence> silences =
                    new TopicRecords<>(
                            installed.config().kafka(),
                            installed.config().topics().control(),
                            ControlTopic.SILENCE,
                            Silence.class);
            assertThat(silence("expire", silences.latest().get(0).getId())).isZero();
            receiver.await(() -> features(receiver, "well").size() == 3);
            assertThat(requests(receiver, "well"))
                    .anyMatch(request -> request.body().contains("feature-2"));
            job.cancel().get();
        }
    }

    private int silence(String action, String... more) {
        String[] line = new String[4 + more.length];
        line[0] = "silence";
        line[1] = action;
        line[2] = "-c";
        line[3] = folder.resolve("driftwatch.yaml").toString();
        System.arraycopy(more, 0, line, 4, more.length);
        return Main.run(line);
    }

    /**
     * Cancels a job, which takes no last checkpoint, and gives the newest that it had: there is
     * one, since nothing is sent before one holds it.
     */
    private static String cancel(Installation installed, JobClient job) throws Exception {
        job.cancel().get();
        assertThatThrownBy(() -> job.getJobExecutionResult().get())
                .hasRootCauseInstanceOf(JobCancellationException.class);
        return installed.lastCheckpoint(job).toUri().toString();
    }

    private static void awaitDeliveries(Installation installed) throws Exception {
        try (TopicReader<Delivery> deliveries =
                installed.reader(installed.config().topics().deliveries(), Delivery.class)) {
            List<Delivery> all =
                    deliveries.until(
                            read ->
                                    read.stream()
                                                    .map(
                                                            d ->
                                                                    d.getNotificationId()
                                                                            + d.getEndpoint())
                                                    .distinct()
                                                    .count()
                                            == 2L * INCIDENTS);
            assertThat(all).allMatch(d -> d.getOutcome() == DeliveryOutcome.delivered);
        }
    }

    private static List<Request> requests(MoodyReceiver receiver, String path) {
        return receiver.requests().stream().filter(r -> r.path().equals(path)).toList();
    }

    private static Set<String> features(MoodyReceiver receiver, String path) {
        return requests(receiver, path).stream()
                .filter(Request::taken)
                .map(Request::id)
                .collect(Collectors.toSet());
    }

    private static Alert firing(int incident) {
        String feature = "feature-" + incident;
        return Alert.newBuilder()
                .setFingerprint("%016x".formatted(incident))
                .setEpisode(1)
                .setSequence(1)
                .setState(AlertState.firing)
                .setLabels(Map.of("alertname", "Drift", "feature", feature, "severity", "warning"))
                .setAnnotations(Map.of())
                .setScore(TestingScores.score(feature, 1, 0.5, 0))
                .setThreshold(0.2)
                .setDirection(Direction.above)
                .setStartsAt(Instant.EPOCH)
                .setReason("a test")
                .build();
    }
}
