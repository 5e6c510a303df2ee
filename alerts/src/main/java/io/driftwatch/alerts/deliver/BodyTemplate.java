package io.driftwatch.alerts.deliver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import io.driftwatch.schemas.Notification;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A body of one's own: JSON whose texts are Mustache templates. It is the texts that are filled in
 * and not the JSON, so whatever the data holds, the body is valid and has the form that was given.
 * Known are the keys of {@link NotificationData} ({@code {{#alerts}}{{feature}} {{/alerts}}}), and
 * {@code id}, {@code title}, {@code features} and {@code created_at}; what is unknown or absent is
 * empty.
 */
final class BodyTemplate {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .build();

    private static final Mustache.Compiler TEMPLATES =
            Mustache.compiler().escapeHTML(false).defaultValue("");

    private BodyTemplate() {}

    /** Says what is wrong with a template; empty if nothing is. */
    static Optional<String> mistake(String template) {
        try {
            JsonNode tree = MAPPER.readTree(template);
            if (!tree.isContainerNode()) {
                return Optional.of("is not a JSON object or array");
            }
            fill(tree, Map.of());
            return Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.of("is not JSON: " + e.getOriginalMessage());
        } catch (MustacheException e) {
            return Optional.of("holds a text that is not a template: " + e.getMessage().strip());
        }
    }

    /** Fills a template in that has no mistake. */
    static String fill(String template, Notification notification) {
        Map<String, Object> context =
                new HashMap<>(
                        MAPPER.convertValue(
                                NotificationData.of(notification), new TypeReference<>() {}));
        Incident incident = Incident.of(notification);
        context.put("id", notification.getId());
        context.put("title", incident.title());
        context.put("features", incident.features());
        context.put("created_at", notification.getCreatedAt().toString());
        try {
            return fill(MAPPER.readTree(template), context).toString();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("BodyTemplate: the template is not JSON", e);
        }
    }

    private static JsonNode fill(JsonNode node, Map<String, Object> context) {
        if (node.isTextual()) {
            String text = TEMPLATES.compile(node.asText()).execute(context);
            return JsonNodeFactory.instance.textNode(text);
        }
        if (node.isArray()) {
            ArrayNode filled = JsonNodeFactory.instance.arrayNode();
            node.forEach(each -> filled.add(fill(each, context)));
            return filled;
        }
        if (node.isObject()) {
            ObjectNode filled = JsonNodeFactory.instance.objectNode();
            node.properties()
                    .forEach(each -> filled.set(each.getKey(), fill(each.getValue(), context)));
            return filled;
        }
        return node;
    }
}
