package io.driftwatch.benchmarks;

/**
 * A job whose cost per record is measured.
 *
 * @param features numeric features
 * @param window the model's {@code window}
 * @param referenceRows rows that the profile is made of
 * @param parallelism subtasks of every operator
 * @param partitions of the topic
 */
record CostCase(int features, String window, int referenceRows, int parallelism, int partitions) {
    /** What all the others differ from in one way. */
    static final CostCase USUAL =
            new CostCase(20, "{size: 1h, slide: 1h}", Workload.REFERENCE_ROWS, 1, 1);

    /** The records that a job reads: cases share them that agree in this. */
    record Records(int features, int partitions) {
        Workload.Shape shape() {
            return Workload.Shape.numbers(features);
        }
    }

    CostCase withFeatures(int other) {
        return new CostCase(other, window, referenceRows, parallelism, partitions);
    }

    CostCase withWindow(String other) {
        return new CostCase(features, other, referenceRows, parallelism, partitions);
    }

    CostCase withReferenceRows(int other) {
        return new CostCase(features, window, other, parallelism, partitions);
    }

    CostCase withParallelism(int other, int otherPartitions) {
        return new CostCase(features, window, referenceRows, other, otherPartitions);
    }

    Records records() {
        return new Records(features, partitions);
    }
}
