package io.driftwatch.job.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.driftwatch.alerts.rule.Rule;
import io.driftwatch.detectors.dependence.Dependence;
import io.driftwatch.detectors.dependence.Season;
import io.driftwatch.detectors.profile.Tally;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.TestingConfig;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.profile.ReferenceSample;
import io.driftwatch.job.profile.TestingProfiles;
import io.driftwatch.job.significance.TestPlan;
import io.driftwatch.job.tally.Counts;
import io.driftwatch.job.tally.SampleKey;
import io.driftwatch.job.tally.SeriesKey;
import io.driftwatch.job.window.WindowTally;
import io.driftwatch.schemas.BinChange;
import io.driftwatch.schemas.DriftSeverity;
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

    private final Scorer scorer = scorer(MODEL, List.of(), Baseline.REFERENCE);

    private static Scorer scorer(ModelConfig model, List<Rule> rules, Baseline baseline) {
        ModelProfiles profiles =
                new ModelProfiles(
                        List.of(
                                TestingProfiles.flights(SampleKey.whole("flights", "default")),
                                TestingProfiles.flights(
                                        new SampleKey("flights", "default", "origin", "JFK"))));
        return new Scorer(model, rules, TestPlan.of(model, rules, profiles), baseline, profiles);
    }

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

    private static final String AUTO =
            """
            models:
              - name: flights
                profile: p.avro
                streams: [{role: inference, topic: flights, event_time: at}]
                window: {size: 1h}
                statistics: [psi, ks, mean, missing_rate]
                significance: 0.01
            """;

    private static Score score(Scorer scorer, Tally tally, String statistic) {
        return scorer
                .score(
                        new WindowTally(
                                DISTANCE,
                                START.toEpochMilli(),
                                START.plusSeconds(3600).toEpochMilli(),
                                tally.toBytes(),
                                0))
                .stream()
                .filter(s -> s.getStatistic().equals(statistic))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void saysWhatChanceAloneMakesOfTheStatistic() {
        Score psi = score(DISTANCE, distances(4, 10, 20, 30, 40)).get(0);

        // Four bins, 1/100 + 1/100; chi-square with 3 degrees of freedom exceeds 16.266 at 0.001.
        assertThat(psi.getNullLevel()).isCloseTo(3 * 0.02, within(1e-12));
        assertThat(psi.getCriticalValue()).isCloseTo(16.2662362 * 0.02, within(1e-8));
        assertThat(psi.getExcess()).isCloseTo(psi.getValue() - 0.06, within(1e-12));
        assertThat(psi.getMinimumDetectable()).isGreaterThan(psi.getCriticalValue());
        assertThat(psi.getOverdispersion()).isNull();
        assertThat(psi.getSeverity()).isEqualTo(DriftSeverity.none);
        assertThat(psi.getNeededCount()).isEqualTo(10);
    }

    @Test
    void gradesADriftAndNamesTheBinThatChangedMost() {
        Score psi = score(DISTANCE, distances(0, 1, 2, 3, 194)).get(0);

        assertThat(psi.getSeverity()).isEqualTo(DriftSeverity.critical);
        assertThat(psi.getLargestChange()).isEqualTo(new BinChange("> 75.0", 0.97, 0.25));
        assertThat(score(DISTANCE, distances(50, 25, 25, 25, 25)).get(1).getLargestChange())
                .isNull();
    }

    @Test
    void leavesTheNeededCountToTheStatisticUnlessItIsGiven() {
        Scorer auto = scorer(TestingConfig.model(AUTO), List.of(), Baseline.REFERENCE);

        Score few = score(auto, distances(0, 4, 5, 5, 5), "psi");
        assertThat(few.getStatus()).isEqualTo(ScoreStatus.insufficient_data);
        assertThat(few.getNeededCount()).isEqualTo(20);
        assertThat(few.getReason()).startsWith("19 values in the window, psi needs 20: ");
        assertThat(score(auto, distances(0, 5, 5, 5, 5), "psi").getStatus())
                .isEqualTo(ScoreStatus.scored);
        assertThat(score(auto, distances(0, 5, 5, 5, 5), "mean").getNeededCount()).isEqualTo(30);
        assertThat(score(auto, distances(0, 1, 1, 1, 1), "ks").getStatus())
                .isEqualTo(ScoreStatus.scored);
    }

    @Test
    void needsEnoughValuesForTheThresholdOfTheRules() {
        MonitorConfig config =
                TestingConfig.read(
                        AUTO
                                + """
                                rules:
                                  - {alert: Drift, statistic: psi, above: 0.5, by_feature: {distance: 0.4}}
                                  - {alert: Other, statistic: psi, above: 0.01, features: [origin]}
                                  - {alert: Below, statistic: psi, below: 0.001}
                                """);
        Scorer scorer = scorer(config.models().get(0), config.alerts().rules(), Baseline.REFERENCE);

        // 11.3449 (1/n + 1/100) <= 0.4
        long needed = (long) Math.ceil(1 / (0.4 / 11.344866730144373 - 0.01));
        Score psi = score(scorer, distances(0, 5, 5, 5, 5), "psi");
        assertThat(psi.getStatus()).isEqualTo(ScoreStatus.insufficient_data);
        assertThat(psi.getNeededCount()).isEqualTo(needed);
    }

    @Test
    void saysThatNoWindowIsLargeEnoughForASmallReference() {
        MonitorConfig config =
                TestingConfig.read(AUTO + "rules: [{alert: Drift, statistic: psi, above: 0.1}]\n");
        Scorer scorer = scorer(config.models().get(0), config.alerts().rules(), Baseline.REFERENCE);

        Score psi = score(scorer, distances(0, 500, 500, 500, 500), "psi");

        assertThat(psi.getStatus()).isEqualTo(ScoreStatus.insufficient_data);
        assertThat(psi.getNeededCount()).isNull();
        assertThat(psi.getReason()).contains("only 100 in the reference no window is large enough");
    }

    @Test
    void comparesAPartOfTheReferenceWithTheRestOfIt() {
        ModelConfig model = TestingConfig.model(AUTO);
        Scorer rest = scorer(model, List.of(), Baseline.REST_OF_REFERENCE);
        // The ten smallest of the values 1 to 100.
        int[] cells = {1, 3, 5, 7, 9, 11, 13, 15, 17, 19};
        long[] ones = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
        Tally part = Tally.of(cells, ones, 0, 0, 0, 0);

        Score ks = score(rest, part, "ks");
        assertThat(ks.getValue()).isOne();
        assertThat(ks.getReferenceCount()).isEqualTo(90);
        assertThat(score(scorer(model, List.of(), Baseline.REFERENCE), part, "ks").getValue())
                .isCloseTo(0.9, within(1e-12));

        List<Score> foreign =
                rest.score(
                        new WindowTally(
                                DISTANCE, 0, 3600_000, distances(0, 50, 1, 1, 1).toBytes(), 0));
        assertThat(foreign)
                .singleElement()
                .satisfies(
                        s -> {
                            assertThat(s.getStatus()).isEqualTo(ScoreStatus.not_evaluable);
                            assertThat(s.getReason()).contains("not part of the reference");
                        });
    }

    @Test
    void aWindowThatLacksRowsOfANewFeatureIsNotScored() {
        Tally tally = distances(4, 10, 20, 30, 40);
        long start = START.toEpochMilli();
        byte[] partial = new Counts(tally, start + 1).toBytes();
        byte[] whole = new Counts(tally, start).toBytes();

        assertThat(scorer.score(new WindowTally(DISTANCE, start, start + 3600_000, partial, 0)))
                .singleElement()
                .satisfies(
                        score -> {
                            assertThat(score.getStatus()).isEqualTo(ScoreStatus.not_evaluable);
                            assertThat(score.getCount()).isEqualTo(104);
                            assertThat(score.getReason()).contains("watched only since");
                        });
        assertThat(scorer.score(new WindowTally(DISTANCE, start, start + 3600_000, whole, 2)))
                .isEqualTo(score(DISTANCE, tally));
    }

    @Test
    void allowsForTheOverdispersionOfTheReference() {
        ReferenceSample sample = TestingProfiles.flights(SampleKey.whole("flights", "default"));
        ReferenceSample dependent =
                TestingProfiles.withDependence(
                        sample, "distance", new Dependence(25, 4, Season.NONE, Double.NaN));
        ModelProfiles profiles = new ModelProfiles(List.of(dependent));
        Scorer scorer =
                new Scorer(
                        MODEL,
                        List.of(),
                        TestPlan.of(MODEL, List.of(), profiles),
                        Baseline.REFERENCE,
                        profiles);

        Score plain = score(this.scorer, distances(0, 10, 20, 30, 40), "psi");
        Score allowed = score(scorer, distances(0, 10, 20, 30, 40), "psi");

        assertThat(allowed.getOverdispersion()).isEqualTo(4);
        assertThat(allowed.getValue()).isEqualTo(plain.getValue());
        assertThat(allowed.getCriticalValue())
                .isCloseTo(4 * plain.getCriticalValue(), within(1e-12));
        assertThat(allowed.getPValue()).isGreaterThan(plain.getPValue());
    }
}
