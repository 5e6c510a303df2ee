package io.driftwatch.detectors.significance;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntToDoubleFunction;

/**
 * Corrects p-values for the number of tests made at once. Adjusted values are in the order of those
 * given and at most 1; a test is rejected at a level if its adjusted value is not above it.
 *
 * <p>Bonferroni and Holm keep the probability of any false rejection below the level, whatever the
 * dependence; Holm never rejects less. Benjamini and Hochberg keep the expected share of false ones
 * among the rejections below it, for independent or positively dependent tests; Benjamini and
 * Yekutieli for any. Cost: O(n log n).
 *
 * <p>Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal
 * of Statistics 6, 1979; Benjamini and Hochberg, "Controlling the false discovery rate", Journal of
 * the Royal Statistical Society B 57, 1995; Benjamini and Yekutieli, "The control of the false
 * discovery rate in multiple testing under dependency", Annals of Statistics 29, 2001. Pinned by
 * {@code golden/multiplicity.json}.
 */
public final class Multiplicity {
    private Multiplicity() {}

    /** p times the number of tests. */
    public static double[] bonferroni(double[] pValues) {
        return bonferroni(pValues, pValues.length);
    }

    /** As above, where {@code tests} were planned, of which some gave no p-value. */
    public static double[] bonferroni(double[] pValues, int tests) {
        requireFamily(pValues, tests);
        return Arrays.stream(pValues).map(p -> Math.min(1, p * tests)).toArray();
    }

    /** The running maximum, from the smallest p on, of (k - rank + 1) p. */
    public static double[] holm(double[] pValues) {
        return holm(pValues, pValues.length);
    }

    /** As above, where {@code tests} were planned, of which some gave no p-value. */
    public static double[] holm(double[] pValues, int tests) {
        requireFamily(pValues, tests);
        int[] order = ascending(pValues);
        double[] adjusted = new double[pValues.length];
        double most = 0;
        for (int rank = 0; rank < order.length; rank++) {
            most = Math.max(most, Math.min(1, (tests - rank) * pValues[order[rank]]));
            adjusted[order[rank]] = most;
        }
        return adjusted;
    }

    /** q-values: the running minimum, from the largest p on, of p k / rank. */
    public static double[] benjaminiHochberg(double[] pValues) {
        int tests = pValues.length;
        return stepUp(pValues, rank -> (double) tests / rank);
    }

    /** q-values under any dependence: those above times 1 + 1/2 + ... + 1/k. */
    public static double[] benjaminiYekutieli(double[] pValues) {
        int tests = pValues.length;
        double harmonic = 0;
        for (int i = 1; i <= tests; i++) {
            harmonic += 1.0 / i;
        }
        double factor = harmonic * tests;
        return stepUp(pValues, rank -> factor / rank);
    }

    private static double[] stepUp(double[] pValues, IntToDoubleFunction factorOfRank) {
        requireFamily(pValues, pValues.length);
        int[] order = ascending(pValues);
        double[] adjusted = new double[pValues.length];
        double least = 1;
        for (int rank = order.length; rank >= 1; rank--) {
            int index = order[rank - 1];
            least = Math.min(least, pValues[index] * factorOfRank.applyAsDouble(rank));
            adjusted[index] = least;
        }
        return adjusted;
    }

    private static int[] ascending(double[] pValues) {
        Integer[] order = new Integer[pValues.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> pValues[i]));
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }

    private static void requireFamily(double[] pValues, int tests) {
        if (tests < pValues.length) {
            throw new IllegalArgumentException(
                    pValues.length + " p-values of " + tests + " tests; count every test");
        }
        for (int i = 0; i < pValues.length; i++) {
            if (!(pValues[i] >= 0 && pValues[i] <= 1)) {
                throw new IllegalArgumentException(
                        "pValues[" + i + "] is " + pValues[i] + ", not a probability");
            }
        }
    }
}
