package io.driftwatch.job.demo;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The watched model: predicts a flight's delay as the mean delay of its origin and hour, corrected
 * for the distance. The mean of an origin and hour is drawn towards the overall mean as if {@value
 * #PRIOR_FLIGHTS} average flights had been seen there too, so that few flights do not make a wild
 * prediction; the correction is the least-squares slope of what the means leave unexplained.
 *
 * <p>A small model on purpose: what counts here is that it depends on its inputs, so that a broken
 * input breaks its predictions.
 */
final class DelayModel {
    static final int PRIOR_FLIGHTS = 20;

    private final double overallMean;
    private final double meanDistance;
    private final double minutesPerMile;
    private final Map<String, double[]> hourlyMeans;

    private DelayModel(
            double overallMean,
            double meanDistance,
            double minutesPerMile,
            Map<String, double[]> hourlyMeans) {
        this.overallMean = overallMean;
        this.meanDistance = meanDistance;
        this.minutesPerMile = minutesPerMile;
        this.hourlyMeans = hourlyMeans;
    }

    /** Learns from flights whose delay is known; at least one. */
    static DelayModel train(List<Flight> flights) {
        double overall = flights.stream().mapToDouble(Flight::delayMinutes).average().orElseThrow();
        double distance =
                flights.stream().mapToDouble(Flight::distanceMiles).average().orElseThrow();
        Map<String, double[]> means = hourlyMeans(flights, overall);
        DelayModel flat = new DelayModel(overall, distance, 0, means);
        return new DelayModel(overall, distance, slope(flights, flat), means);
    }

    private static Map<String, double[]> hourlyMeans(List<Flight> flights, double overall) {
        Map<String, double[]> sums = new HashMap<>();
        Map<String, int[]> counts = new HashMap<>();
        for (Flight flight : flights) {
            sums.computeIfAbsent(flight.origin(), o -> new double[24])[flight.hour()] +=
                    flight.delayMinutes();
            counts.computeIfAbsent(flight.origin(), o -> new int[24])[flight.hour()]++;
        }
        sums.forEach(
                (origin, sum) -> {
                    for (int hour = 0; hour < sum.length; hour++) {
                        int seen = counts.get(origin)[hour];
                        sum[hour] = (sum[hour] + PRIOR_FLIGHTS * overall) / (seen + PRIOR_FLIGHTS);
                    }
                });
        return sums;
    }

    private static double slope(List<Flight> flights, DelayModel flat) {
        double products = 0;
        double squares = 0;
        for (Flight flight : flights) {
            double distance = flight.distanceMiles() - flat.meanDistance;
            double unexplained =
                    flight.delayMinutes()
                            - flat.predict(flight.origin(), flight.hour(), flight.distanceMiles());
            products += distance * unexplained;
            squares += distance * distance;
        }
        return squares == 0 ? 0 : products / squares;
    }

    /**
     * Minutes of delay to expect.
     *
     * @param distance as the model was given it, which may be wrong
     */
    double predict(String origin, int hour, double distance) {
        double[] means = hourlyMeans.get(origin);
        double mean = means == null ? overallMean : means[hour];
        return mean + minutesPerMile * (distance - meanDistance);
    }

    double minutesPerMile() {
        return minutesPerMile;
    }
}
