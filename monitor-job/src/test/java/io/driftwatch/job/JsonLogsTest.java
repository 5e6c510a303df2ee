package io.driftwatch.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.alerts.deliver.Deliverer;
import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.TestingConfig;
import io.driftwatch.job.it.MoodyReceiver;
import io.driftwatch.job.it.MoodyReceiver.Mood;
import io.driftwatch.job.judge.JudgeFunction;
import io.driftwatch.job.judge.JudgeSettings;
import io.driftwatch.job.judge.TestingScores;
import io.driftwatch.job.live.Live;
import io.driftwatch.job.tally.SampleKey;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.NotificationStatus;
import io.driftwatch.schemas.Score;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.StringLayout;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationFactory;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** What the jobs say, printed by the layout of deploy/monitoring/log4j2-json.properties. */
class JsonLogsTest {
    private static final String SECRET = "B00SECRETTOKEN";
    private static final String LOGGERS = "io.driftwatch";

    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
    private final Recorder recorder = new Recorder();

    @BeforeEach
    void listen() {
        recorder.start();
        LoggerConfig loggers = new LoggerConfig(LOGGERS, Level.DEBUG, false);
        loggers.addAppender(recorder, null, null);
        context.getConfiguration().addLogger(LOGGERS, loggers);
        context.updateLoggers();
    }

    @AfterEach
    void stopListening() {
        context.getConfiguration().removeLogger(LOGGERS);
        context.updateLoggers();
        recorder.stop();
    }

