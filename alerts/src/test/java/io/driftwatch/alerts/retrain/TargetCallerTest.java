package io.driftwatch.alerts.retrain;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.deliver.AddressGuard;
import io.driftwatch.alerts.deliver.DeliveryConfig;
import io.driftwatch.alerts.deliver.Secret;
import io.driftwatch.alerts.deliver.TlsConfig;
import io.driftwatch.schemas.RetrainRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls over HTTP; what they hold is the affair of the recipes. */
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

    private TargetReply send(DeliveryConfig config) {
        RecipeCall call =
                RecipeCall.submission(Recipes.named("prefect").orElseThrow(), prefect(), REQUEST);
        try (TargetCaller caller = new TargetCaller(config)) {
            return caller.send(call).orTimeout(30, TimeUnit.SECONDS).join();
        }
    }

    @Test
    void saysWhatTheTargetSays() {
        server.then(201, "{\"id\":\"run-7\"}");

        TargetReply reply = send(ALLOWED);

        RetrainReport report = reply.answer().report(REQUEST.getRequestId()).orElseThrow();
        assertThat(report.requestId()).isEqualTo(REQUEST.getRequestId());
        assertThat(report.state()).isEqualTo(RunState.ACCEPTED);
        assertThat(report.externalId()).isEqualTo("run-7");
        TestingTarget.Request sent = server.last();
        assertThat(sent.uri()).isEqualTo("/api/deployments/d1/create_flow_run");
        assertThat(sent.headers().getFirst("Authorization")).isEqualTo("Bearer T0KEN-abcdef");
        assertThat(sent.headers().getFirst("User-Agent")).startsWith("Driftwatch/");
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "401, REJECTED",
        "404, REJECTED",
        "409, REJECTED",
        "422, REJECTED",
        "302, REJECTED",
        "429, RETRY",
        "500, RETRY",
        "503, RETRY"
    })
    void whatATargetSaysInRefusingHoldsNoSecret(int status, RecipeAnswer.Verdict verdict) {
        server.then(status, "no to Bearer T0KEN-abcdef");

        TargetReply reply = send(ALLOWED);

        assertThat(reply.answer().verdict()).isEqualTo(verdict);
        assertThat(reply.words()).contains("HTTP " + status).doesNotContain("T0KEN");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void asksNobodyWhoIsNotAllowed() {
        assertThat(send(DeliveryConfig.standard()).words()).contains("delivery.allow");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void saysSoWhenNobodyListens() {
        server.close();

        assertThat(send(ALLOWED).words()).contains("the connection failed");
    }
}
