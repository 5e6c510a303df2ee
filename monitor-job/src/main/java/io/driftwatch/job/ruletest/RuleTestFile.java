package io.driftwatch.job.ruletest;

import io.driftwatch.alerts.config.ConfigMapping;
import io.driftwatch.alerts.config.Location;
import io.driftwatch.alerts.config.Problems;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.ruletest.RuleTest.AlertTest;
import io.driftwatch.job.ruletest.RuleTest.ExpectedAlert;
import io.driftwatch.job.ruletest.RuleTest.ExpectedNotification;
import io.driftwatch.job.ruletest.RuleTest.NotifyTest;
import io.driftwatch.job.ruletest.RuleTest.Series;
import io.driftwatch.schemas.DriftSeverity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A file of tests, and the configuration that it is about.
 *
 * @param config the configuration
 * @param tests its tests, in file order
 */
public record RuleTestFile(MonitorConfig config, List<RuleTest> tests) {
    private static final Instant STANDARD_START = Instant.parse("2001-01-01T00:00:00Z");

    /**
     * Reads a file.
     *
     * @throws io.driftwatch.alerts.config.ConfigException with all mistakes in it and in the
     *     configuration
     */
    public static RuleTestFile read(Path file) {
        Problems problems = new Problems();
        String text = "";
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            problems.add(
                    new Location(file.toString(), 1, 1),
                    Files.exists(file) ? "cannot be read" : "there is no such file");
            problems.throwIfAny();
        }
        ConfigMapping root = ConfigMapping.parse(file.toString(), text, problems);
        String config = root.string("config", null);
        problems.throwIfAny();
        MonitorConfig loaded =
                ConfigLoader.load(file.toAbsolutePath().getParent().resolve(config), problems);
        problems.throwIfAny();
        List<RuleTest> tests = new ArrayList<>();
        for (ConfigMapping mapping : root.mappings("tests")) {
            test(mapping, loaded).ifPresent(tests::add);
        }
        if (tests.isEmpty() && problems.isEmpty()) {
            root.problem("tests", "there are none; give it at least one");
        }
        root.end();
        problems.throwIfAny();
        return new RuleTestFile(loaded, tests);
    }

    private static Optional<RuleTest> test(ConfigMapping mapping, MonitorConfig config) {
        ModelConfig model = model(mapping, config);
        if (model == null) {
            return Optional.empty();
        }
        Duration interval = mapping.duration("interval", model.window().slide());
        if (interval.isZero()) {
            mapping.problem("interval", "must be longer than 0; use for example 1h");
        }
        RuleTest test =
                new RuleTest(
                        mapping.string("name", null),
                        model,
                        mapping.string("model_version", ModelConfig.DEFAULT_VERSION),
                        start(mapping),
                        interval,
                        mapping.mappings("input_series").stream()
                                .map(RuleTestFile::series)
                                .toList(),
                        mapping.mappings("alert_test").stream()
                                .map(RuleTestFile::alertTest)
                                .toList(),
                        mapping.mappings("notify_test").stream()
                                .map(each -> notifyTest(each, config))
                                .toList());
        if (test.series().isEmpty()) {
            mapping.problem("input_series", "missing; give it the scores that come in");
        }
        mapping.end();
        return Optional.of(test);
    }

    private static ModelConfig model(ConfigMapping mapping, MonitorConfig config) {
        List<String> names = config.models().stream().map(ModelConfig::name).toList();
        if (!mapping.has("model") && names.size() == 1) {
            return config.models().get(0);
        }
        String name = mapping.string("model", null);
        if (!names.contains(name)) {
            mapping.problem("model", "must be one of " + String.join(", ", names));
        }
        return config.model(name).orElse(null);
    }

    private static Instant start(ConfigMapping mapping) {
        String text = mapping.string("start_timestamp", STANDARD_START.toString());
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            mapping.problem(
                    "start_timestamp",
                    "'" + text + "' is not a time; use for example 2001-01-01T00:00:00Z");
            return STANDARD_START;
        }
    }

    private static Series series(ConfigMapping mapping) {
        OptionalDouble pValue = mapping.optionalNumber("p_value");
        if (pValue.isPresent() && (pValue.getAsDouble() < 0 || pValue.getAsDouble() > 1)) {
            mapping.problem("p_value", "is not between 0 and 1");
        }
        Series series =
                new Series(
                        mapping.string("feature", null),
                        mapping.string("statistic", null),
                        mapping.stringMap("segment"),
                        values(mapping),
                        pValue.isPresent() ? pValue.getAsDouble() : null,
                        severity(mapping),
                        mapping.integer("count", 1_000, 0, Long.MAX_VALUE));
        mapping.end();
        return series;
    }

    private static List<Double> values(ConfigMapping mapping) {
        String text = mapping.string("values", null);
        try {
            return text.isBlank() ? List.of() : SeriesValues.parse(text);
        } catch (IllegalArgumentException mistake) {
            mapping.problem("values", mistake.getMessage());
            return List.of();
        }
    }

    private static String severity(ConfigMapping mapping) {
        String text = mapping.optionalString("severity").orElse(null);
        if (text != null
                && Arrays.stream(DriftSeverity.values()).noneMatch(s -> s.name().equals(text))) {
            mapping.problem("severity", "must be one of none, info, low, warning, critical");
            return null;
        }
        return text;
    }

    private static AlertTest alertTest(ConfigMapping mapping) {
        AlertTest test =
                new AlertTest(
                        mapping.duration("eval_time", null),
                        mapping.string("alertname", null),
                        alerts(mapping, "exp_alerts"));
        mapping.end();
        return test;
    }

    private static List<ExpectedAlert> alerts(ConfigMapping mapping, String key) {
        List<ExpectedAlert> alerts = new ArrayList<>();
        for (ConfigMapping each : mapping.mappings(key)) {
            Map<String, String> labels = each.stringMap("exp_labels");
            alerts.add(new ExpectedAlert(labels, each.stringMap("exp_annotations")));
            each.end();
        }
        return alerts;
    }

    private static NotifyTest notifyTest(ConfigMapping mapping, MonitorConfig config) {
        Duration at = mapping.duration("eval_time", null);
        List<ExpectedNotification> expected = new ArrayList<>();
        for (ConfigMapping each : mapping.mappings("exp_notifications")) {
            String receiver = each.string("receiver", null);
            if (config.alerts().receivers().stream().noneMatch(r -> r.name().equals(receiver))) {
                each.problem("receiver", "'" + receiver + "' is not the name of a receiver");
            }
            String status = each.string("status", "").toLowerCase(Locale.ROOT);
            if (!List.of("", "firing", "resolved").contains(status)) {
                each.problem("status", "must be firing or resolved");
            }
            List<ExpectedAlert> alerts = each.has("alerts") ? alerts(each, "alerts") : null;
            expected.add(new ExpectedNotification(receiver, status, alerts));
            each.end();
        }
        mapping.end();
        return new NotifyTest(at, expected);
    }
}
