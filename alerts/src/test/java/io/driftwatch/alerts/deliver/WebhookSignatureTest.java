package io.driftwatch.alerts.deliver;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.notification;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures, against the specification's vector and the library of Standard Webhooks. */
class WebhookSignatureTest {
    private static final String OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String NEW = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDDriftwat";
    private static final RetryPolicy TWICE =
            new RetryPolicy(
                    List.of(Duration.ofMillis(1)),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(1));

    private final TestingHttpReceiver receiver = new TestingHttpReceiver();
    @TempDir private Path folder;

    @AfterEach
    void close() {
        receiver.close();
    }

    private Delivery send(Secret... secrets) {
        WebhookEndpoint endpoint =
                new WebhookEndpoint(
                        "webhook[0]",
                        Secret.of(receiver.url("/hook")),
                        WebhookEndpoint.Format.CLOUDEVENTS,
                        Map.of(),
                        List.of(secrets),
                        null);
        ReceiverConfig config = new ReceiverConfig("ml-team", List.of(endpoint));
        try (Deliverer deliverer =
                new Deliverer(
                        List.of(config), TWICE, TestingHttpReceiver.ALLOWED, Clock.systemUTC())) {
            return deliverer
                    .deliver(notification("ml-team", List.of(firing("größe 🚀", 1, 1))))
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join()
                    .get(0);
        }
    }

    private static void verify(String secret, TestingHttpReceiver.Request request, String body)
            throws Exception {
        new Webhook(secret).verify(body, HttpHeaders.of(request.headers(), (name, value) -> true));
    }

    @Test
    void isThatOfTheSpecification() {
        assertThat(
                        WebhookSignature.of(
                                List.of(OLD),
                                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                1_614_265_330L,
                                "{\"test\": 2432232314}"))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void everyAttemptIsSignedUnderOneId() throws Exception {
        receiver.then(503, "");

        assertThat(send(Secret.of(OLD)).getAttempts()).isEqualTo(2);

        assertThat(receiver.requests()).hasSize(2);
        for (TestingHttpReceiver.Request request : receiver.requests()) {
            verify(OLD, request, request.body());
            assertThat(request.headers().getFirst("webhook-id"))
                    .isEqualTo("4f2d6c1b9a3e8d70")
                    .isEqualTo(request.headers().getFirst("Idempotency-Key"));
            assertThatThrownBy(() -> verify(OLD, request, request.body() + " "))
                    .isInstanceOf(WebhookVerificationException.class);
            assertThatThrownBy(() -> verify(NEW, request, request.body()))
                    .isInstanceOf(WebhookVerificationException.class);
        }
    }

    @Test
    void duringAChangeOfSecretsBothAreAccepted() throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), NEW + "\n");

        send(Secret.of(OLD), Secret.ofFile(file.toString()));

        TestingHttpReceiver.Request request = receiver.requests().get(0);
        verify(OLD, request, request.body());
        verify(NEW, request, request.body());
    }

    @Test
    void aFileWithoutASecretIsSaidWithoutItsContent() throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "S3CRET");

        Delivery delivery = send(Secret.ofFile(file.toString()));

        assertThat(receiver.requests()).isEmpty();
        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.exhausted);
        assertThat(delivery.getReason())
                .isEqualTo("the address, a header or a signing secret is not valid");
    }

    @Test
    void withoutASecretNothingIsSigned() {
        send();

        assertThat(receiver.requests().get(0).headers())
                .doesNotContainKeys("Webhook-signature", "Webhook-timestamp");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "whsec_",
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa",
                "whsec_%%%Q9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            })
    void refusesWhatIsNoSecretWithoutQuotingIt(String secret) {
        assertThatThrownBy(() -> WebhookSignature.check(secret))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("is not whsec_")
                .hasMessageNotContainingAny("MfKQ9r8G", "Q9r8GK");
        assertThatCode(() -> WebhookSignature.check(OLD)).doesNotThrowAnyException();
    }
}
