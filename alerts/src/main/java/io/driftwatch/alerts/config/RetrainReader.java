package io.driftwatch.alerts.config;

import io.driftwatch.alerts.retrain.RetrainPolicy;
import io.driftwatch.alerts.retrain.RetrainPolicyBuilder;
import io.driftwatch.alerts.route.TimeIntervals;
import io.driftwatch.alerts.rule.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the part {@code retrain} of the file: the guard rails of retrainings. */
final class RetrainReader {
    private final Map<String, TimeIntervals> intervals;

    /**
     * @param intervals the time intervals of the file, by name
     */
    RetrainReader(Map<String, TimeIntervals> intervals) {
        this.intervals = intervals;
    }

    RetrainPolicy read(ConfigMapping root) {
        return root.mapping("retrain").map(this::policy).orElse(RetrainPolicy.builder().build());
    }

    private RetrainPolicy policy(ConfigMapping mapping) {
        RetrainPolicyBuilder policy =
                RetrainPolicy.builder()
                        .enabled(mapping.flag("enabled", false))
                        .dryRun(mapping.flag("dry_run", true))
                        .minSeverity(mapping.choice("min_severity", Severity.class, Severity.INFO))
                        .minDuration(mapping.duration("min_duration", Duration.ZERO))
                        .minCount(mapping.integer("min_count", 0, 0, Long.MAX_VALUE))
                        .cooldown(mapping.duration("cooldown", Duration.ofHours(24)))
                        .maxPerDay((int) mapping.integer("max_per_day", 2, 1, 1_000))
                        .lockTimeout(positive(mapping, "lock_timeout", Duration.ofHours(12)))
                        .blackout(blackout(mapping))
                        .approval(
                                mapping.choice(
                                        "approval",
                                        RetrainPolicy.Approval.class,
                                        RetrainPolicy.Approval.NONE))
                        .approvalExpiry(positive(mapping, "approval_expiry", Duration.ofHours(24)))
                        .excludeIf(RouteReader.matchers(mapping, "exclude_if"))
                        .circuitBreaker((int) mapping.integer("circuit_breaker", 2, 1, 1_000))
                        .settleTime(positive(mapping, "settle_time", Duration.ofHours(24)));
        // Read by another reader.
        mapping.has("targets");
        mapping.end();
        return policy.build();
    }

    private static Duration positive(ConfigMapping mapping, String key, Duration fallback) {
        Duration duration = mapping.duration(key, fallback);
        if (duration.isZero()) {
            mapping.problem(
                    key, "must be longer than 0; use for example " + Durations.format(fallback));
            return fallback;
        }
        return duration;
    }

    private List<TimeIntervals> blackout(ConfigMapping mapping) {
        List<TimeIntervals> times = new ArrayList<>();
        for (String name : mapping.strings("blackout")) {
            TimeIntervals named = intervals.get(name);
            if (named != null) {
                times.add(named);
            } else {
                mapping.problem(
                        "blackout",
                        Quoted.of(name)
                                + " is not the name of a time interval"
                                + Scalars.didYouMean(
                                        name, intervals.keySet().stream().sorted().toList()));
            }
        }
        return times;
    }
}
