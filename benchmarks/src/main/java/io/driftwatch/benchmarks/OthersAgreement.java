package io.driftwatch.benchmarks;

import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import io.driftwatch.schemas.json.AvroJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Whether a script of {@code benchmarks/others} did the same work as Driftwatch: for each window
 * and feature the same psi, and a ks within the bounds that Driftwatch gives for it.
 */
final class OthersAgreement {
    /** Sums in another order differ by less. */
    private static final double ROUNDING = 1e-9;

    private static final String PSI = "psi";
    private static final String KS = "ks";

    private final Map<String, WindowScore> scores = new TreeMap<>();

    /** The scores that {@code driftwatch replay} wrote. */
    static OthersAgreement ofReplay(Path scoresFile) throws IOException {
        OthersAgreement agreement = new OthersAgreement();
        try (Stream<String> lines = Files.lines(scoresFile)) {
            lines.map(line -> AvroJson.fromJson(line, Score.class))
                    .filter(score -> score.getStatus() == ScoreStatus.scored)
                    .forEach(
                            score ->
                                    agreement.expect(
                                            new WindowScore(
                                                    score.getFeature(),
                                                    score.getWindowStart().toEpochMilli(),
                                                    score.getStatistic(),
                                                    score.getCount(),
                                                    score.getValue(),
                                                    score.getLower(),
                                                    score.getUpper())));
        }
        return agreement;
    }

    /** The scores that {@link PipelineRun} wrote. */
    static OthersAgreement ofJob(Path scoresFile) throws IOException {
        OthersAgreement agreement = new OthersAgreement();
        try (Stream<String> lines = Files.lines(scoresFile)) {
            lines.map(WindowScore::parse).forEach(agreement::expect);
        }
        return agreement;
    }

    private void expect(WindowScore score) {
        if (score.statistic().equals(PSI) || score.statistic().equals(KS)) {
            scores.put(score.place(), score);
        }
    }

    /**
     * Compares what a script wrote: lines of window start, feature, psi and ks.
     *
     * @param windows that it must have scored
     * @return how many values were compared
     * @throws IllegalStateException if one differs or is missing
     */
    int require(Path report, long windows) throws IOException {
        Set<String> seen = new HashSet<>();
        try (Stream<String> lines = Files.lines(report)) {
            lines.skip(1).forEach(line -> require(line.split(",", -1), seen));
        }
        long expected = 2 * windows * WindowedRecords.SHAPE.numeric();
        if (seen.size() != expected) {
            throw new IllegalStateException(
                    report + " holds " + seen.size() + " values, expected " + expected);
        }
        return seen.size();
    }

    private void require(String[] cells, Set<String> seen) {
        long start = Long.parseLong(cells[0]);
        WindowScore psi = expected(cells[1], start, PSI, seen);
        double difference = Math.abs(Double.parseDouble(cells[2]) - psi.value());
        WindowScore ks = expected(cells[1], start, KS, seen);
        double value = Double.parseDouble(cells[3]);
        boolean within = value >= ks.lower() - ROUNDING && value <= ks.upper() + ROUNDING;
        // Written so that NaN agrees with nothing.
        if (!(difference <= ROUNDING * psi.value()) || !within) {
            throw new IllegalStateException(
                    "a script found "
                            + String.join(",", cells)
                            + ", Driftwatch "
                            + psi
                            + ", "
                            + ks);
        }
    }

    private WindowScore expected(String feature, long start, String statistic, Set<String> seen) {
        String place = new WindowScore(feature, start, statistic, 0, 0, 0, 0).place();
        WindowScore score = scores.get(place);
        if (score == null || !seen.add(place)) {
            throw new IllegalStateException(
                    "a script scored "
                            + place
                            + (score == null ? ", Driftwatch did not" : " twice"));
        }
        return score;
    }
}
