package io.driftwatch.detectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.Assertions;
import org.assertj.core.data.Offset;

/** Reads the golden vectors: numbers computed with scipy, by other code than ours. */
public final class GoldenFile {
    private GoldenFile() {}

    /** All cases of a file. */
    public static List<JsonNode> cases(String file) {
        try (InputStream in = GoldenFile.class.getResourceAsStream("/golden/" + file)) {
            List<JsonNode> cases = new ArrayList<>();
            new ObjectMapper()
                    .readTree(Objects.requireNonNull(in))
                    .get("cases")
                    .forEach(cases::add);
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String name(JsonNode golden) {
        return golden.get("id").asText() + ": " + golden.get("description").asText();
    }

    public static double[] doubles(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            JsonNode value = array.get(i);
            values[i] = value.isTextual() ? Double.parseDouble(value.asText()) : value.asDouble();
        }
        return values;
    }

    public static long[] longs(JsonNode array) {
        long[] values = new long[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asLong();
        }
        return values;
    }

    /** Statistics: relative 1e-10, absolute 1e-12 near 0. */
    public static void assertStatistic(double actual, JsonNode expected) {
        assertRelative(actual, expected.asDouble(), 1e-10, 1e-12);
    }

    /** Probabilities: relative 1e-8. */
    public static void assertProbability(double actual, JsonNode expected) {
        assertRelative(actual, expected.asDouble(), 1e-8, 0);
    }

    public static void assertRelative(
            double actual, double expected, double relative, double absolute) {
        double tolerance = Math.max(Math.abs(expected) * relative, absolute);
        Assertions.assertThat(actual).isCloseTo(expected, Offset.offset(tolerance));
    }
}
