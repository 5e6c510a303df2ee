package io.driftwatch.alerts.rule;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Score;
import java.time.Instant;
import java.util.Objects;

/**
 * Judges the scores of one alert one after the other: one rule, one model version, segment and
 * feature. A pure function: the same scores give the same states, episodes and sequences.
 *
 * <ul>
 *   <li>Windows are judged in order of their end; a score of an older window than the last judged
 *       one changes nothing, and neither does a revision of it that was judged before.
 *   <li>A newer revision of the last judged window is judged again from where the alert stood
 *       before that window. Only a result that differs from what was last emitted is emitted. A
 *       firing that the revision takes back is emitted as resolved; a resolution that it takes back
 *       lets the same episode go on.
 *   <li>A score without a value neither breaches nor clears.
 * </ul>
 */
public final class RuleEvaluator {
    private RuleEvaluator() {}

    /**
     * Judges a score.
     *
     * @param rule the rule, which must {@link Rule#matches match} the score
     * @param stateOrNull the state that the previous call for this alert returned; null at first
     * @param evidence the score, and what its window makes of it
     */
    public static Evaluation evaluate(Rule rule, RuleState stateOrNull, Evidence evidence) {
        Score score = evidence.score();
        long windowEnd = score.getWindowEnd().toEpochMilli();
        if (stateOrNull != null && isOld(stateOrNull, windowEnd, score.getRevision())) {
            return new Evaluation(stateOrNull, null);
        }
        Step step = Step.of(rule, stateOrNull, evidence, windowEnd);
        AlertState visible = step.visible();
        if (visible == null) {
            return new Evaluation(step.quietState(), null);
        }
        RuleState state = step.loudState(visible);
        return new Evaluation(state, alert(rule, evidence, state, visible, step));
    }

    /** Returns what an alert of the rule about such a score is called for ever. */
    public static String fingerprint(Rule rule, Score score) {
        return Fingerprint.of(AlertText.labels(rule, score));
    }

    private static boolean isOld(RuleState state, long windowEnd, int revision) {
        return windowEnd < state.windowEndMillis()
                || (windowEnd == state.windowEndMillis() && revision <= state.revision());
    }

    private static Alert alert(
            Rule rule, Evidence evidence, RuleState state, AlertState visible, Step step) {
        Score score = evidence.score();
        return AlertText.alert(rule, evidence)
                .setEpisode(state.emittedEpisode())
                .setSequence(state.sequence())
                .setState(visible)
                .setStartsAt(Instant.ofEpochMilli(state.emittedStartsAtMillis()))
                .setEndsAt(visible == AlertState.resolved ? score.getWindowEnd() : null)
                .setAnnotations(AlertText.annotations(rule, evidence, visible))
                .setReason(AlertText.reason(rule, score, visible, step.isRevision()))
                .build();
    }

    /** One judged score: where the alert stood before it and after it, and what was known. */
    private record Step(Phase before, Phase after, RuleState last, long windowEnd, int revision) {

        static Step of(Rule rule, RuleState last, Evidence evidence, long windowEnd) {
            boolean again = last != null && last.windowEndMillis() == windowEnd;
            Phase before = Phase.QUIET;
            if (last != null) {
                before = again ? Phase.before(last) : Phase.after(last);
            }
            Phase after = before.step(rule, rule.judge(evidence), windowEnd, nextEpisode(last));
            return new Step(before, after, last, windowEnd, evidence.score().getRevision());
        }

        /** An episode that was emitted and still runs keeps its number when it is judged again. */
        private static long nextEpisode(RuleState last) {
            if (last == null) {
                return 1;
            }
            return isActive(last.emitted()) ? last.emittedEpisode() : last.episodes() + 1;
        }

        private static boolean isActive(String emitted) {
            return Phase.PENDING.equals(emitted) || Phase.FIRING.equals(emitted);
        }

        boolean isRevision() {
            return last != null && last.windowEndMillis() == windowEnd;
        }

        /** Returns the state to emit; null if it was emitted already. */
        AlertState visible() {
            String emitted = last == null ? null : last.emitted();
            if (Objects.equals(emitted, after.name())) {
                return null;
            }
            if (after.isFiring()) {
                return AlertState.firing;
            }
            // Receivers forget what is pending, so a firing taken back to pending is resolved.
            boolean takenBack = after.isPending() && Phase.FIRING.equals(emitted);
            if (after.isPending() && !takenBack) {
                return AlertState.pending;
            }
            return isActive(emitted) ? AlertState.resolved : null;
        }

        RuleState quietState() {
            return last == null
                    ? state(0, 0, null, 0, 0)
                    : state(
                            last.sequence(),
                            last.episodes(),
                            last.emitted(),
                            last.emittedEpisode(),
                            last.emittedStartsAtMillis());
        }

        RuleState loudState(AlertState visible) {
            long sequence = (last == null ? 0 : last.sequence()) + 1;
            if (visible == AlertState.resolved) {
                return state(
                        sequence,
                        last.episodes(),
                        visible.name(),
                        last.emittedEpisode(),
                        last.emittedStartsAtMillis());
            }
            long episodes = Math.max(last == null ? 0 : last.episodes(), after.episode());
            return state(
                    sequence, episodes, visible.name(), after.episode(), after.startsAtMillis());
        }

        private RuleState state(
                long sequence,
                long episodes,
                String emitted,
                long emittedEpisode,
                long emittedStartsAt) {
            return new RuleState(
                    windowEnd,
                    revision,
                    after.name(),
                    after.breaches(),
                    after.clears(),
                    after.episode(),
                    after.startsAtMillis(),
                    before.name(),
                    before.breaches(),
                    before.clears(),
                    before.episode(),
                    before.startsAtMillis(),
                    sequence,
                    episodes,
                    emitted,
                    emittedEpisode,
                    emittedStartsAt);
        }
    }
}
