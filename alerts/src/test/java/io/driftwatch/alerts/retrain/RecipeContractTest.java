package io.driftwatch.alerts.retrain;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.alerts.deliver.Secret;
import io.driftwatch.alerts.retrain.RecipeAnswer.Verdict;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.RetrainRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What goes to each kind of target, and how its answers are understood. */
class RecipeContractTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RetrainRequest REQUEST = request(firing("distance_miles", 3, 7));
    private static final String ID = REQUEST.getRequestId();
    private static final String FINGERPRINT = REQUEST.getAlert().getFingerprint();
    private static final Secret TOKEN = Secret.of("T0KEN+/=");
    private static final Secret PASSWORD = Secret.of("pässword");
    private static final String BASIC = "Basic YWRhOnDDpHNzd29yZA==";

    private static final String EVENT =
            """
            {"request_id": "%s", "model": "flight-delay", "model_version": "default",
             "reason": {"alert_ids": ["%s"], "rule": "FeatureDrift", "severity": "warning",
                        "summary": "distance_miles of flight-delay: psi 0.31",
                        "features": [{"name": "distance_miles", "metric": "psi",
                                      "value": 0.31, "threshold": 0.2}]},
             "window": {"start": "2001-06-14T00:00:00Z", "end": "2001-06-15T00:00:00Z"},
             "requested_at": "2001-06-16T00:00:30Z", "requested_by": "driftwatch"}
            """
                    .formatted(ID, FINGERPRINT);

    private final TestingTarget server = new TestingTarget();

    private static RetrainRequest request(Alert alert) {
        return RetrainRequests.of(alert, Instant.parse("2001-06-16T00:00:30Z"));
    }

    @AfterEach
    void close() {
        server.close();
    }

    /** A target on this machine, below a path of its own. */
    private RetrainTarget target(
            String recipe, Map<String, Secret> secrets, String... namesAndValues) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("base_url", server.url("/pre/fix/"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            parameters.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new RetrainTarget("retrain", recipe, parameters, secrets, Map.of(), null);
    }

    private static RetrainTarget withInputs(RetrainTarget target, Map<String, String> inputs) {
        return new RetrainTarget(
                target.name(),
                target.recipe(),
                target.parameters(),
                target.secrets(),
                target.headers(),
                inputs);
    }

    private RecipeAnswer submit(RetrainTarget target) {
        return submit(target, REQUEST);
    }

    private RecipeAnswer submit(RetrainTarget target, RetrainRequest request) {
        RecipeCall call = RecipeCall.submission(recipe(target), target, request);
        assertThat(call.toString()).as("shows no secret").doesNotContain("T0KEN", "pässword");
        return server.call(call);
    }

    private RecipeAnswer poll(RetrainTarget target, RecipeAnswer last) {
        return server.call(call(target, last).orElseThrow());
    }

    private static Optional<RecipeCall> call(RetrainTarget target, RecipeAnswer last) {
        return RecipeCall.poll(recipe(target), target, REQUEST, last.found());
    }

    private static Recipe recipe(RetrainTarget target) {
        return Recipes.named(target.recipe()).orElseThrow();
    }

    private void assertRequested(String line, String body) {
        assertThat(server.last().method() + " " + server.last().uri()).isEqualTo(line);
        assertThat(tree(server.last().body())).isEqualTo(tree(body));
        assertThat(header("Content-Type")).isEqualTo("application/json");
    }

    private void assertPolled(String path) {
        assertThat(server.last().method() + " " + server.last().uri()).isEqualTo("GET " + path);
        assertThat(server.last().body()).isEmpty();
    }

    private void assertForm(String line, String... fields) {
        assertThat(server.last().method() + " " + server.last().uri()).isEqualTo(line);
        assertThat(header("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
        List<String> decoded = new ArrayList<>();
        for (String pair : server.last().body().split("&")) {
            decoded.add(URLDecoder.decode(pair, StandardCharsets.UTF_8));
        }
        assertThat(decoded).containsExactly(fields);
    }

    private String header(String name) {
        return server.last().headers().getFirst(name);
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"airflow, /api/v2, true", "airflow2, /api/v1, false"})
    void airflow(String recipe, String api, boolean hasLogicalDate) {
        RetrainTarget target = target(recipe, Map.of("token", TOKEN), "dag_id", "re train/é");
        String run = "drift__flight-delay__" + ID;
        String path = "/pre/fix" + api + "/dags/re%20train%2F%C3%A9/dagRuns";
        server.then(200, "{\"dag_run_id\": \"" + run + "\", \"state\": \"queued\"}");

        RecipeAnswer answer = submit(target);

        assertRequested(
                "POST " + path,
                "{\"dag_run_id\": \""
                        + run
                        + "\", "
                        + (hasLogicalDate ? "\"logical_date\": null, " : "")
                        + "\"conf\": "
                        + EVENT
                        + ", \"note\": \"Driftwatch: distance_miles of flight-delay: psi 0.31\"}");
        assertThat(header("Authorization")).isEqualTo("Bearer T0KEN+/=");
        assertThat(header("Accept")).isEqualTo("application/json");
        assertThat(answer.verdict()).isEqualTo(Verdict.DONE);
        assertThat(answer.runId()).isEqualTo(run);
        assertThat(answer.url()).startsWith(server.url("/pre/fix/dags/re%20train%2F%C3%A9/"));
        assertThat(answer.state()).isEqualTo(RunState.ACCEPTED);

        server.then(409, "{\"detail\": \"DAGRun already exists\"}");
        RecipeAnswer again = submit(target);
        assertThat(again.verdict()).isEqualTo(Verdict.ALREADY_DONE);
        assertThat(again.runId()).isEqualTo(run);

        server.then(200, "{\"state\": \"running\"}").then(200, "{\"state\": \"success\"}");
        assertThat(poll(target, again).state()).isEqualTo(RunState.RUNNING);
        assertPolled(path + "/" + run);
        assertThat(header("Authorization")).isEqualTo("Bearer T0KEN+/=");
        assertThat(poll(target, again).state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void airflow2TakesAUserToo() {
        RetrainTarget target =
                target(
                        "airflow2",
                        Map.of("password", PASSWORD),
                        "dag_id",
                        "retrain",
                        "username",
                        "ada");

        submit(target);

        assertThat(header("Authorization")).isEqualTo(BASIC);
    }

    @Test
    void argoWorkflows() {
        RetrainTarget target =
                target(
                        "argo_workflows",
                        Map.of("token", TOKEN),
                        "namespace",
                        "ml",
                        "template",
                        "retrain");
        String name = "retrain-flight-delay-" + ID;
        server.then(200, "{\"metadata\": {\"namespace\": \"ml\", \"name\": \"" + name + "\"}}");

        RecipeAnswer answer = submit(withInputs(target, Map.of("model", "{model}")));

        assertRequested(
                "POST /pre/fix/api/v1/workflows/ml/submit",
                """
                {"namespace": "ml", "resourceKind": "WorkflowTemplate", "resourceName": "retrain",
                 "submitOptions": {"name": "%s", "labels": "drift.io/alert=%s",
                                   "parameters": ["model=flight-delay"]}}
                """
                        .formatted(name, FINGERPRINT));
        assertThat(header("Authorization")).isEqualTo("Bearer T0KEN+/=");
        assertThat(answer.runId()).isEqualTo(name).hasSizeLessThanOrEqualTo(63);
        assertThat(answer.url()).isEqualTo(server.url("/pre/fix/workflows/ml/" + name));

        server.then(409, "{\"code\": 6, \"message\": \"already exists\"}");
        RecipeAnswer again = submit(target);
        assertThat(again.verdict()).isEqualTo(Verdict.ALREADY_DONE);
        assertThat(tree(server.last().body()).at("/submitOptions/parameters"))
                .isEqualTo(
                        tree(
                                "[\"model=flight-delay\", \"model_version=default\","
                                        + " \"reason=psi\", \"request_id="
                                        + ID
                                        + "\"]"));

        server.then(200, "{\"status\": {\"phase\": \"Error\"}}").then(200, "{\"status\": {}}");
        assertThat(poll(target, again).state()).isEqualTo(RunState.FAILED);
        assertPolled("/pre/fix/api/v1/workflows/ml/" + name);
        assertThat(poll(target, again).state()).isEqualTo(RunState.ACCEPTED);
    }

    @Test
    void kubeflowPipelines() {
        RetrainTarget target =
                target("kubeflow_pipelines", Map.of("token", TOKEN), "pipeline_id", "p-1");
        server.then(200, "{\"run_id\": \"r-9\", \"state\": \"PENDING\"}");

        RecipeAnswer answer = submit(withInputs(target, Map.of("model", "{model}")));

        assertRequested(
                "POST /pre/fix/apis/v2beta1/runs",
                """
                {"display_name": "retrain flight-delay %s",
                 "pipeline_version_reference": {"pipeline_id": "p-1"},
                 "runtime_config": {"parameters": {"model": "flight-delay"}}}
                """
                        .formatted(ID));
        assertThat(header("Authorization")).isEqualTo("Bearer T0KEN+/=");
        assertThat(answer.runId()).isEqualTo("r-9");

        server.then(200, "{\"run_id\": \"r-9\", \"state\": \"CANCELED\"}");
        RecipeAnswer polled = poll(target, answer);
        assertPolled("/pre/fix/apis/v2beta1/runs/r-9");
        assertThat(polled.state()).isEqualTo(RunState.FAILED);
        assertThat(polled.url()).isEqualTo(server.url("/pre/fix/#/runs/details/r-9"));
    }

    @Test
    void kubeflowPipelinesWithEverything() {
        submit(
                target(
                        "kubeflow_pipelines",
                        Map.of(),
                        "pipeline_id",
                        "p-1",
                        "pipeline_version_id",
                        "v-2",
                        "experiment_id",
                        "e-3",
                        "service_account",
                        "robot"));

        assertRequested(
                "POST /pre/fix/apis/v2beta1/runs",
                """
                {"display_name": "retrain flight-delay %s", "experiment_id": "e-3",
                 "pipeline_version_reference":
                     {"pipeline_id": "p-1", "pipeline_version_id": "v-2"},
                 "runtime_config": {"parameters": {}}, "service_account": "robot"}
                """
                        .formatted(ID));
        assertThat(header("Authorization")).as("nothing was given").isNull();
    }

    @Test
    void githubRepositoryDispatch() {
        RetrainTarget target =
                target("github", Map.of("token", TOKEN), "owner", "ada", "repo", "models");
        server.then(204, "");

        RecipeAnswer answer = submit(target);

        assertRequested(
                "POST /pre/fix/repos/ada/models/dispatches",
                "{\"event_type\": \"drift-retrain\", \"client_payload\": " + EVENT + "}");
        assertThat(tree(server.last().body()).get("client_payload").size()).isLessThanOrEqualTo(10);
        assertThat(header("Authorization")).isEqualTo("Bearer T0KEN+/=");
        assertThat(header("Accept")).isEqualTo("application/vnd.github+json");
        assertThat(header("X-GitHub-Api-Version")).isEqualTo("2022-11-28");
        assertThat(header("User-Agent")).as("the sender's").isNotBlank();
        assertThat(answer.verdict()).isEqualTo(Verdict.DONE);
        assertThat(call(target, answer)).as("there is nothing to ask for").isEmpty();
    }

    @Test
    void githubWorkflowDispatch() {
        RetrainTarget target =
                target(
                        "github_workflow",
                        Map.of("token", TOKEN),
                        "owner",
                        "ada",
                        "repo",
                        "models",
                        "workflow",
                        "retrain.yml");
        server.then(
                200,
                "{\"workflow_run_id\": 42, \"run_url\": \"https://api.github.com/x/42\","
                        + " \"html_url\": \"https://github.com/x/42\"}");

        RecipeAnswer answer = submit(withInputs(target, Map.of("id", "{request_id}")));

        assertRequested(
                "POST /pre/fix/repos/ada/models/actions/workflows/retrain.yml/dispatches",
                "{\"ref\": \"main\", \"inputs\": {\"id\": \""
                        + ID
                        + "\"}, \"return_run_details\": true}");
        assertThat(answer.runId()).isEqualTo("42");
        assertThat(answer.url()).isEqualTo("https://github.com/x/42");

        server.then(200, "{\"status\": \"in_progress\", \"conclusion\": null}")
                .then(200, "{\"status\": \"completed\", \"conclusion\": \"cancelled\"}");
        assertThat(poll(target, answer).state()).isEqualTo(RunState.RUNNING);
        assertPolled("/pre/fix/repos/ada/models/actions/runs/42");
        assertThat(header("X-GitHub-Api-Version")).isEqualTo("2022-11-28");
        assertThat(poll(target, answer).state()).isEqualTo(RunState.FAILED);

        server.then(204, "");
        RecipeAnswer silent = submit(target);
        assertThat(silent.verdict()).isEqualTo(Verdict.DONE);
        assertThat(call(target, silent)).as("an older version told nothing").isEmpty();
    }

    @Test
    void gitlab() {
        RetrainTarget target =
                target(
                        "gitlab",
                        Map.of("token", TOKEN, "api_token", PASSWORD),
                        "project",
                        "ml/models");
        server.then(201, "{\"id\": 7, \"status\": \"created\", \"web_url\": \"https://g/7\"}");

        RecipeAnswer answer = submit(target);

        assertForm(
                "POST /pre/fix/api/v4/projects/ml%2Fmodels/trigger/pipeline",
                "token=T0KEN+/=",
                "ref=main",
                "variables[MODEL]=flight-delay",
                "variables[MODEL_VERSION]=default",
                "variables[REASON]=psi",
                "variables[REQUEST_ID]=" + ID);
        assertThat(server.last().body()).startsWith("token=T0KEN%2B%2F%3D&");
        assertThat(answer.runId()).isEqualTo("7");
        assertThat(answer.url()).isEqualTo("https://g/7");

        server.then(200, "{\"status\": \"success\"}");
        RetrainTarget readable =
                target("gitlab", Map.of("token", TOKEN, "api_token", TOKEN), "project", "5");
        assertThat(poll(readable, answer).state()).isEqualTo(RunState.SUCCEEDED);
        assertPolled("/pre/fix/api/v4/projects/5/pipelines/7");
        assertThat(header("PRIVATE-TOKEN")).isEqualTo("T0KEN+/=");
        assertThat(call(target("gitlab", Map.of("token", TOKEN), "project", "5"), answer))
                .as("a trigger token may not look")
                .isEmpty();
    }

    @Test
    void jenkins() {
        RetrainTarget target =
                target(
                        "jenkins",
                        Map.of("api_token", PASSWORD),
                        "job",
                        "team a/retrain",
                        "username",
                        "ada");
        String job = "/pre/fix/job/team%20a/job/retrain";
        server.thenHeader(201, "Location", "https://elsewhere.example/queue/item/17/");

        RecipeAnswer answer = submit(target);

        assertForm(
                "POST " + job + "/buildWithParameters",
                "MODEL=flight-delay",
                "MODEL_VERSION=default",
                "REASON=psi",
                "REQUEST_ID=" + ID);
        assertThat(header("Authorization")).isEqualTo(BASIC);
        assertThat(answer.runId()).isEqualTo("17");

        server.then(200, "{\"cancelled\": false, \"why\": \"busy\"}");
        RecipeAnswer queued = poll(target, answer);
        assertPolled("/pre/fix/queue/item/17/api/json");
        assertThat(queued.state()).isEqualTo(RunState.RUNNING);

        server.then(200, "{\"executable\": {\"number\": 3, \"url\": \"https://j/3/\"}}");
        RecipeAnswer begun = poll(target, queued);
        assertThat(begun.url()).isEqualTo("https://j/3/");

        server.then(200, "{\"number\": 3, \"result\": null}")
                .then(200, "{\"number\": 3, \"result\": \"SUCCESS\"}");
        RecipeAnswer running = poll(target, begun);
        assertPolled(job + "/3/api/json?tree=number,result,url");
        assertThat(header("Authorization")).isEqualTo(BASIC);
        assertThat(running.state()).isEqualTo(RunState.RUNNING);
        assertThat(poll(target, running).state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void prefect() {
        RetrainTarget target = target("prefect", Map.of("token", TOKEN), "deployment_id", "d-1");
        server.then(201, "{\"id\": \"f-1\"}").then(200, "{\"id\": \"f-1\"}");

        RecipeAnswer answer = submit(withInputs(target, Map.of("model", "{model}")));

        assertRequested(
                "POST /pre/fix/deployments/d-1/create_flow_run",
                """
                {"parameters": {"model": "flight-delay"}, "idempotency_key": "%s",
                 "tags": ["driftwatch"],
                 "labels": {"drift.request_id": "%s", "drift.model": "flight-delay"}}
                """
                        .formatted(ID, ID));
        assertThat(header("Authorization")).isEqualTo("Bearer T0KEN+/=");
        assertThat(answer.verdict()).isEqualTo(Verdict.DONE);
        assertThat(submit(target).verdict()).isEqualTo(Verdict.ALREADY_DONE);

        server.then(409, "{\"detail\": \"bad parameters\"}");
        assertThat(submit(target).verdict()).as("no conflict here").isEqualTo(Verdict.REJECTED);

        server.then(200, "{\"state_type\": \"CRASHED\"}");
        assertThat(poll(target, answer).state()).isEqualTo(RunState.FAILED);
        assertPolled("/pre/fix/flow_runs/f-1");
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("io.driftwatch.alerts.retrain.Recipes#NAMES")
    void everyAttemptIsTheSameWhenTheRequestIsMadeAgain(String name) {
        RetrainTarget target = anyTarget(name);
        Recipe recipe = recipe(target);

        RecipeCall first = RecipeCall.submission(recipe, target, REQUEST);

        assertThat(RecipeCall.submission(recipe, target, REQUEST)).isEqualTo(first);
        assertThat(first.uri().toString()).startsWith(server.url("/pre/fix/"));
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("io.driftwatch.alerts.retrain.Recipes#NAMES")
    void whatTheStreamCallsItsModelCannotChangeTheRequest(String name) {
        String evil = "x\"},{\"a\":\"&b=c%26\n../\u0000{model}";
        RetrainRequest request = RetrainRequest.newBuilder(REQUEST).setModel(evil).build();
        RetrainTarget target = anyTarget(name);

        submit(target);
        TestingTarget.Request harmless = server.last();
        submit(target, request);

        assertThat(server.last().uri()).isEqualTo(harmless.uri());
        if (header("Content-Type").equals("application/json")) {
            assertThat(shape(tree(server.last().body()))).isEqualTo(shape(tree(harmless.body())));
        } else {
            assertThat(server.last().body().split("&")).hasSameSizeAs(harmless.body().split("&"));
        }
    }

    /** The names of all fields, whatever is in them. */
    private static String shape(JsonNode node) {
        StringBuilder names = new StringBuilder();
        node.properties()
                .forEach(field -> names.append(field.getKey()).append(shape(field.getValue())));
        return "(" + names + ")";
    }

    private RetrainTarget anyTarget(String name) {
        Map<String, String> parameters = new LinkedHashMap<>();
        Map<String, Secret> secrets = new LinkedHashMap<>();
        Recipes.named(name)
                .orElseThrow()
                .parameters()
                .forEach(
                        (parameter, what) -> {
                            if (what.secret()) {
                                secrets.put(parameter, TOKEN);
                            } else {
                                parameters.put(parameter, "any");
                            }
                        });
        parameters.put("base_url", server.url("/pre/fix"));
        return new RetrainTarget(name, name, parameters, secrets, Map.of(), null);
    }
}
