package io.driftwatch.job.kafka;

import io.driftwatch.job.config.KafkaConfig;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/** Says of what Kafka's clients throw what is wrong, where, and how to set it right. */
public final class KafkaFailure {
    private static final int LONGEST_CHAIN = 30;
    private static final String RIGHTS =
            "; driftwatch topics acls prints the commands that give every right";

    private KafkaFailure() {}

    /** A failure with the explanation as its message, and without a secret in it. */
    public static IOException of(KafkaConfig kafka, Throwable failure) {
        String at = at(kafka.bootstrapServers());
        return new IOException(
                explain(at, failure)
                        .orElseGet(
                                () ->
                                        at
                                                + " does not answer as expected ("
                                                + message(root(failure))
                                                + "); check kafka.bootstrap_servers,"
                                                + " kafka.properties and the network"),
                failure);
    }

    /** As {@link #of(KafkaConfig, Throwable)}, where it is known which right was asked for. */
    static IOException of(KafkaConfig kafka, Throwable failure, KafkaRight right) {
        boolean denied =
                Stream.iterate(failure, each -> each != null, Throwable::getCause)
                        .limit(LONGEST_CHAIN)
                        .anyMatch(AuthorizationException.class::isInstance);
        return denied
                ? new IOException(forbidden(right.toString(), kafka.bootstrapServers()), failure)
                : of(kafka, failure);
    }

    private static String at(String servers) {
        return "Kafka at " + servers;
    }

    /** What is wrong, if anything in the chain of causes is known. */
    public static Optional<String> explain(Throwable failure) {
        return explain("Kafka", failure);
    }

    private static Optional<String> explain(String at, Throwable failure) {
        return Stream.iterate(failure, each -> each != null, Throwable::getCause)
                .limit(LONGEST_CHAIN)
                .flatMap(each -> known(at, each).stream())
                .findFirst();
    }

    private static Optional<String> known(String at, Throwable failure) {
        if (failure instanceof SslAuthenticationException) {
            return Optional.of(
                    at
                            + ": no encrypted connection ("
                            + message(root(failure))
                            + "); check under kafka.properties that ssl.truststore.location holds"
                            + " the authority of the broker's certificate, that the certificate"
                            + " names the host in kafka.bootstrap_servers, and, if the broker wants"
                            + " one, ssl.keystore.location");
        }
        if (failure instanceof AuthenticationException) {
            return Optional.of(
                    at
                            + " refuses the login ("
                            + failure.getMessage()
                            + "); check the name and the password in sasl.jaas.config, and"
                            + " sasl.mechanism, under kafka.properties");
        }
        if (failure instanceof TopicAuthorizationException denied) {
            return Optional.of(denied(topics(denied.unauthorizedTopics()), at));
        }
        if (failure instanceof GroupAuthorizationException denied) {
            return Optional.of(denied("Read on group " + denied.groupId(), at));
        }
        // Kafka's answer to a producer that may write nowhere.
        if (failure instanceof ClusterAuthorizationException) {
            return Optional.of(denied("Write on any topic", at));
        }
        if (failure instanceof TimeoutException
                || failure instanceof java.util.concurrent.TimeoutException) {
            return Optional.of(
                    at
                            + " does not answer ("
                            + message(failure)
                            + "); check kafka.bootstrap_servers and the network, and under"
                            + " kafka.properties that security.protocol is the one of that port");
        }
        return Optional.empty();
    }

    private static String denied(String what, String at) {
        return at + " does not allow this user: " + what + RIGHTS;
    }

    /** What to say of a right that is missing. */
    static String forbidden(String what, String servers) {
        return denied(what, at(servers));
    }

    /** What to say of several. */
    public static String forbidden(List<KafkaRight> lacking, String servers) {
        Set<String> names = new TreeSet<>();
        lacking.forEach(right -> names.add(right.toString()));
        return forbidden(String.join(", ", names), servers);
    }

    private static String topics(Set<String> names) {
        return names.isEmpty()
                ? "an operation on a topic"
                : "Read or Write on topic " + String.join(", ", new TreeSet<>(names));
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }

    private static String message(Throwable failure) {
        if (failure instanceof NoSuchFileException) {
            return "there is no file " + failure.getMessage();
        }
        return failure.getMessage() == null
                ? failure.getClass().getSimpleName()
                : failure.getMessage();
    }
}
