package io.driftwatch.alerts.retrain;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.deliver.Secret;
import io.driftwatch.schemas.RetrainRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When a target is called, and what its answers mean, by a clock that only tests move. */
class TargetRunsTest {
    private static final RetrainRequest REQUEST =
            RetrainRequests.of(firing("distance_miles", 3, 7), Instant.EPOCH);
    private static final Duration PATIENCE = Duration.ofHours(12);
    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;

    private final TargetRuns prefect =
            new TargetRuns(target("prefect", Map.of("deployment_id", "d1")), PATIENCE);

    private static RetrainTarget target(String recipe, Map<String, String> parameters) {
        Map<String, String> all = new java.util.HashMap<>(parameters);
        all.put("base_url", "https://target.example");
        return new RetrainTarget(
                "nightly", recipe, all, Map.of("token", Secret.of("T")), Map.of(), null);
    }

    private static TargetReply answer(TargetRuns runs, TargetRun run, int status, String body) {
        return TargetReply.of(runs.call(run).answer(status, Map.of(), body));
    }

    private TargetRuns.Step take(TargetRun run, long now) {
        return prefect.replied(run, answer(prefect, run, 201, "{\"id\":\"run-7\"}"), now);
    }

    private TargetRuns.Step look(TargetRun run, String state, long now) {
        String body = "{\"state_type\":\"" + state + "\"}";
        return prefect.replied(run, answer(prefect, run, 200, body), now);
    }

    @Test
    void asksThenLooksUntilTheRunIsOverAndReportsEachChangeOnce() {
        TargetRun run = TargetRuns.begin(REQUEST, 5 * SECOND);
        assertThat(run.dueMillis()).isEqualTo(5 * SECOND);
        assertThat(prefect.call(run).method()).isEqualTo("POST");

        TargetRuns.Step taken = take(run, 6 * SECOND);
        assertThat(taken.report().state()).isEqualTo(RunState.ACCEPTED);
        assertThat(taken.report().externalId()).isEqualTo("run-7");
        assertThat(prefect.call(taken.run()).uri().getPath()).isEqualTo("/flow_runs/run-7");
        assertThat(taken.run().dueMillis()).isEqualTo(21 * SECOND);

        TargetRuns.Step waits = look(taken.run(), "SCHEDULED", 21 * SECOND);
        assertThat(waits.report()).as("nothing new").isNull();

        TargetRuns.Step runs = look(waits.run(), "RUNNING", 36 * SECOND);
        assertThat(runs.report().state()).isEqualTo(RunState.RUNNING);

        TargetRuns.Step over = look(runs.run(), "COMPLETED", MINUTE);
        assertThat(over.report().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(over.run()).isNull();
    }

    @Test
    void aFailedRunIsOver() {
        TargetRun run = take(TargetRuns.begin(REQUEST, 0), 0).run();
        TargetRuns.Step over = look(run, "CRASHED", MINUTE);
        assertThat(over.report().state()).isEqualTo(RunState.FAILED);
        assertThat(over.run()).isNull();
    }

    @Test
    void everyAttemptIsTheSameAndThereAreFive() {
        TargetRun run = TargetRuns.begin(REQUEST, 0);
        List<Long> due = new ArrayList<>();
        TargetRuns.Step step = new TargetRuns.Step(run, null, null);
        RecipeCall first = prefect.call(run);
        while (step.run() != null) {
            TargetRun next = step.run();
            due.add(next.dueMillis());
            assertThat(prefect.call(next).uri()).isEqualTo(first.uri());
            assertThat(TestingTarget.reveal(prefect.call(next).body()))
                    .isEqualTo(TestingTarget.reveal(first.body()));
            TargetReply reply =
                    due.size() % 2 == 0
                            ? TargetReply.failed("the connection failed")
                            : answer(prefect, next, 503, "");
            step = prefect.replied(next, reply, next.dueMillis());
        }
        assertThat(due).containsExactly(0L, 5 * SECOND, 35 * SECOND, 155 * SECOND, 755 * SECOND);
        assertThat(step.report().state()).isEqualTo(RunState.FAILED);
        assertThat(step.report().reason()).contains("target nightly", "HTTP 503");
    }

    @Test
    void aRefusalIsTheEnd() {
        TargetRun run = TargetRuns.begin(REQUEST, 0);
        TargetRuns.Step step = prefect.replied(run, answer(prefect, run, 401, "who?"), 0);
        assertThat(step.report().state()).isEqualTo(RunState.FAILED);
        assertThat(step.report().reason()).contains("HTTP 401");
        assertThat(step.run()).isNull();
    }

    @Test
    void looksLessOftenTheOlderARunIs() {
        TargetRun run = take(TargetRuns.begin(REQUEST, 0), 0).run();
        long looks = 0;
        long longest = 0;
        while (run.dueMillis() < 6 * 60 * MINUTE) {
            long now = run.dueMillis();
            run = look(run, "RUNNING", now).run();
            longest = Math.max(longest, run.dueMillis() - now);
            looks++;
        }
        assertThat(longest).isEqualTo(5 * MINUTE);
        assertThat(looks).isBetween(60L, 110L);
    }

    @Test
    void aLookThatFailsSaysNothingOfTheRunAndIsWarnedOfOnce() {
        TargetRun run = take(TargetRuns.begin(REQUEST, 0), 0).run();
        List<String> warnings = new ArrayList<>();
        while (run != null) {
            TargetRuns.Step step =
                    prefect.replied(run, answer(prefect, run, 404, ""), run.dueMillis());
            assertThat(step.report()).isNull();
            if (step.warning() != null) {
                warnings.add(step.warning());
            }
            long due = run.dueMillis();
            run = step.run();
            assertThat(run == null).isEqualTo(due >= PATIENCE.toMillis());
        }
        assertThat(warnings).hasSize(2).allMatch(warning -> warning.contains("HTTP 404"));
    }

    @Test
    void aRunThatNeverEndsIsGivenUpAtLast() {
        TargetRun run = take(TargetRuns.begin(REQUEST, 0), 0).run();
        long last = 0;
        while (run != null) {
            last = run.dueMillis();
            run = look(run, "PAUSED", last).run();
        }
        assertThat(last).isBetween(120 * 60 * MINUTE, 120 * 60 * MINUTE + 5 * MINUTE);
    }

    @Test
    void aTargetThatCannotBeAskedIsDoneWithOnceItHasTakenTheRequest() {
        RetrainTarget gitlab = target("gitlab", Map.of("project", "group/project", "ref", "main"));
        TargetRuns runs = new TargetRuns(gitlab, PATIENCE);
        TargetRun run = TargetRuns.begin(REQUEST, 0);
        TargetRuns.Step step =
                runs.replied(
                        run, answer(runs, run, 201, "{\"id\":12,\"web_url\":\"https://g/12\"}"), 0);
        assertThat(step.report().state()).isEqualTo(RunState.ACCEPTED);
        assertThat(step.report().url()).isEqualTo("https://g/12");
        assertThat(step.run()).as("there is no api_token").isNull();
    }
}
