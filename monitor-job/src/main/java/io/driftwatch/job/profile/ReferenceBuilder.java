package io.driftwatch.job.profile;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.job.config.FeatureConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.ValueRole;
import io.driftwatch.job.decode.Decoded;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.decode.Observation;
import io.driftwatch.job.tally.SampleKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers observations and makes reference samples of them: one for each model version, and one for
 * each segment that is large enough. Needs 8 bytes for each numeric value until it is done, as
 * exact order statistics must be known.
 */
public final class ReferenceBuilder {
    /**
     * Segments of one column beyond this many, the smallest ones, get no reference of their own.
     */
    public static final int MOST_SEGMENTS = 1000;

    private final ModelConfig model;
    private final List<FeatureConfig> features;
    private final Map<SampleKey, Gathered> gathered = new LinkedHashMap<>();
    private final List<SampleKey> tooSmall = new ArrayList<>();

    /**
     * @param features features to profile, all with a type
     */
    public ReferenceBuilder(ModelConfig model, List<FeatureConfig> features) {
        this.model = model;
        this.features = List.copyOf(features);
    }

    /** Adds one observation of the stream that the plan is for. */
    public void add(FieldPlan plan, Observation observation) {
        gather(SampleKey.whole(model.name(), observation.version())).add(plan, observation);
        for (int i = 0; i < plan.segments().size(); i++) {
            String value = observation.segments()[i];
            if (value != null) {
                gather(
                                new SampleKey(
                                        model.name(),
                                        observation.version(),
                                        plan.segments().get(i),
                                        value))
                        .add(plan, observation);
            }
        }
    }

    private Gathered gather(SampleKey key) {
        return gathered.computeIfAbsent(key, k -> new Gathered());
    }

    /** Segments that were left out, known after {@link #build}. */
    public List<SampleKey> tooSmall() {
        return tooSmall;
    }

    /** The samples, wholes before their segments, large segments first. */
    public List<ReferenceSample> build(Instant createdAt, String createdBy) {
        List<ReferenceSample> samples = new ArrayList<>();
        Map<String, Integer> taken = new HashMap<>();
        gathered.entrySet().stream()
                .sorted(
                        Comparator.comparing(
                                        (Map.Entry<SampleKey, Gathered> e) ->
                                                !e.getKey().segmentName().isEmpty())
                                .thenComparing(e -> -e.getValue().rows()))
                .forEach(
                        entry -> {
                            SampleKey key = entry.getKey();
                            if (isLargeEnough(key, entry.getValue().rows(), taken)) {
                                samples.add(entry.getValue().build(key, createdAt, createdBy));
                            } else {
                                tooSmall.add(key);
                            }
                        });
        return samples;
    }

    private boolean isLargeEnough(SampleKey key, long rows, Map<String, Integer> taken) {
        if (key.segmentName().isEmpty()) {
            return true;
        }
        String column = key.version() + '\n' + key.segmentName();
        return rows >= model.window().minCount()
                && taken.merge(column, 1, Integer::sum) <= MOST_SEGMENTS;
    }

    /** What was seen of one sample. */
    private final class Gathered {
        private final Map<String, Values> numbers = new HashMap<>();
        private final Map<String, Map<String, Long>> categories = new HashMap<>();
        private final Map<String, Long> missing = new HashMap<>();
        private final Map<FieldPlan, Long> rowsByStream = new HashMap<>();
        private long first = Long.MAX_VALUE;
        private long last = Long.MIN_VALUE;

        long rows() {
            return rowsByStream.values().stream().mapToLong(Long::longValue).max().orElse(0);
        }

        void add(FieldPlan plan, Observation observation) {
            rowsByStream.merge(plan, 1L, Long::sum);
            if (observation.eventTimeMillis() != Decoded.NO_TIME) {
                first = Math.min(first, observation.eventTimeMillis());
                last = Math.max(last, observation.eventTimeMillis());
            }
            for (int i = 0; i < plan.numeric().size(); i++) {
                numbers.computeIfAbsent(plan.numeric().get(i), n -> new Values())
                        .add(observation.numbers()[i]);
            }
            for (int i = 0; i < plan.categorical().size(); i++) {
                String name = plan.categorical().get(i);
                String value = observation.categories()[i];
                if (value == null) {
                    missing.merge(name, 1L, Long::sum);
                } else {
                    categories
                            .computeIfAbsent(name, n -> new HashMap<>())
                            .merge(value, 1L, Long::sum);
                }
            }
        }

        ReferenceSample build(SampleKey key, Instant createdAt, String createdBy) {
            Map<String, FeatureProfile> profiles = new LinkedHashMap<>();
            Map<String, ValueRole> roles = new HashMap<>();
            for (FeatureConfig feature : features) {
                profiles.put(feature.name(), profile(feature));
                roles.put(feature.name(), feature.role());
            }
            boolean timed = first <= last;
            return new ReferenceSample(
                    key,
                    createdAt,
                    createdBy,
                    rows(),
                    timed ? Instant.ofEpochMilli(first) : null,
                    timed ? Instant.ofEpochMilli(last) : null,
                    profiles,
                    roles);
        }

        private FeatureProfile profile(FeatureConfig feature) {
            if (feature.type() == FeatureType.CATEGORICAL) {
                return CategoricalProfile.of(
                        categories.getOrDefault(feature.name(), Map.of()),
                        missing.getOrDefault(feature.name(), 0L));
            }
            double[] sample = numbers.getOrDefault(feature.name(), new Values()).toArray();
            if (feature.edges().isEmpty()) {
                return NumericProfile.of(sample, feature.bins());
            }
            return NumericProfile.of(
                    sample, feature.edges().stream().mapToDouble(Double::doubleValue).toArray());
        }
    }

    /** A growing array of numbers. */
    private static final class Values {
        // Small at first: there is one of these for each value of a segment column.
        private double[] values = new double[16];
        private int count;

        void add(double value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, count + (count >> 1));
            }
            values[count++] = value;
        }

        double[] toArray() {
            return Arrays.copyOf(values, count);
        }
    }
}
