package io.driftwatch.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.TestingConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldPlanTest {
    private static final ModelConfig MODEL =
            TestingConfig.model(
                    """
                    models:
                      - name: m
                        profile: p.avro
                        version: {path: /meta/version}
                        streams:
                          - {role: features, topic: f, event_time: /meta/at, record_id: id}
                          - {role: predictions, topic: p, event_time: at}
                        window: {size: 1h}
                        segments: [origin, country]
                        features:
                          miles: {type: numeric, path: /trip/length}
                          origin: {type: categorical, path: /trip/origin}
                          delay: {type: numeric, role: prediction}
                    """);

    private static FieldPlan plan(int stream) {
        return FieldPlan.of(MODEL, MODEL.streams().get(stream), MODEL.features());
    }

    @Test
    void wantsOnlyWhatTheStreamCarries() {
        assertThat(plan(0).numeric()).containsExactly("miles");
        assertThat(plan(0).categorical()).containsExactly("origin");
        assertThat(plan(1).numeric()).containsExactly("delay");
        assertThat(plan(1).categorical()).isEmpty();
    }

    @Test
    void readsAFieldOnceThatServesTwoPurposes() {
        assertThat(plan(0).paths())
                .containsExactly(
                        "/meta/at",
                        "id",
                        "/meta/version",
                        "/trip/origin",
                        "country",
                        "/trip/length");
    }

    @Test
    void onlyTheTimeAndTheIdOfAReferenceRowMayBeAbsent() {
        FieldPlan reference = plan(0).withoutTime();

        assertThat(plan(0).isOptional(0)).isFalse();
        assertThat(reference.isOptional(0)).isTrue();
        assertThat(reference.isOptional(1)).isTrue();
        assertThat(reference.isOptional(2)).isFalse();
        assertThat(reference.isOptional(5)).isFalse();
    }

    @ParameterizedTest(name = "field {0} may be called {1}")
    @CsvSource({
        "0, /meta/at|at",
        "2, /meta/version|version",
        "3, /trip/origin|origin|origin|origin",
        "5, /trip/length|miles|length"
    })
    void findsNestedFieldsInFlatFilesByNameAndByLastStep(int field, String names) {
        assertThat(RecordCursor.flatNames(plan(0), field)).containsExactly(names.split("\\|"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "name, name",
        "a/b, a/b",
        "/a/b, a|b",
        "/a~1b/c~0d, a/b|c~d",
        "/~01, ~1",
        "/a//b, a||b",
        "/0, 0"
    })
    void followsJsonPointers(String path, String steps) {
        assertThat(PathTree.steps(path)).containsExactly(steps.split("\\|"));
    }

    private static FieldPlan planOf(String segments, String features) {
        ModelConfig model =
                TestingConfig.model(
                        """
                        models:
                          - name: flights
                            profile: p.avro
                            streams: [{role: inference, topic: t, event_time: at}]
                            window: {size: 1h}
                            segments: [%s]
                            features: {%s}
                        """
                                .formatted(segments, features));
        return FieldPlan.of(model, model.streams().get(0), model.features());
    }

    @Test
    void aLayoutIsThatOfPlansWhoseObservationsHaveTheSameInTheSamePlaces() {
        String features = "a: {type: numeric}, b: {type: numeric}";
        long layout = planOf("s", features).layout();

        assertThat(planOf("s", "a: {type: numeric, path: /x/a}, b: {type: numeric}").layout())
                .isEqualTo(layout);
        assertThat(
                        planOf(
                                        "s",
                                        "a: {type: numeric, statistics: [wasserstein]}, b: {type: numeric}")
                                .layout())
                .isEqualTo(layout);
        assertThat(
                        List.of(
                                planOf("s", "b: {type: numeric}, a: {type: numeric}").layout(),
                                planOf("s", "a: {type: numeric}, b: {type: categorical}").layout(),
                                planOf("s", "a: {type: numeric}").layout(),
                                planOf("s", "ab: {type: numeric}").layout(),
                                planOf("", features).layout()))
                .doesNotContain(layout, 0L)
                .doesNotHaveDuplicates();
    }
}
