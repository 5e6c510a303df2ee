package io.driftwatch.alerts.retrain;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The recipes that come with the program: one file each, in {@code recipes}. */
public final class Recipes {
    /** Their names, in order. */
    public static final List<String> NAMES =
            List.of(
                    "airflow",
                    "airflow2",
                    "argo_workflows",
                    "github",
                    "github_workflow",
                    "gitlab",
                    "jenkins",
                    "kubeflow_pipelines",
                    "prefect");

    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .build();

    private Recipes() {}

    /** Returns the recipe of a name; empty if there is none. */
    public static Optional<Recipe> named(String name) {
        if (!NAMES.contains(name)) {
            return Optional.empty();
        }
        try (InputStream in = Recipes.class.getResourceAsStream("recipes/" + name + ".json")) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its recipe " + name);
            }
            return Optional.of(parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a recipe.
     *
     * @param name what to call it in messages
     * @param json the file's text
     * @throws IllegalArgumentException saying what is wrong: not JSON, an unknown key, a key that
     *     stands twice, a placeholder that is never filled, or anything that no target could want
     */
    public static Recipe parse(String name, String json) {
        try {
            Recipe recipe = MAPPER.readValue(json, Recipe.class);
            new RecipeCheck(recipe).check();
            return recipe;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("recipe " + name + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("recipe " + name + ": " + e.getMessage(), e);
        }
    }
}
