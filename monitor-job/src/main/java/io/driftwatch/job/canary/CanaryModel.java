package io.driftwatch.job.canary;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.config.CanaryConfig;
import io.driftwatch.alerts.rule.Rule;
import io.driftwatch.alerts.rule.Severity;
import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.statistic.Smoothing;
import io.driftwatch.job.config.EventTimeConfig;
import io.driftwatch.job.config.FeatureConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.SignificanceConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.config.StreamFormat;
import io.driftwatch.job.config.StreamRole;
import io.driftwatch.job.config.ValueRole;
import io.driftwatch.job.config.WindowConfig;
import io.driftwatch.job.live.LiveModel;
import io.driftwatch.job.profile.LoadedProfile;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.profile.ReferenceSample;
import io.driftwatch.job.tally.SampleKey;
import io.driftwatch.schemas.Direction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The canary's model: one number, uniform between 0 and 1 in the reference, in windows of a second.
 * It never changes while a job runs, and no rule of the user's judges it.
 */
public final class CanaryModel {
    static final String ALERT = "DriftwatchCanary";
    static final Duration WINDOW = Duration.ofSeconds(1);
    static final String EVENT_TIME = "at";
    static final String FEATURE = "value";

    private static final int REFERENCE_ROWS = 2_000;
    private static final int LEAST_ROWS = 100;

    /** Half of the reference's range without a row is far beyond it. */
    private static final double THRESHOLD = 0.5;

    private static final Duration IDLE_AFTER = Duration.ofSeconds(10);

    private CanaryModel() {}

    /** The model as operators take it, of a job with this configuration. */
    public static LiveModel live(MonitorConfig config) {
        ModelConfig model = model(config.topics().canary());
        AlertsConfig alerts = config.alerts();
        MonitorConfig own =
                new MonitorConfig(
                        config.kafka(),
                        config.topics(),
                        List.of(model),
                        new AlertsConfig(
                                List.of(rule()),
                                List.of(),
                                List.of(),
                                alerts.routes(),
                                alerts.receivers(),
                                List.of(),
                                alerts.delivery(),
                                alerts.retrain(),
                                List.of(),
                                alerts.canary()),
                        config.metrics(),
                        config.flink());
        return new LiveModel(/* controlOrNull= */ null, own, model, context -> profiles());
    }

    /** What the model is compared with. */
    public static LoadedProfile profile() {
        return new LoadedProfile(
                /* file= */ null, CanaryConfig.NAME, profiles(), List.of(feature()));
    }

    private static ModelConfig model(String topic) {
        return new ModelConfig(
                CanaryConfig.NAME,
                /* profile= */ "",
                /* versionPath= */ null,
                List.of(
                        new StreamConfig(
                                StreamRole.INFERENCE,
                                topic,
                                StreamFormat.JSON,
                                List.of(),
                                new EventTimeConfig(
                                        EVENT_TIME,
                                        EventTimeConfig.TimeUnit.MS,
                                        EventTimeConfig.DEFAULT_NOT_BEFORE,
                                        EventTimeConfig.DEFAULT_MAX_AHEAD),
                                /* recordIdPath= */ null,
                                /* outOfOrderness= */ Duration.ZERO,
                                IDLE_AFTER,
                                StreamConfig.StartFrom.LATEST)),
                new WindowConfig(WINDOW, WINDOW, /* lateness= */ Duration.ZERO, LEAST_ROWS),
                List.of(),
                List.of(feature()),
                List.of("psi"),
                Smoothing.jeffreys(),
                SignificanceConfig.DEFAULT);
    }

    private static FeatureConfig feature() {
        return FeatureConfig.found(FEATURE, ValueRole.FEATURE).withType(FeatureType.NUMERIC);
    }

    private static Rule rule() {
        return Rule.builder(ALERT, "psi")
                .threshold(Direction.above, THRESHOLD)
                .significance(SignificanceConfig.DEFAULT_LEVEL)
                .severity(Severity.INFO)
                .labels(Map.of("canary", "true"))
                .annotations(
                        Map.of(
                                "summary",
                                "A test of Driftwatch itself: this drift was made by driftwatch"
                                        + " canary, and no model has it"))
                .build();
    }

    private static ModelProfiles profiles() {
        double[] values = new double[REFERENCE_ROWS];
        for (int i = 0; i < values.length; i++) {
            values[i] = uniform(i, values.length);
        }
        return new ModelProfiles(
                List.of(
                        new ReferenceSample(
                                SampleKey.whole(CanaryConfig.NAME, ModelConfig.DEFAULT_VERSION),
                                Instant.EPOCH,
                                CanaryConfig.NAME,
                                values.length,
                                /* firstEventTime= */ null,
                                /* lastEventTime= */ null,
                                Map.of(
                                        FEATURE,
                                        NumericProfile.of(values, FeatureConfig.DEFAULT_BINS)),
                                Map.of(FEATURE, ValueRole.FEATURE),
                                /* blockMillis= */ 0,
                                Map.of())));
    }

    /** The value of one of {@code rows} rows that together are spread evenly from 0 to 1. */
    static double uniform(int row, int rows) {
        return (row + 0.5) / rows;
    }
}
