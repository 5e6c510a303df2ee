package io.driftwatch.detectors.statistic;

import java.util.List;
import java.util.Optional;

/** The one list of all statistics. */
public final class Statistics {
    private static final List<Statistic> ALL =
            List.of(
                    new PopulationStabilityIndex(),
                    new KullbackLeibler(),
                    new JensenShannon(),
                    new Hellinger(),
                    new TotalVariation(),
                    new LInfinity(),
                    new ChiSquare(),
                    new PooledChiSquare(),
                    new GTest(),
                    new KolmogorovSmirnov(),
                    new CramerVonMises(),
                    new Wasserstein(),
                    new WassersteinSd(),
                    new MissingRate(),
                    new InfiniteRate(),
                    new OutOfRangeRate(),
                    new NewCategoryRate(),
                    new Mean(),
                    new StandardDeviation());

    private static final List<String> DEFAULTS =
            List.of(
                    "psi",
                    "chi2",
                    "ks",
                    "missing_rate",
                    "infinite_rate",
                    "out_of_range_rate",
                    "new_category_rate");

    private Statistics() {}

    /** All statistics, effect sizes and tests first, then data quality, then moments. */
    public static List<Statistic> all() {
        return ALL;
    }

    /** The statistic of this name, if there is one. */
    public static Optional<Statistic> named(String name) {
        return ALL.stream().filter(statistic -> statistic.name().equals(name)).findFirst();
    }

    /** The names of all statistics. */
    public static List<String> names() {
        return ALL.stream().map(Statistic::name).toList();
    }

    /** The names of those that are measured where nothing is configured. */
    public static List<String> defaults() {
        return DEFAULTS;
    }
}
