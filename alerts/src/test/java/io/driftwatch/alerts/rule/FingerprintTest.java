package io.driftwatch.alerts.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FingerprintTest {
    /** Vectors of the authors of FNV, http://www.isthe.com/chongo/src/fnv/test_fnv.c. */
    @ParameterizedTest(name = "FNV-1a of ''{0}''")
    @CsvSource({"'', cbf29ce484222325", "a, af63dc4c8601ec8c", "foobar, 85944171f73967e8"})
    void isFnv1a(String text, String expected) {
        assertThat(Fingerprint.of(text)).isEqualTo(expected);
    }

    /** Computed in Python over the sorted pairs, name and value each followed by a byte 0xFF. */
    @Test
    void isTheSameForEver() {
        Map<String, String> labels =
                Map.of(
                        "alertname", "FeatureDrift",
                        "model", "flight-delay",
                        "feature", "distance_miles",
                        "city", "Zürich");

        assertThat(Fingerprint.of(labels)).isEqualTo("33d00267c2ad0444");
    }

    @Test
    void doesNotDependOnTheOrderOfLabels() {
        Map<String, String> backwards = new LinkedHashMap<>();
        backwards.put("b", "2");
        backwards.put("a", "1");

        assertThat(Fingerprint.of(backwards)).isEqualTo(Fingerprint.of(Map.of("a", "1", "b", "2")));
    }

    @Test
    void tellsWhereANameEnds() {
        assertThat(Fingerprint.of(Map.of("ab", "c")))
                .isNotEqualTo(Fingerprint.of(Map.of("a", "bc")));
    }

    @Test
    void ofNoLabelsIsTheOffsetBasis() {
        assertThat(Fingerprint.of(Map.of())).isEqualTo("cbf29ce484222325");
    }
}
