package io.driftwatch.job.config;

import io.driftwatch.alerts.config.ConfigMapping;
import java.io.Serializable;
import java.util.Optional;

/**
 * What is exported as metrics beside counts.
 *
 * @param maxSeries most statistics of a model that are exported; the topic has all
 * @param segments whether statistics of segments are exported too, where there is room for them
 */
public record MetricsConfig(int maxSeries, boolean segments) implements Serializable {
    private static final int MOST_SERIES = 100_000;

    /** What holds where the configuration says nothing. */
    public static final MetricsConfig STANDARD = new MetricsConfig(1000, false);

    static MetricsConfig read(Optional<ConfigMapping> given) {
        if (given.isEmpty()) {
            return STANDARD;
        }
        ConfigMapping metrics = given.get();
        MetricsConfig config =
                new MetricsConfig(
                        (int) metrics.integer("max_series", STANDARD.maxSeries, 0, MOST_SERIES),
                        metrics.flag("segments", STANDARD.segments));
        metrics.end();
        return config;
    }
}
