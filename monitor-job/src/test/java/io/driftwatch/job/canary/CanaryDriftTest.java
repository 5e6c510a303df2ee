package io.driftwatch.job.canary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CanaryDriftTest {
    private static final Instant START = Instant.parse("2026-11-21T21:00:00Z");

    private final CanaryDrift drift = new CanaryDrift(START, "mark");

    private static Map<Long, List<JsonNode>> bySecond(List<byte[]> records) {
        ObjectMapper json = new ObjectMapper();
        return records.stream()
                .map(
                        record -> {
                            try {
                                return json.readTree(record);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        })
                .collect(
                        Collectors.groupingBy(
                                record ->
                                        (record.path("at").asLong() - START.toEpochMilli()) / 1000,
                                TreeMap::new,
                                Collectors.toList()));
    }

    private static double mean(List<JsonNode> records) {
        return records.stream()
                .mapToDouble(record -> record.path("value").asDouble())
                .average()
                .orElseThrow();
    }

    @Test
    void aCalmWindowComesFirstThenTheDriftAndOneRecordThatCompletesIt() {
        Map<Long, List<JsonNode>> windows = bySecond(drift.drift());

        assertThat(windows.keySet()).containsExactly(0L, 1L, 2L);
        assertThat(mean(windows.get(0L))).isBetween(0.499, 0.501);
        assertThat(mean(windows.get(1L))).isBetween(0.749, 0.751);
        assertThat(windows.get(2L)).hasSize(1);
        assertThat(drift.drifting()).isEqualTo(START.plusSeconds(1));
    }

    @Test
    void theEndIsCalmAndLeavesTheNextFlightItsWindows() {
        Map<Long, List<JsonNode>> windows = bySecond(drift.end());

        assertThat(windows.keySet()).containsExactly(2L, 3L);
        assertThat(mean(windows.get(2L))).isBetween(0.499, 0.501);
        assertThat(windows.get(3L)).hasSize(1);
        assertThat(drift.next()).isEqualTo(START.plusSeconds(4));
    }

    @Test
    void everyRecordIsMarked() {
        assertThat(bySecond(drift.drift()).values())
                .allSatisfy(
                        records ->
                                assertThat(records)
                                        .allMatch(
                                                record ->
                                                        record.path("canary")
                                                                .asText()
                                                                .equals("mark")));
    }
}
