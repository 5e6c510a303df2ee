package io.driftwatch.job.sink;

import io.driftwatch.job.config.TopicsConfig.Encoding;
import io.driftwatch.schemas.codec.RecordCodec;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes our records to a topic, keyed so that what belongs together stays in order. */
final class RecordSerializer<T extends SpecificRecord>
        implements KafkaRecordSerializationSchema<T> {
    private static final long serialVersionUID = 1L;

    /** The key of a record. */
    interface Key<T> extends Function<T, String>, Serializable {}

    private final String topic;
    private final RecordCodec<T> codec;
    private final Encoding encoding;
    private final Key<T> key;

    RecordSerializer(String topic, Class<T> type, Encoding encoding, Key<T> key) {
        this.topic = topic;
        this.codec = RecordCodec.of(type);
        this.encoding = encoding;
        this.key = key;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            T record, KafkaSinkContext context, Long timestamp) {
        byte[] value = encoding == Encoding.JSON ? codec.toJson(record) : codec.toAvro(record);
        return new ProducerRecord<>(
                topic, key.apply(record).getBytes(StandardCharsets.UTF_8), value);
    }
}
