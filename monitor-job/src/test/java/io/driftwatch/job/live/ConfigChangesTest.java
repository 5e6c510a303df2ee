package io.driftwatch.job.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.detectors.FeatureType;
import io.driftwatch.job.config.FeatureConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.TestingConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigChangesTest {
    private static final String STREAM = "{role: features, topic: f, event_time: at}";
    private static final String LABELS = "{role: labels, topic: l, event_time: at, record_id: id}";

    private static ModelConfig model(String streams, String features) {
        return TestingConfig.model(
                """
                models:
                  - name: flights
                    profile: p.avro
                    streams: [%s]
                    window: {size: 1h}
                    features: {%s}
                """
                        .formatted(streams, features));
    }

    private static List<String> needingRestart(ModelConfig before, ModelConfig after) {
        return ConfigChanges.needingRestart(
                ConfigChanges.accounting(before, typed(before)), after, typed(after));
    }

    private static List<FeatureConfig> typed(ModelConfig model) {
        return model.features().stream()
                .map(f -> f.type() == null ? f.withType(FeatureType.CATEGORICAL) : f)
                .toList();
    }

    @Test
    void saysWhichSectionsBeginOrCeaseToBeWithheld() {
        assertThat(
                        ConfigChanges.inWithheld(
                                List.of("flink", "receivers"), List.of("canary", "flink")))
                .containsExactly("+ canary: (withheld)", "- receivers: (withheld)");
    }

    @Test
    void featuresComeAndGoAndAreReadOtherwiseWithoutARestart() {
        ModelConfig before = model(STREAM, "distance: {type: numeric}, origin: {}");

        for (String after :
                List.of(
                        "distance: {type: numeric}, origin: {}, fare: {type: numeric}",
                        "fare: {type: numeric}, distance: {type: numeric}",
                        "distance: {type: numeric, path: /route/distance}, origin: {}",
                        "distance: {}, origin: {type: numeric}",
                        "distance: {type: numeric, statistics: [wasserstein]}")) {
            assertThat(needingRestart(before, model(STREAM, after))).as(after).isEmpty();
        }
    }

    @Test
    void theFeatureThatAStreamIsAccountedForByStays() {
        ModelConfig before = model(STREAM, "origin: {}, distance: {type: numeric}");

        assertThat(needingRestart(before, model(STREAM, "origin: {}")))
                .containsExactly(
                        "feature 'distance' is taken out, by which the records of stream features"
                                + " of model 'flights' are accounted for");
    }

    @Test
    void aStreamWithoutFeaturesGetsNone() {
        String both = STREAM + ", " + LABELS;
        ModelConfig before = model(both, "distance: {type: numeric}");

        assertThat(
                        needingRestart(
                                before,
                                model(both, "distance: {type: numeric}, delay: {role: label}")))
                .containsExactly("stream labels of model 'flights' had no features before");
    }
}
