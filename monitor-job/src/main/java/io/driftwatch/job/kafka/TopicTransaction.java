package io.driftwatch.job.kafka;

import io.driftwatch.job.config.KafkaConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Records on a topic that are there together or not at all, written by one program at a time: who
 * begins ends what another has begun and not yet committed. So what is read after the beginning is
 * still so when what was written is committed.
 */
public final class TopicTransaction implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 15_000;
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final int LONGEST_CHAIN = 20;

    private final KafkaConfig kafka;
    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private boolean isOpen;

    private TopicTransaction(
            KafkaConfig kafka, String topic, KafkaProducer<byte[], byte[]> producer) {
        this.kafka = kafka;
        this.topic = topic;
        this.producer = producer;
    }

    /** Another program has begun since; nothing of this one is on the topic. */
    public static final class OvertakenException extends IOException {
        private static final long serialVersionUID = 1L;

        OvertakenException(Throwable cause) {
            super("another program writes to the topic at the same moment", cause);
        }
    }

    /**
     * Begins, after what others have committed.
     *
     * @throws IOException if Kafka does not answer, or does not allow it
     */
    public static TopicTransaction begin(KafkaConfig kafka, String topic) throws IOException {
        Properties properties = kafka.toProducerProperties(PATIENCE_MILLIS);
        properties.put("transactional.id", topic);
        TopicTransaction begun;
        try {
            begun =
                    new TopicTransaction(
                            kafka,
                            topic,
                            new KafkaProducer<>(
                                    properties,
                                    new ByteArraySerializer(),
                                    new ByteArraySerializer()));
        } catch (KafkaException e) {
            throw KafkaFailure.of(kafka, e);
        }
        try {
            begun.producer.initTransactions();
            begun.producer.beginTransaction();
            begun.isOpen = true;
            return begun;
        } catch (KafkaException e) {
            begun.close();
            throw begun.failure(e);
        }
    }

    /** The right that it needs beside that to write to the topic. */
    static KafkaRight right(String topic) {
        return KafkaRight.transactions(topic);
    }

    /**
     * Writes a record.
     *
     * @param valueOrNull null to forget what has the key
     */
    void write(String key, byte[] valueOrNull) throws IOException {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        try {
            // Whether Kafka has it, the commit says.
            var unused = producer.send(new ProducerRecord<>(topic, bytes, valueOrNull));
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    /**
     * Lets others see all of it.
     *
     * @throws OvertakenException if another program has begun since
     * @throws IOException if Kafka does not confirm it
     */
    public void commit() throws IOException {
        try {
            producer.commitTransaction();
            isOpen = false;
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    private IOException failure(KafkaException e) {
        return has(e, ProducerFencedException.class)
                        || has(e, InvalidProducerEpochException.class)
                        || has(e, InvalidTxnStateException.class)
                ? new OvertakenException(e)
                : KafkaFailure.of(
                        kafka,
                        e,
                        has(e, TransactionalIdAuthorizationException.class)
                                ? right(topic)
                                : KafkaRight.topic(topic, AclOperation.WRITE));
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
        return Stream.iterate(failure, each -> each != null, Throwable::getCause)
                .limit(LONGEST_CHAIN)
                .anyMatch(kind::isInstance);
    }

    /** Takes everything back that was not committed. */
    @Override
    public void close() {
        if (isOpen) {
            try {
                producer.abortTransaction();
            } catch (KafkaException e) {
                // Who begins next, or Kafka after a minute, takes it back.
            }
        }
        producer.close(CLOSING);
    }
}
