package io.driftwatch.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Who reaches which pod, as Kubernetes decides it by the network policies of a namespace. */
final class NetworkReach {
    private static final String NAMESPACE_LABEL = "kubernetes.io/metadata.name";

    private final String namespace;
    private final List<JsonNode> policies;

    /**
     * @param namespace where all of it lies
     * @param documents manifests, the policies among them
     */
    NetworkReach(String namespace, List<JsonNode> documents) {
        this.namespace = namespace;
        this.policies =
                documents.stream()
                        .filter(each -> each.path("kind").asText().equals("NetworkPolicy"))
                        .toList();
    }

    /** Whether a pod of the same namespace reaches a port of another one. */
    boolean reaches(Map<String, String> from, Map<String, String> to, int port) {
        return reaches(namespace, from, to, port);
    }

    /** Whether a pod of any namespace does. A pod that no policy selects is open to all. */
    boolean reaches(
            String fromNamespace, Map<String, String> from, Map<String, String> to, int port) {
        List<JsonNode> ofPod =
                policies.stream()
                        .filter(each -> matches(each.at("/spec/podSelector"), to))
                        .filter(
                                each ->
                                        elements(each.at("/spec/policyTypes"))
                                                .anyMatch(type -> type.asText().equals("Ingress")))
                        .toList();
        return ofPod.isEmpty()
                || ofPod.stream()
                        .flatMap(each -> elements(each.at("/spec/ingress")))
                        .filter(rule -> isPort(rule.path("ports"), port))
                        .anyMatch(
                                rule ->
                                        !rule.has("from")
                                                || elements(rule.path("from"))
                                                        .anyMatch(
                                                                peer ->
                                                                        isPeer(
                                                                                peer,
                                                                                fromNamespace,
                                                                                from)));
    }

    private static boolean isPort(JsonNode ports, int port) {
        return ports.isEmpty()
                || elements(ports).anyMatch(each -> each.path("port").asInt() == port);
    }

    private boolean isPeer(JsonNode peer, String fromNamespace, Map<String, String> from) {
        boolean isNamespace =
                peer.has("namespaceSelector")
                        ? matches(
                                peer.path("namespaceSelector"),
                                Map.of(NAMESPACE_LABEL, fromNamespace))
                        : fromNamespace.equals(namespace);
        return isNamespace && matches(peer.path("podSelector"), from);
    }

    private static boolean matches(JsonNode selector, Map<String, String> labels) {
        return selector.path("matchLabels").properties().stream()
                        .allMatch(
                                each -> each.getValue().asText().equals(labels.get(each.getKey())))
                && elements(selector.path("matchExpressions"))
                        .allMatch(each -> isTrue(each, labels));
    }

    private static boolean isTrue(JsonNode expression, Map<String, String> labels) {
        String value = labels.get(expression.path("key").asText());
        boolean isListed =
                elements(expression.path("values")).anyMatch(each -> each.asText().equals(value));
        return switch (expression.path("operator").asText()) {
            case "In" -> isListed;
            case "NotIn" -> !isListed;
            default -> throw new AssertionError("not known here: " + expression);
        };
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), /* parallel= */ false);
    }
}