    @Test
    void aChangeOfAnAlertCarriesItsModelWindowAndFingerprint() throws Exception {
        Alert alert = judge();

        JsonNode line = recorder.lines().get(0);
        assertThat(recorder.lines()).hasSize(1);
        assertThat(line.path("level").asText()).isEqualTo("INFO");
        assertThat(line.path("message").asText())
                .startsWith("Alert Drift of flights distance is firing: ");
        assertThat(line.path("model").asText()).isEqualTo("flights");
        assertThat(line.path("model_version").asText())
                .isEqualTo(alert.getScore().getModelVersion());
        assertThat(line.path("feature").asText()).isEqualTo("distance");
        assertThat(line.path("window").asText())
                .isEqualTo(
                        alert.getScore().getWindowStart() + "/" + alert.getScore().getWindowEnd());
        assertThat(line.path("fingerprint").asText()).isEqualTo(alert.getFingerprint());
        assertThat(line.path("state").asText()).isEqualTo("firing");
        assertThat(Instant.parse(line.path("time").asText()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
        assertThat(MDC.getCopyOfContextMap()).as("left on the thread").isNullOrEmpty();
    }

    @Test
    void aFailedDeliverySaysWhatToWhomAndHowItEndedButNotTheSecretAddress() throws Exception {
        Alert alert = judge();
        recorder.clear();
        try (MoodyReceiver receiver = new MoodyReceiver()) {
            receiver.set(SECRET, Mood.FAILS);
            MonitorConfig config = config(receiver.url(SECRET));
            Notification notification =
                    Notification.newBuilder()
                            .setId("n-1")
                            .setReceiver("team")
                            .setGroupKey("{}")
                            .setGroupLabels(Map.of())
                            .setStatus(NotificationStatus.firing)
                            .setAlerts(List.of(alert))
                            .setCreatedAt(Instant.EPOCH)
                            .build();
            RetryPolicy twice =
                    new RetryPolicy(
                            List.of(Duration.ofMillis(20)),
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(5),
                            Duration.ofMinutes(1));
            try (Deliverer deliverer =
                    new Deliverer(
                            config.alerts().receivers(),
                            twice,
                            config.alerts().delivery(),
                            Clock.systemUTC())) {
                deliverer.deliver(notification).get(30, TimeUnit.SECONDS);
            }
        }

        assertThat(recorder.lines())
                .extracting(line -> line.path("level").asText())
                .containsExactly("WARN", "ERROR");
        assertThat(recorder.lines())
                .allSatisfy(
                        line -> {
                            assertThat(line.path("notification").asText()).isEqualTo("n-1");
                            assertThat(line.path("receiver").asText()).isEqualTo("team");
                            assertThat(line.path("endpoint").asText()).isEqualTo("slack[0]");
                            assertThat(line.path("model").asText()).isEqualTo("flights");
                            assertThat(line.path("fingerprint").asText())
                                    .isEqualTo(alert.getFingerprint());
                            assertThat(line.path("message").asText()).contains("HTTP 500");
                        });
        assertThat(recorder.text()).doesNotContain(SECRET);
    }

    @Test
    void anExceptionIsAFieldAndTheLineStaysOne() throws Exception {
        Logger logger = LogManager.getLogger(LOGGERS + ".a.test");
        logger.error("could \"not\"\ndo it", new IllegalStateException("because", null));

        JsonNode line = recorder.lines().get(0);
        assertThat(line.path("message").asText()).isEqualTo("could \"not\"\ndo it");
        assertThat(line.at("/error/type").asText()).endsWith("IllegalStateException");
        assertThat(line.at("/error/message").asText()).isEqualTo("because");
        assertThat(line.at("/error/stack_trace").asText()).contains("JsonLogsTest");
        assertThat(recorder.text().strip()).doesNotContain("\n");
    }

    private static MonitorConfig config(String url) {
        return TestingConfig.read(
                """
                models:
                  - name: flights
                    profile: p.avro
                    streams: [{role: inference, topic: t, event_time: at}]
                    window: {size: 1h}
                rules: [{alert: Drift, statistic: psi, above: 0.2}]
                delivery: {allow: [127.0.0.1]}
                receivers: [{name: team, slack: [{url: "%s"}]}]
                """
                        .formatted(url));
    }

    /** One score above its limit, and the alert that comes of it. */
    private static Alert judge() throws Exception {
        JudgeFunction judge =
                new JudgeFunction(
                        Live.fixed(
                                new JudgeSettings(
                                        config("https://hook.example/x").alerts().rules(),
                                        List.of(),
                                        List.of(),
                                        Map.of(),
                                        Set.of("distance"))));
        try (var harness =
                new KeyedOneInputStreamOperatorTestHarness<SampleKey, Score, Alert>(
                        new KeyedProcessOperator<>(judge),
                        score -> SampleKey.whole(score.getModel(), score.getModelVersion()),
                        TypeInformation.of(SampleKey.class))) {
            harness.open();
            Score score = TestingScores.score("distance", 1, 0.5, 0);
            long end = score.getWindowEnd().toEpochMilli() - 1;
            harness.processElement(score, end);
            harness.processWatermark(end);
            return harness.extractOutputValues().get(0);
        }
    }

    /** Keeps what is logged, as the layout of the configuration prints it. */
    private static final class Recorder extends AbstractAppender {
        private static final ObjectMapper JSON = new ObjectMapper();

        private final List<LogEvent> events = new CopyOnWriteArrayList<>();
        private final StringLayout layout = layout();

        Recorder() {
            super("recorder", null, null, false, Property.EMPTY_ARRAY);
        }

        private static StringLayout layout() {
            Path file =
                    Path.of("")
                            .toAbsolutePath()
                            .getParent()
                            .resolve("deploy/monitoring/log4j2-json.properties");
            Configuration configuration =
                    ConfigurationFactory.getInstance()
                            .getConfiguration(
                                    new LoggerContext("the file"), "the file", file.toUri());
            configuration.initialize();
            return (StringLayout) configuration.getAppender("console").getLayout();
        }

        @Override
        public void append(LogEvent event) {
            events.add(event.toImmutable());
        }

        void clear() {
            events.clear();
        }

        String text() {
            StringBuilder text = new StringBuilder();
            events.forEach(
                    event ->
                            text.append(
                                    new String(layout.toByteArray(event), StandardCharsets.UTF_8)));
            return text.toString();
        }

        List<JsonNode> lines() throws Exception {
            List<JsonNode> lines = new ArrayList<>();
            for (String line : text().lines().toList()) {
                lines.add(JSON.readTree(line));
            }
            return lines;
        }
    }
}
