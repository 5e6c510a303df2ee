package io.driftwatch.standalone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.job.it.MoodyReceiver;
import io.driftwatch.job.it.MoodyReceiver.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What endpoints have been told, request by request. */
final class Told {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Told() {}

    /**
     * One alert of a request.
     *
     * @param change the alert's fingerprint, episode and state
     */
    record Line(String change, Request request) {}

    static List<Line> by(MoodyReceiver receiver, String path) {
        return receiver.requests().stream()
                .filter(request -> request.path().equals(path))
                .flatMap(
                        request ->
                                alerts(request).stream()
                                        .map(alert -> new Line(change(alert), request)))
                .toList();
    }

    private static List<JsonNode> alerts(Request request) {
        try {
            List<JsonNode> all = new ArrayList<>();
            JSON.readTree(request.body()).path("alerts").forEach(all::add);
            return all;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not JSON: " + request.body(), e);
        }
    }

    private static String change(JsonNode alert) {
        return change(
                alert.path("fingerprint").asText(),
                alert.path("episode").asLong(),
                alert.path("state").asText());
    }

    static String change(String fingerprint, long episode, String state) {
        return fingerprint + " episode " + episode + " " + state;
    }

    /** How many alerts an endpoint has taken as being in this state of this episode. */
    static long taken(MoodyReceiver receiver, String path, long episode, String state) {
        return by(receiver, path).stream()
                .filter(line -> line.request().taken())
                .map(Line::change)
                .filter(change -> change.endsWith(" episode " + episode + " " + state))
                .distinct()
                .count();
    }

    /** All that an endpoint has taken. */
    static Set<String> taken(MoodyReceiver receiver, String path) {
        return by(receiver, path).stream()
                .filter(line -> line.request().taken())
                .map(Line::change)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** How many notifications there were: each has an id at each endpoint. */
    static long ids(MoodyReceiver receiver) {
        return receiver.requests().stream()
                .map(request -> request.path() + " " + request.id())
                .distinct()
                .count();
    }

    /** Changes that came under several ids or in several forms, attempts that failed included. */
    static Map<String, Set<String>> contradictions(MoodyReceiver receiver, String path) {
        Map<String, Set<String>> forms = new TreeMap<>();
        for (Line line : by(receiver, path)) {
            forms.computeIfAbsent(line.change(), change -> new TreeSet<>())
                    .add(line.request().id() + " " + line.request().body());
        }
        forms.values().removeIf(each -> each.size() == 1);
        return forms;
    }
}
