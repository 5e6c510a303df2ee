package io.driftwatch.detectors.statistic;

/**
 * The raw shares of a reference and a window in the same bins, none of them empty in both. Their
 * differences are computed from products of counts, so equal shares differ by exactly 0, and nearly
 * equal ones lose no digits.
 */
final class BinShares {
    private final BinPairs bins;
    private final double referenceTotal;
    private final double windowTotal;

    BinShares(BinPairs bins) {
        this.bins = bins;
        referenceTotal = bins.referenceTotal();
        windowTotal = bins.windowTotal();
    }

    int size() {
        return bins.size();
    }

    /** The bin's share of the reference. */
    double reference(int bin) {
        return bins.reference(bin) / referenceTotal;
    }

    /** The bin's share of the window. */
    double window(int bin) {
        return bins.window(bin) / windowTotal;
    }

    /** The share of the window less that of the reference, from -1 to 1. */
    double difference(int bin) {
        return differenceOfProducts(bin) / windowTotal / referenceTotal;
    }

    /** The difference of both shares over their sum, from -1 to 1. */
    double relativeDifference(int bin) {
        double sum = bins.window(bin) * referenceTotal + bins.reference(bin) * windowTotal;
        return differenceOfProducts(bin) / sum;
    }

    private double differenceOfProducts(int bin) {
        return TwoSampleChiSquare.differenceOfProducts(
                (double) bins.window(bin),
                referenceTotal,
                (double) bins.reference(bin),
                windowTotal);
    }
}
