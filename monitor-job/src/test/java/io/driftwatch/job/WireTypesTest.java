package io.driftwatch.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.deliver.EndpointHealth;
import io.driftwatch.alerts.deliver.OutboxEntry;
import io.driftwatch.alerts.retrain.RetrainPolicy;
import io.driftwatch.alerts.retrain.Retraining;
import io.driftwatch.alerts.retrain.RetrainingState;
import io.driftwatch.alerts.retrain.TargetRun;
import io.driftwatch.alerts.route.GroupState;
import io.driftwatch.alerts.route.Inhibitors;
import io.driftwatch.alerts.rule.NoDataState;
import io.driftwatch.alerts.rule.RuleState;
import io.driftwatch.job.decode.Decoded;
import io.driftwatch.job.decode.Observation;
import io.driftwatch.job.deliver.Addressed;
import io.driftwatch.job.deliver.Sent;
import io.driftwatch.job.judge.StreamWindow;
import io.driftwatch.job.judge.TestingScores;
import io.driftwatch.job.metrics.AlertMark;
import io.driftwatch.job.metrics.RetrainMark;
import io.driftwatch.job.metrics.ScoreMark;
import io.driftwatch.job.metrics.VersionMark;
import io.driftwatch.job.retrain.Assigned;
import io.driftwatch.job.retrain.RetrainEvent;
import io.driftwatch.job.route.Muting;
import io.driftwatch.job.route.Routed;
import io.driftwatch.job.tally.FeatureSince;
import io.driftwatch.job.tally.PaneTally;
import io.driftwatch.job.tally.SampleKey;
import io.driftwatch.job.tally.SeriesKey;
import io.driftwatch.job.window.WindowTally;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.DeadLetterStage;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.NotificationStatus;
import io.driftwatch.schemas.RetrainCommand;
import io.driftwatch.schemas.RetrainCommandKind;
import io.driftwatch.schemas.RetrainRequest;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.Silence;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Guards what travels between operators, or is state, against falling to Kryo. */
class WireTypesTest {
    static {
        ClassTrust.ensure();
    }

    private static final Instant TIME = Instant.parse("2001-06-15T12:30:00.123Z");

    private static final Alert ALERT =
            Alert.newBuilder()
                    .setFingerprint("0123456789abcdef")
                    .setEpisode(1)
                    .setSequence(2)
                    .setState(AlertState.firing)
                    .setLabels(Map.of("model", "flights"))
                    .setAnnotations(Map.of())
                    .setScore(TestingScores.score("distance", 1, 0.5, 0))
                    .setThreshold(0.2)
                    .setDirection(Direction.above)
                    .setStartsAt(TIME)
                    .setReason("a test")
                    .build();

    private static final DeadLetter DEAD =
            DeadLetter.newBuilder()
                    .setStage(DeadLetterStage.decode)
                    .setReason("malformed")
                    .setDetail("a test")
                    .setModel("flights")
                    .setTopic("t")
                    .setPartition(1)
                    .setOffset(2)
                    .setPayload(ByteBuffer.wrap(new byte[] {1, 2}))
                    .setPayloadSize(2)
                    .build();

    private static final Delivery DELIVERY =
            Delivery.newBuilder()
                    .setNotificationId("1")
                    .setReceiver("team")
                    .setEndpoint("webhook")
                    .setOutcome(DeliveryOutcome.delivered)
                    .setAttempts(1)
                    .setFinishedAt(TIME)
                    .setReason("a test")
                    .build();

    private static final Notification NOTIFICATION =
            Notification.newBuilder()
                    .setId("1")
                    .setReceiver("team")
                    .setGroupKey("{}")
                    .setGroupLabels(Map.of())
                    .setStatus(NotificationStatus.firing)
                    .setAlerts(List.of(ALERT))
                    .setCreatedAt(TIME)
                    .build();

    private static final Silence SILENCE =
            Silence.newBuilder()
                    .setId("1")
                    .setMatchers(List.of("a=\"b\""))
                    .setStartsAt(TIME)
                    .setEndsAt(TIME)
                    .setCreatedBy("me")
                    .setComment("a test")
                    .setUpdatedAt(TIME)
                    .build();

    private static final RetrainCommand COMMAND =
            RetrainCommand.newBuilder()
                    .setRequestId("a-1")
                    .setModel("flights")
                    .setKind(RetrainCommandKind.approve)
                    .setBy("me")
                    .setAt(TIME)
                    .build();

    private static final RetrainRequest REQUEST =
            RetrainRequest.newBuilder()
                    .setRequestId("a-1")
                    .setModel("flights")
                    .setModelVersion("v1")
                    .setRequestedAt(TIME)
                    .setRequestedBy("driftwatch")
                    .setAlert(ALERT)
                    .build();

