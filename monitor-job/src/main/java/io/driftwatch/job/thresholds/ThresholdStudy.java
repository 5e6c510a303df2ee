package io.driftwatch.job.thresholds;

import io.driftwatch.detectors.statistic.Statistic;
import io.driftwatch.detectors.statistic.Statistics;
import io.driftwatch.schemas.DriftSeverity;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Proposes thresholds from the scores of a history that is believed to hold no drift, or little:
 * for every statistic that is a size of a drift, of every feature of the whole model.
 */
public final class ThresholdStudy {
    /** Proposals are rounded up, so that none lies below what it was made from. */
    private static final MathContext DIGITS = new MathContext(2, RoundingMode.CEILING);

    /** A share that nobody would want to be told of, however significant. */
    private static final double LEAST_RATE = 0.01;

    private final Method method;
    private final double level;
    private final Map<String, List<Score>> series = new TreeMap<>();

    /**
     * @param level the p-value of one test that still counts as more than chance
     */
    public ThresholdStudy(Method method, double level) {
        this.method = method;
        this.level = level;
    }

    /** Whether thresholds are proposed for a statistic: sizes of a drift, not tests or moments. */
    public static boolean covers(String statistic) {
        return Statistics.named(statistic)
                .filter(s -> !s.name().equals("mean"))
                .filter(Statistic::isGraded)
                .isPresent();
    }

    /** Takes one score; those without a value, of segments, or of other statistics say nothing. */
    public void add(Score score) {
        if (score.getStatus() == ScoreStatus.scored
                && score.getSegment().isEmpty()
                && covers(score.getStatistic())) {
            series.computeIfAbsent(
                            score.getStatistic() + '\n' + score.getFeature(),
                            key -> new ArrayList<>())
                    .add(score);
        }
    }

    /** One proposal for each series, by statistic and feature. */
    public List<Proposal> proposals() {
        return series.values().stream().map(this::propose).toList();
    }

    private Proposal propose(List<Score> scores) {
        double[] values = scores.stream().mapToDouble(Score::getValue).sorted().toArray();
        double largest = values[values.length - 1];
        double law = median(scores.stream().map(Score::getCriticalValue).toList());
        double mean3sd = mean3sd(values);
        double threshold =
                rounded(
                        Math.max(
                                least(scores.get(0)),
                                switch (method) {
                                    case LAW -> Double.isNaN(law) ? largest : law;
                                    case HISTORY -> largest;
                                    case MEAN_3SD -> Double.isNaN(mean3sd) ? largest : mean3sd;
                                }));
        List<Instant> fired =
                scores.stream()
                        .filter(score -> fires(score, threshold))
                        .map(Score::getWindowStart)
                        .sorted()
                        .toList();
        return new Proposal(
                scores.get(0).getFeature(),
                scores.get(0).getStatistic(),
                values.length,
                (long) median(scores.stream().map(s -> (double) s.getCount()).toList()),
                values[values.length / 2],
                largest,
                law,
                mean3sd,
                threshold,
                fired);
    }

    private static double least(Score score) {
        return isRate(score.getStatistic()) ? LEAST_RATE : 0;
    }

    /** Whether it is a share of values, of which even a small rise can be significant. */
    static boolean isRate(String statistic) {
        return statistic.endsWith("_rate");
    }

    /** Whether the rule that {@link RuleFragment} writes would be breached. */
    private boolean fires(Score score, double threshold) {
        if (!(score.getValue() > threshold)) {
            return false;
        }
        return method == Method.MEAN_3SD
                || (score.getPValue() != null
                        && score.getPValue() <= level
                        && (isRate(score.getStatistic()) || isLowAtLeast(score)));
    }

    /** A score has no grade where nothing is known of what chance makes of it. */
    private static boolean isLowAtLeast(Score score) {
        return score.getSeverity() != null && score.getSeverity().compareTo(DriftSeverity.low) >= 0;
    }

    private static double mean3sd(double[] values) {
        double mean = java.util.Arrays.stream(values).average().orElse(Double.NaN);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return values.length < 2 ? Double.NaN : mean + 3 * Math.sqrt(squares / (values.length - 1));
    }

    private static double median(List<Double> numbers) {
        double[] known =
                numbers.stream().filter(n -> n != null).mapToDouble(n -> n).sorted().toArray();
        return known.length == 0 ? Double.NaN : known[known.length / 2];
    }

    private static double rounded(double threshold) {
        return BigDecimal.valueOf(threshold).round(DIGITS).doubleValue();
    }

    /** The statistics that have a proposal, in the order of the list of all. */
    public static List<String> statistics(List<Proposal> proposals) {
        List<String> known = proposals.stream().map(Proposal::statistic).distinct().toList();
        return Statistics.all().stream().map(Statistic::name).filter(known::contains).toList();
    }
}
