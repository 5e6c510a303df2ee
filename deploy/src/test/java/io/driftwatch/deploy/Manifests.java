package io.driftwatch.deploy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.kubernetes.operator.api.FlinkDeployment;

/** Kubernetes' manifests as text, and as what the APIs make of them. */
final class Manifests {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final ObjectMapper STRICT =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .annotationIntrospector(new NothingIgnored())
                    .build();

    /** By apiVersion and kind, so that neither can be wrong alone. */
    private static final Map<String, Class<?>> KINDS =
            Map.ofEntries(
                    Map.entry("v1 ConfigMap", ConfigMap.class),
                    Map.entry("v1 Pod", Pod.class),
                    Map.entry("v1 Service", Service.class),
                    Map.entry("v1 ServiceAccount", ServiceAccount.class),
                    Map.entry("apps/v1 Deployment", Deployment.class),
                    Map.entry("batch/v1 Job", Job.class),
                    Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class),
                    Map.entry("policy/v1 PodDisruptionBudget", PodDisruptionBudget.class),
                    Map.entry("rbac.authorization.k8s.io/v1 Role", Role.class),
                    Map.entry("rbac.authorization.k8s.io/v1 RoleBinding", RoleBinding.class),
                    Map.entry("monitoring.coreos.com/v1 PodMonitor", PodMonitor.class),
                    Map.entry("flink.apache.org/v1beta1 FlinkDeployment", FlinkDeployment.class));

    private Manifests() {}

    /** The operator's classes say that unknown fields are to be ignored, as a cluster would. */
    private static final class NothingIgnored extends JacksonAnnotationIntrospector {
        @Override
        public JsonIgnoreProperties.Value findPropertyIgnoralByName(
                MapperConfig<?> config, Annotated annotated) {
            return super.findPropertyIgnoralByName(config, annotated).withoutIgnoreUnknown();
        }
    }

    static List<JsonNode> parse(String yaml) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        try (MappingIterator<JsonNode> all =
                YAML.readerFor(JsonNode.class)
                        .readValues(YAMLFactory.builder().build().createParser(yaml))) {
            while (all.hasNext()) {
                JsonNode each = all.next();
                if (each != null && !each.isNull() && !each.isMissingNode()) {
                    documents.add(each);
                }
            }
        }
        return documents;
    }

    static JsonNode find(List<JsonNode> documents, String kind, String name) {
        return documents.stream()
                .filter(each -> each.path("kind").asText().equals(kind))
                .filter(each -> each.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    /** What in a manifest its API does not know, or would not take; empty if all is well. */
    static List<String> mistakes(JsonNode manifest) {
        String kind = manifest.path("apiVersion").asText() + " " + manifest.path("kind").asText();
        String place = kind + " " + manifest.at("/metadata/name").asText();
        Class<?> type = KINDS.get(kind);
        if (type == null) {
            return List.of(place + ": no such kind is known here");
        }
        List<String> mistakes = new ArrayList<>();
        try {
            collectUnknown(STRICT.treeToValue(known(manifest), type), place, mistakes);
        } catch (IOException e) {
            mistakes.add(place + ": " + e.getMessage());
        }
        return mistakes;
    }

    /**
     * The newest classes of the operator that are on Maven Central end with Flink 1.20. The version
     * is the one thing in which ours must differ, so it is looked at by itself.
     */
    private static JsonNode known(JsonNode manifest) {
        JsonNode copy = manifest.deepCopy();
        if (copy.at("/spec/flinkVersion").asText().equals("v2_2")) {
            ((ObjectNode) copy.path("spec")).put("flinkVersion", "v1_20");
        }
        return copy;
    }

    /** Kubernetes' classes keep what they do not know in a map. */
    private static void collectUnknown(Object value, String place, List<String> mistakes) {
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                collectUnknown(list.get(i), place + "[" + i + "]", mistakes);
            }
        }
        if (value == null || !isModel(value.getClass())) {
            return;
        }
        for (Method method : value.getClass().getMethods()) {
            if (method.getParameterCount() != 0 || !method.getName().startsWith("get")) {
                continue;
            }
            Object part = call(method, value);
            if (method.getName().equals("getAdditionalProperties")) {
                ((Map<?, ?>) part)
                        .keySet()
                        .forEach(key -> mistakes.add(place + ": unknown " + key));
            } else if (part != value) {
                collectUnknown(part, place + "." + method.getName().substring(3), mistakes);
            }
        }
    }

    private static boolean isModel(Class<?> type) {
        return !type.isEnum()
                && (type.getName().startsWith("io.fabric8.")
                        || type.getName().startsWith("org.apache.flink.kubernetes."));
    }

    private static Object call(Method method, Object value) {
        try {
            return method.invoke(value);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
