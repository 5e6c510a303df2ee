package io.driftwatch.alerts.retrain;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftwatch.alerts.deliver.Secret;
import io.driftwatch.alerts.retrain.Recipe.Handle;
import io.driftwatch.alerts.retrain.RecipeAnswer.Verdict;
import io.driftwatch.schemas.RetrainRequest;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipesTest {
    private static final RetrainRequest REQUEST =
            RetrainRequests.of(
                    firing("distance_miles", 3, 7), Instant.parse("2001-06-16T00:00:30Z"));

    private static final String RECIPE =
            """
            {
              "description": "A target of tests.",
              "documentation": "https://target.example",
              "parameters": {
                "base_url": {"description": "address", "required": true},
                "job": {"description": "job"},
                "token": {"description": "token", "secret": true}
              },
              "handle": {"text": "{request_id}", "allowed": "a-z0-9-", "longest": 40},
              "submit": {
                "method": "POST",
                "path": "/run",
                "headers": {"Authorization": ["Bearer {token}"]},
                "json": {"id": "{handle}"},
                "success": [200],
                "exists": [409],
                "find": {"run_id": {"pointer": "/id"}, "url": {"pointer": "/url"}}
              },
              "polls": [{"method": "GET", "path": "/run/{run_id}", "success": [200],
                         "state": ["/state"], "states": {"done": "succeeded"}}]
            }
            """;

    private static RetrainTarget target(Map<String, String> parameters) {
        return new RetrainTarget("t", "test", parameters, Map.of(), Map.of(), null);
    }

    private static Recipe recipe() {
        return Recipes.parse("test", RECIPE);
    }

    private static RecipeAnswer answer(int status, String body) {
        RetrainTarget target = target(Map.of("base_url", "https://t.example"));
        return RecipeCall.submission(recipe(), target, REQUEST).answer(status, Map.of(), body);
    }

    @Test
    void everyFileIsARecipeOfTheList() throws IOException, URISyntaxException {
        Path folder = Path.of(Recipes.class.getResource("recipes").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted())
                    .containsExactlyElementsOf(
                            Recipes.NAMES.stream().map(name -> name + ".json").toList());
        }
        assertThat(Recipes.NAMES).isSorted();
        assertThat(Recipes.named("../recipes/airflow")).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("io.driftwatch.alerts.retrain.Recipes#NAMES")
    void everyRecipeSaysWhatItsTargetDocuments(String name) {
        Recipe recipe = Recipes.named(name).orElseThrow();

        assertThat(recipe.documentation()).startsWith("https://");
        assertThat(recipe.description()).endsWith(".");
        assertThat(recipe.parameters()).containsKey("base_url");
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "\"method\": \"POST\" | \"methods\": 1, \"method\": \"POST\" | methods",
                "\"path\": \"/run\" | \"path\": \"/run\", \"path\": \"/x\" | Duplicate",
                "\"secret\": true | \"secrets\": true | secrets",
                "{handle} | {model_name} | {model_name} is neither a parameter",
                "{handle} | {token} | {token} is neither a parameter",
                "{handle} | {handle | has a brace",
                "\"/run\" | \"/run/{run_id}\" | {run_id} is neither a parameter",
                "\"/run\" | \"/run/{token}\" | {token} is neither a parameter",
                "\"/run\" | \"run\" | does not begin with a slash",
                "\"POST\" | \"DELETE\" | neither GET nor POST",
                "Bearer {token} | Basic {job:base_url} | a password that may not",
                "Bearer {token} | Basic {token:job} | wants a user who may be seen",
                "\"text\": \"{request_id}\" | \"text\": \"{model}\" | lacks {request_id}",
                "\"allowed\": \"a-z0-9-\" | \"allowed\": \"a-z\" | must allow hyphens",
                "\"longest\": 40 | \"longest\": 9 | less than 32",
                "\"pointer\": \"/id\" | \"pointer\": \"id\" | expression must start with",
                "\"pointer\": \"/id\" | \"header\": \"Location\" | lacks a pattern",
                "\"done\": \"succeeded\" | \"done\": \"perfect\" | perfect",
                "\"json\": {\"id\": \"{handle}\"} | \"form\": {\"a\": \"{inputs}\"} | only then",
                "\"success\": [200], \"exists\" | \"exists\" | success is empty"
            })
    void aRecipeThatCannotBeFollowedIsRefused(String right, String wrong, String message) {
        String flat = RECIPE.replaceAll(",\\s+\"exists\"", ", \"exists\"");
        assertThat(flat).contains(right);

        assertThatThrownBy(() -> Recipes.parse("test", flat.replace(right, wrong)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("recipe test: ")
                .hasMessageContaining(message);
    }

    @Test
    void whatFollowsARecipeIsRefused() {
        assertThatThrownBy(() -> Recipes.parse("test", RECIPE + "{}"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource({
        "base_url, ftp://t.example, does not begin with https://",
        "base_url, https://ada:pw@t.example, holds a user name",
        "base_url, https://t.example?x=1, has a query",
        "base_url, '', is empty",
        "job, .., cannot be a part of a path",
        "job, a/../b, cannot be a part of a path",
        "username, 'a\u0007', has a control character",
        "jobs, x, is no parameter of jenkins; known: base_url",
        "api_token, x, is a secret"
    })
    void mistakesOfATargetAreNamed(String parameter, String value, String mistake) {
        Map<String, String> parameters = new HashMap<>();
        parameters.put("base_url", "https://jenkins.example");
        parameters.put("job", "retrain");
        parameters.put(parameter, value);
        RetrainTarget target =
                new RetrainTarget("j", "jenkins", parameters, Map.of(), Map.of(), null);
        Recipe recipe = Recipes.named("jenkins").orElseThrow();

        assertThat(recipe.mistakes(target))
                .singleElement()
                .asString()
                .startsWith(parameter + ": ")
                .contains(mistake)
                .doesNotContain("pw");
        assertThatThrownBy(() -> RecipeCall.submission(recipe, target, REQUEST))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("retrain target j: " + parameter);
    }

    @Test
    void allMistakesOfATargetAreNamedAtOnce() {
        RetrainTarget target =
                new RetrainTarget(
                        "t",
                        "test",
                        Map.of(),
                        Map.of("job", Secret.of("x")),
                        Map.of(),
                        Map.of("a", "{modell}", "b", "{"));

        assertThat(recipe().mistakes(target))
                .hasSize(4)
                .anyMatch(m -> m.startsWith("base_url: missing; give it the address"))
                .anyMatch(m -> m.startsWith("job: is no secret"))
                .anyMatch(m -> m.startsWith("inputs.a: {modell} is not among request_id, model"))
                .anyMatch(m -> m.startsWith("inputs.b: '{' has a brace"));
    }

    @ParameterizedTest(name = "HTTP {0}: {1}")
    @CsvSource({
        "200, DONE, ACCEPTED",
        "409, ALREADY_DONE, ACCEPTED",
        "201, REJECTED, FAILED",
        "301, REJECTED, FAILED",
        "400, REJECTED, FAILED",
        "401, REJECTED, FAILED",
        "404, REJECTED, FAILED",
        "422, REJECTED, FAILED",
        "408, RETRY,",
        "425, RETRY,",
        "429, RETRY,",
        "500, RETRY,",
        "503, RETRY,"
    })
    void sortsStatusCodes(int status, Verdict verdict, RunState reported) {
        RecipeAnswer answer = answer(status, "");

        assertThat(answer.verdict()).isEqualTo(verdict);
        assertThat(answer.report("r").map(RetrainReport::state).orElse(null)).isEqualTo(reported);
    }

    @Test
    void aRefusalSaysWhy() {
        assertThat(answer(422, "{\"detail\":\n\"no such dag\"}").words())
                .isEqualTo("HTTP 422: {\"detail\": \"no such dag\"}");
        assertThat(answer(500, "x".repeat(10_000)).words()).hasSizeLessThan(230);
    }

    @Test
    void readsAnAnswerThatWasCutOff() {
        assertThat(answer(200, "{\"id\": \"r-1\", \"more\": [1, 2, {\"x").runId()).isEqualTo("r-1");
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(
            strings = {"", "not JSON", "[]", "{\"id\": null}", "{\"id\": {}}", "{\"id\": \"\"}"})
    void anAnswerWithoutWhatIsWantedIsStillASuccess(String body) {
        RecipeAnswer answer = answer(200, body);

        assertThat(answer.verdict()).isEqualTo(Verdict.DONE);
        assertThat(answer.runId()).isNull();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"javascript:alert(1)", "https://x y", "/run/1", "https://x\u0007"})
    void anAddressThatIsNoneIsNotPassedOn(String url) {
        String body = "{\"url\": \"" + url.replace("\u0007", "\\u0007") + "\"}";

        assertThat(answer(200, body).url()).isNull();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"..", "."})
    void aRunThatIsNoPartOfAPathIsNotAskedFor(String run) {
        RecipeAnswer answer = answer(200, "{\"id\": \"" + run + "\"}");
        RetrainTarget target = target(Map.of("base_url", "https://t.example"));

        assertThat(RecipeCall.poll(recipe(), target, REQUEST, answer.found())).isEmpty();
    }

    @Test
    void anUnknownStateSaysOnlyThatItIsThere() {
        RetrainTarget target = target(Map.of("base_url", "https://t.example"));
        RecipeCall poll =
                RecipeCall.poll(recipe(), target, REQUEST, Map.of("run_id", "r")).orElseThrow();

        RecipeAnswer answer = poll.answer(200, Map.of(), "{\"state\": \"brand-new\"}");
        assertThat(answer.state()).isEqualTo(RunState.RUNNING);
        assertThat(answer.words()).isEqualTo("HTTP 200, brand-new");
        assertThat(poll.answer(404, Map.of(), "").report("r"))
                .as("that a run cannot be seen does not say that it failed")
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "retrain fraud 0123456789abcdef-3, retrain-fraud-0123456789abcdef-3",
        "Retrain Ünicode 0123456789abcdef-3, retrain--nicode-0123456789abcdef-3"
    })
    void aHandleHasOnlyWhatTheTargetAllows(String filled, String handle) {
        Handle rule = new Handle("", "a-z0-9-", 40, /* lowerCase= */ true);

        assertThat(rule.of(filled, "0123456789abcdef-3")).isEqualTo(handle);
    }

    @Test
    void aHandleThatIsTooLongStaysDistinct() {
        Handle rule = new Handle("", "a-z0-9-", 40, /* lowerCase= */ true);
        String model = "a-model-with-a-very-long-name-indeed ";

        String third = rule.of(model + "0123456789abcdef-3", "0123456789abcdef-3");
        String fourth = rule.of(model + "0123456789abcdef-4", "0123456789abcdef-4");

        assertThat(third).hasSize(40).matches("[a-z0-9-]+").isNotEqualTo(fourth);
    }

    @Test
    void theUsersHeadersComeBeforeTheRecipes() {
        RetrainTarget target =
                new RetrainTarget(
                        "t",
                        "test",
                        Map.of("base_url", "https://t.example"),
                        Map.of("token", Secret.of("a")),
                        Map.of("authorization", Secret.of("T0KEN+/="), "Cookie", Secret.of("c")),
                        null);

        RecipeCall call = RecipeCall.submission(recipe(), target, REQUEST);

        assertThat(TestingTarget.reveal(call.headers().get("Authorization"))).isEqualTo("T0KEN+/=");
        assertThat(call.headers()).containsKey("cookie").hasSize(4);
        assertThat(call.headers().get("Cookie").secrets()).isEqualTo(List.of(Secret.of("c")));
    }
}
