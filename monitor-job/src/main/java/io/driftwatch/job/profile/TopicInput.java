package io.driftwatch.job.profile;

import io.driftwatch.job.config.KafkaConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.config.StreamFormat;
import io.driftwatch.job.decode.AvroColumns;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.decode.FieldReceiver;
import io.driftwatch.job.decode.JsonColumns;
import io.driftwatch.job.decode.RecordCursor;
import io.driftwatch.job.decode.RecordDecoder;
import io.driftwatch.job.decode.Rejection;
import io.driftwatch.job.decode.RejectionReason;
import io.driftwatch.job.kafka.KafkaFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reference rows on a Kafka topic: all that it holds when the reading begins. */
public final class TopicInput implements ReferenceInput {
    private static final int PATIENCE_MILLIS = 15_000;

    private final KafkaConfig kafka;
    private final StreamConfig stream;
    private volatile Cursor current;

    public TopicInput(KafkaConfig kafka, StreamConfig stream) {
        this.kafka = kafka;
        this.stream = stream;
    }

    @Override
    public StreamConfig stream() {
        return stream;
    }

    @Override
    public String name() {
        return "topic " + stream.topic();
    }

    @Override
    public Set<String> columns() throws IOException {
        if (stream.format() != StreamFormat.JSON) {
            Set<String> found = new LinkedHashSet<>();
            stream.schemas().forEach(schema -> found.addAll(AvroColumns.of(schema)));
            return found;
        }
        JsonColumns columns = new JsonColumns();
        try (Cursor cursor = new Cursor(null)) {
            while (cursor.next()) {
                if (cursor.bytes() != null) {
                    columns.add(cursor.bytes());
                }
            }
        }
        return columns.found();
    }

    @Override
    public RecordCursor open(FieldPlan plan) throws IOException {
        current = new Cursor(RecordDecoder.of(stream, plan));
        return current;
    }

    @Override
    public double share() {
        Cursor cursor = current;
        return cursor == null || cursor.all == 0
                ? Double.NaN
                : (double) cursor.done.get() / cursor.all;
    }

    /** One reading of the topic. */
    private final class Cursor implements RecordCursor {
        private final RecordDecoder decoder;
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final Queue<ConsumerRecord<byte[], byte[]>> polled = new ArrayDeque<>();
        private final Map<TopicPartition, Long> ends;
        private final long all;
        private final AtomicLong done = new AtomicLong();
        private ConsumerRecord<byte[], byte[]> record;

        Cursor(RecordDecoder decoder) throws IOException {
            this.decoder = decoder;
            Properties properties = kafka.toProperties();
            properties.putIfAbsent("isolation.level", "read_committed");
            properties.putIfAbsent("default.api.timeout.ms", PATIENCE_MILLIS);
            properties.setProperty("enable.auto.commit", "false");
            try {
                consumer =
                        new KafkaConsumer<>(
                                properties,
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer());
            } catch (KafkaException e) {
                throw unreadable(e);
            }
            try {
                List<TopicPartition> partitions =
                        consumer.partitionsFor(stream.topic()).stream()
                                .map(p -> new TopicPartition(p.topic(), p.partition()))
                                .toList();
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
                ends = consumer.endOffsets(partitions);
                long starts =
                        consumer.beginningOffsets(partitions).values().stream()
                                .mapToLong(Long::longValue)
                                .sum();
                all = ends.values().stream().mapToLong(Long::longValue).sum() - starts;
            } catch (KafkaException e) {
                consumer.close();
                throw unreadable(e);
            }
        }

        private IOException unreadable(KafkaException failure) {
            return new IOException(
                    "cannot read topic '"
                            + stream.topic()
                            + "': "
                            + KafkaFailure.of(kafka, failure).getMessage(),
                    failure);
        }

        @Override
        public boolean next() {
            while (polled.isEmpty()) {
                if (isAtEnd()) {
                    return false;
                }
                consumer.poll(Duration.ofMillis(500)).forEach(this::keepIfBeforeEnd);
            }
            record = polled.poll();
            done.incrementAndGet();
            return true;
        }

        private void keepIfBeforeEnd(ConsumerRecord<byte[], byte[]> each) {
            long end = ends.get(new TopicPartition(each.topic(), each.partition()));
            if (each.offset() < end) {
                polled.add(each);
            }
        }

        private boolean isAtEnd() {
            return ends.entrySet().stream()
                    .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        }

        @Override
        public void fields(FieldReceiver out) throws Rejection {
            if (record.value() == null || record.value().length == 0) {
                throw new Rejection(RejectionReason.EMPTY_PAYLOAD, "the record has no value");
            }
            decoder.decode(record.value(), out);
        }

        @Override
        public byte[] bytes() {
            return record.value();
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
