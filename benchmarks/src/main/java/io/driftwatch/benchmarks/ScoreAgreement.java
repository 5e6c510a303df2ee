package io.driftwatch.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Whether another job finds what the monitor job found: each statistic of each window of which both
 * have seen all records lies within the bounds that the monitor job gives for it.
 */
final class ScoreAgreement {
    /** Sums in another order differ by no more. */
    private static final double ROUNDING = 1e-9;

    private final Map<String, WindowScore> expected = new HashMap<>();

    /**
     * @param scores of the monitor job
     */
    ScoreAgreement(Path scores) throws IOException {
        read(scores).forEach(score -> expected.put(score.place(), score));
    }

    /**
     * Compares the scores of another job.
     *
     * @return how many there were to compare
     * @throws IllegalStateException if one does not agree
     */
    int require(PipelineJob job, Path scores) throws IOException {
        int compared = 0;
        for (WindowScore score : read(scores)) {
            WindowScore other = expected.get(score.place());
            // The last window of the shorter topic is cut short.
            if (other != null && other.count() == score.count()) {
                compared++;
                if (!agree(score, other)) {
                    throw new IllegalStateException(
                            job.title() + " found " + score + ", but the monitor job " + other);
                }
            }
        }
        return compared;
    }

    /** A value that is not a number agrees with nothing. */
    private static boolean agree(WindowScore score, WindowScore monitor) {
        return score.value() >= monitor.lower() - ROUNDING
                && score.value() <= monitor.upper() + ROUNDING;
    }

    private static List<WindowScore> read(Path scores) throws IOException {
        try (Stream<String> lines = Files.lines(scores)) {
            return lines.map(WindowScore::parse)
                    .filter(s -> s.statistic().equals("psi") || s.statistic().equals("ks"))
                    .toList();
        }
    }
}
