package io.driftwatch.job.score;

/** What windows are compared with. */
public enum Baseline {
    /** The whole reference. */
    REFERENCE,

    /**
     * The reference without the window itself, for windows that are parts of the reference:
     * compared with what contains them they would look too similar.
     */
    REST_OF_REFERENCE
}
