package io.driftwatch.job.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;

/**
 * Reads JSON objects as a stream of Jackson's tokens: only the wanted branches are entered, no tree
 * is built. What it takes and refuses is what this program takes and refuses as JSON.
 */
final class JsonTokens {
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build();

    private final PathTree wanted;

    JsonTokens(PathTree wanted) {
        this.wanted = wanted;
    }

    /** As {@link RecordDecoder#decode}. */
    void read(byte[] record, FieldReceiver out) throws Rejection {
        try (JsonParser parser = FACTORY.createParser(record)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Rejection(RejectionReason.MALFORMED, "the record is not a JSON object");
            }
            object(parser, wanted, out);
            if (parser.nextToken() != null) {
                throw new Rejection(
                        RejectionReason.MALFORMED, "something follows the end of the JSON object");
            }
        } catch (StreamReadException e) {
            throw new Rejection(
                    RejectionReason.MALFORMED,
                    "not JSON at byte "
                            + e.getLocation().getByteOffset()
                            + ": "
                            + Rejection.quote(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new Rejection(RejectionReason.MALFORMED, "not JSON: " + e.getMessage());
        }
    }

    private static void object(JsonParser parser, PathTree node, FieldReceiver out)
            throws IOException, Rejection {
        String name;
        while ((name = parser.nextFieldName()) != null) {
            parser.nextToken();
            value(parser, node.child(name), out);
        }
    }

    private static void array(JsonParser parser, PathTree node, FieldReceiver out)
            throws IOException, Rejection {
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            value(parser, node.child(Integer.toString(i)), out);
        }
    }

    private static void value(JsonParser parser, PathTree node, FieldReceiver out)
            throws IOException, Rejection {
        JsonToken token = parser.currentToken();
        if (node == null) {
            parser.skipChildren();
            return;
        }
        int field = node.field();
        switch (token) {
            case START_OBJECT -> {
                refuse(field, "an object", out);
                object(parser, node, out);
            }
            case START_ARRAY -> {
                refuse(field, "an array", out);
                array(parser, node, out);
            }
            default -> {
                if (field != PathTree.NONE) {
                    scalar(parser, token, field, out);
                }
            }
        }
    }

    private static void refuse(int field, String kind, FieldReceiver out) throws Rejection {
        if (field != PathTree.NONE) {
            out.other(field, kind);
        }
    }

    private static void scalar(JsonParser parser, JsonToken token, int field, FieldReceiver out)
            throws IOException, Rejection {
        switch (token) {
            case VALUE_NUMBER_INT -> {
                if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                    out.number(field, parser.getDoubleValue());
                } else {
                    out.integer(field, parser.getLongValue());
                }
            }
            case VALUE_NUMBER_FLOAT -> out.number(field, parser.getDoubleValue());
            case VALUE_STRING -> out.text(field, parser.getText());
            case VALUE_TRUE -> out.truth(field, true);
            case VALUE_FALSE -> out.truth(field, false);
            case VALUE_NULL -> out.nothing(field);
            default -> out.other(field, token.toString());
        }
    }
}
