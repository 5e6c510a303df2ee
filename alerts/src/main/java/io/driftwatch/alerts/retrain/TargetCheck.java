package io.driftwatch.alerts.retrain;

import io.driftwatch.alerts.deliver.HttpAddress;
import io.driftwatch.alerts.retrain.Recipe.Parameter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Looks whether a target fits its recipe. Quotes nothing that may be a secret. */
final class TargetCheck {
    private final Recipe recipe;
    private final RetrainTarget target;
    private final List<String> mistakes = new ArrayList<>();

    TargetCheck(Recipe recipe, RetrainTarget target) {
        this.recipe = recipe;
        this.target = target;
    }

    List<String> mistakes() {
        recipe.parameters().forEach(this::checkParameter);
        checkUnknown();
        target.parameters().forEach(this::checkValue);
        checkBaseUrl();
        if (target.inputs() != null) {
            target.inputs().forEach(this::checkInput);
        }
        return List.copyOf(mistakes);
    }

    private void checkParameter(String name, Parameter parameter) {
        boolean isPlain = target.parameters().containsKey(name);
        boolean isSecret = target.secrets().containsKey(name);
        if (isPlain && parameter.secret()) {
            mistakes.add(name + ": is a secret and has to be given as one");
        }
        if (isSecret && !parameter.secret()) {
            mistakes.add(name + ": is no secret and cannot be given as one");
        }
        if (parameter.required() && !isPlain && !isSecret) {
            mistakes.add(name + ": missing; give it the " + parameter.description());
        }
    }

    private void checkUnknown() {
        TreeSet<String> names = new TreeSet<>(target.parameters().keySet());
        names.addAll(target.secrets().keySet());
        names.removeAll(recipe.parameters().keySet());
        for (String name : names) {
            String known = String.join(", ", recipe.parameters().keySet());
            mistakes.add(name + ": is no parameter of " + target.recipe() + "; known: " + known);
        }
    }

    private void checkValue(String name, String value) {
        if (value.isBlank()) {
            mistakes.add(name + ": is empty");
        } else if (value.chars().anyMatch(Character::isISOControl)) {
            mistakes.add(name + ": has a control character");
        } else if (isInPaths(name) && !UriText.isSegment(value, separator(name))) {
            mistakes.add(name + ": cannot be a part of a path");
        }
    }

    private boolean isInPaths(String name) {
        return Template.parse(recipe.submit().path()).names().contains(name);
    }

    private String separator(String name) {
        Parameter parameter = recipe.parameters().get(name);
        return parameter == null ? null : parameter.separator();
    }

    private void checkBaseUrl() {
        String url = target.parameters().get(Recipe.BASE_URL);
        if (url == null || url.isBlank()) {
            return;
        }
        try {
            URI uri = HttpAddress.parse(url);
            if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
                mistakes.add(Recipe.BASE_URL + ": has a query or a fragment; it must be a path");
            }
        } catch (IllegalArgumentException e) {
            mistakes.add(Recipe.BASE_URL + ": " + e.getMessage());
        }
    }

    private void checkInput(String name, String text) {
        try {
            for (String each : Template.parse(text).names()) {
                if (!RequestFacts.NAMES.contains(each)) {
                    String known = String.join(", ", RequestFacts.NAMES);
                    mistakes.add("inputs." + name + ": {" + each + "} is not among " + known);
                }
            }
        } catch (IllegalArgumentException e) {
            mistakes.add("inputs." + name + ": " + e.getMessage());
        }
    }
}
