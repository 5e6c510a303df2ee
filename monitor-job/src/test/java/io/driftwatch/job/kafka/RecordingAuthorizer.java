package io.driftwatch.job.kafka;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/** Kafka's own authorizer, which also remembers who was allowed and who was denied what. */
public final class RecordingAuthorizer extends StandardAuthorizer {
    private static final Set<Request> REQUESTS = ConcurrentHashMap.newKeySet();

    /** Something that was asked for. */
    public record Request(
            String user,
            ResourceType type,
            String name,
            AclOperation operation,
            boolean isAllowed) {}

    /** All that was asked for in earnest; not what a client only wanted to know about. */
    public static Set<Request> requests() {
        return Set.copyOf(REQUESTS);
    }

    public static void forget() {
        REQUESTS.clear();
    }

    @Override
    public List<AuthorizationResult> authorize(
            AuthorizableRequestContext context, List<Action> actions) {
        List<AuthorizationResult> results = super.authorize(context, actions);
        for (int i = 0; i < actions.size(); i++) {
            Action action = actions.get(i);
            boolean allowed = results.get(i) == AuthorizationResult.ALLOWED;
            if (allowed ? action.logIfAllowed() : action.logIfDenied()) {
                REQUESTS.add(
                        new Request(
                                context.principal().getName(),
                                action.resourcePattern().resourceType(),
                                action.resourcePattern().name(),
                                action.operation(),
                                allowed));
            }
        }
        return results;
    }
}
