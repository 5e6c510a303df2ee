package io.driftwatch.job.kafka;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Something that a program of ours does in Kafka, and so must be allowed to.
 *
 * @param type kind of what it does it with
 * @param name which one; of groups, what its name begins with
 * @param operation what it does; to read or to write includes to see
 */
public record KafkaRight(ResourceType type, String name, AclOperation operation) {

    /** A right over one topic. */
    public static KafkaRight topic(String name, AclOperation operation) {
        return new KafkaRight(ResourceType.TOPIC, name, operation);
    }

    static KafkaRight groups(String prefix) {
        return new KafkaRight(ResourceType.GROUP, prefix, AclOperation.READ);
    }

    /** The right to write in transactions under a name. */
    static KafkaRight transactions(String id) {
        return new KafkaRight(ResourceType.TRANSACTIONAL_ID, id, AclOperation.WRITE);
    }

    /** What an access control list calls it. */
    public ResourcePattern pattern() {
        return new ResourcePattern(
                type, name, isPrefix() ? PatternType.PREFIXED : PatternType.LITERAL);
    }

    boolean isPrefix() {
        return type == ResourceType.GROUP;
    }

    /** Says whether a request for this falls under the right. */
    public boolean covers(ResourceType otherType, String otherName) {
        return type == otherType
                && (isPrefix() ? otherName.startsWith(name) : otherName.equals(name));
    }

    /** The right as people say it: {@code Read on topic flights}. */
    @Override
    public String toString() {
        return word(operation.name())
                + " on "
                + switch (type) {
                    case GROUP -> "groups " + name + "*";
                    case TRANSACTIONAL_ID -> "transactional id " + name;
                    default -> "topic " + name;
                };
    }

    /** The command that gives it. */
    public String command(String principal, String bootstrapServers) {
        return "kafka-acls.sh --bootstrap-server "
                + bootstrapServers
                + " --add --allow-principal "
                + principal
                + " --operation "
                + word(operation.name())
                + switch (type) {
                    case GROUP -> " --group ";
                    case TRANSACTIONAL_ID -> " --transactional-id ";
                    default -> " --topic ";
                }
                + name
                + (isPrefix() ? " --resource-pattern-type prefixed" : "");
    }

    private static String word(String name) {
        return name.charAt(0) + name.substring(1).toLowerCase(java.util.Locale.ROOT);
    }
}
