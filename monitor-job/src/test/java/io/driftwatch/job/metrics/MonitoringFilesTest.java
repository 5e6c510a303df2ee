package io.driftwatch.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.job.Main;
import io.driftwatch.job.canary.CanaryMetric;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import picocli.CommandLine.Command;

/** What lies in deploy/monitoring and docs, held against the list of metrics in the code. */
class MonitoringFilesTest {
    private static final Path HOME = Path.of("").toAbsolutePath().getParent();
    private static final Path MONITORING = HOME.resolve("deploy/monitoring");
    private static final Path RUNBOOKS = HOME.resolve("docs/runbooks");

    /** A metric, and what may stand in braces after it. */
    private static final Pattern SELECTOR =
            Pattern.compile("\\b(flink_[a-zA-Z0-9_]+|[a-z_]*driftwatch_[a-zA-Z0-9_]+)(\\{[^}]*})?");

    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]+)\\s*(?:=~|!~|!=|=)");

    /** Labels that Flink gives to the metrics that we look at, and one of summaries. */
    private static final Set<String> OF_FLINK =
            Set.of(
                    "job_id",
                    "job_name",
                    "operator_name",
                    "task_name",
                    "tm_id",
                    "host",
                    "subtask_index");

    private static Map<String, Set<String>> labelsByName() {
        Map<String, Set<String>> labels = new HashMap<>();
        for (JobMetric metric : JobMetric.values()) {
            Set<String> all = new HashSet<>(metric.labels());
            all.addAll(OF_FLINK);
            if (metric.kind() == JobMetric.Kind.SUMMARY) {
                all.add("quantile");
            }
            labels.put(metric.prometheusName(), all);
        }
        for (FlinkMetric metric : FlinkMetric.values()) {
            labels.put(metric.prometheusName(), OF_FLINK);
        }
        for (CanaryMetric metric : CanaryMetric.values()) {
            labels.put(metric.prometheusName(), Set.of(CanaryMetric.LABEL));
        }
        return labels;
    }

    private static void assertKnown(String expression, Set<String> used) {
        Map<String, Set<String>> labels = labelsByName();
        Matcher selector = SELECTOR.matcher(expression.replaceAll("\"[^\"]*\"", "\"\""));
        int found = 0;
        while (selector.find()) {
            String name = selector.group(1);
            assertThat(labels).as(expression).containsKey(name);
            used.add(name);
            found++;
            if (selector.group(2) != null) {
                Matcher label = LABEL.matcher(selector.group(2));
                while (label.find()) {
                    assertThat(labels.get(name)).as(expression).contains(label.group(1));
                }
            }
        }
        assertThat(found).as("metrics in %s", expression).isPositive();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> rules() throws IOException {
        Map<String, Object> file =
                new Yaml(new SafeConstructor(new LoaderOptions()))
                        .load(Files.readString(MONITORING.resolve("prometheus-rules.yaml")));
        List<Map<String, Object>> rules = new ArrayList<>();
        for (Map<String, Object> group : (List<Map<String, Object>>) file.get("groups")) {
            rules.addAll((List<Map<String, Object>>) group.get("rules"));
        }
        return rules;
    }

    private static Set<String> alertNames() throws IOException {
        return rules().stream()
                .map(rule -> (String) rule.get("alert"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static JsonNode dashboard() throws IOException {
        return new ObjectMapper().readTree(MONITORING.resolve("grafana-dashboard.json").toFile());
    }

    private static List<JsonNode> panels() throws IOException {
        JsonNode dashboard = dashboard();
        List<JsonNode> panels = new ArrayList<>();
        dashboard.path("panels").forEach(panels::add);
        return panels;
    }

    @Test
    void theDocumentationListsEveryMetricWithItsKindAndLabelsAndNoOther() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        Pattern row =
                Pattern.compile(
                        "\\| `([a-z_]+)` \\| (counter|gauge|summary) \\| (.*?) \\| (.+) \\|");
        for (String line : Files.readAllLines(HOME.resolve("docs/operations.md"))) {
            Matcher matcher = row.matcher(line);
            if (matcher.matches()) {
                documented.put(
                        matcher.group(1),
                        matcher.group(2) + " " + matcher.group(3).replace("`", ""));
            }
        }
        Map<String, String> inCode = new TreeMap<>();
        for (JobMetric metric : JobMetric.values()) {
            inCode.put(
                    metric.shortName(),
                    metric.kind().label() + " " + String.join(", ", metric.labels()));
        }
        assertThat(documented).isEqualTo(inCode);
    }

    @Test
    void theDocumentationNamesEveryMetricOfTheCanary() throws IOException {
        assertThat(Files.readString(HOME.resolve("docs/operations.md")))
                .contains(
                        Arrays.stream(CanaryMetric.values())
                                .map(metric -> "`" + metric.prometheusName() + "`")
                                .toList());
    }

    @Test
    void theRulesNameOnlyMetricsAndLabelsThatThereAre() throws IOException {
        for (Map<String, Object> rule : rules()) {
            assertKnown((String) rule.get("expr"), new HashSet<>());
        }
    }

    @Test
    void theDashboardNamesOnlyMetricsAndLabelsThatThereAreAndEveryOneOfOurs() throws IOException {
        Set<String> used = new HashSet<>();
        for (JsonNode panel : panels()) {
            for (JsonNode target : panel.path("targets")) {
                assertKnown(target.path("expr").asText(), used);
            }
        }
        for (JsonNode variable : dashboard().at("/templating/list")) {
            if (variable.path("type").asText().equals("query")) {
                assertKnown(variable.at("/query/query").asText(), used);
            }
        }
        assertThat(used)
                .containsAll(
                        Arrays.stream(JobMetric.values()).map(JobMetric::prometheusName).toList());
    }

    @Test
    void theDashboardImportsWithAnyPrometheusAndItsPanelsDoNotOverlap() throws IOException {
        JsonNode dashboard = dashboard();
        assertThat(dashboard.path("uid").asText()).isEqualTo("driftwatch");
        assertThat(dashboard.has("__inputs")).isFalse();
        JsonNode variables = dashboard.at("/templating/list");
        assertThat(variables.at("/0/type").asText()).isEqualTo("datasource");
        assertThat(variables.at("/0/query").asText()).isEqualTo("prometheus");
        for (JsonNode variable : variables) {
            if (variable.path("type").asText().equals("query")) {
                assertThat(variable.at("/datasource/uid").asText()).isEqualTo("${datasource}");
            }
        }
        Set<Integer> ids = new HashSet<>();
        Set<String> cells = new HashSet<>();
        for (JsonNode panel : panels()) {
            assertThat(ids.add(panel.path("id").asInt())).as("id of %s", panel).isTrue();
            JsonNode place = panel.path("gridPos");
            for (int x = place.path("x").asInt(); x < right(place); x++) {
                for (int y = place.path("y").asInt(); y < bottom(place); y++) {
                    assertThat(cells.add(x + "," + y)).as(panel.path("title").asText()).isTrue();
                }
            }
            assertThat(right(place)).isLessThanOrEqualTo(24);
            if (!panel.path("type").asText().equals("row")) {
                assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
                assertThat(panel.path("targets"))
                        .isNotEmpty()
                        .allSatisfy(
                                target ->
                                        assertThat(target.at("/datasource/uid").asText())
                                                .isEqualTo("${datasource}"));
            }
        }
        assertThat(panels())
                .filteredOn(panel -> panel.path("type").asText().equals("row"))
                .extracting(panel -> panel.path("title").asText())
                .containsExactly("Overview", "Model $model", "Notify", "Self-monitoring");
    }

    private static int right(JsonNode place) {
        return place.path("x").asInt() + place.path("w").asInt();
    }

    private static int bottom(JsonNode place) {
        return place.path("y").asInt() + place.path("h").asInt();
    }

    @Test
    void everyAlertHasItsRunbookAndEveryRunbookItsAlert() throws IOException {
        for (Map<String, Object> rule : rules()) {
            Map<?, ?> annotations = (Map<?, ?>) rule.get("annotations");
            assertThat(annotations.get("runbook_url"))
                    .isEqualTo("docs/runbooks/" + rule.get("alert") + ".md");
            assertThat(annotations.containsKey("summary")).isTrue();
            assertThat(annotations.containsKey("description")).isTrue();
            assertThat(((Map<?, ?>) rule.get("labels")).get("severity"))
                    .isIn("critical", "warning", "info");
        }
        try (Stream<Path> pages = Files.list(RUNBOOKS)) {
            assertThat(pages.map(page -> page.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            alertNames().stream().map(name -> name + ".md").toList());
        }
        String operations = Files.readString(HOME.resolve("docs/operations.md"));
        assertThat(alertNames())
                .allSatisfy(
                        name ->
                                assertThat(operations)
                                        .contains("[" + name + "](runbooks/" + name + ".md)"));
    }

    @Test
    void everyRunbookHasItsPartsAndNamesCommandsAndPagesThatThereAre() throws IOException {
        Set<String> commands = new HashSet<>();
        for (Class<?> command : Main.class.getAnnotation(Command.class).subcommands()) {
            commands.add(command.getAnnotation(Command.class).name());
        }
        Pattern command = Pattern.compile("\\./driftwatch ([a-z]+)");
        Pattern link = Pattern.compile("\\]\\(([^)]+)\\)");
        for (String name : alertNames()) {
            Path page = RUNBOOKS.resolve(name + ".md");
            String text = Files.readString(page);
            assertThat(text.lines().filter(line -> line.startsWith("#")))
                    .as(name)
                    .containsExactly(
                            "# " + name,
                            "## What it means",
                            "## What is lost meanwhile",
                            "## First look",
                            "## Fix",
                            "## When to escalate");
            Matcher used = command.matcher(text);
            while (used.find()) {
                assertThat(commands).as(name).contains(used.group(1));
            }
            Matcher linked = link.matcher(text);
            while (linked.find()) {
                assertThat(RUNBOOKS.resolve(linked.group(1))).exists();
            }
        }
    }

    @Test
    void everyRuleHasAUnitTestThatFires() throws IOException {
        String tests = Files.readString(MONITORING.resolve("prometheus-rules-test.yaml"));
        assertThat(alertNames())
                .allSatisfy(
                        name ->
                                assertThat(tests)
                                        .containsPattern(
                                                "alertname: " + name + "\\n +exp_alerts:\\n"));
    }

    @Test
    void promtoolFindsNoMistakeInTheRulesAndTheirTestsPass() throws Exception {
        requirePromtool();
        assertThat(promtool("check", "rules", "prometheus-rules.yaml")).contains("SUCCESS");
        assertThat(promtool("test", "rules", "prometheus-rules-test.yaml")).contains("SUCCESS");
    }

    @Test
    void prometheusUnderstandsEveryExpressionOfTheDashboard(@TempDir Path folder) throws Exception {
        requirePromtool();
        StringBuilder file = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        int number = 0;
        for (JsonNode panel : panels()) {
            for (JsonNode target : panel.path("targets")) {
                String expression =
                        target.path("expr")
                                .asText()
                                .replace("$__rate_interval", "5m")
                                .replaceAll("\\$[a-z]+", ".*");
                file.append("      - record: 'panel_%d'%n".formatted(number++))
                        .append("        expr: '")
                        .append(expression.replace("'", "''"))
                        .append("'\n");
            }
        }
        Path rules = Files.writeString(folder.resolve("dashboard.yaml"), file);

        assertThat(promtool("check", "rules", rules.toString()))
                .contains("SUCCESS: " + number + " rules found");
    }

    private static void requirePromtool() {
        boolean isThere =
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool")));
        assumeTrue(
                isThere,
                "promtool is not on the PATH, so the rules were only read, not tested; it comes"
                        + " with Prometheus (apt install prometheus)");
    }

    private static String promtool(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of("promtool"));
        line.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(line)
                        .directory(MONITORING.toFile())
                        .redirectErrorStream(true)
                        .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(out).isZero();
        return out;
    }
}
