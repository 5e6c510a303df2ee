package io.driftwatch.alerts.rule;

/**
 * Where an alert stands between two windows: the heart of the state machine, without what was
 * emitted.
 *
 * @param name {@link #PENDING}, {@link #FIRING}, or null for neither
 * @param breaches breaching windows in a row, while pending
 * @param clears clear windows in a row, while firing
 * @param episode the running episode; 0 without one
 * @param startsAtMillis end of the window in which the running episode began
 */
record Phase(String name, int breaches, int clears, long episode, long startsAtMillis) {
    static final String PENDING = "pending";
    static final String FIRING = "firing";

    static final Phase QUIET = new Phase(null, 0, 0, 0, 0);

    static Phase after(RuleState state) {
        return new Phase(
                state.phase(),
                state.breaches(),
                state.clears(),
                state.episode(),
                state.startsAtMillis());
    }

    static Phase before(RuleState state) {
        return new Phase(
                state.phaseBefore(),
                state.breachesBefore(),
                state.clearsBefore(),
                state.episodeBefore(),
                state.startsAtBeforeMillis());
    }

    boolean isFiring() {
        return FIRING.equals(name);
    }

    boolean isPending() {
        return PENDING.equals(name);
    }

    /** Goes on by one window; {@code nextEpisode} is the number of an episode that begins now. */
    Phase step(Rule rule, Judgement judgement, long windowEndMillis, long nextEpisode) {
        return switch (judgement) {
            case UNKNOWN -> this;
            case HOLD -> isFiring() ? stillFiring() : QUIET;
            case CLEAR -> clear(rule);
            case BREACH -> breach(rule, windowEndMillis, nextEpisode);
        };
    }

    private Phase stillFiring() {
        return new Phase(FIRING, 0, 0, episode, startsAtMillis);
    }

    private Phase clear(Rule rule) {
        return isFiring() && clears < rule.keepFiringFor()
                ? new Phase(FIRING, 0, clears + 1, episode, startsAtMillis)
                : QUIET;
    }

    private Phase breach(Rule rule, long windowEndMillis, long nextEpisode) {
        if (isFiring()) {
            return stillFiring();
        }
        int inARow = isPending() ? breaches + 1 : 1;
        boolean fires = inARow >= rule.forWindows();
        return new Phase(
                fires ? FIRING : PENDING,
                fires ? 0 : inARow,
                0,
                isPending() ? episode : nextEpisode,
                isPending() ? startsAtMillis : windowEndMillis);
    }
}
