package io.driftwatch.benchmarks;

import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.significance.Multiplicity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.random.RandomGenerator.SplittableGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/**
 * Windows of known distribution, measured the way the monitor measures them: value by value into a
 * counter, its tally against the profile. Everything follows from the seed, whatever the number of
 * cores: each task has a generator of its own, split off before any of them runs.
 */
final class Simulation {
    /** Rows of every reference. */
    static final int REFERENCE_ROWS = 100_000;

    /** After so many windows a new reference is drawn. */
    static final int WINDOWS_PER_REFERENCE = 500;

    private final long seed;

    Simulation(long seed) {
        this.seed = seed;
    }

    /**
     * What is drawn.
     *
     * @param rows in each window
     * @param copies how often each value stands in a row, in windows and in the reference
     * @param overdispersion what the comparison is told of that
     */
    record Condition(Population population, int rows, int copies, double overdispersion) {
        static Condition independent(Population population, int rows) {
            return new Condition(population, rows, 1, 1);
        }
    }

    /** How often each rule alarms, in the order of the rules. */
    List<Rate> rates(String name, Condition condition, int windows, List<AlarmRule> rules) {
        List<long[]> counts =
                outcomes(
                        name,
                        condition,
                        windows,
                        () -> new long[rules.size()],
                        (alarms, outcome) -> {
                            for (int i = 0; i < alarms.length; i++) {
                                alarms[i] += rules.get(i).alarms().test(outcome) ? 1 : 0;
                            }
                        });
        return IntStream.range(0, rules.size())
                .mapToObj(i -> new Rate(counts.stream().mapToLong(c -> c[i]).sum(), windows))
                .toList();
    }

    /** One number of each window, from the smallest to the largest. */
    double[] sorted(
            String name, Condition condition, int windows, ToDoubleFunction<Outcome> number) {
        List<List<Double>> numbers =
                outcomes(
                        name,
                        condition,
                        windows,
                        ArrayList::new,
                        (list, outcome) -> list.add(number.applyAsDouble(outcome)));
        double[] all = numbers.stream().flatMap(List::stream).mapToDouble(d -> d).toArray();
        Arrays.sort(all);
        return all;
    }

    private <T> List<T> outcomes(
            String name,
            Condition condition,
            int windows,
            Supplier<T> start,
            BiConsumer<T, Outcome> add) {
        Population population = condition.population();
        return tasks(
                name + condition.rows() + population.name() + population.bins(),
                windows,
                WINDOWS_PER_REFERENCE,
                (random, share) -> {
                    FeatureProfile reference =
                            population.reference(random, REFERENCE_ROWS, condition.copies());
                    Population.Windows drawn = population.against(reference);
                    T result = start.get();
                    for (int i = 0; i < share; i++) {
                        add.accept(
                                result,
                                Outcome.of(
                                        reference,
                                        drawn.draw(random, condition.rows(), condition.copies()),
                                        condition.overdispersion()));
                    }
                    return result;
                });
    }

    /**
     * How many windows of independent features have any alarm at each of the family levels: with
     * Holm's correction, and without correction.
     */
    List<List<Rate>> families(
            String name,
            Population population,
            int features,
            int rows,
            int windows,
            List<Double> levels) {
        List<long[]> counts =
                tasks(
                        name,
                        windows,
                        WINDOWS_PER_REFERENCE,
                        (random, share) ->
                                family(random, population, features, rows, share, levels));
        List<List<Rate>> rates = new ArrayList<>();
        for (int level = 0; level < levels.size(); level++) {
            int index = 2 * level;
            rates.add(
                    List.of(
                            new Rate(counts.stream().mapToLong(c -> c[index]).sum(), windows),
                            new Rate(counts.stream().mapToLong(c -> c[index + 1]).sum(), windows)));
        }
        return rates;
    }

    private static long[] family(
            RandomGenerator random,
            Population population,
            int features,
            int rows,
            int windows,
            List<Double> levels) {
        List<FeatureProfile> references = new ArrayList<>();
        List<Population.Windows> drawn = new ArrayList<>();
        for (int feature = 0; feature < features; feature++) {
            references.add(population.reference(random, REFERENCE_ROWS, 1));
            drawn.add(population.against(references.get(feature)));
        }
        long[] alarms = new long[2 * levels.size()];
        double[] pValues = new double[features];
        for (int window = 0; window < windows; window++) {
            for (int feature = 0; feature < features; feature++) {
                pValues[feature] =
                        Outcome.of(
                                        references.get(feature),
                                        drawn.get(feature).draw(random, rows, 1),
                                        1)
                                .pValue();
            }
            double corrected = Arrays.stream(Multiplicity.holm(pValues)).min().orElseThrow();
            double smallest = Arrays.stream(pValues).min().orElseThrow();
            for (int level = 0; level < levels.size(); level++) {
                alarms[2 * level] += corrected <= levels.get(level) ? 1 : 0;
                alarms[2 * level + 1] += smallest <= levels.get(level) ? 1 : 0;
            }
        }
        return alarms;
    }

    /** The generator of something that is simulated once. */
    SplittableGenerator generator(String name) {
        return RandomGeneratorFactory.<SplittableGenerator>of("L64X128MixRandom")
                .create(31 * seed + name.hashCode());
    }

    /** A part of the windows. */
    private interface Task<T> {
        T run(RandomGenerator random, int windows);
    }

    private <T> List<T> tasks(String name, int windows, int windowsPerTask, Task<T> task) {
        SplittableGenerator root = generator(name);
        List<Supplier<T>> tasks = new ArrayList<>();
        for (int done = 0; done < windows; done += windowsPerTask) {
            SplittableGenerator random = root.split();
            int share = Math.min(windowsPerTask, windows - done);
            tasks.add(() -> task.run(random, share));
        }
        return tasks.parallelStream().map(Supplier::get).toList();
    }
}
