package io.driftwatch.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftwatch.alerts.rule.Correction;
import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.significance.FalseAlarmBudget;
import io.driftwatch.detectors.significance.SeverityScale;
import io.driftwatch.detectors.statistic.Smoothing;
import io.driftwatch.detectors.statistic.Statistics;
import io.driftwatch.job.config.EventTimeConfig.TimeUnit;
import io.driftwatch.job.config.ModelConfig.SegmentConfig;
import io.driftwatch.job.config.StreamConfig.StartFrom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    private static final String SMALLEST =
            """
            models:
              - name: m
                profile: p.avro
                streams: [{role: inference, topic: t, event_time: at}]
                window: {size: 1h}
            """;

    @TempDir private Path folder;

    private static MonitorConfig designExample() throws Exception {
        return ConfigLoader.load(
                Path.of(ConfigLoaderTest.class.getResource("/config/design-example.yaml").toURI()));
    }

    @Test
    void exportsAThousandStatisticsOfAModelAndNoSegmentsUnlessToldOtherwise() {
        assertThat(TestingConfig.read(SMALLEST).metrics())
                .isEqualTo(new MetricsConfig(1000, false));
        assertThat(
                        TestingConfig.read(SMALLEST + "metrics: {max_series: 0, segments: true}\n")
                                .metrics())
                .isEqualTo(new MetricsConfig(0, true));
        assertThatThrownBy(() -> TestingConfig.read(SMALLEST + "metrics: {max_serie: 5}\n"))
                .hasMessageContaining("max_series");
        assertThatThrownBy(() -> TestingConfig.read(SMALLEST + "metrics: {max_series: -1}\n"))
                .hasMessageContaining("max_series");
    }

    @Test
    void readsTheExampleOfTheDesign() throws Exception {
        MonitorConfig config = designExample();

        assertThat(config.kafka().bootstrapServers()).isEqualTo("localhost:9092");
        ModelConfig model = config.models().get(0);
        assertThat(model.name()).isEqualTo("flight-delay");
        assertThat(model.profilePath())
                .isAbsolute()
                .endsWithRaw(Path.of("profiles/flight-delay.avro"));
        assertThat(model.versionPath()).isEqualTo("model_version");
        assertThat(model.streams())
                .containsExactly(
                        new StreamConfig(
                                StreamRole.INFERENCE,
                                "flights",
                                StreamFormat.JSON,
                                List.of(),
                                new EventTimeConfig(
                                        "scheduled",
                                        TimeUnit.MS,
                                        Instant.parse("1971-01-01T00:00:00Z"),
                                        Duration.ofHours(1)),
                                "flight_id",
                                Duration.ofSeconds(5),
                                Duration.ofMinutes(1),
                                StartFrom.EARLIEST));
        assertThat(model.window())
                .isEqualTo(
                        new WindowConfig(
                                Duration.ofDays(1),
                                Duration.ofDays(1),
                                Duration.ofMinutes(10),
                                200));
        assertThat(model.segments()).containsExactly(new SegmentConfig("origin", "/route/origin"));
        assertThat(model.features())
                .containsExactly(
                        feature(
                                "distance_miles",
                                FeatureType.NUMERIC,
                                ValueRole.FEATURE,
                                "distance_miles"),
                        feature(
                                "origin",
                                FeatureType.CATEGORICAL,
                                ValueRole.FEATURE,
                                "/route/origin"),
                        feature(
                                "predicted_delay",
                                FeatureType.NUMERIC,
                                ValueRole.PREDICTION,
                                "predicted_delay"));
        assertThat(model.statistics()).containsExactly("psi", "chi2", "ks");
        assertThat(model.smoothing()).isEqualTo(Smoothing.jeffreys());
        assertThat(config.alerts().rules()).hasSize(1);
        assertThat(config.alerts().routes().route().receiver()).isEqualTo("ml-team");
        assertThat(Lint.of(config)).isEmpty();
    }

    private static FeatureConfig feature(
            String name, FeatureType type, ValueRole role, String path) {
        return new FeatureConfig(
                name,
                type,
                role,
                path,
                10,
                List.of(),
                CategoricalProfile.DEFAULT_CATEGORIES,
                1,
                List.of());
    }

    @Test
    void givesDefaultsForWhatIsLeftOut() {
        MonitorConfig config = TestingConfig.read(SMALLEST);
        ModelConfig model = config.models().get(0);

        assertThat(config.kafka().bootstrapServers()).isEmpty();
        assertThat(config.topics().names().values())
                .containsExactly(
                        "driftwatch.scores",
                        "driftwatch.alerts",
                        "driftwatch.late",
                        "driftwatch.dead-letters",
                        "driftwatch.deliveries",
                        "driftwatch.retrain-requests",
                        "driftwatch.retrain-status",
                        "driftwatch.control");
        assertThat(model.profile()).isEqualTo("/nowhere/p.avro");
        assertThat(model.versionPath()).isNull();
        assertThat(model.window())
                .isEqualTo(
                        new WindowConfig(
                                Duration.ofHours(1),
                                Duration.ofHours(1),
                                Duration.ZERO,
                                WindowConfig.AUTO));
        assertThat(model.window().minReferenceRows()).isEqualTo(200);
        assertThat(model.features()).isEmpty();
        assertThat(model.statistics()).isEqualTo(Statistics.defaults());
        assertThat(model.significance()).isEqualTo(SignificanceConfig.DEFAULT);
    }

    @Test
    void readsJson() {
        MonitorConfig config =
                TestingConfig.read(
                        """
                        {"models": [{"name": "m", "profile": "/abs/p.avro",
                          "streams": [{"role": "features", "topic": "t",
                                       "event_time": {"path": "/at", "unit": "us"}}],
                          "window": {"size": "1h", "slide": "15m"},
                          "features": {"x": {"type": "numeric", "bins": {"edges": [-1, 0.5, 2e3]},
                                             "statistics": "ks"}},
                          "smoothing": {"fill": 0.0001}}]}
                        """);

        ModelConfig model = config.models().get(0);
        assertThat(model.profile()).isEqualTo("/abs/p.avro");
        assertThat(model.streams().get(0).eventTime().unit()).isEqualTo(TimeUnit.US);
        assertThat(model.window().slide()).isEqualTo(Duration.ofMinutes(15));
        assertThat(model.features().get(0).edges()).containsExactly(-1.0, 0.5, 2000.0);
        assertThat(model.statisticsOf("x")).containsExactly("ks");
        assertThat(model.statisticsOf("other")).isEqualTo(Statistics.defaults());
        assertThat(model.smoothing()).isEqualTo(Smoothing.fill(0.0001));
    }

    @Test
    void readsAFileThatBeginsWithAByteOrderMark() throws IOException {
        Path file = folder.resolve("bom.yaml");
        Files.writeString(file, "\uFEFF" + SMALLEST);

        assertThat(ConfigLoader.load(file).models()).hasSize(1);
    }

    @Test
    void takesPathsFromTheFolderOfTheFile() throws IOException {
        Files.createDirectories(folder.resolve("etc"));
        Path file = folder.resolve("etc/m.yaml");
        Files.writeString(
                folder.resolve("r.avsc"), "{\"type\":\"record\",\"name\":\"R\",\"fields\":[]}");
        Files.writeString(
                file,
                """
                models:
                  - name: m
                    profile: ../p.avro
                    streams:
                      - {role: inference, topic: t, event_time: at, format: avro, schema: ../r.avsc}
                    window: {size: 1h}
                """);

        ModelConfig model = ConfigLoader.load(file).models().get(0);

        assertThat(model.profilePath()).isEqualTo(folder.resolve("p.avro"));
        assertThat(model.streams().get(0).schemas())
                .containsExactly("{\"type\":\"record\",\"name\":\"R\",\"fields\":[]}");
    }

    @Test
    void goesToEveryKafkaClientUnchangedAndIsNeverPrinted() {
        KafkaConfig kafka =
                TestingConfig.read(
                                "kafka: {bootstrap_servers: 'b:1', properties:"
                                        + " {ssl.key.password: s3cret}}\n"
                                        + SMALLEST)
                        .kafka();

        assertThat(kafka.toProperties())
                .isEqualTo(Map.of("bootstrap.servers", "b:1", "ssl.key.password", "s3cret"));
        assertThat(kafka.toString()).contains("ssl.key.password").doesNotContain("s3cret");
    }

    @Test
    void travelsToTheOperators() throws Exception {
        MonitorConfig config = designExample();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(config);
        }

        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(config);
        }
    }

    @Test
    void readsHowSignificanceIsJudged() {
        ModelConfig model =
                TestingConfig.model(
                        """
                        models:
                          - name: m
                            profile: p.avro
                            streams: [{role: inference, topic: t, event_time: at}]
                            window: {size: 1h, min_count: auto}
                            false_alarms: 2 per 7d
                            correction: bonferroni
                            severity: {low: 0.01, critical: 1}
                        """);

        assertThat(model.significance())
                .isEqualTo(
                        new SignificanceConfig(
                                0.001,
                                new FalseAlarmBudget(2, Duration.ofDays(7)),
                                Correction.BONFERRONI,
                                new SeverityScale(0.01, 0.1, 1)));
        assertThat(model.window().isAuto()).isTrue();
    }

    @Test
    void refusesABudgetBesideALevel() {
        assertThatThrownBy(
                        () ->
                                TestingConfig.model(
                                        """
                                        models:
                                          - name: m
                                            profile: p.avro
                                            streams: [{role: inference, topic: t, event_time: at}]
                                            window: {size: 1h, min_count: often}
                                            false_alarms: 2 per 7d
                                            significance: 0.01
                                            severity: {low: 0.5}
                                        """))
                .hasMessageContaining("significance: stands beside false_alarms")
                .hasMessageContaining("severity: does not hold together")
                .hasMessageContaining("min_count");
    }
}
