package io.driftwatch.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.TestingConfig;
import io.driftwatch.schemas.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;

/** Decodes records of a model's first stream as if it were noon of 1 July 2001. */
final class Decoding {
    static final Instant NOW = Instant.parse("2001-07-01T12:00:00Z");
    static final String TOPIC = "flights";
    static final int PARTITION = 3;
    static final long OFFSET = 81_234;

    private final ModelConfig model;
    private final FieldPlan plan;
    private final ObservationDecoder decoder;

    Decoding(String yaml) {
        model = TestingConfig.model(yaml);
        plan = FieldPlan.of(model, model.streams().get(0), model.features());
        decoder =
                new ObservationDecoder(
                        model.name(), model.streams().get(0), plan, InstantSource.fixed(NOW));
    }

    FieldPlan plan() {
        return plan;
    }

    ModelConfig model() {
        return model;
    }

    Decoded decode(byte[] value) {
        return decoder.decode(value, TOPIC, PARTITION, OFFSET);
    }

    /** Decodes a record that must be fine. */
    Observation read(byte[] value) {
        Decoded decoded = decode(value);
        assertThat(decoded.deadLetter()).isNull();
        return decoded.observation();
    }

    Observation read(String value) {
        return read(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Decodes a record that must be refused. */
    DeadLetter refuse(byte[] value) {
        Decoded decoded = decode(value);
        assertThat(decoded.observation()).isNull();
        return decoded.deadLetter();
    }

    DeadLetter refuse(String value) {
        return refuse(value.getBytes(StandardCharsets.UTF_8));
    }
}
