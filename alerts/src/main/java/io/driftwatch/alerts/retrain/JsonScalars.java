package io.driftwatch.alerts.retrain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Single values of a JSON text. Reads as far as it can: answers may be cut off. */
final class JsonScalars {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonScalars() {}

    /**
     * Returns the strings, numbers and truth values at some places, as text.
     *
     * @return what is there; nothing for null, objects and lists, and for a text that is no JSON
     */
    static Map<JsonPointer, String> read(String json, Set<JsonPointer> places) {
        Map<JsonPointer, String> values = new HashMap<>();
        try (JsonParser parser = FACTORY.createParser(json)) {
            while (values.size() < places.size() && parser.nextToken() != null) {
                JsonToken token = parser.currentToken();
                if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                    JsonPointer place = parser.getParsingContext().pathAsPointer();
                    if (places.contains(place)) {
                        values.putIfAbsent(place, parser.getText());
                    }
                }
            }
        } catch (IOException cutOff) {
            return values;
        }
        return values;
    }
}
