package io.driftwatch.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import io.driftwatch.alerts.config.Problems;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.Lint;
import io.driftwatch.job.config.MonitorConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart, rendered by Helm and read by the classes of the APIs that it is for. */
class ChartTest {
    private static final Path CHART = Path.of("helm/driftwatch");
    private static final Path MANIFESTS = Path.of("kubernetes/driftwatch.yaml");

    @TempDir private Path folder;

    private static String render(String values, Map<String, String> set) {
        return render(CHART, values, set);
    }

    private static String render(Path chart, String values, Map<String, String> set) {
        TemplateCommand command =
                new Helm(chart)
                        .template()
                        .withName("driftwatch")
                        .withNamespace("ml")
                        .withKubeVersion("1.31.0")
                        .withValuesFile(CHART.resolve("ci/" + values + "-values.yaml"));
        set.forEach(command::set);
        return command.call();
    }

    private static List<JsonNode> documents(String values) throws Exception {
        return Manifests.parse(render(values, Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "small"})
    void helmFindsNothingToComplainAbout(String values) throws Exception {
        LintResult result = new Helm(chartWith(values)).lint().strict().call();

        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    /** A copy of the chart with these values as its own, since lint takes no others. */
    private Path chartWith(String values) throws IOException {
        Path copy = folder.resolve("driftwatch");
        try (Stream<Path> files = Files.walk(CHART)) {
            for (Path each : files.toList()) {
                Files.copy(each, copy.resolve(CHART.relativize(each).toString()));
            }
        }
        YAMLMapper yaml = new YAMLMapper();
        Path own = copy.resolve("values.yaml");
        JsonNode merged =
                yaml.readerForUpdating(yaml.readTree(own.toFile()))
                        .readValue(Files.readString(copy.resolve("ci/" + values + "-values.yaml")));
        yaml.writeValue(own.toFile(), merged);
        return copy;
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "small"})
    void theApisKnowEverythingInTheManifests(String values) throws Exception {
        // Helm shows a hook only to those who run it, so here the test's pod is none.
        Path chart = chartWith(values);
        Path hook = chart.resolve("templates/tests/check.yaml");
        Files.writeString(
                hook, Files.readString(hook).replaceAll("(?m)^ *(annotations:|helm.sh.*)\\n", ""));
        List<JsonNode> documents = Manifests.parse(render(chart, values, Map.of()));

        assertThat(documents).extracting(each -> each.path("kind").asText()).contains("Pod");
        assertThat(documents).hasSizeGreaterThan(6);
        assertThat(documents).flatExtracting(Manifests::mistakes).isEmpty();
    }

    @Test
    void aFieldThatAnApiDoesNotKnowIsNoticed() throws Exception {
        String yaml = render("full", Map.of());

        for (String typo :
                List.of(
                        "upgradeMode:upgrademode", "maxUnavailable:maxUnavailabel",
                        "mountPath:mountpath", "podMetricsEndpoints:endpoints",
                        "startupProbe:startProbe", "savepoint\n:savepoints\n")) {
            String[] fromTo = typo.split(":", 2);
            String wrong = yaml.replace(fromTo[0], fromTo[1]);
            assertThat(wrong).isNotEqualTo(yaml);
            assertThat(Manifests.parse(wrong))
                    .as(typo)
                    .flatExtracting(Manifests::mistakes)
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"monitor, 30s", "notify, 5s"})
    void eachJobIsAnApplicationWithItsOwnStateAndSecretsAsFiles(String job, String interval)
            throws Exception {
        JsonNode spec =
                Manifests.find(documents("full"), "FlinkDeployment", "driftwatch-" + job)
                        .path("spec");

        assertThat(spec.at("/flinkVersion").asText()).isEqualTo("v2_2");
        assertThat(spec.at("/job/args/0").asText()).isEqualTo(job);
        assertThat(spec.at("/job/upgradeMode").asText()).isEqualTo("savepoint");
        JsonNode flink = spec.path("flinkConfiguration");
        assertThat(flink.path("execution.checkpointing.interval").asText()).isEqualTo(interval);
        for (String place :
                List.of(
                        "execution.checkpointing.dir",
                        "execution.checkpointing.savepoint-dir",
                        "high-availability.storageDir")) {
            assertThat(flink.path(place).asText())
                    .startsWith("s3://example-bucket/driftwatch/ml/driftwatch-" + job + "/");
        }
        assertThat(spec.at("/podTemplate/spec/volumes").toString())
                .contains("\"secretName\":\"driftwatch-secrets\"");
        assertThat(spec.at("/podTemplate/spec/securityContext/runAsNonRoot").asBoolean()).isTrue();
    }

    @Test
    void aChangedConfigurationMakesTheOperatorStartTheJobsAnew() throws Exception {
        String path = "/spec/podTemplate/metadata/annotations/driftwatch.io~1config";
        JsonNode before =
                Manifests.find(documents("full"), "FlinkDeployment", "driftwatch-monitor");
        JsonNode after =
                Manifests.find(
                        Manifests.parse(
                                render("full", Map.of("config.models[0].window.size", "2h"))),
                        "FlinkDeployment",
                        "driftwatch-monitor");

        assertThat(after.at(path).asText()).hasSize(64).isNotEqualTo(before.at(path).asText());
    }

    @Test
    void theConfigurationThatIsMountedIsOneThatDriftwatchReads() throws Exception {
        String text =
                Manifests.find(documents("full"), "ConfigMap", "driftwatch")
                        .at("/data/driftwatch.yaml")
                        .asText();
        Problems problems = new Problems();
        MonitorConfig config =
                ConfigLoader.load(
                        Files.writeString(folder.resolve("driftwatch.yaml"), text), problems);

        assertThat(problems.list()).isEmpty();
        assertThat(Lint.of(config)).isEmpty();
        assertThat(config.models()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "monitor.paralelism, 3, paralelism",
        "monitor.parallelism, many, parallelism",
        "notify.upgradeMode, savepoints, upgradeMode",
        "monitor.taskManager.memory, lots, memory",
        "storage.uri, bucket, uri",
        "replicas, 3, replicas"
    })
    void aValueThatIsWrongIsRefusedByItsName(String key, String value, String name) {
        assertThatThrownBy(() -> render("full", Map.of(key, value))).hasMessageContaining(name);
    }

    @ParameterizedTest
    @CsvSource({"storage.uri, '', storage.uri is missing", "existingConfigMap, '', is missing"})
    void whatIsMissingIsSaid(String key, String value, String said) {
        assertThatThrownBy(() -> render("small", Map.of(key, value))).hasMessageContaining(said);
    }

    /**
     * After a change of the chart: mvn -pl deploy test -Dtest=ChartTest -Ddriftwatch.update=true
     */
    @Test
    void thePlainManifestsAreThoseOfTheChart() throws Exception {
        String rendered =
                "# What the chart makes of ci/full-values.yaml, for those who do without Helm.\n"
                        + render("full", Map.of())
                                .replaceAll("(?m)^# Source: .*\\n", "")
                                .replaceAll("(?m)^ +app.kubernetes.io/managed-by.*\\n", "");
        if (Boolean.getBoolean("driftwatch.update")) {
            Files.writeString(MANIFESTS, rendered);
        }

        assertThat(Files.readString(MANIFESTS)).isEqualTo(rendered);
    }
}
