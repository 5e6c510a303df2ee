package io.driftwatch.detectors.dependence;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.statistics.distribution.FDistribution;

/**
 * Finds what a distribution varies with, again and again: the hour of the day or the day of the
 * week, in UTC.
 *
 * <p>Blocks are summed to units, the hours or the days of the calendar, as blocks of one hour or
 * day have more in common than the season. Units of the same hour of day, or day of week, are a
 * class. With shares p<sub>k</sub> of all, p<sub>ck</sub> of a class, p<sub>uk</sub> of a unit u of
 * n<sub>u</sub> values:
 *
 * <pre>
 * between = sum over u, k of n_u (p_ck - p_k)^2 / p_k, df = (classes - 1)(K - 1)
 * within  = sum over u, k of n_u (p_uk - p_ck)^2 / p_k, df = (units - classes)(K - 1)
 * ratio   = (between / df) / (within / df)
 * </pre>
 *
 * <p>The two sum to the homogeneity chi-square of the units. The ratio is 1 on average without a
 * season, however much the blocks vary otherwise. It is significant if an F test says so at {@value
 * #LEVEL}. Where bins vary together, as with a mean that wanders, K - 1 bins are worth fewer
 * degrees of freedom: their number is estimated as in Dempster (1958, <a
 * href="https://doi.org/10.1214/aoms/1177706437">doi:10.1214/aoms/1177706437</a>), from products of
 * residuals of different units, and rather too low where these are few.
 *
 * <p>An hour of day needs blocks of at most 12 hours over at least 2 days, a day of week blocks of
 * at most a day over at least 2 weeks. Of two seasons the one with the larger ratio is reported.
 * Local time, holidays and other periods are not looked at. Cost: O((blocks + {@value #NEIGHBOURS}
 * units) x bins).
 */
final class Seasonality {
    private static final double LEVEL = 0.001;

    /** With how many units after it each one is compared, to see which bins vary together. */
    private static final int NEIGHBOURS = 20;

    /** By how many standard errors the dimensions are estimated too low. */
    private static final double CAUTION = 3;

    private static final Duration LONGEST_FOR_HOURS = Duration.ofHours(12);
    private static final Duration LONGEST_FOR_DAYS = Duration.ofDays(1);
    private static final Duration SHORTEST_FOR_HOURS = Duration.ofDays(2);
    private static final Duration SHORTEST_FOR_DAYS = Duration.ofDays(14);

    private final BinTotals totals;
    private final List<Unit> units = new ArrayList<>();
    private final Map<Integer, Unit> classes = new TreeMap<>();

    private Seasonality(BinTotals totals) {
        this.totals = totals;
    }

    /**
     * A season that was found.
     *
     * @param season what the distribution varies with
     * @param ratio how many times more it varies between classes than within them
     */
    record Found(Season season, double ratio) {}

    /** Values of one hour or day, or of all of a class, over the bins that are not empty. */
    private static final class Unit {
        final int classOf;
        final double[] counts;
        double count;

        Unit(int classOf, int bins) {
            this.classOf = classOf;
            this.counts = new double[bins];
        }

        double share(int bin) {
            return counts[bin] / count;
        }
    }

    /** The season of the blocks, if there is one. All have values. */
    static Optional<Found> find(List<Block> blocks, Duration length, BinTotals totals) {
        Instant first =
                blocks.stream().map(Block::start).min(Comparator.naturalOrder()).orElseThrow();
        Instant last =
                blocks.stream().map(Block::start).max(Comparator.naturalOrder()).orElseThrow();
        Duration covered = Duration.between(first, last.plus(length));
        List<Found> found = new ArrayList<>();
        if (length.compareTo(LONGEST_FOR_HOURS) <= 0
                && covered.compareTo(SHORTEST_FOR_HOURS) >= 0) {
            new Seasonality(totals).find(blocks, Season.HOUR_OF_DAY).ifPresent(found::add);
        }
        if (length.compareTo(LONGEST_FOR_DAYS) <= 0 && covered.compareTo(SHORTEST_FOR_DAYS) >= 0) {
            new Seasonality(totals).find(blocks, Season.DAY_OF_WEEK).ifPresent(found::add);
        }
        return found.stream().max(Comparator.comparingDouble(Found::ratio));
    }

