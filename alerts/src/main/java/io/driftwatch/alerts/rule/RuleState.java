package io.driftwatch.alerts.rule;

import io.driftwatch.schemas.AlertState;

/**
 * What a rule remembers of one alert: where it stands after the last judged window, where it stood
 * before that window (so that a revision of the window can be judged again), and what was last
 * emitted. A flat record of simple values because it is stored state; lenient, because state
 * written by another version restores missing text as null and missing numbers as 0.
 *
 * @param windowEndMillis end of the last judged window
 * @param revision revision of the last judged score of that window
 * @param phase {@code pending}, {@code firing}, or null for neither
 * @param breaches breaching windows in a row so far, while pending
 * @param clears clear windows in a row so far, while firing
 * @param episode the running episode; 0 without one
 * @param startsAtMillis end of the window in which the running episode began
 * @param phaseBefore as {@code phase}, before the last judged window
 * @param breachesBefore as {@code breaches}, before the last judged window
 * @param clearsBefore as {@code clears}, before the last judged window
 * @param episodeBefore as {@code episode}, before the last judged window
 * @param startsAtBeforeMillis as {@code startsAtMillis}, before the last judged window
 * @param sequence changes emitted so far
 * @param episodes episodes begun so far
 * @param emitted state that was last emitted: {@code pending}, {@code firing}, {@code resolved}, or
 *     null for none
 * @param emittedEpisode episode that was last emitted
 * @param emittedStartsAtMillis start that was last emitted
 */
public record RuleState(
        long windowEndMillis,
        int revision,
        String phase,
        int breaches,
        int clears,
        long episode,
        long startsAtMillis,
        String phaseBefore,
        int breachesBefore,
        int clearsBefore,
        long episodeBefore,
        long startsAtBeforeMillis,
        long sequence,
        long episodes,
        String emitted,
        long emittedEpisode,
        long emittedStartsAtMillis) {

    /**
     * Returns the state after the alert was ended from outside. Episodes and sequence go on, so
     * that nobody takes a later change for an old one.
     */
    public RuleState ended() {
        return new RuleState(
                windowEndMillis,
                revision,
                null,
                0,
                0,
                0,
                0,
                null,
                0,
                0,
                0,
                0,
                sequence + 1,
                episodes,
                AlertState.resolved.name(),
                emittedEpisode,
                emittedStartsAtMillis);
    }
}
