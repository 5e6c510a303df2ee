package io.driftwatch.alerts.retrain;

import io.driftwatch.alerts.deliver.Secret;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Something that can retrain models, as the configuration describes it. {@link Recipe#mistakes}
 * tells whether it fits its recipe.
 *
 * @param name unique in the configuration
 * @param recipe name of its {@link Recipe}
 * @param parameters what the recipe's parameters are, such as {@code base_url}; copied
 * @param secrets what those are that nobody may see, such as {@code token}; copied
 * @param headers further request headers, which replace the recipe's of the same name; copied
 * @param inputs what the retraining gets, by name: texts with placeholders such as {@code {model}};
 *     null for what the recipe gives it by default; copied
 */
public record RetrainTarget(
        String name,
        String recipe,
        Map<String, String> parameters,
        Map<String, Secret> secrets,
        Map<String, Secret> headers,
        Map<String, String> inputs)
        implements Serializable {
    public RetrainTarget {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(recipe, "recipe");
        parameters = copy(parameters);
        secrets = copy(secrets);
        headers = copy(headers);
        inputs = inputs == null ? null : copy(inputs);
    }

    private static <V> Map<String, V> copy(Map<String, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
