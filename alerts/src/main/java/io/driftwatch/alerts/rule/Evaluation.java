package io.driftwatch.alerts.rule;

import io.driftwatch.schemas.Alert;

/**
 * The outcome of judging one score.
 *
 * @param state what to remember, never null
 * @param transition the change to emit; null if nothing changed
 */
public record Evaluation(RuleState state, Alert transition) {}
