package io.driftwatch.benchmarks;

/** The jobs that are compared. All read the same topic with the same source and decoder. */
enum PipelineJob {
    /** Reads and decodes, with watermarks, and throws everything away: the limit. */
    SOURCE_ONLY("source-only"),

    /** All of {@code driftwatch monitor}. */
    MONITOR("job"),

    /** The job, but records are keyed by model version before they are counted. */
    KEYED_TALLY("keyed, then tallied"),

    /** One element for each feature, keyed by feature, counted over cells as they come. */
    PRE_AGGREGATED("pre-aggregated"),

    /** One element for each feature, keyed by feature, kept until the window's end. */
    OBVIOUS("obvious");

    private final String title;

    PipelineJob(String title) {
        this.title = title;
    }

    /** How tables call it. */
    String title() {
        return title;
    }
}
