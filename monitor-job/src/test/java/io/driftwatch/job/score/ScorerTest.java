package io.driftwatch.job.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.driftwatch.detectors.profile.Tally;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.TestingConfig;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.profile.TestingProfiles;
import io.driftwatch.job.tally.SampleKey;
import io.driftwatch.job.tally.SeriesKey;
import io.driftwatch.job.window.WindowTally;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScorerTest {
    private static final ModelConfig MODEL =
            TestingConfig.model(
                    """
                    models:
                      - name: flights
                        profile: p.avro
                        streams: [{role: inference, topic: flights, event_time: at}]
                        window: {size: 1h, min_count: 10}
                        statistics: [psi, missing_rate, out_of_range_rate, new_category_rate]
                        features:
                          distance: {type: numeric}
                          origin: {type: categorical, statistics: [chi2, psi]}
                    """);
    private static final SeriesKey DISTANCE =
            series(SampleKey.whole("flights", "default"), "distance");
    private static final SeriesKey ORIGIN = series(SampleKey.whole("flights", "default"), "origin");
    private static final Instant START = Instant.parse("2001-06-15T12:00:00Z");

    private final Scorer scorer =
            new Scorer(
                    MODEL,
                    new ModelProfiles(
                            List.of(
                                    TestingProfiles.flights(SampleKey.whole("flights", "default")),
                                    TestingProfiles.flights(
                                            new SampleKey(
                                                    "flights", "default", "origin", "JFK")))));

    private static SeriesKey series(SampleKey key, String feature) {
        return key.feature(feature, TestingProfiles.flights(key).feature(feature).layout());
    }

    private List<Score> score(SeriesKey series, Tally tally) {
        return scorer.score(
                new WindowTally(
                        series,
                        START.toEpochMilli(),
                        START.plusSeconds(3600).toEpochMilli(),
                        tally.toBytes(),
                        2));
    }

    /** Values 1 to 100 have the cells 1, 3, ... 199; what is larger has cell 200. */
    private static Tally distances(long missing, long... countOfValueInQuarter) {
        int[] cells = {1, 51, 101, 151};
        return Tally.of(cells, countOfValueInQuarter, missing, 0, 0, 0);
    }

    @Test
    void scoresEveryConfiguredStatisticThatIsDefinedForTheType() {
        List<Score> scores = score(DISTANCE, distances(4, 10, 20, 30, 40));

        assertThat(scores)
                .extracting(Score::getStatistic)
                .containsExactly("psi", "missing_rate", "out_of_range_rate");
        Score psi = scores.get(0);
        assertThat(psi.getModel()).isEqualTo("flights");
        assertThat(psi.getModelVersion()).isEqualTo("default");
        assertThat(psi.getSegment()).isEmpty();
        assertThat(psi.getFeature()).isEqualTo("distance");
        assertThat(psi.getStatus()).isEqualTo(ScoreStatus.scored);
        assertThat(psi.getReason()).isNull();
        assertThat(psi.getCount()).isEqualTo(100);
        assertThat(psi.getReferenceCount()).isEqualTo(100);
        assertThat(psi.getWindowStart()).isEqualTo(START);
        assertThat(psi.getWindowEnd()).isEqualTo(START.plusSeconds(3600));
        assertThat(psi.getRevision()).isEqualTo(2);
        double expected = 0;
        for (int count : new int[] {10, 20, 30, 40}) {
            double p = 25.5 / 102;
            double q = (count + 0.5) / 102;
            expected += (p - q) * Math.log(p / q);
        }
        assertThat(psi.getValue()).isCloseTo(expected, within(1e-12));
        assertThat(psi.getLower()).isEqualTo(psi.getValue());
        assertThat(psi.getUpper()).isEqualTo(psi.getValue());
        // Chi-square of two samples of equal size, sum (a - b)^2 / (a + b), 3 degrees of freedom.
        double chi2 = 225 / 35.0 + 25 / 45.0 + 25 / 55.0 + 225 / 65.0;
        assertThat(chi2).isCloseTo(10.9002109, within(1e-7));
        assertThat(psi.getPValue()).isCloseTo(0.0122779, within(1e-6));
        assertThat(psi.getCriticalValue()).isPositive();
        assertThat(scores.get(1).getValue()).isCloseTo(4 / 104.0, within(1e-15));
        assertThat(scores.get(1).getCount()).isEqualTo(104);
        assertThat(scores.get(2).getValue()).isZero();
    }

    @Test
    void scoresAFeatureByItsOwnStatistics() {
        Tally tally = Tally.of(new int[] {0, 1, 2}, new long[] {60, 30, 10}, 0, 0, 0, 0);

        assertThat(score(ORIGIN, tally))
                .extracting(Score::getStatistic, Score::getStatus)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("chi2", ScoreStatus.scored),
                        org.assertj.core.groups.Tuple.tuple("psi", ScoreStatus.scored));
    }

    @Test
    void scoresASegmentAgainstItsOwnReference() {
        SeriesKey jfk = series(new SampleKey("flights", "default", "origin", "JFK"), "distance");

        assertThat(score(jfk, distances(0, 5, 5, 5, 5)))
                .allSatisfy(s -> assertThat(s.getSegment()).isEqualTo(Map.of("origin", "JFK")));
    }

    @Test
    void saysThatThereAreTooFewValues() {
        List<Score> scores = score(DISTANCE, distances(3, 1, 3, 2, 3));

        Score psi = scores.get(0);
        assertThat(psi.getStatus()).isEqualTo(ScoreStatus.insufficient_data);
        assertThat(psi.getReason())
                .isEqualTo("9 values in the window, window.min_count asks for 10");
        assertThat(psi.getValue()).isNull();
        assertThat(psi.getPValue()).isNull();
        assertThat(psi.getCount()).isEqualTo(9);
        // The share of missing rows rests on all 12 rows.
        assertThat(scores.get(1).getStatus()).isEqualTo(ScoreStatus.scored);
    }

    @Test
    void saysWhyThereIsNoValueAtAll() {
        List<Score> scores = score(DISTANCE, Tally.of(new int[0], new long[0], 50, 3, 0, 0));

        Score psi = scores.get(0);
        assertThat(psi.getStatus()).isEqualTo(ScoreStatus.not_evaluable);
        assertThat(psi.getReason())
                .startsWith("The window has no finite value (50 missing, 3 infinite)");
        assertThat(psi.getValue()).isNull();
        assertThat(scores.get(1).getValue()).isCloseTo(50 / 53.0, within(1e-15));
    }

    @Test
    void saysThatAnUnknownVersionHasNoReference() {
        SeriesKey unknown = SampleKey.whole("flights", "v9").everyFeature();

        List<Score> scores = score(unknown, Tally.of(new int[0], new long[0], 7, 0, 0, 0));

        assertThat(scores).hasSize(1);
        Score score = scores.get(0);
        assertThat(score.getModelVersion()).isEqualTo("v9");
        assertThat(score.getFeature()).isEqualTo("*");
        assertThat(score.getStatistic()).isEqualTo("*");
        assertThat(score.getStatus()).isEqualTo(ScoreStatus.not_evaluable);
        assertThat(score.getCount()).isEqualTo(7);
        assertThat(score.getReason())
                .isEqualTo(
                        "no reference profile for version 'v9'; known are [default]. Build one"
                                + " with driftwatch profile");
    }

    @Test
    void doesNotCompareCountsOfAnotherProfile() {
        Tally fits = distances(0, 5, 5, 5, 5);
        SampleKey whole = SampleKey.whole("flights", "default");

        for (SeriesKey other :
                List.of(
                        whole.feature("distance", DISTANCE.layout() + 1),
                        whole.feature("gone", DISTANCE.layout()))) {
            assertThat(score(other, fits))
                    .singleElement()
                    .satisfies(
                            s -> {
                                assertThat(s.getStatus()).isEqualTo(ScoreStatus.not_evaluable);
                                assertThat(s.getReason()).contains("another profile");
                            });
        }
    }
}
