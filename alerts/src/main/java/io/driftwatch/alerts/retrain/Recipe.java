package io.driftwatch.alerts.retrain;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.driftwatch.alerts.rule.Fingerprint;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a kind of target is asked for a retraining over HTTP, and how its answers are read. A recipe
 * is a JSON file, in snake_case; its texts hold the placeholders of {@link Template}: parameters of
 * the target, facts of the request (such as {@code {model}}), {@code {handle}}, {@code {inputs}}
 * and, after the first answer, what was found there.
 *
 * @param description what it asks for, in words
 * @param documentation address of the target's own documentation of it
 * @param parameters what the configuration may and must say, by name
 * @param handle how a request is called at the target
 * @param inputs what the retraining gets if the configuration does not say
 * @param namedByHandle whether the target calls the run by the handle, whatever it answers
 * @param runPath where to look at the run, below the base URL; null if there is no such place
 * @param submit the request for the retraining
 * @param polls how to ask what has become of it: the last one for which everything is known
 */
public record Recipe(
        String description,
        String documentation,
        Map<String, Parameter> parameters,
        Handle handle,
        Map<String, String> inputs,
        boolean namedByHandle,
        String runPath,
        Exchange submit,
        List<Exchange> polls) {
    /** The parameter that every recipe has: where the target is. */
    public static final String BASE_URL = "base_url";

    /** The name of what is found that says what the target calls the run. */
    static final String RUN_ID = "run_id";

    /** The name of what is found that says where to look at the run. */
    static final String URL = "url";

    public Recipe {
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(documentation, "documentation");
        Objects.requireNonNull(handle, "handle");
        Objects.requireNonNull(submit, "submit");
        parameters = copy(parameters);
        inputs = copy(inputs);
        polls = polls == null ? List.of() : List.copyOf(polls);
    }

    private static <V> Map<String, V> copy(Map<String, V> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /**
     * What the configuration says.
     *
     * @param description in words
     * @param required whether it must say it
     * @param secret whether nobody may see it
     * @param defaultValue what holds if it does not say it; null for nothing
     * @param separator what stands in paths for a slash in the value; null if a slash is a
     *     character like any other
     */
    public record Parameter(
            String description,
            boolean required,
            boolean secret,
            @JsonProperty("default") String defaultValue,
            String separator) {
        public Parameter {
            Objects.requireNonNull(description, "description");
        }
    }

    /**
     * How a request is called at the target, the same at every attempt.
     *
     * @param text with placeholders; must hold the request's id
     * @param allowed the characters that the target allows, as between the brackets of a regular
     *     expression; a hyphen takes the place of all others
     * @param longest how many of them
     * @param lowerCase whether it allows small letters only
     */
    public record Handle(String text, String allowed, int longest, boolean lowerCase) {
        public Handle {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(allowed, "allowed");
        }

        /** Makes a handle; one that would lose a part of the request's id ends in a hash of it. */
        String of(String filled, String requestId) {
            String cased = lowerCase ? filled.toLowerCase(Locale.ROOT) : filled;
            String clean = Pattern.compile("[^" + allowed + "]").matcher(cased).replaceAll("-");
            if (clean.length() <= longest && clean.contains(requestId)) {
                return clean;
            }
            String hash = "-" + Fingerprint.of(requestId);
            return clean.substring(0, Math.min(clean.length(), longest - hash.length())) + hash;
        }
    }

    /**
     * A request and how its answer is read.
     *
     * @param method GET or POST
     * @param path below the base URL, with its query
     * @param needs parameters without which it cannot be made
     * @param headers for each name the ways to fill it; the first one holds for which everything is
     *     known, and without any the header is left out
     * @param json the body: strings in it are filled, and fields for which nothing is known are
     *     left out; null for none
     * @param form the body's fields in the order in which they go; a {@code *} in a name stands for
     *     the name of each input. Null for none
     * @param success status codes that say that it was done
     * @param exists status codes that say that it had been done before
     * @param find where in the answer to find what, by name
     * @param state where in the answer the run's state is: the first one that is there
     * @param states what the target's states mean; the empty one stands for no state
     */
    public record Exchange(
            String method,
            String path,
            List<String> needs,
            Map<String, List<String>> headers,
            JsonNode json,
            Map<String, String> form,
            List<Integer> success,
            List<Integer> exists,
            Map<String, Source> find,
            List<String> state,
            Map<String, RunState> states) {
        public Exchange {
            Objects.requireNonNull(method, "method");
            Objects.requireNonNull(path, "path");
            needs = needs == null ? List.of() : List.copyOf(needs);
            headers = copy(headers);
            json = json == null || json.isNull() ? null : json;
            form = form == null ? null : copy(form);
            success = success == null ? List.of() : List.copyOf(success);
            exists = exists == null ? List.of() : List.copyOf(exists);
            find = copy(find);
            state = state == null ? List.of() : List.copyOf(state);
            states = copy(states);
        }
    }

    /**
     * A place in an answer.
     *
     * @param pointer where in the body, as a JSON pointer; null if it is not there
     * @param header the header that holds it; null if none does
     * @param pattern what of the header it is: the first group of this regular expression
     */
    public record Source(String pointer, String header, String pattern) {
        Optional<JsonPointer> inBody() {
            return Optional.ofNullable(pointer).map(JsonPointer::compile);
        }
    }

    /** Says whether nobody may see a parameter; false for one that there is not. */
    public boolean isSecret(String name) {
        return parameters.containsKey(name) && parameters.get(name).secret();
    }

    /**
     * Says in words what about a target does not fit.
     *
     * @return each mistake on its own, beginning with the parameter's name; empty if it fits
     */
    public List<String> mistakes(RetrainTarget target) {
        return new TargetCheck(this, target).mistakes();
    }
}
