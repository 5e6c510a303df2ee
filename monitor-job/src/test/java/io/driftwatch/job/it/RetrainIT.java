package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.Main;
import io.driftwatch.job.judge.TestingScores;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.RetrainRequest;
import io.driftwatch.schemas.RetrainStatusChange;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From an alert to a retraining that a person approves, a target takes and a pipeline reports. */
class RetrainIT {
    private static final String ID = "0123456789abcdef-1";
    private static final String CONFIG =
            """
            kafka: {bootstrap_servers: "${servers}"}
            models:
              - name: basket-value
                profile: basket-value.avro
                streams: [{role: inference, topic: baskets, format: json, event_time: at}]
                window: {size: 1m}
                features: {amount: {type: numeric, path: /basket/amount}, country: {}}
            rules: [{alert: Drift, statistic: psi, above: 0.2, retrain: true}]
            delivery: {allow: [127.0.0.1]}
            retrain:
              enabled: true
              dry_run: false
              approval: manual
              targets:
                - {name: nightly, prefect: {base_url: "${target}", deployment_id: d1}, models: [flights]}
                - {name: others, prefect: {base_url: "${target}", deployment_id: d2}, models: [x]}
            """;

    @TempDir Path folder;

    @Test
    @Timeout(180)
    void aRequestGoesToTheTargetOfItsModelOnceSomebodyHasApprovedIt() throws Exception {
        try (MoodyReceiver target = new MoodyReceiver();
                Installation installed =
                        new Installation(
                                folder, CONFIG.replace("${target}", target.url("api")), 1)) {
            JobClient job = installed.notifier(RetryPolicy.standard(), null);
            installed.alert(List.of(firing()));
            try (TopicReader<RetrainStatusChange> statuses =
                    installed.reader(
                            installed.config().topics().retrainStatus(),
                            RetrainStatusChange.class)) {
                statuses.until(all -> is(all, "awaiting_approval"));
                assertThat(target.requests()).isEmpty();

                assertThat(retrain("approve", ID)).isZero();
                statuses.until(all -> is(all, "submitted"));
                try (TopicReader<RetrainRequest> requests =
                        installed.reader(
                                installed.config().topics().retrainRequests(),
                                RetrainRequest.class)) {
                    assertThat(requests.until(all -> !all.isEmpty()))
                            .extracting(RetrainRequest::getRequestId)
                            .containsExactly(ID);
                }

                assertThat(retrain("report", ID, "succeeded")).isZero();
                List<RetrainStatusChange> all = statuses.until(read -> is(read, "succeeded"));
                assertThat(all).allMatch(change -> change.getRequestId().equals(ID));
            }
            job.cancel().get();
            assertThat(target.requests())
                    .singleElement()
                    .satisfies(
                            request -> {
                                assertThat(request.path())
                                        .isEqualTo("api/deployments/d1/create_flow_run");
                                assertThat(request.body())
                                        .contains("\"idempotency_key\":\"" + ID + "\"");
                            });
        }
    }

    private static boolean is(List<RetrainStatusChange> changes, String status) {
        return changes.stream().anyMatch(change -> change.getStatus().equals(status));
    }

    private int retrain(String action, String... more) {
        String[] line = new String[4 + more.length];
        line[0] = "retrain";
        line[1] = action;
        line[2] = "-c";
        line[3] = folder.resolve("driftwatch.yaml").toString();
        System.arraycopy(more, 0, line, 4, more.length);
        return Main.run(line);
    }

    private static Alert firing() {
        return Alert.newBuilder()
                .setFingerprint("0123456789abcdef")
                .setEpisode(1)
                .setSequence(1)
                .setState(AlertState.firing)
                .setLabels(Map.of("alertname", "Drift", "severity", "warning"))
                .setAnnotations(Map.of())
                .setScore(TestingScores.score("distance", 1, 0.5, 0))
                .setThreshold(0.2)
                .setDirection(Direction.above)
                .setStartsAt(Instant.EPOCH)
                .setRetrain(true)
                .setReason("a test")
                .build();
    }
}
