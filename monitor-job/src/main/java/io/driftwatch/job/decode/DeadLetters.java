package io.driftwatch.job.decode;

import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.DeadLetterStage;
import java.nio.ByteBuffer;
import java.time.Instant;

/** Makes the dead letters of the monitor job. */
public final class DeadLetters {
    /** Longest payload that is kept: a dead letter must fit into a message whatever the record. */
    public static final int LONGEST_PAYLOAD = 65_536;

    private DeadLetters() {}

    /** A record that could not be decoded, with its bytes. */
    public static DeadLetter undecoded(
            String model,
            Rejection rejection,
            byte[] value,
            String topic,
            int partition,
            long offset) {
        int size = value == null ? -1 : value.length;
        return DeadLetter.newBuilder()
                .setStage(DeadLetterStage.decode)
                .setReason(rejection.reason().label())
                .setDetail(topic + "-" + partition + "@" + offset + ": " + rejection.getMessage())
                .setModel(model)
                .setTopic(topic)
                .setPartition(partition)
                .setOffset(offset)
                .setPayload(
                        value == null
                                ? null
                                : ByteBuffer.wrap(value, 0, Math.min(size, LONGEST_PAYLOAD))
                                        .slice())
                .setPayloadSize(size)
                .build();
    }

    /** A record whose values nobody can tell apart any more, since its plan is not known. */
    public static DeadLetter ofUnknownConfiguration(String model, Observation observation) {
        return DeadLetter.newBuilder()
                .setStage(DeadLetterStage.tally)
                .setReason(RejectionReason.UNKNOWN_CONFIGURATION.label())
                .setDetail(
                        place(observation)
                                + ": was decoded by a configuration with other features, which the"
                                + " operator that counts has never heard of; leave"
                                + " pipeline.operator-chaining.enabled on")
                .setModel(model)
                .setTopic(observation.topic())
                .setPartition(observation.partition())
                .setOffset(observation.offset())
                .setEventTime(Instant.ofEpochMilli(observation.eventTimeMillis()))
                .setPayloadSize(-1)
                .build();
    }

    private static String place(Observation of) {
        return of.topic() + "-" + of.partition() + "@" + of.offset();
    }

    /** A record that came after every window it belongs to was closed for good. */
    public static DeadLetter late(String model, Observation late, long watermarkMillis) {
        return DeadLetter.newBuilder()
                .setStage(DeadLetterStage.tally)
                .setReason(RejectionReason.LATE.label())
                .setDetail(
                        place(late)
                                + ": event time "
                                + Instant.ofEpochMilli(late.eventTimeMillis())
                                + ", but its windows were closed at watermark "
                                + Instant.ofEpochMilli(watermarkMillis)
                                + "; raise window.lateness to keep such records")
                .setModel(model)
                .setTopic(late.topic())
                .setPartition(late.partition())
                .setOffset(late.offset())
                .setEventTime(Instant.ofEpochMilli(late.eventTimeMillis()))
                .setPayloadSize(-1)
                .build();
    }
}
