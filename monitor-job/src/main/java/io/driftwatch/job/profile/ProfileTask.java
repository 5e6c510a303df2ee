package io.driftwatch.job.profile;

import io.driftwatch.job.config.FeatureConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.config.StreamRole;
import io.driftwatch.job.config.ValueRole;
import io.driftwatch.job.decode.Decoded;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.decode.ObservationDecoder;
import io.driftwatch.job.decode.RecordCursor;
import io.driftwatch.job.decode.Rejection;
import io.driftwatch.schemas.DeadLetter;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Builds the reference profile of one model: finds the columns where none are configured, tells
 * their types, and reads the rows.
 */
public final class ProfileTask {
    private static final int EXAMPLES = 3;

    private final ModelConfig model;
    private final List<ReferenceInput> inputs;
    private final Instant from;
    private final Instant until;
    private final List<DeadLetter> examples = new ArrayList<>();
    private final Set<String> inferred = new LinkedHashSet<>();
    private final Set<String> codes = new LinkedHashSet<>();
    private final AtomicLong rows = new AtomicLong();
    private volatile ReferenceInput current;
    private long rejected;
    private long outside;
    private List<FeatureConfig> features;
    private ReferenceBuilder builder;

    /**
     * @param from rows with an earlier event time are left out; null for none
     * @param until rows with this or a later event time are left out; null for none
     */
    public ProfileTask(
            ModelConfig model, List<ReferenceInput> inputs, Instant from, Instant until) {
        this.model = model;
        this.inputs = List.copyOf(inputs);
        this.from = from;
        this.until = until;
    }

    /**
     * Reads everything.
     *
     * @throws IOException if an input cannot be read
     * @throws IllegalArgumentException if an input has no place for a wanted field
     */
    public List<ReferenceSample> run(Instant createdAt, String createdBy) throws IOException {
        features = typed(model.features().isEmpty() ? found() : model.features());
        builder = new ReferenceBuilder(model, features);
        rows.set(0);
        for (ReferenceInput input : inputs) {
            current = input;
            gather(input);
        }
        return builder.build(createdAt, createdBy);
    }

    /** Rows read so far in the current reading. */
    public long rows() {
        return rows.get();
    }

    /** Share of the current input that is read, from 0 to 1; NaN if unknown. */
    public double share() {
        ReferenceInput input = current;
        return input == null ? Double.NaN : input.share();
    }

    /** Rows that could not be decoded. */
    public long rejected() {
        return rejected;
    }

    /** Rows left out because of their event time. */
    public long outside() {
        return outside;
    }

    /** The first rows that could not be decoded. */
    public List<DeadLetter> examples() {
        return examples;
    }

    /** Names of the features whose type was told from the data. */
    public Set<String> inferred() {
        return inferred;
    }

    /** Of those, the numeric ones that may be codes rather than amounts. */
    public Set<String> codes() {
        return codes;
    }

    /** Segments without a reference of their own. */
    public int smallSegments() {
        return builder.tooSmall().size();
    }

    /** Rows by feature whose category was one too many to be told from others. */
    public Map<String, Long> unlisted() {
        return builder.unlisted();
    }

    private List<FeatureConfig> found() throws IOException {
        Map<String, FeatureConfig> found = new LinkedHashMap<>();
        for (ReferenceInput input : inputs) {
            Set<String> columns = new LinkedHashSet<>(input.columns());
            StreamConfig stream = input.stream();
            FieldPlan plan = FieldPlan.of(model, stream, List.of());
            columns.removeIf(plan::isNoFeature);
            ValueRole role = roleOf(stream.role());
            columns.forEach(c -> found.putIfAbsent(c, FeatureConfig.found(c, role)));
        }
        return new ArrayList<>(found.values());
    }

    private static ValueRole roleOf(StreamRole stream) {
        return switch (stream) {
            case FEATURES, INFERENCE -> ValueRole.FEATURE;
            case PREDICTIONS -> ValueRole.PREDICTION;
            case LABELS -> ValueRole.LABEL;
        };
    }

    private List<FeatureConfig> typed(List<FeatureConfig> given) throws IOException {
        List<FeatureConfig> carried =
                given.stream()
                        .filter(
                                f ->
                                        inputs.stream()
                                                .anyMatch(i -> i.stream().role().carries(f.role())))
                        .toList();
        if (carried.stream().allMatch(f -> f.type() != null)) {
            return carried;
        }
        Map<String, FeatureConfig> resolved = new HashMap<>();
        for (StreamRole role : StreamRole.values()) {
            infer(role, carried, resolved);
        }
        return carried.stream()
                .map(f -> f.type() == null ? resolved.getOrDefault(f.name(), f) : f)
                .toList();
    }

    /** Tells types from all inputs of a stream: one of several files may hold numbers only. */
    private void infer(
            StreamRole role, List<FeatureConfig> all, Map<String, FeatureConfig> resolved)
            throws IOException {
        List<ReferenceInput> ofRole =
                inputs.stream().filter(input -> input.stream().role() == role).toList();
        List<FeatureConfig> untyped =
                all.stream().filter(f -> f.type() == null && role.carries(f.role())).toList();
        if (ofRole.isEmpty() || untyped.isEmpty()) {
            return;
        }
        FieldPlan plan = FieldPlan.of(model, ofRole.get(0).stream(), untyped).withoutTime();
        ColumnTypes types = new ColumnTypes(plan.paths().size());
        for (ReferenceInput input : ofRole) {
            current = input;
            try (RecordCursor cursor = input.open(plan)) {
                while (cursor.next()) {
                    rows.incrementAndGet();
                    observe(cursor, types);
                }
            }
        }
        for (FeatureConfig feature : untyped) {
            int field = plan.indexOf(feature.path());
            resolved.put(feature.name(), feature.withType(types.type(field)));
            inferred.add(feature.name());
            if (types.looksLikeCodes(field)) {
                codes.add(feature.name());
            }
        }
    }

    private static void observe(RecordCursor cursor, ColumnTypes types) {
        try {
            cursor.fields(types);
        } catch (Rejection e) {
            // The row is counted and shown when it is read for good.
            return;
        }
    }

    private void gather(ReferenceInput input) throws IOException {
        FieldPlan plan = FieldPlan.of(model, input.stream(), features).withoutTime();
        ObservationDecoder decoder =
                new ObservationDecoder(model.name(), plan, InstantSource.system());
        long row = 0;
        try (RecordCursor cursor = input.open(plan)) {
            while (cursor.next()) {
                rows.incrementAndGet();
                take(plan, decoder.decode(cursor, input.name(), row++));
            }
        }
    }

    private void take(FieldPlan plan, Decoded decoded) {
        if (decoded.deadLetter() != null) {
            rejected++;
            if (examples.size() < EXAMPLES) {
                examples.add(decoded.deadLetter());
            }
        } else if (isOutside(decoded.eventTimeMillis())) {
            outside++;
        } else {
            builder.add(plan, decoded.observation());
        }
    }

    private boolean isOutside(long millis) {
        if (from == null && until == null) {
            return false;
        }
        return millis == Decoded.NO_TIME
                || (from != null && millis < from.toEpochMilli())
                || (until != null && millis >= until.toEpochMilli());
    }
}
