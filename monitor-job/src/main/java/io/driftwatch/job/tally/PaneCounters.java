package io.driftwatch.job.tally;

import io.driftwatch.detectors.profile.Tally;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.decode.Observation;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.profile.ReferenceSample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Everything counted in one pane: each known model version as a whole and by segment, and of
 * unknown versions the number of records.
 */
final class PaneCounters {
    /** More unknown versions than this are counted together, so that garbage cannot fill memory. */
    static final int MOST_UNKNOWN_VERSIONS = 100;

    /** Under this name the rest of the unknown versions is counted. */
    static final String OTHER_VERSIONS = "(other versions)";

    private final ModelProfiles profiles;
    private final FieldPlan plan;
    private final Set<SampleKey> seen;
    private final Map<String, VersionCounters> versions = new HashMap<>();
    private final Map<String, Long> unknownVersions = new HashMap<>();
    private String lastVersion;
    private VersionCounters last;
    private long cells;

    /**
     * @param seen to which samples are added that have rows
     */
    PaneCounters(Counting counting, Set<SampleKey> seen) {
        this.profiles = counting.profiles();
        this.plan = counting.plan();
        this.seen = seen;
    }

    /** Integers held by all counters, a measure of memory. */
    long cells() {
        return cells;
    }

    void add(Observation observation) {
        String version = observation.version();
        if (!version.equals(lastVersion)) {
            lastVersion = version;
            last = versions.get(version);
            if (last == null && profiles.hasVersion(version)) {
                last = new VersionCounters(version);
                versions.put(version, last);
            }
        }
        if (last == null) {
            countUnknown(version);
        } else {
            last.add(observation);
        }
    }

    private void countUnknown(String version) {
        boolean named =
                unknownVersions.containsKey(version)
                        || unknownVersions.size() < MOST_UNKNOWN_VERSIONS;
        unknownVersions.merge(named ? version : OTHER_VERSIONS, 1L, Long::sum);
    }

    /** Records of versions without a reference. */
    long unknownRecords() {
        return unknownVersions.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Hands on what was counted and starts again from zero, keeping the counters.
     *
     * @param partial features that windows with the pane lack rows of, and since when they do not
     */
    void drain(long pane, Map<String, Long> partial, Consumer<PaneTally> out) {
        for (VersionCounters version : versions.values()) {
            version.drain(pane, partial, out);
        }
        unknownVersions.forEach(
                (version, records) ->
                        out.accept(
                                new PaneTally(
                                        SampleKey.whole(profiles.model(), version).everyFeature(),
                                        pane,
                                        recordsWithoutReference(records).toBytes())));
        unknownVersions.clear();
    }

    /** Without a reference there are no cells: the records are only counted. */
    private static Tally recordsWithoutReference(long records) {
        return Tally.of(new int[0], new long[0], records, 0, 0, 0);
    }

    /** One known version: the whole, and each segment that has a reference of its own. */
    private final class VersionCounters {
        private final String version;
        private final SampleCounters whole;
        private final List<Map<String, SampleCounters>> segments = new ArrayList<>();

        VersionCounters(String version) {
            this.version = version;
            this.whole = counters(SampleKey.whole(profiles.model(), version));
            for (int i = 0; i < plan.segments().size(); i++) {
                segments.add(new HashMap<>());
            }
        }

        private SampleCounters counters(SampleKey key) {
            ReferenceSample reference = profiles.find(key);
            if (reference == null) {
                return null;
            }
            SampleCounters made = new SampleCounters(key, reference, plan);
            cells += made.cells();
            seen.add(key);
            return made;
        }

        void add(Observation observation) {
            whole.add(observation);
            for (int i = 0; i < segments.size(); i++) {
                String value = observation.segments()[i];
                if (value != null) {
                    addToSegment(i, value, observation);
                }
            }
        }

        private void addToSegment(int column, String value, Observation observation) {
            Map<String, SampleCounters> byValue = segments.get(column);
            SampleCounters counters = byValue.get(value);
            if (counters == null) {
                String name = plan.segments().get(column);
                counters = counters(new SampleKey(profiles.model(), version, name, value));
                if (counters == null) {
                    return;
                }
                byValue.put(value, counters);
            }
            counters.add(observation);
        }

        void drain(long pane, Map<String, Long> partial, Consumer<PaneTally> out) {
            whole.drain(pane, partial, out);
            for (Map<String, SampleCounters> byValue : segments) {
                byValue.values().forEach(counters -> counters.drain(pane, partial, out));
            }
        }
    }
}
