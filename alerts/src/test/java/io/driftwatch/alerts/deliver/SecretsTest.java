package io.driftwatch.alerts.deliver;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.notification;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftwatch.alerts.ManualClock;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No address and no header value may be seen anywhere, even if the endpoint sends them back. */
class SecretsTest {
    private static final String TOKEN = "T0KEN-abcdef";
    private static final String PASSWORD = "pa55word-ghijkl";
    private static final RetryPolicy QUICK =
            new RetryPolicy(
                    List.of(Duration.ofMillis(1)),
                    Duration.ofMillis(300),
                    Duration.ofMillis(300),
                    Duration.ofMillis(1));

    private final TestingHttpReceiver receiver = new TestingHttpReceiver();
    private final RecordingAppender log = new RecordingAppender();

    private static final class RecordingAppender extends AbstractAppender {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        RecordingAppender() {
            super("recording", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            lines.add(event.getMessage().getFormattedMessage() + " " + event.getThrown());
        }
    }

    @BeforeEach
    void record() {
        log.start();
        context().getConfiguration().getRootLogger().addAppender(log, Level.ALL, null);
        Configurator.setRootLevel(Level.INFO);
    }

    @AfterEach
    void stop() {
        Configurator.setRootLevel(Level.OFF);
        context().getConfiguration().getRootLogger().removeAppender(log.getName());
        receiver.close();
    }

    private static LoggerContext context() {
        return (LoggerContext) LogManager.getContext(false);
    }

    private Delivery deliver(String url) {
        WebhookEndpoint endpoint =
                new WebhookEndpoint(
                        "webhook[0]",
                        Secret.of(url),
                        WebhookEndpoint.Format.JSON,
                        Map.of("Authorization", Secret.of("Bearer " + PASSWORD)),
                        List.of(),
                        null);
        ReceiverConfig config = new ReceiverConfig("ml-team", List.of(endpoint));
        assertUnseen(config.toString());
        try (Deliverer deliverer =
                new Deliverer(
                        List.of(config),
                        QUICK,
                        TestingHttpReceiver.ALLOWED,
                        new ManualClock(Instant.EPOCH))) {
            return deliverer
                    .deliver(notification("ml-team", List.of(firing("a", 1, 1))))
                    .join()
                    .get(0);
        }
    }

    private static void assertUnseen(String text) {
        assertThat(text).doesNotContainIgnoringCase(TOKEN, PASSWORD);
    }

    @Test
    void anEchoOfTheRequestIsRedacted() {
        for (int i = 0; i < 2; i++) {
            receiver.then(
                    (exchange, body) -> {
                        String auth = exchange.getRequestHeaders().getFirst("Authorization");
                        assertThat(auth).isEqualTo("Bearer " + PASSWORD);
                        TestingHttpReceiver.send(
                                exchange,
                                503,
                                "no "
                                        + exchange.getRequestURI()
                                        + " for "
                                        + auth.toUpperCase(Locale.ROOT));
                    });
        }

        Delivery delivery = deliver(receiver.url("/hook/" + TOKEN + "?key=" + TOKEN));

        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.exhausted);
        assertThat(delivery.getReason()).startsWith("HTTP 503: no ").contains("<secret>");
        assertUnseen(delivery.toString());
        assertThat(log.lines).hasSize(2).allSatisfy(SecretsTest::assertUnseen);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "http://localhost:1/" + TOKEN,
                "http://nowhere.invalid/" + TOKEN,
                "https://localhost:{port}/" + TOKEN,
                "ftp://localhost/" + TOKEN,
                "http://localhost/" + TOKEN + " with space",
                TOKEN
            })
    void noFailureShowsTheAddress(String url) {
        int port = URI.create(receiver.url("/")).getPort();

        Delivery delivery = deliver(url.replace("{port}", Integer.toString(port)));

        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.exhausted);
        assertUnseen(delivery.toString());
        assertThat(log.lines).isNotEmpty().allSatisfy(SecretsTest::assertUnseen);
    }

    @Test
    void noExceptionShowsTheAddress() {
        for (String url : List.of("ftp://h/" + TOKEN, "http://h/" + TOKEN + " x", TOKEN + "://")) {
            assertThatThrownBy(() -> HttpAddress.parse(url))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasNoCause()
                    .satisfies(e -> assertUnseen(e.toString()));
        }
    }

    @Test
    void aSecretShowsItselfToNobody() {
        assertThat(Secret.of(TOKEN)).hasToString("<secret>").isEqualTo(Secret.of(TOKEN));
        assertUnseen(Secret.ofFile("/run/" + TOKEN).toString());
    }
}
