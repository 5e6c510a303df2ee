package io.driftwatch.job.deliver;

import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.DeadLetterStage;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.json.AvroJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/** Makes a dead letter, with the whole notification in it, of every delivery that failed. */
public final class UndeliveredFunction implements FlatMapFunction<Sent, DeadLetter> {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_PAYLOAD = 65_536;

    @Override
    public void flatMap(Sent sent, Collector<DeadLetter> out) {
        Delivery delivery = sent.delivery();
        if (delivery.getOutcome() == DeliveryOutcome.delivered) {
            return;
        }
        byte[] json = AvroJson.toJson(sent.notification()).getBytes(StandardCharsets.UTF_8);
        out.collect(
                DeadLetter.newBuilder()
                        .setStage(DeadLetterStage.deliver)
                        .setReason(delivery.getOutcome().name())
                        .setDetail(
                                "receiver '"
                                        + delivery.getReceiver()
                                        + "', "
                                        + delivery.getEndpoint()
                                        + ": "
                                        + delivery.getReason())
                        .setModel("")
                        .setTopic("")
                        .setPartition(-1)
                        .setOffset(-1)
                        .setPayload(
                                ByteBuffer.wrap(json, 0, Math.min(json.length, LONGEST_PAYLOAD))
                                        .slice())
                        .setPayloadSize(json.length)
                        .build());
    }
}
