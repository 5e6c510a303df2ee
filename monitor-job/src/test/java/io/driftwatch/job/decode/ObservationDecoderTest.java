package io.driftwatch.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.DeadLetterStage;
import io.driftwatch.schemas.codec.RecordCodec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ObservationDecoderTest {
    private static final String MODEL =
            """
            models:
              - name: pricing
                profile: p.avro
                streams: [{role: inference, topic: t, event_time: at}]
                window: {size: 1h}
                features: {x: {type: numeric}}
            """;

    private final Decoding pricing = new Decoding(MODEL);

    @Test
    void anObservationSaysByWhichPlanItWasDecoded() {
        assertThat(pricing.read("{\"at\":\"2001-06-15\",\"x\":1}").layout())
                .isEqualTo(pricing.plan().layout());
    }

    @Test
    void aDeadLetterSaysWhereTheRecordLiesAndWhatIsWrong() {
        byte[] bytes = {'{', '}'};

        DeadLetter dead = pricing.refuse(bytes);

        assertThat(dead.getStage()).isEqualTo(DeadLetterStage.decode);
        assertThat(dead.getReason()).isEqualTo("missing_event_time");
        assertThat(dead.getDetail())
                .isEqualTo(
                        "flights-3@81234: field 'at' is absent or null; it must hold the event"
                                + " time");
        assertThat(dead.getModel()).isEqualTo("pricing");
        assertThat(dead.getTopic()).isEqualTo("flights");
        assertThat(dead.getPartition()).isEqualTo(3);
        assertThat(dead.getOffset()).isEqualTo(81_234);
        assertThat(dead.getRecords()).isEqualTo(1);
        assertThat(dead.getPayload()).isEqualTo(ByteBuffer.wrap(bytes));
        assertThat(dead.getPayloadSize()).isEqualTo(2);
    }

    @Test
    void aDeadLetterKeepsNoMoreThan64KibibytesOfTheRecord() {
        byte[] bytes = new byte[70_000];
        Arrays.fill(bytes, (byte) 'x');

        DeadLetter dead = pricing.refuse(bytes);

        assertThat(dead.getPayload().remaining()).isEqualTo(65_536);
        assertThat(dead.getPayloadSize()).isEqualTo(70_000);
        RecordCodec<DeadLetter> codec = RecordCodec.of(DeadLetter.class);
        assertThat(codec.toAvro(dead).length).isBetween(65_536, 66_500);
        assertThat(codec.read(codec.toAvro(dead))).isEqualTo(dead);
    }

    @Test
    void aDeadLetterKeepsExactly64KibibytesWhole() {
        byte[] bytes = new byte[65_536];

        assertThat(pricing.refuse(bytes).getPayload().remaining()).isEqualTo(65_536);
    }

    @Test
    void aLongValueIsQuotedShort() {
        String value = "\uD83D\uDE00".repeat(1000) + "\n\u0007";

        DeadLetter dead = pricing.refuse("{\"at\":\"2001-06-15\",\"x\":\"" + value.trim() + "\"}");

        assertThat(dead.getReason()).isEqualTo("wrong_type");
        assertThat(dead.getDetail())
                .isEqualTo(
                        "flights-3@81234: field 'x' is the string '"
                                + "\uD83D\uDE00".repeat(80)
                                + "…', expected a number");
    }
}
