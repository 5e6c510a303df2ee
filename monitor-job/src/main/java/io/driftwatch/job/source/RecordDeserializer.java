package io.driftwatch.job.source;

import io.driftwatch.schemas.codec.RecordCodec;
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

    RecordDeserializer(Class<T> type) {
        this.codec = RecordCodec.of(type);
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<T> out) {
        if (record.value() == null) {
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

    @Override
    public TypeInformation<T> getProducedType() {
        return TypeInformation.of(codec.type());
    }
}
