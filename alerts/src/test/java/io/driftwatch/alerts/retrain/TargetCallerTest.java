package io.driftwatch.alerts.retrain;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.deliver.AddressGuard;
import io.driftwatch.alerts.deliver.DeliveryConfig;
import io.driftwatch.alerts.deliver.Secret;
import io.driftwatch.alerts.deliver.TlsConfig;
import io.driftwatch.schemas.RetrainRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Submissions over HTTP; what they hold is the affair of the recipes. */
class TargetCallerTest {
    private static final RetrainRequest REQUEST =
            RetrainRequests.of(firing("distance_miles", 3, 7), Instant.EPOCH);
    private static final DeliveryConfig ALLOWED =
            new DeliveryConfig(new AddressGuard(List.of("localhost")), TlsConfig.STANDARD);

    private final TestingTarget server = new TestingTarget();

    @AfterEach
    void close() {
        server.close();
    }

    private RetrainTarget prefect() {
        return new RetrainTarget(
                "nightly",
                "prefect",
                Map.of("base_url", server.url("/api"), "deployment_id", "d1"),
                Map.of("token", Secret.of("T0KEN-abcdef")),
                Map.of(),
                null);
    }

    private RetrainReport submit(DeliveryConfig config) {
        List<Duration> twoMore = List.of(Duration.ofMillis(1), Duration.ofMillis(1));
        try (TargetCaller caller = new TargetCaller(config, twoMore)) {
            return caller.submit(prefect(), REQUEST).orTimeout(30, TimeUnit.SECONDS).join();
        }
    }

    @Test
    void saysWhatTheTargetSays() {
        server.then(201, "{\"id\":\"run-7\"}");

        RetrainReport report = submit(ALLOWED);

        assertThat(report.requestId()).isEqualTo(REQUEST.getRequestId());
        assertThat(report.state()).isEqualTo(RunState.ACCEPTED);
        assertThat(report.externalId()).isEqualTo("run-7");
        TestingTarget.Request sent = server.last();
        assertThat(sent.uri()).isEqualTo("/api/deployments/d1/create_flow_run");
        assertThat(sent.headers().getFirst("Authorization")).isEqualTo("Bearer T0KEN-abcdef");
        assertThat(sent.headers().getFirst("User-Agent")).startsWith("Driftwatch/");
    }

    @Test
    void everyAttemptIsTheSame() {
        server.then(503, "").then(429, "").then(200, "{\"id\":\"run-7\"}");

        assertThat(submit(ALLOWED).state()).isEqualTo(RunState.ACCEPTED);
        assertThat(server.requests()).hasSize(3);
        assertThat(server.requests())
                .extracting(TestingTarget.Request::body)
                .containsOnly(server.last().body());
    }

    @ParameterizedTest(name = "{0} is failed after {1} attempts")
    @CsvSource({"401, 1", "404, 1", "409, 1", "422, 1", "302, 1", "500, 3", "503, 3"})
    void givesUpWithAReasonThatHoldsNoSecret(int status, int attempts) {
        for (int i = 0; i < attempts; i++) {
            server.then(status, "no to Bearer T0KEN-abcdef");
        }

        RetrainReport report = submit(ALLOWED);

        assertThat(report.state()).isEqualTo(RunState.FAILED);
        assertThat(report.reason()).contains("HTTP " + status).doesNotContain("T0KEN");
        assertThat(server.requests()).hasSize(attempts);
    }

    @Test
    void asksNobodyWhoIsNotAllowed() {
        RetrainReport report = submit(DeliveryConfig.standard());

        assertThat(report.state()).isEqualTo(RunState.FAILED);
        assertThat(report.reason()).contains("target nightly", "delivery.allow");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void givesUpWhenNobodyListens() {
        server.close();

        assertThat(submit(ALLOWED).reason()).contains("the connection failed");
    }
}
