package io.driftwatch.job.source;

import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.decode.Decoded;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.decode.ObservationDecoder;
import io.driftwatch.job.live.Live;
import io.driftwatch.job.live.LivePlan;
import io.driftwatch.schemas.ClassTrust;
import java.io.IOException;
import java.time.InstantSource;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Decodes Kafka records as they are read. Every record yields exactly one element, by the plan that
 * is in force then.
 */
final class DecodingSchema implements KafkaRecordDeserializationSchema<Decoded> {
    private static final long serialVersionUID = 1L;

    private final String model;
    private final StreamConfig stream;
    private final Live<FieldPlan> live;
    private transient ObservationDecoder decoder;

    DecodingSchema(LivePlan plan) {
        this.model = plan.model();
        this.stream = plan.stream();
        this.live = plan.setting();
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) throws IOException {
        ClassTrust.ensure();
        live.open(context.getUserCodeClassLoader());
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Decoded> out) {
        if (live.look()) {
            decoder = new ObservationDecoder(model, stream, live.get(), InstantSource.system());
        }
        out.collect(
                decoder.decode(
                        record.value(), record.topic(), record.partition(), record.offset()));
    }

    @Override
    public TypeInformation<Decoded> getProducedType() {
        return TypeInformation.of(Decoded.class);
    }
}
