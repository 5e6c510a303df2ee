package io.driftwatch.job.decode;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.statistic.Statistic;
import io.driftwatch.detectors.statistic.Statistics;
import io.driftwatch.job.config.EventTimeConfig;
import io.driftwatch.job.config.FeatureConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.ModelConfig.SegmentConfig;
import io.driftwatch.job.config.StreamConfig;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Which fields of a stream's records are wanted, and what each is wanted for. One field may serve
 * several purposes, such as a segment that is also a feature.
 *
 * @param eventTime how event times are read
 * @param needsTime whether a record without a believable event time is refused
 * @param paths wanted fields
 * @param uses purposes of each field, in the order of {@code paths}
 * @param numeric names of the numeric features, in the order of {@link Observation#numbers()}
 * @param categorical names of the categorical features, in the order of {@link
 *     Observation#categories()}
 * @param segments names of the segment columns, in the order of {@link Observation#segments()}
 * @param cellSums names of the features of which the values of each cell are summed, not only
 *     counted, because a statistic needs it
 */
public record FieldPlan(
        EventTimeConfig eventTime,
        boolean needsTime,
        List<String> paths,
        List<List<Use>> uses,
        List<String> numeric,
        List<String> categorical,
        List<String> segments,
        Set<String> cellSums)
        implements Serializable {

    private static final Set<Purpose> NO_FEATURES =
            EnumSet.of(Purpose.EVENT_TIME, Purpose.RECORD_ID, Purpose.VERSION);

    /** What a field is for. */
    public enum Purpose {
        EVENT_TIME,
        RECORD_ID,
        VERSION,
        SEGMENT,
        NUMBER,
        CATEGORY
    }

    /**
     * One purpose of a field.
     *
     * @param purpose what for
     * @param index place in the observation's array of that kind, 0 for the others
     */
    public record Use(Purpose purpose, int index) implements Serializable {}

    /**
     * The plan for one stream.
     *
     * @param features features to watch, all with a type; those that the stream does not carry are
     *     left out
     */
    public static FieldPlan of(
            ModelConfig model, StreamConfig stream, List<FeatureConfig> features) {
        Map<String, List<Use>> uses = new LinkedHashMap<>();
        want(uses, stream.eventTime().path(), Purpose.EVENT_TIME, 0);
        if (stream.recordIdPath() != null) {
            want(uses, stream.recordIdPath(), Purpose.RECORD_ID, 0);
        }
        if (model.versionPath() != null) {
            want(uses, model.versionPath(), Purpose.VERSION, 0);
        }
        List<String> segments = new ArrayList<>();
        for (SegmentConfig segment : model.segments()) {
            want(uses, segment.path(), Purpose.SEGMENT, segments.size());
            segments.add(segment.name());
        }
        List<String> numeric = new ArrayList<>();
        List<String> categorical = new ArrayList<>();
        Set<String> cellSums = new HashSet<>();
        for (FeatureConfig feature : features) {
            if (!stream.role().carries(feature.role())) {
                continue;
            }
            boolean isNumber = feature.type() == FeatureType.NUMERIC;
            List<String> names = isNumber ? numeric : categorical;
            want(uses, feature.path(), isNumber ? Purpose.NUMBER : Purpose.CATEGORY, names.size());
            names.add(feature.name());
            if (isNumber && needsCellSums(model.statisticsOf(feature.name()))) {
                cellSums.add(feature.name());
            }
        }
        return new FieldPlan(
                stream.eventTime(),
                true,
                List.copyOf(uses.keySet()),
                uses.values().stream().map(List::copyOf).toList(),
                List.copyOf(numeric),
                List.copyOf(categorical),
                List.copyOf(segments),
                Set.copyOf(cellSums));
    }

    private static boolean needsCellSums(List<String> statistics) {
        return statistics.stream()
                .flatMap(name -> Statistics.named(name).stream())
                .anyMatch(Statistic::needsCellSums);
    }

    /** Place of a configured path in {@link #paths()}, however it is spelled; -1 if not wanted. */
    public int indexOf(String path) {
        return paths.indexOf(PathTree.canonical(path));
    }

    /** Whether a path holds the event time, the record's id or the version: no feature's value. */
    public boolean isNoFeature(String path) {
        int field = indexOf(path);
        return field >= 0
                && uses.get(field).stream().anyMatch(use -> NO_FEATURES.contains(use.purpose()));
    }

    /** Whether a reference row may do without the field: it is wanted for its time or id only. */
    public boolean isOptional(int field) {
        return !needsTime
                && uses.get(field).stream()
                        .allMatch(
                                use ->
                                        use.purpose() == Purpose.EVENT_TIME
                                                || use.purpose() == Purpose.RECORD_ID);
    }

    /**
     * A number that names which value stands where in an observation: those that were decoded by
     * plans of the same layout can be counted together. The same in every process; never 0.
     */
    public long layout() {
        StringBuilder all = new StringBuilder();
        for (List<String> names : List.of(numeric, categorical, segments)) {
            names.forEach(name -> all.append(name).append('\0'));
            all.append('\0');
        }
        // The version that is part of every UUID keeps it from being 0.
        return UUID.nameUUIDFromBytes(all.toString().getBytes(StandardCharsets.UTF_8))
                .getMostSignificantBits();
    }

    /** The names of all features, the numeric ones first. */
    public List<String> features() {
        return Stream.concat(numeric.stream(), categorical.stream()).toList();
    }

    /** One of the features, if there is any. */
    public Optional<String> anyFeature() {
        return features().stream().findFirst();
    }

    /** The same plan for a reference sample, whose rows may have no event time. */
    public FieldPlan withoutTime() {
        return new FieldPlan(
                eventTime, false, paths, uses, numeric, categorical, segments, cellSums);
    }

    private static void want(Map<String, List<Use>> uses, String path, Purpose purpose, int index) {
        uses.computeIfAbsent(PathTree.canonical(path), p -> new ArrayList<>())
                .add(new Use(purpose, index));
    }
}
