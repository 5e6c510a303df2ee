package io.driftwatch.job.demo;

/**
 * One flight of the sample.
 *
 * @param number its place in the file, from 1
 * @param scheduledMillis scheduled departure, since 1970-01-01T00:00:00Z
 * @param delayMinutes minutes by which it was late, negative if early
 * @param distanceMiles distance flown
 * @param origin IATA code of the airport that it left
 * @param destination IATA code of the airport that it reached
 */
record Flight(
        int number,
        long scheduledMillis,
        double delayMinutes,
        double distanceMiles,
        String origin,
        String destination) {

    private static final double MILES_PER_MINUTE = 8;
    private static final double GROUND_MINUTES = 30;
    private static final double MILLIS_PER_MINUTE = 60_000;
    private static final long MILLIS_PER_HOUR = 3_600_000;

    /** When the delay became known: after the delay itself, taxiing, and the flight at 480 mph. */
    long knownAtMillis() {
        double minutes = delayMinutes + GROUND_MINUTES + distanceMiles / MILES_PER_MINUTE;
        return scheduledMillis + Math.round(minutes * MILLIS_PER_MINUTE);
    }

    /** Hour of the scheduled departure, 0 to 23, UTC. */
    int hour() {
        return (int) Math.floorMod(scheduledMillis / MILLIS_PER_HOUR, 24L);
    }

    String id() {
        return "flight-" + number;
    }
}
