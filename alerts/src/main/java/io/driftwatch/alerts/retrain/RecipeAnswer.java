package io.driftwatch.alerts.retrain;

import com.fasterxml.jackson.core.JsonPointer;
import io.driftwatch.alerts.retrain.Recipe.Exchange;
import io.driftwatch.alerts.retrain.Recipe.Source;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a target's answer means.
 *
 * @param verdict what the status says
 * @param state how the run is; null if the answer does not say
 * @param found what is known of the run now, by name: to be kept, and given to the next {@link
 *     RecipeCall#poll}
 * @param words what came, in words, with the beginning of the body if it was no success
 * @param isPoll whether the call only asked what has become of the retraining
 */
public record RecipeAnswer(
        Verdict verdict, RunState state, Map<String, String> found, String words, boolean isPoll) {
    private static final int LONGEST_FOUND = 2_000;
    private static final int LONGEST_EXCERPT = 200;
    private static final Pattern NOT_PRINTABLE = Pattern.compile("[\\p{Cntrl}\\s]+");
    private static final Pattern WEB = Pattern.compile("(?i)https?://\\S+");

    /** What the status of an answer means for the call. */
    public enum Verdict {
        DONE,
        /** An earlier attempt has done it. */
        ALREADY_DONE,
        /** It may work later. */
        RETRY,
        /** It will never work. */
        REJECTED
    }

    public RecipeAnswer {
        found = Map.copyOf(found);
    }

    static RecipeAnswer of(
            RecipeCall call, int status, Map<String, List<String>> headers, String body) {
        Exchange exchange = call.exchange();
        Verdict verdict = verdict(exchange, status);
        if (verdict == Verdict.RETRY || verdict == Verdict.REJECTED) {
            String words = "HTTP " + status + excerpt(body);
            return new RecipeAnswer(verdict, null, call.known(), words, call.isPoll());
        }
        Map<JsonPointer, String> values = JsonScalars.read(body, pointers(exchange));
        Map<String, String> found = new HashMap<>(call.known());
        exchange.find()
                .forEach(
                        (name, source) ->
                                value(source, headers, values)
                                        .filter(value -> isSound(name, value))
                                        .ifPresent(value -> found.put(name, value)));
        String state = text(exchange, values);
        String words =
                "HTTP "
                        + status
                        + (verdict == Verdict.ALREADY_DONE ? ", it was there already" : "")
                        + (state.isEmpty() ? "" : ", " + clean(state));
        return new RecipeAnswer(verdict, state(exchange, state), found, words, call.isPoll());
    }

    private static Verdict verdict(Exchange exchange, int status) {
        if (exchange.success().contains(status)) {
            return Verdict.DONE;
        }
        if (exchange.exists().contains(status)) {
            return Verdict.ALREADY_DONE;
        }
        boolean mayPass = status == 408 || status == 425 || status == 429 || status >= 500;
        return mayPass ? Verdict.RETRY : Verdict.REJECTED;
    }

    private static Set<JsonPointer> pointers(Exchange exchange) {
        Set<JsonPointer> pointers = new HashSet<>();
        exchange.state().forEach(pointer -> pointers.add(JsonPointer.compile(pointer)));
        exchange.find().values().forEach(source -> source.inBody().ifPresent(pointers::add));
        return pointers;
    }

    private static Optional<String> value(
            Source source, Map<String, List<String>> headers, Map<JsonPointer, String> values) {
        return source.inBody().isPresent()
                ? source.inBody().map(values::get)
                : header(headers, source.header())
                        .map(value -> Pattern.compile(source.pattern()).matcher(value))
                        .filter(Matcher::find)
                        .map(matcher -> matcher.group(1));
    }

    private static Optional<String> header(Map<String, List<String>> headers, String name) {
        return headers.entrySet().stream()
                .filter(header -> name.equalsIgnoreCase(header.getKey()))
                .flatMap(header -> header.getValue().stream())
                .findFirst();
    }

    /** What others say goes into addresses and messages of ours. */
    private static boolean isSound(String name, String value) {
        return value.length() <= LONGEST_FOUND
                && value.chars().noneMatch(Character::isISOControl)
                && UriText.isSegment(value, null)
                && (!name.equals(Recipe.URL) || WEB.matcher(value).matches());
    }

    private static String text(Exchange exchange, Map<JsonPointer, String> values) {
        return exchange.state().stream()
                .map(JsonPointer::compile)
                .map(pointer -> values.getOrDefault(pointer, ""))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** Of a state that nobody has heard of it is only certain that the run is there. */
    private static RunState state(Exchange exchange, String state) {
        RunState otherwise = state.isEmpty() ? RunState.ACCEPTED : RunState.RUNNING;
        return exchange.states().getOrDefault(state, otherwise);
    }

    private static String excerpt(String body) {
        String line = clean(body);
        return line.isEmpty() ? "" : ": " + line;
    }

    private static String clean(String text) {
        String line = NOT_PRINTABLE.matcher(text).replaceAll(" ").strip();
        return line.codePointCount(0, line.length()) <= LONGEST_EXCERPT
                ? line
                : line.substring(0, line.offsetByCodePoints(0, LONGEST_EXCERPT)) + "…";
    }

    /** Returns what the target calls the run; null if it is not known. */
    public String runId() {
        return found.get(Recipe.RUN_ID);
    }

    /** Returns where to look at the run; null if it is not known. */
    public String url() {
        return found.get(Recipe.URL);
    }

    /**
     * Returns what to tell {@link Retraining#onReport} because of it; empty if it says nothing of
     * the run: the call has to be made again, or asked for what the target does not tell.
     */
    public Optional<RetrainReport> report(String requestId) {
        boolean isRefused = verdict == Verdict.REJECTED && !isPoll;
        if (!isRefused && (verdict == Verdict.RETRY || verdict == Verdict.REJECTED)) {
            return Optional.empty();
        }
        RunState told = isRefused ? RunState.FAILED : state;
        return Optional.of(new RetrainReport(requestId, told, runId(), url(), words));
    }
}
