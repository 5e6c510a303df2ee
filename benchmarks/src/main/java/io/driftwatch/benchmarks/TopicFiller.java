package io.driftwatch.benchmarks;

import io.driftwatch.job.config.StreamFormat;
import java.io.IOException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes made-up records to the topic that the jobs read. */
final class TopicFiller {
    private TopicFiller() {}

    /** As fast as it can, a record to each partition by turns; returns when all are written. */
    static void fill(
            String bootstrapServers,
            Workload workload,
            StreamFormat format,
            int partitions,
            long records)
            throws IOException {
        long start = System.nanoTime();
        long bytes = 0;
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer = producer(bootstrapServers)) {
            for (long i = 0; i < records; i++) {
                workload.next();
                byte[] value = format == StreamFormat.JSON ? workload.json() : workload.avro();
                bytes += value.length;
                var unused =
                        producer.send(
                                new ProducerRecord<>(
                                        Workload.TOPIC, (int) (i % partitions), null, value),
                                (sent, e) -> failure.compareAndSet(null, e));
            }
        }
        if (failure.get() != null) {
            throw new IOException("the topic could not be filled", failure.get());
        }
        Progress.say(
                "filled the topic with %,d records of %d bytes in %.1f s",
                records, bytes / Math.max(1, records), (System.nanoTime() - start) / 1e9);
    }

    /** Not compressed: unpacking would cost the limit as much as the job, and so hide a cost. */
    private static KafkaProducer<byte[], byte[]> producer(String bootstrapServers) {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", bootstrapServers);
        properties.setProperty("linger.ms", "20");
        properties.setProperty("batch.size", Integer.toString(64 << 10));
        ByteArraySerializer plain = new ByteArraySerializer();
        return new KafkaProducer<>(properties, plain, plain);
    }
}