    private Optional<Found> find(List<Block> blocks, Season season) {
        gather(blocks, season == Season.HOUR_OF_DAY);
        int freeClasses = classes.size() - 1;
        int freeUnits = units.size() - classes.size();
        if (freeClasses < 1 || freeUnits < 1) {
            return Optional.empty();
        }
        double between = 0;
        double within = 0;
        for (Unit unit : units) {
            Unit ofClass = classes.get(unit.classOf);
            for (int bin = 0; bin < totals.bins().length; bin++) {
                double perShare = unit.count / totals.shares()[bin];
                between += perShare * square(ofClass.share(bin) - totals.shares()[bin]);
                within += perShare * square(unit.share(bin) - ofClass.share(bin));
            }
        }
        if (within <= 0) {
            return Optional.empty();
        }
        double ratio = between / freeClasses / (within / freeUnits);
        double dimensions = dimensions(within / freeUnits);
        double chance =
                FDistribution.of(dimensions * freeClasses, dimensions * freeUnits)
                        .survivalProbability(ratio);
        return chance < LEVEL ? Optional.of(new Found(season, ratio)) : Optional.empty();
    }

    private void gather(List<Block> blocks, boolean hours) {
        Map<Instant, Unit> byTime = new TreeMap<>();
        for (Block block : blocks) {
            Instant unit = block.start().truncatedTo(hours ? ChronoUnit.HOURS : ChronoUnit.DAYS);
            int classOf =
                    hours
                            ? unit.atOffset(ZoneOffset.UTC).getHour()
                            : unit.atOffset(ZoneOffset.UTC).getDayOfWeek().getValue();
            add(byTime.computeIfAbsent(unit, u -> new Unit(classOf, totals.bins().length)), block);
            add(classes.computeIfAbsent(classOf, c -> new Unit(c, totals.bins().length)), block);
        }
        units.addAll(byTime.values());
    }

    private void add(Unit unit, Block block) {
        for (int i = 0; i < totals.bins().length; i++) {
            unit.counts[i] += block.binCounts()[totals.bins()[i]];
        }
        unit.count += block.count();
    }

    /**
     * How many bins that vary independently of each other, and all as much, would vary like these:
     * (tr S)^2 / tr(S^2) for the covariance S of a unit's scaled residuals.
     *
     * @param trace an estimate of tr S
     */
    private double dimensions(double trace) {
        double sum = 0;
        double sumOfSquares = 0;
        long pairs = 0;
        for (int i = 0; i < units.size(); i++) {
            for (int j = i + 1; j < units.size() && j <= i + NEIGHBOURS; j++) {
                // Residuals of one class sum to 0, so they are not independent.
                if (units.get(i).classOf != units.get(j).classOf) {
                    double squared = square(product(units.get(i), units.get(j)));
                    sum += squared;
                    sumOfSquares += square(squared);
                    pairs++;
                }
            }
        }
        double most = totals.bins().length - 1.0;
        if (pairs == 0 || sum <= 0) {
            return 1;
        }
        double mean = sum / pairs;
        double spread = Math.sqrt(Math.max(0, sumOfSquares / pairs - square(mean)));
        // Cautious where units are few: a number of dimensions too high would invent seasons. The
        // pairs are not independent, the units are.
        double squares = mean + CAUTION * spread / Math.sqrt(units.size());
        // Residuals from a class of few units are smaller than those from its true shares.
        double shrunk = square((double) (units.size() - classes.size()) / units.size());
        return Math.max(1, Math.min(most, trace * trace * shrunk / squares));
    }

    /** The product of two units' residuals from their classes, each bin scaled by its share. */
    private double product(Unit one, Unit other) {
        Unit ofOne = classes.get(one.classOf);
        Unit ofOther = classes.get(other.classOf);
        double sum = 0;
        for (int bin = 0; bin < totals.bins().length; bin++) {
            sum +=
                    (one.share(bin) - ofOne.share(bin))
                            * (other.share(bin) - ofOther.share(bin))
                            / totals.shares()[bin];
        }
        return sum * Math.sqrt(one.count * other.count);
    }

    private static double square(double value) {
        return value * value;
    }
}
