package io.driftwatch.job.it;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Makes records of a model with a numeric and a categorical feature, and counts them by window on
 * its own, with none of the code under test.
 */
public final class Truth {
    public static final long WINDOW_MILLIS = 60_000;
    public static final Instant START = Instant.parse("2024-03-01T00:00:00Z");

    private final Random random;
    private final Map<Instant, Long> rows = new TreeMap<>();
    private final Map<Instant, Double> sums = new TreeMap<>();

    public Truth(long seed) {
        this.random = new Random(seed);
    }

    /** A record as JSON, counted as belonging to its window. */
    public String record(long millisFromStart, double shift) {
        Instant time = START.plusMillis(millisFromStart);
        double amount = random.nextGaussian() + shift;
        String country = List.of("de", "fr", "it").get(random.nextInt(3));
        Instant window = windowOf(time);
        rows.merge(window, 1L, Long::sum);
        sums.merge(window, amount, Double::sum);
        return json(time, amount, country);
    }

    /** A record as JSON, not counted: it will come too late. */
    public String uncounted(long millisFromStart) {
        return json(START.plusMillis(millisFromStart), random.nextGaussian(), "de");
    }

    /** Some out-of-order times within one window. */
    public List<Long> timesIn(int window, int count) {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            times.add(window * WINDOW_MILLIS + random.nextInt((int) WINDOW_MILLIS));
        }
        // Out of order by up to half a second, which out_of_orderness allows.
        times.sort((a, b) -> Long.compare(a / 500, b / 500));
        return times;
    }

    /** Reference rows, as CSV. */
    public static String reference(int count) {
        return reference(count, 0);
    }

    /** Reference rows of which the numeric feature is shifted, as CSV. */
    static String reference(int count, double shift) {
        Random random = new Random(1);
        StringBuilder csv = new StringBuilder("amount,country,version\n");
        for (int i = 0; i < count; i++) {
            csv.append(random.nextGaussian() + shift)
                    .append(',')
                    .append(List.of("de", "fr", "it").get(random.nextInt(3)))
                    .append(",default\n");
        }
        return csv.toString();
    }

    public Map<Instant, Long> rows() {
        return rows;
    }

    double mean(Instant window) {
        return sums.get(window) / rows.get(window);
    }

    public static Instant window(int index) {
        return START.plusMillis(index * WINDOW_MILLIS);
    }

    private static Instant windowOf(Instant time) {
        return Instant.ofEpochMilli(
                Math.floorDiv(time.toEpochMilli(), WINDOW_MILLIS) * WINDOW_MILLIS);
    }

    private static String json(Instant time, double amount, String country) {
        return "{\"at\":\""
                + time
                + "\",\"basket\":{\"amount\":"
                + amount
                + "},\"country\":\""
                + country
                + "\"}";
    }
}
