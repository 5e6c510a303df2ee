package io.driftwatch.job.profile;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.detectors.dependence.Block;
import io.driftwatch.detectors.dependence.Dependence;
import io.driftwatch.detectors.dependence.DependenceEstimator;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Gathers observations and makes reference samples of them: one for each model version, and one for
 * each segment that is large enough.
 *
 * <p>Rows are kept until it is done, as exact order statistics must be known, and what a bin is
 * before time blocks can be counted over bins. A row takes 4 bytes, 8 more for each numeric feature
 * and 4 for each categorical one, and as much again for each segment it belongs to. Texts of
 * categories are kept once, up to a million for each feature.
 */
public final class ReferenceBuilder {
    /**
     * Segments of one column beyond this many, the smallest ones, get no reference of their own.
     */
    public static final int MOST_SEGMENTS = 1000;

    private final ModelConfig model;
    private final List<FeatureConfig> features;
    private final Map<SampleKey, Gathered> gathered = new LinkedHashMap<>();
    private final Map<String, CategoryIds> categories = new HashMap<>();
    private final List<SampleKey> tooSmall = new ArrayList<>();

    /**
     * @param features features to profile, all with a type
     */
    public ReferenceBuilder(ModelConfig model, List<FeatureConfig> features) {
        this.model = model;
        this.features = List.copyOf(features);
        for (FeatureConfig feature : features) {
            categories.put(feature.name(), new CategoryIds());
        }
    }

    /** Adds one observation of the stream that the plan is for. */
    public void add(FieldPlan plan, Observation observation) {
        int block = TimeBlocks.indexOf(observation.eventTimeMillis(), model.window().size());
        int[] ids = new int[plan.categorical().size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = categories.get(plan.categorical().get(i)).take(observation.categories()[i]);
        }
        gather(SampleKey.whole(model.name(), observation.version()))
                .add(plan, observation, block, ids);
        for (int i = 0; i < plan.segments().size(); i++) {
            String value = observation.segments()[i];
            if (value != null) {
                gather(
                                new SampleKey(
                                        model.name(),
                                        observation.version(),
                                        plan.segments().get(i),
                                        value))
                        .add(plan, observation, block, ids);
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

    /**
     * Rows by feature whose category was one too many to be told from others; none are left out.
     */
    public Map<String, Long> unlisted() {
        Map<String, Long> rows = new LinkedHashMap<>();
        for (FeatureConfig feature : features) {
            long unlisted = categories.get(feature.name()).unlisted();
            if (unlisted > 0) {
                rows.put(feature.name(), unlisted);
            }
        }
        return rows;
    }

    /** The samples, wholes before their segments, large segments first. */
    public List<ReferenceSample> build(Instant createdAt, String createdBy) {
        List<ReferenceSample> samples = new ArrayList<>();
        Map<String, Integer> taken = new HashMap<>();
        gathered.entrySet().stream()
                .sorted(
                        Comparator.comparing(
                                        (Map.Entry<SampleKey, Gathered> e) -> !e.getKey().isWhole())
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
        if (key.isWhole()) {
            return true;
        }
        String column = key.version() + '\n' + key.segmentName();
        return rows >= model.window().minReferenceRows()
                && taken.merge(column, 1, Integer::sum) <= MOST_SEGMENTS;
    }

    /** What was seen of one sample. */
    private final class Gathered {
        private final Map<FieldPlan, ReferenceRows> rowsByStream = new LinkedHashMap<>();
        private long first = Long.MAX_VALUE;
        private long last = Long.MIN_VALUE;

        long rows() {
            return rowsByStream.values().stream().mapToLong(ReferenceRows::size).max().orElse(0);
        }

        void add(FieldPlan plan, Observation observation, int block, int[] ids) {
            rowsByStream
                    .computeIfAbsent(plan, ReferenceRows::new)
                    .add(block, observation.numbers(), ids);
            if (observation.eventTimeMillis() != Decoded.NO_TIME) {
                first = Math.min(first, observation.eventTimeMillis());
                last = Math.max(last, observation.eventTimeMillis());
            }
        }

        ReferenceSample build(SampleKey key, Instant createdAt, String createdBy) {
            Map<String, FeatureProfile> profiles = new LinkedHashMap<>();
            Map<String, Dependence> dependence = new HashMap<>();
            Map<String, ValueRole> roles = new HashMap<>();
            Map<ReferenceRows, TimeBlocks> blocks = new HashMap<>();
            for (FeatureConfig feature : features) {
                ReferenceRows rows = rowsOf(feature);
                TimeBlocks times = blocks.computeIfAbsent(rows, this::timeBlocks);
                profiles.put(feature.name(), profile(key, feature, rows));
                dependence.put(
                        feature.name(),
                        dependence(feature, rows, profiles.get(feature.name()), times));
                roles.put(feature.name(), feature.role());
            }
            boolean timed = first <= last;
            boolean measured = dependence.values().stream().anyMatch(Dependence::isMeasured);
            return new ReferenceSample(
                    key,
                    createdAt,
                    createdBy,
                    rows(),
                    timed ? Instant.ofEpochMilli(first) : null,
                    timed ? Instant.ofEpochMilli(last) : null,
                    profiles,
                    roles,
                    measured ? blockLength().toMillis() : 0,
                    dependence);
        }

        /** The rows of the stream that carries the feature; none if no row of it was seen. */
        private ReferenceRows rowsOf(FeatureConfig feature) {
            return rowsByStream.values().stream()
                    .filter(rows -> rows.carries(feature.name()))
                    .findFirst()
                    .orElse(ReferenceRows.NONE);
        }

        private TimeBlocks timeBlocks(ReferenceRows rows) {
            return TimeBlocks.of(rows.blocks(), model.window().minReferenceRows(), blockLength());
        }
    }

    private Duration blockLength() {
        return model.window().size();
    }

    private FeatureProfile profile(SampleKey key, FeatureConfig feature, ReferenceRows rows) {
        if (feature.type() == FeatureType.CATEGORICAL) {
            return categories
                    .get(feature.name())
                    .profile(rows.categories(feature.name()), feature.categories());
        }
        double[] sample = rows.numbers(feature.name()).toArray();
        // Of segments there can be a thousand: none of their features takes more than a grid does.
        int exactLimit =
                key.isWhole() ? NumericProfile.EXACT_LIMIT : NumericProfile.SMALL_EXACT_LIMIT;
        if (feature.edges().isEmpty()) {
            return NumericProfile.of(sample, feature.bins(), exactLimit);
        }
        double[] edges = feature.edges().stream().mapToDouble(Double::doubleValue).toArray();
        return NumericProfile.of(sample, edges, exactLimit);
    }

    private Dependence dependence(
            FeatureConfig feature, ReferenceRows rows, FeatureProfile profile, TimeBlocks times) {
        if (times.size() < DependenceEstimator.MIN_BLOCKS) {
            return Dependence.UNKNOWN;
        }
        List<Block> blocks = times.count(profile.binCount(), bins(feature, rows, profile));
        return DependenceEstimator.estimate(blocks, blockLength());
    }

    private IntUnaryOperator bins(
            FeatureConfig feature, ReferenceRows rows, FeatureProfile profile) {
        if (profile instanceof CategoricalProfile categorical) {
            return categories
                    .get(feature.name())
                    .bins(rows.categories(feature.name()), categorical);
        }
        NumericProfile numeric = (NumericProfile) profile;
        DoubleValues values = rows.numbers(feature.name());
        return row -> {
            double value = values.get(row);
            return Double.isFinite(value) ? numeric.binOf(numeric.cellOf(value)) : TimeBlocks.NONE;
        };
    }
}
