package io.driftwatch.alerts.config;

import io.driftwatch.alerts.deliver.AddressGuard;
import io.driftwatch.alerts.deliver.HttpAddress;
import io.driftwatch.alerts.deliver.Secret;
import io.driftwatch.alerts.retrain.Recipe;
import io.driftwatch.alerts.retrain.Recipes;
import io.driftwatch.alerts.retrain.RetrainRoute;
import io.driftwatch.alerts.retrain.RetrainTarget;
import io.driftwatch.alerts.rule.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the part {@code retrain.targets} of the file. No message quotes a secret. */
final class RetrainTargetReader {
    private static final String FILE = "_file";

    private final AddressGuard guard;
    private final Set<String> names = new HashSet<>();

    RetrainTargetReader(AddressGuard guard) {
        this.guard = guard;
    }

    List<RetrainRoute> read(ConfigMapping root) {
        List<RetrainRoute> routes = new ArrayList<>();
        root.mapping("retrain")
                .ifPresent(
                        retrain ->
                                retrain.mappings("targets")
                                        .forEach(each -> route(each).ifPresent(routes::add)));
        return routes;
    }

    private Optional<RetrainRoute> route(ConfigMapping mapping) {
        String name = mapping.string("name", null);
        if (!name.isEmpty() && !names.add(name)) {
            mapping.problem("name", Quoted.of(name) + " is the name of another target");
        }
        List<String> globs = mapping.strings("models");
        Selector models = globs.isEmpty() ? Selector.ALL : new Selector(globs);
        Map<String, Secret> headers = new LinkedHashMap<>();
        mapping.stringMap("headers").forEach((key, value) -> headers.put(key, Secret.of(value)));
        Map<String, String> inputs = mapping.has("inputs") ? mapping.stringMap("inputs") : null;
        List<String> recipes = Recipes.NAMES.stream().filter(mapping::has).toList();
        mapping.end();
        if (recipes.size() != 1) {
            mapping.problem(
                    recipes.isEmpty() ? "name" : recipes.get(1),
                    "a target is one of " + String.join(", ", Recipes.NAMES));
            return Optional.empty();
        }
        String recipe = recipes.get(0);
        ConfigMapping given = mapping.mapping(recipe).orElse(null);
        return given == null
                ? Optional.empty()
                : target(given, name, recipe, headers, inputs)
                        .map(target -> new RetrainRoute(target, models));
    }

    private Optional<RetrainTarget> target(
            ConfigMapping given,
            String name,
            String recipeName,
            Map<String, Secret> headers,
            Map<String, String> inputs) {
        Recipe recipe = Recipes.named(recipeName).orElseThrow();
        Map<String, String> parameters = new LinkedHashMap<>();
        Map<String, Secret> secrets = new LinkedHashMap<>();
        for (String key : given.keys()) {
            Optional<String> value = given.optionalString(key);
            String bare = key.endsWith(FILE) ? key.substring(0, key.length() - FILE.length()) : key;
            boolean isSecret =
                    recipe.parameters().containsKey(bare) && recipe.parameters().get(bare).secret();
            if (value.isEmpty()) {
                continue;
            }
            if (isSecret) {
                Secret secret =
                        key.endsWith(FILE) ? Secret.ofFile(value.get()) : Secret.of(value.get());
                if (secrets.put(bare, secret) != null) {
                    given.problem(key, "stands beside " + bare + "; keep one of the two");
                }
            } else {
                parameters.put(key, value.get());
            }
        }
        RetrainTarget target =
                new RetrainTarget(name, recipeName, parameters, secrets, headers, inputs);
        List<String> mistakes = recipe.mistakes(target);
        for (String mistake : mistakes) {
            int colon = mistake.indexOf(": ");
            given.problem(mistake.substring(0, colon), mistake.substring(colon + 2));
        }
        if (mistakes.isEmpty()) {
            guard.certainRefusal(HttpAddress.parse(parameters.get(Recipe.BASE_URL)))
                    .ifPresent(why -> given.problem(Recipe.BASE_URL, why));
        }
        return mistakes.isEmpty() ? Optional.of(target) : Optional.empty();
    }
}
