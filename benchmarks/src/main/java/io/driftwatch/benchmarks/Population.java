package io.driftwatch.benchmarks;

import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.CategoryCounter;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.profile.NumericCounter;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Tally;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/** A feature of known distribution, from which references and windows are drawn. */
sealed interface Population {

    /** How tables call it. */
    String name();

    /** The bins of its profiles, as tables say it. */
    String bins();

    /** The profile of a sample of this size, in which each value stands {@code copies} times. */
    FeatureProfile reference(RandomGenerator random, int rows, int copies);

    /** Draws windows that are counted over the cells of a profile of this population. */
    Windows against(FeatureProfile reference);

    /** Windows of one feature, for one thread. */
    interface Windows {
        /** The counts of a fresh sample, in which each value stands {@code copies} times. */
        Tally draw(RandomGenerator random, int rows, int copies);
    }

    /** Normal, mean 0 and standard deviation 1. */
    static Numeric normal(int bins) {
        return new Numeric("normal", bins, RandomGenerator::nextGaussian, 0);
    }

    /** Zero in 40 of 100 rows, else lognormal. */
    static Numeric zeroInflated(int bins) {
        return new Numeric(
                "zero-inflated",
                bins,
                random -> random.nextFloat() < 0.4f ? 0 : Math.exp(random.nextGaussian()),
                0);
    }

    /**
     * A numeric feature.
     *
     * @param shift what is added to the values of windows, not to those of references
     */
    record Numeric(
            String name, int binCount, ToDoubleFunction<RandomGenerator> values, double shift)
            implements Population {

        @Override
        public String bins() {
            return Integer.toString(binCount);
        }

        Numeric shifted(double by) {
            return new Numeric(name, binCount, values, by);
        }

        @Override
        public FeatureProfile reference(RandomGenerator random, int rows, int copies) {
            double[] sample = new double[rows];
            for (int row = 0; row < rows; row++) {
                sample[row] = row % copies == 0 ? values.applyAsDouble(random) : sample[row - 1];
            }
            return NumericProfile.of(sample, binCount);
        }

        @Override
        public Windows against(FeatureProfile reference) {
            NumericCounter counter = ((NumericProfile) reference).newCounter();
            return (random, rows, copies) -> {
                for (int row = 0; row < rows; row += copies) {
                    double value = values.applyAsDouble(random) + shift;
                    for (int copy = 0; copy < copies; copy++) {
                        counter.add(value);
                    }
                }
                return counter.drain();
            };
        }
    }

    /** A hundred categories; the share of the k-th is proportional to 1/k. */
    record Zipf() implements Population {
        private static final int CATEGORIES = 100;
        private static final int SLOT_BITS = 16;

        /** Each category in as many slots as its share demands. */
        private static final String[] SLOTS = slots();

        private static String[] slots() {
            double total = 0;
            for (int k = 1; k <= CATEGORIES; k++) {
                total += 1.0 / k;
            }
            String[] slots = new String[1 << SLOT_BITS];
            int next = 0;
            double cumulative = 0;
            for (int k = 1; k <= CATEGORIES; k++) {
                cumulative += 1.0 / k / total;
                while (next < Math.round(cumulative * slots.length)) {
                    slots[next++] = "category-" + k;
                }
            }
            return slots;
        }

        private static String value(RandomGenerator random) {
            return SLOTS[random.nextInt() >>> (Integer.SIZE - SLOT_BITS)];
        }

        @Override
        public String name() {
            return "categorical";
        }

        @Override
        public String bins() {
            return "-";
        }

        @Override
        public FeatureProfile reference(RandomGenerator random, int rows, int copies) {
            Map<String, Long> counts = new HashMap<>();
            for (int row = 0; row < rows; row += copies) {
                counts.merge(value(random), (long) copies, Long::sum);
            }
            return CategoricalProfile.of(counts, 0);
        }

        @Override
        public Windows against(FeatureProfile reference) {
            CategoryCounter counter = ((CategoricalProfile) reference).newCounter();
            return (random, rows, copies) -> {
                for (int row = 0; row < rows; row += copies) {
                    String value = value(random);
                    for (int copy = 0; copy < copies; copy++) {
                        counter.add(value);
                    }
                }
                return counter.drain();
            };
        }
    }
}
