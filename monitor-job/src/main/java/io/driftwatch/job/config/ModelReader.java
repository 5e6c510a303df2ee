package io.driftwatch.job.config;

import io.driftwatch.alerts.config.ConfigMapping;
import io.driftwatch.alerts.config.FalseAlarms;
import io.driftwatch.alerts.config.Kind;
import io.driftwatch.alerts.rule.Correction;
import io.driftwatch.detectors.significance.FalseAlarmBudget;
import io.driftwatch.detectors.significance.SeverityScale;
import io.driftwatch.detectors.statistic.Smoothing;
import io.driftwatch.detectors.statistic.Statistics;
import io.driftwatch.job.config.ConfigLoader.OtherFiles;
import io.driftwatch.job.config.EventTimeConfig.TimeUnit;
import io.driftwatch.job.config.ModelConfig.SegmentConfig;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** Reads one entry of {@code models}. */
final class ModelReader {
    private static final int MOST_PANES = 10_000;

    /** Stands for a duration that was given but could not be read; no real one is negative. */
    private static final Duration UNREADABLE = Duration.ofMillis(-1);

    private final Path folder;
    private final OtherFiles files;
    private final TopicsConfig written;

    /**
     * @param folder where relative paths begin
     * @param files finds schemas
     * @param written topics that are ours, which no stream can be read from
     */
    ModelReader(Path folder, OtherFiles files, TopicsConfig written) {
        this.folder = folder;
        this.files = files;
        this.written = written;
    }

    ModelConfig read(ConfigMapping model) {
        String name = ConfigLoader.required(model, "name");
        String profile = profile(model);
        String version = model.has("version") ? pathOf(model, "version") : null;
        List<StreamConfig> streams = streams(model);
        WindowConfig window = window(model);
        List<FeatureConfig> features = features(model, streams);
        List<SegmentConfig> segments = segments(model, features);
        List<String> statistics = StatisticNames.read(model);
        if (statistics.isEmpty()) {
            statistics = Statistics.defaults();
        }
        Smoothing smoothing = smoothing(model);
        SignificanceConfig significance = significance(model);
        model.end();
        return new ModelConfig(
                name,
                profile,
                version,
                streams,
                window,
                segments,
                features,
                statistics,
                smoothing,
                significance);
    }

    private String profile(ConfigMapping model) {
        String profile = ConfigLoader.required(model, "profile");
        try {
            return folder.resolve(profile).normalize().toString();
        } catch (InvalidPathException e) {
            model.problem("profile", "is no path: " + e.getReason());
            return "";
        }
    }

    private List<StreamConfig> streams(ConfigMapping model) {
        List<StreamConfig> streams = new ArrayList<>();
        Set<StreamRole> roles = EnumSet.noneOf(StreamRole.class);
        for (ConfigMapping stream : model.mappings("streams")) {
            StreamConfig read = stream(stream);
            if (read.role() != null && !roles.add(read.role())) {
                stream.problem("role", "'" + read.role().key() + "' is given twice for this model");
            }
            streams.add(read);
        }
        if (streams.isEmpty()) {
            model.problem("streams", "is missing; a model needs at least one stream");
        }
        if (roles.contains(StreamRole.INFERENCE)
                && (roles.contains(StreamRole.FEATURES)
                        || roles.contains(StreamRole.PREDICTIONS))) {
            model.problem(
                    "streams",
                    "has 'inference' beside 'features' or 'predictions'; inference is both in one"
                            + " record, so use either it or the two");
        }
        return streams;
    }

    private StreamConfig stream(ConfigMapping stream) {
        StreamRole role = stream.choice("role", StreamRole.class, null);
        String topic = ConfigLoader.required(stream, "topic");
        ConfigLoader.checkTopic(stream, "topic", topic);
        if (written.names().containsValue(topic)) {
            stream.problem(
                    "topic", "'" + topic + "' is a topic that Driftwatch writes; name another one");
        }
        StreamFormat format = stream.choice("format", StreamFormat.class, StreamFormat.JSON);
        List<String> schemas = schemas(stream, format);
        StreamConfig config =
                new StreamConfig(
                        role,
                        topic,
                        format,
                        schemas,
                        eventTime(stream),
                        stream.optionalString("record_id").orElse(null),
                        stream.duration("out_of_orderness", Duration.ofSeconds(5)),
                        stream.duration("idle_after", Duration.ofMinutes(1)),
                        stream.choice(
                                "start_from",
                                StreamConfig.StartFrom.class,
                                StreamConfig.StartFrom.EARLIEST));
        if (config.idleAfter().isZero()) {
            stream.problem("idle_after", "is 0; use for example 1m");
        }
        stream.end();
        return config;
    }

