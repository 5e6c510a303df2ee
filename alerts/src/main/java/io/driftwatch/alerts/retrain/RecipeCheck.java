package io.driftwatch.alerts.retrain;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.driftwatch.alerts.retrain.Recipe.Exchange;
import io.driftwatch.alerts.retrain.Recipe.Source;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Looks whether a recipe can be followed at all. */
final class RecipeCheck {
    static final String HANDLE = "handle";
    static final String INPUTS = "inputs";
    static final String INPUT_LIST = "input_list";

    private static final Set<String> METHODS = Set.of("GET", "POST");

    private final Recipe recipe;
    private final Set<String> plain = new HashSet<>(RequestFacts.NAMES);
    private final Set<String> secret = new HashSet<>();

    RecipeCheck(Recipe recipe) {
        this.recipe = recipe;
        recipe.parameters()
                .forEach((name, parameter) -> (parameter.secret() ? secret : plain).add(name));
    }

    /**
     * @throws IllegalArgumentException naming the first mistake
     */
    void check() {
        require(plain.contains(Recipe.BASE_URL), "has no parameter base_url");
        checkHandle();
        plain.add(HANDLE);
        recipe.inputs().values().forEach(text -> checkNames(text, RequestFacts.NAMES));
        check("submit", recipe.submit());
        plain.addAll(recipe.submit().find().keySet());
        for (int i = 0; i < recipe.polls().size(); i++) {
            check("polls[" + i + "]", recipe.polls().get(i));
            plain.addAll(recipe.polls().get(i).find().keySet());
        }
        if (recipe.runPath() != null) {
            checkPath(recipe.runPath());
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private void checkHandle() {
        Recipe.Handle handle = recipe.handle();
        checkNames(handle.text(), RequestFacts.NAMES);
        require(
                Template.parse(handle.text()).names().contains("request_id"),
                "handle.text lacks {request_id}");
        require(handle.longest() >= 32, "handle.longest is less than 32");
        require(
                !Pattern.compile("[^" + handle.allowed() + "]").matcher("-0af").find(),
                "handle.allowed must allow hyphens, digits and small letters");
    }

    private void check(String where, Exchange exchange) {
        require(METHODS.contains(exchange.method()), where + ".method is neither GET nor POST");
        require(!exchange.success().isEmpty(), where + ".success is empty");
        require(
                exchange.json() == null || exchange.form() == null,
                where + " has both json and form; one is enough");
        checkPath(exchange.path());
        exchange.needs().forEach(name -> require(isKnown(name), unknown(name)));
        exchange.headers().values().forEach(texts -> texts.forEach(this::checkHeader));
        texts(exchange.json()).forEach(this::checkInBody);
        if (exchange.form() != null) {
            exchange.form().forEach(this::checkField);
        }
        exchange.find().forEach((name, source) -> check(where + ".find." + name, source));
        exchange.state().forEach(JsonPointer::compile);
    }

    private boolean isKnown(String name) {
        return plain.contains(name) || secret.contains(name);
    }

    private static String unknown(String name) {
        return "{" + name + "} is neither a parameter nor anything else that is known";
    }

    private static void checkNames(String text, Collection<String> known) {
        for (String name : Template.parse(text).names()) {
            require(known.contains(name), unknown(name));
        }
    }

    private void checkPath(String path) {
        require(path.startsWith("/"), "path '" + path + "' does not begin with a slash");
        checkNames(path, plain);
    }

    private void checkHeader(String text) {
        Template.parse(text).names().forEach(name -> require(isKnown(name), unknown(name)));
        for (Template.Part part : Template.parse(text).parts()) {
            require(
                    part.password() == null
                            || (plain.contains(part.name()) && secret.contains(part.password())),
                    "'" + text + "' wants a user who may be seen, and a password that may not");
        }
    }

    /** A secret in JSON would be in the body's tree, and from there it may get anywhere. */
    private void checkInBody(String text) {
        Set<String> known = new HashSet<>(plain);
        known.addAll(List.of(INPUTS, INPUT_LIST));
        checkNames(text, known);
    }

    private void checkField(String name, String text) {
        require(!name.contains("{"), "form field '" + name + "' has a placeholder in its name");
        boolean isEach = text.equals("{" + INPUTS + "}");
        require(
                name.contains("*") == isEach,
                "form field '" + name + "' must be {inputs} if it has a *, and only then");
        if (!isEach) {
            Template.parse(text).names().forEach(each -> require(isKnown(each), unknown(each)));
        }
    }

    private static void check(String where, Source source) {
        require(
                (source.pointer() == null) != (source.header() == null),
                where + " is either a pointer or in a header");
        source.inBody();
        if (source.header() != null) {
            require(source.pattern() != null, where + " lacks a pattern");
            int groups = Pattern.compile(source.pattern()).matcher("").groupCount();
            require(groups == 1, where + ".pattern has not exactly one group");
        }
    }

    private static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node != null && node.isTextual()) {
            texts.add(node.textValue());
        } else if (node != null) {
            node.forEach(child -> texts.addAll(texts(child)));
        }
        return texts;
    }
}
