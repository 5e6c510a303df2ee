package io.driftwatch.detectors.statistic;

/**
 * What a small shift of the mean of a normal feature, in its standard deviations, does to each
 * statistic: the rates at which they grow with it. The index psi is its square, so statistics of
 * different units can be read on one scale.
 */
final class Shift {
    /** Largest distance of the distribution functions, and total variation: 1 / sqrt(2 pi). */
    static final double OF_DISTRIBUTION_FUNCTION = 1 / Math.sqrt(2 * Math.PI);

    /** Hellinger distance, and Jensen-Shannon distance in nats: 1 / sqrt(8). */
    static final double OF_HELLINGER = 1 / Math.sqrt(8);

    /** Jensen-Shannon distance to base 2: 1 / sqrt(8 ln 2). */
    static final double OF_JENSEN_SHANNON = 1 / Math.sqrt(8 * Math.log(2));

    private Shift() {}

    /** The square of the shift that makes {@code size} of a statistic with this rate. */
    static double squared(double size, double rate) {
        double shift = size / rate;
        return shift * shift;
    }

    /**
     * The square of the shift behind a distance, of which chance alone makes {@code level}.
     * Distances are roots of quadratic forms, to which drift and chance add as squares.
     */
    static double squaredBeyondNoise(Measurement measurement, double rate) {
        double value = measurement.value();
        double level = measurement.noise().level();
        return Math.max(0, value * value - level * level) / (rate * rate);
    }
}
