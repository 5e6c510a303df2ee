package io.driftwatch.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import io.driftwatch.alerts.config.Durations;
import io.driftwatch.alerts.config.Problems;
import io.driftwatch.alerts.deliver.HttpAddress;
import io.driftwatch.job.Main;
import io.driftwatch.job.canary.CanaryMetrics;
import io.driftwatch.job.canary.CanaryReceiver;
import io.driftwatch.job.cli.CanaryCommand;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.Lint;
import io.driftwatch.job.config.MonitorConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.kubernetes.operator.api.diff.DiffType;
import org.apache.flink.kubernetes.operator.api.diff.SpecDiff;
import org.apache.flink.kubernetes.operator.api.spec.JobSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

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
        List<JsonNode> documents = withCheck(values, Map.of());

        assertThat(documents).extracting(each -> each.path("kind").asText()).contains("Pod");
        assertThat(documents).hasSizeGreaterThan(6);
        assertThat(documents).flatExtracting(Manifests::mistakes).isEmpty();
    }

    /** All manifests, with the pod of {@code helm test}. */
    private List<JsonNode> withCheck(String values, Map<String, String> set) throws Exception {
        // Helm shows a hook only to those who run it, so here the test's pod is none.
        Path chart = chartWith(values);
        Path hook = chart.resolve("templates/tests/check.yaml");
        Files.writeString(
                hook, Files.readString(hook).replaceAll("(?m)^ *(annotations:|helm.sh.*)\\n", ""));
        return Manifests.parse(render(chart, values, set));
    }

    @Test
    void aFieldThatAnApiDoesNotKnowIsNoticed() throws Exception {
        String yaml = render("full", Map.of());

        for (String typo :
                List.of(
                        "upgradeMode:upgrademode", "maxUnavailable:maxUnavailabel",
                        "mountPath:mountpath", "podMetricsEndpoints:endpoints",
                        "startupProbe:startProbe", "savepoint\n:savepoints\n",
                        "targetPort:targetport", "strategy:strategie")) {
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
                .contains("\"secretName\":\"driftwatch-" + job + "\"");
        assertThat(spec.at("/podTemplate/spec/securityContext/runAsNonRoot").asBoolean()).isTrue();
    }

    /** Without it Flink refuses a savepoint of which a part belongs to no operator. */
    @ParameterizedTest
    @CsvSource({"monitor, notify", "notify, monitor"})
    void stateIsLeftBehindByTheJobAloneForWhichThatIsAllowed(String job, String other)
            throws Exception {
        String path = "/spec/job/allowNonRestoredState";
        Map<String, String> allowed = Map.of(job + ".allowNonRestoredState", "true");
        List<JsonNode> before = documents("full");
        List<JsonNode> after = Manifests.parse(render("full", allowed));

        assertThat(deployment(before, job).at(path)).isEqualTo(BooleanNode.FALSE);
        assertThat(deployment(before, other).at(path)).isEqualTo(BooleanNode.FALSE);
        assertThat(deployment(after, job).at(path)).isEqualTo(BooleanNode.TRUE);
        assertThat(deployment(after, other).at(path)).isEqualTo(BooleanNode.FALSE);
    }

    @Test
    void allowingThatAndTakingItBackStartsNoJobAnew() throws Exception {
        List<JsonNode> before = documents("full");
        List<JsonNode> after =
                Manifests.parse(render("full", Map.of("monitor.allowNonRestoredState", "true")));

        assertThat(after).isNotEqualTo(before);
        ((ObjectNode) deployment(after, "monitor").at("/spec/job"))
                .put("allowNonRestoredState", false);
        assertThat(after).isEqualTo(before);
        // What the operator does when this field alone is another one.
        assertThat(
                        JobSpec.class
                                .getDeclaredField("allowNonRestoredState")
                                .getAnnotation(SpecDiff.class)
                                .value())
                .isEqualTo(DiffType.IGNORE);
    }

    @Test
    void whoLeavesItAllowedIsToldToTakeItBack() throws Exception {
        assertThat(notes(Map.of())).doesNotContain("allowNonRestoredState");
        assertThat(notes(Map.of("notify.allowNonRestoredState", "true")))
                .contains("notify.allowNonRestoredState is true")
                .doesNotContain("monitor.allowNonRestoredState");
        assertThat(notes(Map.of("notify.allowNonRestoredState", "true", "notify.enabled", "false")))
                .doesNotContain("allowNonRestoredState");
    }

    /** What Helm says at the end. */
    private static String notes(Map<String, String> set) {
        InstallCommand command =
                new Helm(CHART)
                        .install()
                        .dryRun()
                        .clientOnly()
                        .withKubeVersion("1.31.0")
                        .withName("driftwatch")
                        .withNamespace("ml")
                        .withValuesFile(CHART.resolve("ci/full-values.yaml"));
        set.forEach(command::set);
        String output = command.call().getOutput();
        return output.substring(output.indexOf("NOTES:"));
    }

    private static JsonNode deployment(List<JsonNode> documents, String job) {
        return Manifests.find(documents, "FlinkDeployment", "driftwatch-" + job);
    }

    /** Of every pod, named by its component, the Secrets that it sees. */
    private static Map<String, List<String>> secrets(List<JsonNode> documents) {
        Map<String, List<String>> secrets = new TreeMap<>();
        for (JsonNode document : documents) {
            if (!document.findValues("containers").isEmpty()) {
                String component =
                        document.at("/metadata/labels/app.kubernetes.io~1component").asText();
                List<String> seen = document.findValuesAsText("secretName");
                assertThat(document.findValuesAsText("secretKeyRef")).isEmpty();
                assertThat(document.findValuesAsText("secretRef")).isEmpty();
                assertThat(secrets.put(component, seen)).isNull();
            }
        }
        return secrets;
    }

    @Test
    void everyPodSeesTheSecretThatIsItsOwnAndNoOther() throws Exception {
        assertThat(secrets(withCheck("full", Map.of())))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "monitor", List.of("driftwatch-monitor"),
                                "notify", List.of("driftwatch-notify"),
                                "canary", List.of("driftwatch-canary"),
                                "topics", List.of("driftwatch-topics"),
                                "check", List.of("driftwatch-monitor")));
    }

    @Test
    void aPodWithoutOneOfItsOwnSeesTheSecretOfAll() throws Exception {
        Map<String, String> set =
                Map.of(
                        "secretName", "ours",
                        "notify.secretName", "its-own",
                        "canary.enabled", "true",
                        "topics.create", "true");

        assertThat(secrets(withCheck("small", set)))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "monitor", List.of("ours"),
                                "notify", List.of("its-own"),
                                "canary", List.of("ours"),
                                "topics", List.of("ours"),
                                "check", List.of("ours")));
    }

    /** Such as one in a namespace apart from the other's. */
    @Test
    void aJobThatIsAloneNeedsNoSecretButItsOwn() throws Exception {
        Map<String, String> set =
                Map.of("monitor.enabled", "false", "notify.secretName", "its-own");

        assertThat(secrets(withCheck("small", set)))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("notify", List.of("its-own"), "check", List.of("its-own")));
    }

    @Test
    void withoutAnySecretNoneIsLookedFor() throws Exception {
        Map<String, String> set = Map.of("canary.enabled", "true", "topics.create", "true");
        List<JsonNode> documents = withCheck("small", set);

        assertThat(secrets(documents))
                .hasSize(5)
                .allSatisfy((pod, seen) -> assertThat(seen).isEmpty());
        assertThat(documents.toString()).doesNotContain("/run/secrets");
    }

    /** They are at the same place in all pods, as there is one configuration for all. */
    @Test
    void theFilesThatTheConfigurationNamesAreWhereTheSecretsAre() throws Exception {
        String place = "/run/secrets/driftwatch";
        List<JsonNode> documents = withCheck("full", Map.of());
        String text = Manifests.find(documents, "ConfigMap", "driftwatch").toString();
        assertThat(text).contains(place + ":kafka-user}", place + "/slack");

        int pods = 0;
        for (JsonNode document : documents) {
            for (JsonNode volumes : document.findValues("volumes")) {
                pods++;
                JsonNode mounts = document.findValue("volumeMounts");
                assertThat(mounts)
                        .extracting(each -> each.path("name").asText())
                        .containsExactly("config", "profiles", "secrets");
                assertThat(volumes)
                        .extracting(each -> each.path("name").asText())
                        .containsExactly("config", "profiles", "secrets");
                assertThat(mounts)
                        .anySatisfy(
                                mount -> {
                                    assertThat(mount.path("name").asText()).isEqualTo("secrets");
                                    assertThat(mount.path("mountPath").asText()).isEqualTo(place);
                                    assertThat(mount.path("readOnly").asBoolean()).isTrue();
                                });
            }
        }
        assertThat(pods).isEqualTo(5);
    }

    /** A Job cannot be changed: one of the same name with another pod fails the upgrade. */
    @ParameterizedTest
    @CsvSource({
        "topics.secretName, other",
        "image.tag, 0.2.0",
        "image.pullPolicy, Always",
        "profiles.claim, other",
        "config.models[0].window.size, 2h"
    })
    void anotherPodForTheTopicsIsAnotherJob(String key, String value) throws Exception {
        JsonNode before = job(documents("full"));
        JsonNode after = job(Manifests.parse(render("full", Map.of(key, value))));

        assertThat(after.at("/metadata/name")).isNotEqualTo(before.at("/metadata/name"));
        assertThat(job(documents("full"))).isEqualTo(before);
    }

    private static JsonNode job(List<JsonNode> documents) {
        return documents.stream()
                .filter(each -> each.path("kind").asText().equals("Job"))
                .findFirst()
                .orElseThrow();
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
        "monitor.allowNonRestoredState, once, allowNonRestoredState",
        "notify.allowNonRestoredState, once, allowNonRestoredState",
        "allowNonRestoredState, true, allowNonRestoredState",
        "monitor.taskManager.memory, lots, memory",
        "storage.uri, bucket, uri",
        "canary.every, 5m1h, every",
        "canary.within, soon, within",
        "canary.port, 80, port",
        "canary.secret, own, secret",
        "monitor.secretNames, own, secretNames",
        "topics.secretName, 7, secretName",
        "canary.replicas, 2, replicas",
        "canary.resources.memory, 512m, memory",
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

    private static JsonNode canary() throws Exception {
        return Manifests.find(documents("full"), "Deployment", "driftwatch-canary")
                .at("/spec/template/spec/containers/0");
    }

    private MonitorConfig config() throws Exception {
        String text =
                Manifests.find(documents("full"), "ConfigMap", "driftwatch")
                        .at("/data/driftwatch.yaml")
                        .asText();
        return ConfigLoader.load(Files.writeString(folder.resolve("driftwatch.yaml"), text));
    }

    @Test
    void thereIsNoCanaryUnlessOneIsAskedFor() throws Exception {
        assertThat(render("small", Map.of())).doesNotContain("name: driftwatch-canary");
        assertThat(documents("small"))
                .extracting(each -> each.path("kind").asText())
                .doesNotContain("Deployment", "Service");
        assertThat(Manifests.parse(render("small", Map.of("canary.enabled", "true"))))
                .flatExtracting(Manifests::mistakes)
                .isEmpty();
    }

    @Test
    void theCanaryIsStartedByACommandLineThatItUnderstands() throws Exception {
        List<String> command = new ArrayList<>();
        canary().path("command").forEach(each -> command.add(each.asText()));
        assertThat(command).startsWith("java").endsWith(Main.class.getName());
        String jar = command.get(command.indexOf("-cp") + 1).split(":")[0];
        assertThat(Files.readString(Path.of("docker/Dockerfile"))).contains(jar + "\n");

        List<String> arguments = new ArrayList<>();
        canary().path("args").forEach(each -> arguments.add(each.asText()));
        CommandLine line =
                new CommandLine(new CanaryCommand()).setCaseInsensitiveEnumValuesAllowed(true);
        assertThat(arguments.get(0)).isEqualTo(line.getCommandName());
        ParseResult parsed =
                line.parseArgs(arguments.subList(1, arguments.size()).toArray(String[]::new));

        assertThat(parsed.<Path>matchedOptionValue("--config", null).toString())
                .isEqualTo(canary().at("/volumeMounts/0/mountPath").asText());
        assertThat(Durations.parse(parsed.matchedOptionValue("--every", "")))
                .isEqualTo(Duration.ofMinutes(15));
        assertThat(Durations.parse(parsed.matchedOptionValue("--within", "")))
                .isEqualTo(Duration.ofMinutes(5));
        assertThat(parsed.matchedOptionValue("--listen", "")).isEqualTo("8089");
    }

    @Test
    void theUrlOfTheConfigurationLeadsToTheCanaryAndMayBeAsked() throws Exception {
        URI url = HttpAddress.parse(config().alerts().canary().url().reveal());
        List<JsonNode> documents = documents("full");
        JsonNode service = Manifests.find(documents, "Service", url.getHost()).path("spec");
        JsonNode port = service.at("/ports/0");

        assertThat(port.path("port").asInt()).isEqualTo(url.getPort());
        assertThat(canary().at("/ports/0/name").asText())
                .isEqualTo(port.path("targetPort").asText());
        assertThat(canary().at("/ports/0/containerPort").asInt()).isEqualTo(8089);
        assertThat(podLabels(documents, "Deployment", "driftwatch-canary"))
                .containsAllEntriesOf(texts(service.path("selector")));
        assertThat(config().alerts().delivery().guard().refusal(url)).isEmpty();
    }

    @Test
    void theCanaryAnswersItsProbesAndPrometheusBeforeItsFirstFlight() throws Exception {
        JsonNode monitor =
                Manifests.find(documents("full"), "PodMonitor", "driftwatch")
                        .at("/spec/podMetricsEndpoints/0");
        String name = canary().at("/ports/0/name").asText();
        assertThat(monitor.path("port").asText()).isEqualTo(name);
        CanaryMetrics metrics = new CanaryMetrics(Duration.ofMinutes(15), Clock.systemUTC());
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (CanaryReceiver receiver = new CanaryReceiver(free, metrics::text)) {
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                JsonNode get = canary().path(probe).path("httpGet");
                assertThat(get.path("port").asText()).isEqualTo(name);
                assertThat(answer(receiver, get.path("path").asText())).as(probe).isEqualTo(200);
            }
            assertThat(answer(receiver, monitor.path("path").asText("/metrics"))).isEqualTo(200);
            // A probe of any other path would be noticed.
            assertThat(answer(receiver, "/")).isEqualTo(404);
        }
    }

    private static int answer(CanaryReceiver receiver, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + receiver.port() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void theCanaryHearsTheNotifyJobAndPrometheusAloneAndReachesNobody() throws Exception {
        List<JsonNode> documents = documents("full");
        NetworkReach network = new NetworkReach("ml", documents);
        Map<String, String> canary = podLabels(documents, "Deployment", "driftwatch-canary");
        Map<String, String> monitor = podLabels(documents, "FlinkDeployment", "driftwatch-monitor");
        Map<String, String> notify = podLabels(documents, "FlinkDeployment", "driftwatch-notify");
        Map<String, String> other = Map.of("app.kubernetes.io/name", "other");

        assertThat(network.reaches(notify, canary, 8089)).isTrue();
        assertThat(network.reaches("monitoring", other, canary, 8089)).isTrue();
        assertThat(network.reaches(monitor, canary, 8089)).isFalse();
        assertThat(network.reaches(other, canary, 8089)).isFalse();
        assertThat(network.reaches("elsewhere", notify, canary, 8089)).isFalse();
        assertThat(network.reaches("flink-operator", other, canary, 8081)).isFalse();
        assertThat(network.reaches(canary, notify, 8081)).isFalse();
        assertThat(network.reaches(canary, monitor, 6123)).isFalse();

        assertThat(network.reaches(notify, notify, 6123)).isTrue();
        assertThat(network.reaches("flink-operator", other, monitor, 8081)).isTrue();
        assertThat(network.reaches("monitoring", other, monitor, 9249)).isTrue();
        assertThat(network.reaches("monitoring", other, monitor, 8081)).isFalse();
    }

    private static Map<String, String> podLabels(
            List<JsonNode> documents, String kind, String name) {
        return texts(pod(documents, kind, name).at("/metadata/labels"));
    }

    private static JsonNode pod(List<JsonNode> documents, String kind, String name) {
        JsonNode spec = Manifests.find(documents, kind, name).path("spec");
        return spec.path(spec.has("template") ? "template" : "podTemplate");
    }

    private static Map<String, String> texts(JsonNode mapping) {
        Map<String, String> texts = new TreeMap<>();
        mapping.properties().forEach(each -> texts.put(each.getKey(), each.getValue().asText()));
        return texts;
    }

    @Test
    void aChangedConfigurationStartsTheCanaryAnewToo() throws Exception {
        String path = "/spec/template/metadata/annotations/driftwatch.io~1config";
        JsonNode before = Manifests.find(documents("full"), "Deployment", "driftwatch-canary");
        JsonNode after =
                Manifests.find(
                        Manifests.parse(
                                render("full", Map.of("config.models[0].window.size", "2h"))),
                        "Deployment",
                        "driftwatch-canary");

        assertThat(after.at(path).asText()).hasSize(64).isNotEqualTo(before.at(path).asText());
    }

    @Test
    void everyPodThatGoesOnRunningCarriesTheAnnotationsOfTheUser() throws Exception {
        List<JsonNode> documents =
                Manifests.parse(render("full", Map.of("podAnnotations.team", "pricing")));

        for (String[] each :
                new String[][] {
                    {"FlinkDeployment", "driftwatch-monitor"},
                    {"FlinkDeployment", "driftwatch-notify"},
                    {"Deployment", "driftwatch-canary"}
                }) {
            assertThat(texts(pod(documents, each[0], each[1]).at("/metadata/annotations")))
                    .containsEntry("team", "pricing")
                    .containsKey("driftwatch.io/config");
        }
    }

    @Test
    void whoAsksForACanaryIsToldWhatTheConfigurationLacks() throws Exception {
        // What is said to be missing is what this configuration has.
        assertThatThrownBy(() -> render("full", Map.of("config.canary", "null")))
                .hasMessageContaining(
                        "canary: {url: \"" + config().alerts().canary().url().reveal() + "\"}")
                .hasMessageContaining("delivery: {allow: [driftwatch-canary]}");
        assertThatThrownBy(() -> render("full", Map.of("canary.port", "9000")))
                .hasMessageContaining("use http://driftwatch-canary:9000/");
        assertThat(
                        render(
                                "full",
                                Map.of(
                                        "canary.port",
                                        "9000",
                                        "config.canary.url",
                                        "http://driftwatch-canary.ml.svc:9000/")))
                .contains("containerPort: 9000");
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
