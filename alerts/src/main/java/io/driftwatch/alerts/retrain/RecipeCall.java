package io.driftwatch.alerts.retrain;

import io.driftwatch.alerts.deliver.HttpAddress;
import io.driftwatch.alerts.deliver.Secret;
import io.driftwatch.alerts.retrain.Recipe.Exchange;
import io.driftwatch.schemas.RetrainRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One HTTP request to a target, and how to read its answer. Shows no secret: {@link
 * SecretText#reveal} puts them in when it is sent. The sender adds a {@code User-Agent}, which
 * GitHub insists on.
 *
 * @param method GET or POST
 * @param uri whole address
 * @param headers by name, whatever its case
 * @param body null for none
 * @param exchange what the recipe says of the request
 * @param isPoll whether it only asks what has become of the retraining
 * @param known what is known of the run before the answer, as in {@link RecipeAnswer#found}
 */
public record RecipeCall(
        String method,
        URI uri,
        Map<String, SecretText> headers,
        SecretText body,
        Exchange exchange,
        boolean isPoll,
        Map<String, String> known) {
    public RecipeCall {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(uri, "uri");
        Map<String, SecretText> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        sorted.putAll(headers);
        headers = Collections.unmodifiableMap(sorted);
        Objects.requireNonNull(exchange, "exchange");
        known = Map.copyOf(known);
    }

    /**
     * Returns the call that asks for a retraining, the same at every attempt.
     *
     * @param target one that {@link Recipe#mistakes fits} the recipe
     * @throws IllegalArgumentException if it does not fit
     */
    public static RecipeCall submission(
            Recipe recipe, RetrainTarget target, RetrainRequest request) {
        requireFit(recipe, target);
        CallValues values = new CallValues(recipe, target, request, Map.of());
        return new Maker(recipe, target, values).call(recipe.submit(), false, Map.of());
    }

    /**
     * Returns the call that asks what has become of a retraining; empty if the target cannot be
     * asked, or too little is known of the run.
     *
     * @param target one that {@link Recipe#mistakes fits} the recipe
     * @param found what all answers so far have told, see {@link RecipeAnswer#found}
     * @throws IllegalArgumentException if the target does not fit
     */
    public static Optional<RecipeCall> poll(
            Recipe recipe,
            RetrainTarget target,
            RetrainRequest request,
            Map<String, String> found) {
        requireFit(recipe, target);
        CallValues values = new CallValues(recipe, target, request, found);
        List<Exchange> possible =
                recipe.polls().stream()
                        .filter(poll -> values.hasAll(poll.needs()))
                        .filter(poll -> values.hasAll(Template.parse(poll.path()).names()))
                        .toList();
        return possible.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Maker(recipe, target, values)
                                .call(possible.get(possible.size() - 1), true, found));
    }

    private static void requireFit(Recipe recipe, RetrainTarget target) {
        List<String> mistakes = recipe.mistakes(target);
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(
                    "retrain target " + target.name() + ": " + String.join("; ", mistakes));
        }
    }

    /**
     * Reads the answer.
     *
     * @param status HTTP status
     * @param answerHeaders by name, whatever its case
     * @param answerBody as much of it as came, without secrets; empty for none
     */
    public RecipeAnswer answer(
            int status, Map<String, List<String>> answerHeaders, String answerBody) {
        return RecipeAnswer.of(this, status, answerHeaders, answerBody);
    }

    /** Fills what a recipe says. */
    private record Maker(Recipe recipe, RetrainTarget target, CallValues values) {
        private static final String CONTENT_TYPE = "Content-Type";

        RecipeCall call(Exchange exchange, boolean isPoll, Map<String, String> found) {
            Map<String, SecretText> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            headers.put("Accept", SecretText.of("application/json"));
            exchange.headers()
                    .forEach(
                            (name, texts) ->
                                    header(texts).ifPresent(value -> headers.put(name, value)));
            SecretText body = null;
            if (exchange.json() != null) {
                headers.put(CONTENT_TYPE, SecretText.of("application/json"));
                body = SecretText.of(values.fill(exchange.json()).toString());
            } else if (exchange.form() != null) {
                headers.put(CONTENT_TYPE, SecretText.of("application/x-www-form-urlencoded"));
                body = form(exchange.form());
            }
            target.headers().forEach((name, secret) -> headers.put(name, SecretText.of(secret)));
            URI uri = uri(exchange.path());
            return new RecipeCall(
                    exchange.method(), uri, headers, body, exchange, isPoll, known(found));
        }

        private Map<String, String> known(Map<String, String> found) {
            Map<String, String> known = new HashMap<>();
            if (values.has(Recipe.RUN_ID)) {
                known.put(Recipe.RUN_ID, values.text(Recipe.RUN_ID));
            }
            if (recipe.runPath() != null
                    && values.hasAll(Template.parse(recipe.runPath()).names())) {
                known.put(Recipe.URL, uri(recipe.runPath()).toString());
            }
            known.putAll(found);
            return known;
        }

        /** The prefix that the base URL may have stays. */
        private URI uri(String path) {
            String base = HttpAddress.parse(values.text(Recipe.BASE_URL)).toString();
            String prefix = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
            return HttpAddress.parse(prefix + Template.parse(path).fill(this::segment));
        }

        private String segment(String name) {
            Recipe.Parameter parameter = recipe.parameters().get(name);
            String separator = parameter == null ? null : parameter.separator();
            String value = values.text(name);
            if (!UriText.isSegment(value, separator)) {
                throw new IllegalArgumentException(name + " cannot be a part of a path");
            }
            return UriText.encoded(value, separator);
        }

        private Optional<SecretText> header(List<String> texts) {
            return texts.stream()
                    .map(Template::parse)
                    .filter(template -> values.hasAll(template.names()))
                    .map(this::header)
                    .findFirst();
        }

        private SecretText header(Template template) {
            SecretText text = SecretText.EMPTY;
            for (Template.Part part : template.parts()) {
                if (part.literal() != null) {
                    text = text.plus(part.literal());
                } else if (part.password() != null) {
                    Secret password = values.secret(part.password());
                    text = text.plusBasic(values.text(part.name()), password);
                } else {
                    Secret secret = values.secret(part.name());
                    text = secret == null ? text.plus(values.text(part.name())) : text.plus(secret);
                }
            }
            return text;
        }

        private SecretText form(Map<String, String> fields) {
            List<SecretText> pairs = new ArrayList<>();
            fields.forEach(
                    (name, text) -> {
                        if (name.contains("*")) {
                            values.inputs()
                                    .forEach((n, v) -> pairs.add(pair(name.replace("*", n), v)));
                        } else if (values.hasAll(Template.parse(text).names())) {
                            pairs.add(pair(name, Template.parse(text)));
                        }
                    });
            SecretText form = SecretText.EMPTY;
            for (int i = 0; i < pairs.size(); i++) {
                form = (i == 0 ? form : form.plus("&")).plus(pairs.get(i));
            }
            return form;
        }

        private static SecretText pair(String name, String value) {
            return SecretText.of(UriText.ofForm(name) + "=" + UriText.ofForm(value));
        }

        private SecretText pair(String name, Template template) {
            SecretText pair = SecretText.of(UriText.ofForm(name) + "=");
            for (Template.Part part : template.parts()) {
                Secret secret = part.name() == null ? null : values.secret(part.name());
                String text = part.name() == null ? part.literal() : null;
                if (secret != null) {
                    pair = pair.plusEncoded(secret);
                } else {
                    pair =
                            pair.plus(
                                    UriText.ofForm(text == null ? values.text(part.name()) : text));
                }
            }
            return pair;
        }
    }
}
