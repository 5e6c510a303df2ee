package io.driftwatch.job.config;

import io.driftwatch.alerts.config.ConfigMapping;
import io.driftwatch.alerts.config.Kind;
import io.driftwatch.detectors.statistic.Statistics;
import java.util.List;
import java.util.Set;

/** Reads {@code statistics}, of a model or of one feature. */
final class StatisticNames {
    private StatisticNames() {}

    /** The names as given; none if the key is not there. */
    static List<String> read(ConfigMapping mapping) {
        List<String> names = mapping.strings("statistics");
        if (mapping.kind("statistics") == Kind.LIST && names.isEmpty()) {
            mapping.problem("statistics", "is empty; leave it out for the usual ones");
        }
        if (Set.copyOf(names).size() < names.size()) {
            mapping.problem("statistics", "names a statistic twice");
        }
        for (String name : names) {
            if (Statistics.named(name).isEmpty()) {
                mapping.problem(
                        "statistics",
                        "'"
                                + name
                                + "' is not a statistic; use some of "
                                + String.join(", ", Statistics.names()));
            }
        }
        return names;
    }
}