    /** As it is while a request waits for a person, and a version was seen. */
    private static RetrainingState retraining() {
        Alert asking = Alert.newBuilder(ALERT).setRetrain(true).build();
        Retraining retraining =
                new Retraining(
                        RetrainPolicy.builder()
                                .enabled(true)
                                .approval(RetrainPolicy.Approval.MANUAL)
                                .build());
        RetrainingState state = retraining.onVersion(null, "v1", 1).state();
        return retraining.onAlert(state, asking, 2).state();
    }

    private static final Observation OBSERVATION =
            new Observation(
                    1,
                    "v1",
                    null,
                    new double[] {1, Double.NaN},
                    new String[] {"a", null},
                    new String[0],
                    "t",
                    1,
                    2,
                    3);

    static Stream<Named<Object>> values() {
        SeriesKey series = new SeriesKey("flights", "v1", "origin", "JFK", "distance", 1);
        RuleState fresh = new RuleState(1, 0, null, 0, 0, 0, 0, null, 0, 0, 0, 0, 0, 0, null, 0, 0);
        return Stream.of(
                        Decoded.of(OBSERVATION),
                        Decoded.of(DEAD),
                        OBSERVATION,
                        new PaneTally(series, 1, new byte[] {1}),
                        new FeatureSince("distance", 1),
                        new WindowTally(series, 1, 2, new byte[] {1}, 3),
                        series,
                        series.sample(),
                        fresh,
                        new StreamWindow("inference", 1),
                        new NoDataState("flights", "inference", "NoData", 1, 2, true, 3, 4, 5),
                        new RetrainEvent("flights", ALERT, null, null),
                        new RetrainEvent("flights", null, COMMAND, null),
                        new RetrainEvent("flights", null, null, "v2"),
                        retraining(),
                        new TargetRun(REQUEST, 1, 2, 3, 4, "running", Map.of("run_id", "7")),
                        new Assigned("nightly", REQUEST),
                        new GroupState(List.of(ALERT), Map.of("a", "1"), Map.of(), 1, 2, 3, 4),
                        SILENCE,
                        new Muting(ALERT, null),
                        new Muting(null, SILENCE),
                        new Routed("{} team\n{}:{}", ALERT),
                        new Inhibitors.Source(Map.of("model", "flights"), 1, Long.MAX_VALUE),
                        new Sent(NOTIFICATION, DELIVERY),
                        new Addressed("team\nslack[0]", NOTIFICATION),
                        new OutboxEntry(NOTIFICATION, 1, 2, 3, 4, 5, 6, "no", null, true),
                        new EndpointHealth(1, 2, 3, 4, 5, 6),
                        TestingScores.score("distance", 1, 0.5, 0),
                        ScoreMark.of(TestingScores.score("distance", 1, 0.5, 0)),
                        new VersionMark("flights", "v1", 1, 2, 3),
                        AlertMark.of(ALERT),
                        new RetrainMark("a-1", "flights", "waiting"),
                        ALERT,
                        NOTIFICATION,
                        DELIVERY,
                        DEAD)
                .map(value -> Named.of(value.getClass().getSimpleName(), value));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values")
    void travelsWithoutKryoAndComesBackTheSame(Object value) throws IOException {
        roundTrip(value);
    }

    @SuppressWarnings("unchecked")
    private static <T> void roundTrip(T value) throws IOException {
        TypeInformation<T> type = TypeInformation.of((Class<T>) value.getClass());
        assertThat(type).isNotInstanceOf(GenericTypeInfo.class);
        SerializerConfigImpl strict = new SerializerConfigImpl();
        strict.setGenericTypes(false);
        TypeSerializer<T> serializer = type.createSerializer(strict);
        DataOutputSerializer out = new DataOutputSerializer(1024);
        serializer.serialize(value, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());

        assertSame(serializer.deserialize(in), value);
        assertThat(in.available()).isZero();
        assertSame(serializer.copy(value), value);
    }

    private static void assertSame(Object actual, Object expected) {
        assertThat(actual)
                .usingRecursiveComparison()
                .withComparatorForType(Double::compare, Double.class)
                .isEqualTo(expected);
    }

    @Test
    void everyOtherRecordOnATopicHasASerializerOfItsOwn() {
        SerializerConfigImpl strict = new SerializerConfigImpl();
        strict.setGenericTypes(false);
        for (Class<? extends SpecificRecord> type : List.of(Score.class, RetrainRequest.class)) {
            assertThat(TypeInformation.of(type).createSerializer(strict)).isNotNull();
        }
    }

    @ParameterizedTest(name = "{0}")
    @org.junit.jupiter.params.provider.ValueSource(classes = {SeriesKey.class, SampleKey.class})
    void aKeyHasTheSameHashInEveryJvm(Class<?> key) {
        assertThat(Arrays.stream(key.getRecordComponents()).map(RecordComponent::getType))
                .isSubsetOf(String.class, long.class);
    }
}