    private List<String> schemas(ConfigMapping stream, StreamFormat format) {
        List<String> names = stream.strings("schema");
        boolean avro = format == StreamFormat.AVRO || format == StreamFormat.AVRO_SINGLE_OBJECT;
        if (!avro) {
            if (!names.isEmpty()) {
                stream.problem("schema", "is for the Avro formats; remove it or change format");
            }
            return List.of();
        }
        if (names.isEmpty()) {
            stream.problem("schema", "is missing; format avro needs the schema file (.avsc)");
        } else if (format == StreamFormat.AVRO && names.size() > 1) {
            stream.problem(
                    "schema",
                    "names several files, but plain Avro records do not say which one they follow;"
                            + " name one, or use avro_single_object");
        }
        List<String> texts = new ArrayList<>();
        for (String file : names) {
            try {
                String text = files.read(file);
                Schema schema = new Schema.Parser().parse(text);
                if (schema.getType() == Schema.Type.RECORD) {
                    texts.add(schema.toString());
                } else {
                    stream.problem("schema", "'" + file + "' is not the schema of a record");
                }
            } catch (IOException | InvalidPathException e) {
                stream.problem("schema", "'" + file + "' cannot be read; check the path");
            } catch (AvroRuntimeException e) {
                stream.problem("schema", "'" + file + "' is not an Avro schema: " + e.getMessage());
            }
        }
        return texts;
    }

    private static EventTimeConfig eventTime(ConfigMapping stream) {
        if (stream.kind("event_time") != Kind.MAPPING) {
            return new EventTimeConfig(
                    ConfigLoader.required(stream, "event_time"),
                    TimeUnit.MS,
                    EventTimeConfig.DEFAULT_NOT_BEFORE,
                    EventTimeConfig.DEFAULT_MAX_AHEAD);
        }
        ConfigMapping time = stream.mapping("event_time").orElseThrow();
        Instant notBefore = EventTimeConfig.DEFAULT_NOT_BEFORE;
        Optional<String> given = time.optionalString("not_before");
        if (given.isPresent()) {
            try {
                notBefore = Instant.parse(given.get());
            } catch (DateTimeException e) {
                time.problem(
                        "not_before",
                        "'"
                                + given.get()
                                + "' is not a time; use for example 2020-01-01T00:00:00Z");
            }
        }
        EventTimeConfig config =
                new EventTimeConfig(
                        ConfigLoader.required(time, "path"),
                        time.choice("unit", TimeUnit.class, TimeUnit.MS),
                        notBefore,
                        time.duration("max_ahead", EventTimeConfig.DEFAULT_MAX_AHEAD));
        time.end();
        return config;
    }

    private static WindowConfig window(ConfigMapping model) {
        Optional<ConfigMapping> given = model.mapping("window");
        if (given.isEmpty()) {
            model.problem("window", "is missing; use for example {size: 1h}");
            return new WindowConfig(Duration.ofHours(1), Duration.ofHours(1), Duration.ZERO, 1);
        }
        ConfigMapping window = given.get();
        boolean hasSize = window.has("size");
        Duration size = window.duration("size", hasSize ? UNREADABLE : null);
        Duration slide = window.duration("slide", UNREADABLE);
        hasSize &= !size.equals(UNREADABLE);
        boolean hasSlide = !slide.equals(UNREADABLE);
        if (hasSize && size.isZero()) {
            window.problem("size", "must be longer than 0");
        } else if (hasSlide && slide.isZero()) {
            window.problem("slide", "must be longer than 0");
        } else if (hasSize && hasSlide) {
            checkSlide(window, size, slide);
        }
        Duration usable = hasSize && !size.isZero() ? size : Duration.ofHours(1);
        WindowConfig config =
                new WindowConfig(
                        usable,
                        hasSlide && !slide.isZero() ? slide : usable,
                        window.duration("lateness", Duration.ZERO),
                        minCount(window));
        window.end();
        return config;
    }

    private static long minCount(ConfigMapping window) {
        if (!window.has("min_count")
                || window.optionalString("min_count").filter("auto"::equals).isPresent()) {
            return WindowConfig.AUTO;
        }
        return window.integer("min_count", WindowConfig.AUTO, 1, Long.MAX_VALUE);
    }

