package io.driftwatch.job.decode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Finds which single values JSON objects hold: top-level names plain, nested ones as JSON pointers.
 */
public final class JsonColumns {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    private final Set<String> found = new LinkedHashSet<>();

    /** Adds the columns of one record; what is not a JSON object is passed over. */
    public void add(byte[] record) {
        try {
            JsonNode node = MAPPER.readTree(record);
            if (node != null && node.isObject()) {
                walk("", node);
            }
        } catch (JsonProcessingException e) {
            // Counted when the record is decoded.
            return;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    public Set<String> found() {
        return found;
    }

    static Set<String> ofLines(InputStream in, String fileName) throws IOException {
        JsonColumns columns = new JsonColumns();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                columns.add(line.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new IOException(fileName + ": cannot be read: " + e.getMessage(), e);
        }
        return columns.found();
    }

    private void walk(String prefix, JsonNode object) {
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String pointer = prefix + "/" + entry.getKey().replace("~", "~0").replace("/", "~1");
            if (entry.getValue().isObject()) {
                walk(pointer, entry.getValue());
            } else if (!entry.getValue().isArray()) {
                boolean plain = prefix.isEmpty() && !entry.getKey().startsWith("/");
                found.add(plain ? entry.getKey() : pointer);
            }
        }
    }
}
