package io.driftwatch.alerts.retrain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.driftwatch.alerts.deliver.Secret;
import io.driftwatch.schemas.RetrainRequest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the placeholders of one call stand for. */
final class CallValues {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<String, JsonNode> values = new LinkedHashMap<>();
    private final Map<String, Secret> secrets;
    private final Map<String, String> inputs;

    CallValues(
            Recipe recipe,
            RetrainTarget target,
            RetrainRequest request,
            Map<String, String> found) {
        Map<String, JsonNode> facts = RequestFacts.of(request);
        values.putAll(facts);
        recipe.parameters()
                .forEach(
                        (name, parameter) -> {
                            String value =
                                    target.parameters()
                                            .getOrDefault(name, parameter.defaultValue());
                            if (value != null) {
                                values.put(name, JSON.textNode(value));
                            }
                        });
        found.forEach((name, value) -> values.put(name, JSON.textNode(value)));
        secrets = target.secrets();
        inputs = inputs(target.inputs() == null ? recipe.inputs() : target.inputs(), facts);
        JsonNode handle = JSON.textNode(handle(recipe, request));
        values.put(RecipeCheck.HANDLE, handle);
        if (recipe.namedByHandle()) {
            values.putIfAbsent(Recipe.RUN_ID, handle);
        }
        values.put(RecipeCheck.INPUTS, inputObject());
        values.put(RecipeCheck.INPUT_LIST, inputList());
    }

    /** An input of which a fact is not known is left out. */
    private static Map<String, String> inputs(
            Map<String, String> templates, Map<String, JsonNode> facts) {
        Map<String, String> inputs = new LinkedHashMap<>();
        templates.forEach(
                (name, text) -> {
                    Template template = Template.parse(text);
                    if (facts.keySet().containsAll(template.names())) {
                        inputs.put(name, template.fill(fact -> text(facts.get(fact))));
                    }
                });
        return Collections.unmodifiableMap(inputs);
    }

    private String handle(Recipe recipe, RetrainRequest request) {
        String filled = Template.parse(recipe.handle().text()).fill(this::text);
        return recipe.handle().of(filled, request.getRequestId());
    }

    private ObjectNode inputObject() {
        ObjectNode object = JSON.objectNode();
        inputs.forEach(object::put);
        return object;
    }

    private ArrayNode inputList() {
        ArrayNode list = JSON.arrayNode();
        inputs.forEach((name, value) -> list.add(name + "=" + value));
        return list;
    }

    Map<String, String> inputs() {
        return inputs;
    }

    /** Says whether a placeholder has something to stand for. */
    boolean has(String name) {
        return values.containsKey(name) || secrets.containsKey(name);
    }

    boolean hasAll(Iterable<String> names) {
        for (String name : names) {
            if (!has(name)) {
                return false;
            }
        }
        return true;
    }

    /** Returns a value as text. */
    String text(String name) {
        return text(values.get(name));
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }

    /** Returns a secret; null if it is none. */
    Secret secret(String name) {
        return secrets.get(name);
    }

    /** Fills the strings of a tree; null if it is a string that stands for nothing. */
    JsonNode fill(JsonNode template) {
        if (template.isObject()) {
            ObjectNode object = JSON.objectNode();
            template.properties().forEach(field -> set(object, field.getKey(), field.getValue()));
            return object;
        }
        if (template.isArray()) {
            ArrayNode array = JSON.arrayNode();
            template.forEach(child -> add(array, fill(child)));
            return array;
        }
        return template.isTextual() ? fill(Template.parse(template.textValue())) : template;
    }

    private void set(ObjectNode object, String name, JsonNode template) {
        JsonNode filled = fill(template);
        if (filled != null) {
            object.set(name, filled);
        }
    }

    private static void add(ArrayNode array, JsonNode filled) {
        if (filled != null) {
            array.add(filled);
        }
    }

    private JsonNode fill(Template template) {
        if (!hasAll(template.names())) {
            return null;
        }
        return template.onlyName() == null
                ? TextNode.valueOf(template.fill(this::text))
                : values.get(template.onlyName()).deepCopy();
    }
}