    private static void checkSlide(ConfigMapping window, Duration size, Duration slide) {
        if (slide.compareTo(size) > 0) {
            window.problem("slide", "must not be longer than size");
        } else if (size.toMillis() % slide.toMillis() != 0) {
            window.problem("slide", "must divide size without rest, so that panes can be shared");
        } else if (size.toMillis() / slide.toMillis() > MOST_PANES) {
            window.problem(
                    "slide",
                    "goes into size more than "
                            + MOST_PANES
                            + " times; every record would count in as many windows");
        }
    }

    private static List<FeatureConfig> features(ConfigMapping model, List<StreamConfig> streams) {
        List<FeatureConfig> features = new ArrayList<>();
        for (Map.Entry<String, ConfigMapping> entry : model.namedMappings("features").entrySet()) {
            ConfigMapping feature = entry.getValue();
            FeatureConfig read = FeatureReader.read(entry.getKey(), feature);
            boolean known = streams.stream().allMatch(s -> s.role() != null);
            boolean carried =
                    known && streams.stream().anyMatch(s -> s.role().carries(read.role()));
            if (known && !carried && !streams.isEmpty()) {
                feature.problem(
                        "role",
                        "no stream of this model carries a "
                                + read.role().name().toLowerCase(java.util.Locale.ROOT)
                                + "; add the stream or change the role");
            }
            features.add(read);
        }
        if (model.has("features") && features.isEmpty()) {
            model.problem("features", "is empty; name columns, or remove it to watch all of them");
        }
        return features;
    }

    private static List<SegmentConfig> segments(ConfigMapping model, List<FeatureConfig> features) {
        List<SegmentConfig> segments = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String name : model.strings("segments")) {
            if (!seen.add(name)) {
                model.problem("segments", "names '" + name + "' twice");
                continue;
            }
            String path =
                    features.stream()
                            .filter(f -> f.name().equals(name))
                            .map(FeatureConfig::path)
                            .findFirst()
                            .orElse(name);
            segments.add(new SegmentConfig(name, path));
        }
        return segments;
    }

    private static Smoothing smoothing(ConfigMapping model) {
        if (model.kind("smoothing") != Kind.MAPPING) {
            String name = model.string("smoothing", "jeffreys");
            if (!name.equals("jeffreys")) {
                model.problem(
                        "smoothing", "'" + name + "' is unknown; use jeffreys or {fill: 0.0001}");
            }
            return Smoothing.jeffreys();
        }
        ConfigMapping smoothing = model.mapping("smoothing").orElseThrow();
        double fill = probability(smoothing, "fill", 1e-4);
        smoothing.end();
        return Smoothing.fill(fill);
    }

    private static SignificanceConfig significance(ConfigMapping model) {
        FalseAlarmBudget budget = FalseAlarms.read(model, "false_alarms").orElse(null);
        if (budget != null && model.has("significance")) {
            model.problem(
                    "significance",
                    "stands beside false_alarms, which derives it; keep one of the two");
        }
        double level = probability(model, "significance", SignificanceConfig.DEFAULT_LEVEL);
        Correction correction = model.choice("correction", Correction.class, Correction.HOLM);
        return new SignificanceConfig(level, budget, correction, severity(model));
    }

    private static SeverityScale severity(ConfigMapping model) {
        SeverityScale usual = SeverityScale.DEFAULT;
        if (!model.has("severity")) {
            return usual;
        }
        ConfigMapping given = model.mapping("severity").orElse(null);
        if (given == null) {
            return usual;
        }
        double low = given.number("low", usual.low());
        double warning = given.number("warning", usual.warning());
        double critical = given.number("critical", usual.critical());
        given.end();
        try {
            return new SeverityScale(low, warning, critical);
        } catch (IllegalArgumentException e) {
            model.problem("severity", "does not hold together: " + e.getMessage());
            return usual;
        }
    }

    private static double probability(ConfigMapping mapping, String key, double fallback) {
        double value = mapping.number(key, fallback);
        if (!(value > 0 && value < 1)) {
            mapping.problem(
                    key, value + " is not a share between 0 and 1; use for example " + fallback);
            return fallback;
        }
        return value;
    }

    private static String pathOf(ConfigMapping mapping, String key) {
        if (mapping.kind(key) != Kind.MAPPING) {
            return ConfigLoader.required(mapping, key);
        }
        ConfigMapping inner = mapping.mapping(key).orElseThrow();
        String path = ConfigLoader.required(inner, "path");
        inner.end();
        return path;
    }
}
