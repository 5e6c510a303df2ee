package io.driftwatch.alerts.rule;

/** What a rule says about one score. */
public enum Judgement {
    /** The value is beyond the threshold and, where asked for, significant and graded so high. */
    BREACH,
    /** It does not breach, but is not clear either: it keeps firing what fires, and no more. */
    HOLD,
    /** The value is known and does not breach. */
    CLEAR,
    /** The window says nothing: it neither breaches nor clears. */
    UNKNOWN
}
