package io.driftwatch.alerts.retrain;

import io.driftwatch.schemas.RetrainRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * When a target is called, and what its answers mean: first it is asked for a retraining, then,
 * where its {@link Recipe} knows how, what has become of it. Pure: it makes no call and reads no
 * clock.
 *
 * <ul>
 *   <li>Asking is repeated after 5 s, 30 s, 2 min and 10 min if no answer came or one that may
 *       change; then the request has failed. Every attempt is the same, so a target that knows
 *       idempotency makes one run of them.
 *   <li>A run is looked at after 15 seconds, and then each time after a tenth of its age, at most 5
 *       minutes: short ones are known soon, and long ones cost few calls.
 *   <li>A look that fails says nothing of the run, so it is repeated, until the run is so old that
 *       the guard rails have given it up. One that the target still speaks of is looked at ten
 *       times as long: its end puts right what the guard rails assume.
 * </ul>
 */
public final class TargetRuns {
    private static final List<Duration> WAITS =
            List.of(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(10));
    private static final long SHORTEST_WAIT = Duration.ofSeconds(15).toMillis();
    private static final long LONGEST_WAIT = Duration.ofMinutes(5).toMillis();
    private static final int PART_OF_AGE = 10;
    private static final int TIMES_PATIENCE = 10;

    private final RetrainTarget target;
    private final Recipe recipe;
    private final Duration patience;

    /**
     * @param target one that fits its recipe
     * @param patience how long a run may take before the guard rails give it up
     * @throws IllegalArgumentException if there is no such recipe
     */
    public TargetRuns(RetrainTarget target, Duration patience) {
        this.target = target;
        this.recipe =
                Recipes.named(target.recipe())
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "there is no recipe " + target.recipe()));
        this.patience = patience;
    }

    /**
     * What a reply changes.
     *
     * @param run what there is to do still; null if it is over
     * @param report what to tell the guard rails; null if nothing
     * @param warning what the operator should know; null if nothing
     */
    public record Step(TargetRun run, RetrainReport report, String warning) {}

    /** Begins with a request, which is due at once. */
    public static TargetRun begin(RetrainRequest request, long nowMillis) {
        return new TargetRun(request, nowMillis, nowMillis, 0, 0, null, null);
    }

    /**
     * Returns the next call.
     *
     * @throws IllegalArgumentException if the target does not fit its recipe any more, or what is
     *     known of the run cannot be a part of an address
     */
    public RecipeCall call(TargetRun run) {
        return run.isTaken()
                ? poll(run)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "it cannot be asked how a run goes"))
                : RecipeCall.submission(recipe, target, run.request());
    }

    private Optional<RecipeCall> poll(TargetRun run) {
        return RecipeCall.poll(recipe, target, run.request(), run.found());
    }

    /** Takes in what came of the {@link #call}. */
    public Step replied(TargetRun run, TargetReply reply, long nowMillis) {
        Optional<RetrainReport> report =
                Optional.ofNullable(reply.answer()).flatMap(answer -> answer.report(run.id()));
        if (report.isEmpty()) {
            return run.isTaken() ? unseen(run, reply, nowMillis) : untaken(run, reply, nowMillis);
        }
        RunState state = report.get().state();
        boolean isEnd = state == RunState.SUCCEEDED || state == RunState.FAILED;
        long taken = run.isTaken() ? run.takenMillis() : nowMillis;
        TargetRun next =
                run.answered(reply.answer(), state, taken, nowMillis + waitAt(nowMillis - taken));
        boolean isNews = !state.label().equals(run.told()) || !next.found().equals(run.found());
        boolean isOver = isEnd || age(next, nowMillis) >= TIMES_PATIENCE * patience.toMillis();
        return new Step(
                isOver || poll(next).isEmpty() ? null : next, isNews ? report.get() : null, null);
    }

    private static long age(TargetRun run, long nowMillis) {
        return nowMillis - run.takenMillis();
    }

    private static long waitAt(long age) {
        return Math.max(SHORTEST_WAIT, Math.min(LONGEST_WAIT, age / PART_OF_AGE));
    }

    private Step untaken(TargetRun run, TargetReply reply, long nowMillis) {
        if (run.failures() < WAITS.size()) {
            long due = nowMillis + WAITS.get(run.failures()).toMillis();
            return new Step(run.failed(due), null, null);
        }
        String reason = "target " + target.name() + " did not take it: " + reply.words();
        return new Step(
                null, new RetrainReport(run.id(), RunState.FAILED, null, null, reason), null);
    }

    private Step unseen(TargetRun run, TargetReply reply, long nowMillis) {
        long age = age(run, nowMillis);
        boolean isGivenUp = age >= patience.toMillis();
        boolean isFirst = run.failures() == 0;
        String warning =
                "target "
                        + target.name()
                        + " does not say how request "
                        + run.id()
                        + " goes: "
                        + reply.words();
        return new Step(
                isGivenUp ? null : run.failed(nowMillis + waitAt(age)),
                null,
                isGivenUp || isFirst ? warning : null);
    }
}
