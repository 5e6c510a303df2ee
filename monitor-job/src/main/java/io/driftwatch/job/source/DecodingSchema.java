package io.driftwatch.job.source;

import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.decode.Decoded;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.decode.ObservationDecoder;
import io.driftwatch.schemas.ClassTrust;
import java.time.InstantSource;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Decodes Kafka records as they are read. Every record yields exactly one element. */
final class DecodingSchema implements KafkaRecordDeserializationSchema<Decoded> {
    private static final long serialVersionUID = 1L;

    private final String model;
    private final StreamConfig stream;
    private final FieldPlan plan;
    private transient ObservationDecoder decoder;

    DecodingSchema(String model, StreamConfig stream, FieldPlan plan) {
        this.model = model;
        this.stream = stream;
        this.plan = plan;
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        ClassTrust.ensure();
        decoder = new ObservationDecoder(model, stream, plan, InstantSource.system());
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Decoded> out) {
        out.collect(
                decoder.decode(
                        record.value(), record.topic(), record.partition(), record.offset()));
    }

    @Override
    public TypeInformation<Decoded> getProducedType() {
        return TypeInformation.of(Decoded.class);
    }
}
