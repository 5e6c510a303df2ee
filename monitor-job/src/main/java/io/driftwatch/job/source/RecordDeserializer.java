package io.driftwatch.job.source;

import io.driftwatch.schemas.codec.RecordCodec;
import java.nio.charset.StandardCharsets;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads our own records from a topic of ours. One that cannot be read was written by something
 * else; it is logged with its place and passed over.
 */
final class RecordDeserializer<T extends SpecificRecord>
        implements KafkaRecordDeserializationSchema<T> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(RecordDeserializer.class);

    private final RecordCodec<T> codec;
    private final String keyPrefix;

    RecordDeserializer(Class<T> type) {
        this(type, "");
    }

    /**
     * @param keyPrefix what the keys of these records begin with, on a topic that has others too
     */
    RecordDeserializer(Class<T> type, String keyPrefix) {
        this.codec = RecordCodec.of(type);
        this.keyPrefix = keyPrefix;
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<T> out) {
        if (record.value() == null || !key(record).startsWith(keyPrefix)) {
            return;
        }
        try {
            out.collect(codec.read(record.value()));
        } catch (IllegalArgumentException e) {
            LOG.error(
                    "{}-{}@{} holds something other than {}: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    codec.type().getSimpleName(),
                    e.getMessage());
        }
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return TypeInformation.of(codec.type());
    }
}
