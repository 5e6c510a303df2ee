package io.driftwatch.job.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.deliver.AddressGuard;
import io.driftwatch.alerts.deliver.DeliveryConfig;
import io.driftwatch.alerts.deliver.EndpointConfig;
import io.driftwatch.alerts.deliver.ReceiverConfig;
import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.alerts.deliver.Secret;
import io.driftwatch.alerts.deliver.TlsConfig;
import io.driftwatch.alerts.deliver.WebhookEndpoint;
import io.driftwatch.job.it.MoodyReceiver;
import io.driftwatch.job.it.MoodyReceiver.Mood;
import io.driftwatch.job.it.MoodyReceiver.Request;
import io.driftwatch.job.judge.TestingScores;
import io.driftwatch.job.live.TestingSettings;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.NotificationStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The outbox in the state of a job: real requests, and a clock that only tests move. */
@Timeout(120)
class DeliverOperatorTest {
    private static final List<String> PATHS = List.of("well", "hangs", "fails", "patience");
    private static final RetryPolicy POLICY =
            new RetryPolicy(
                    RetryPolicy.standard().waits(),
                    Duration.ofMillis(300),
                    Duration.ofMillis(300),
                    Duration.ofMinutes(15));

    private MoodyReceiver receiver;

    @BeforeEach
    void listen() throws Exception {
        receiver = new MoodyReceiver();
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    private List<ReceiverConfig> receivers(List<String> paths) {
        return paths.stream()
                .map(path -> new ReceiverConfig(path, List.of(endpoint(path))))
                .toList();
    }

    private EndpointConfig endpoint(String path) {
        return new WebhookEndpoint(
                "webhook[0]",
                Secret.of(receiver.url(path)),
                WebhookEndpoint.Format.JSON,
                Map.of(),
                List.of(),
                null);
    }

    private static Notification notification(String receiver, String id, String group) {
        Alert alert =
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
                        .setStartsAt(Instant.EPOCH)
                        .setReason("a test")
                        .build();
        return Notification.newBuilder()
                .setId(id)
                .setReceiver(receiver)
                .setGroupKey(group)
                .setGroupLabels(Map.of())
                .setStatus(NotificationStatus.firing)
                .setAlerts(List.of(alert))
                .setCreatedAt(Instant.EPOCH)
                .build();
    }

    /** One life of the operator, from a start until it is dropped. */
    private static final class Life
            extends KeyedOneInputStreamOperatorTestHarness<String, Addressed, Sent> {
        private final AddressFunction addresses;

        Life(List<ReceiverConfig> receivers) throws Exception {
            super(
                    new DeliverOperatorFactory(
                            TestingSettings.receivers(
                                    receivers,
                                    new DeliveryConfig(
                                            new AddressGuard(List.of("127.0.0.1")),
                                            TlsConfig.STANDARD)),
                            POLICY,
                            /* awaitsCheckpoints= */ true),
                    Addressed::endpoint,
                    Types.STRING,
                    /* maxParallelism= */ 1,
                    /* numSubtasks= */ 1,
                    /* subtaskIndex= */ 0);
            this.addresses =
                    new AddressFunction(
                            TestingSettings.receivers(receivers, DeliveryConfig.standard()));
        }

        static Life begin(List<ReceiverConfig> receivers, OperatorSubtaskState state, long millis)
                throws Exception {
            Life life = new Life(receivers);
            if (state != null) {
                life.initializeState(state);
            }
            life.getProcessingTimeService().setCurrentTime(millis);
            life.open();
            return life;
        }

        void send(Notification notification) throws Exception {
            List<Addressed> addressed = new ArrayList<>();
            addresses.flatMap(notification, new ListCollector<>(addressed));
            for (Addressed each : addressed) {
                processElement(each, 0);
            }
        }

        OperatorSubtaskState checkpoint(long id) throws Exception {
            OperatorSubtaskState state = snapshot(id, 0);
            notifyOfCompletedCheckpoint(id);
            return state;
        }

        void readMail() throws Exception {
            while (true) {
                var mail = getTaskMailbox().tryTake(TaskMailbox.MIN_PRIORITY);
                if (mail.isEmpty()) {
                    return;
                }
                mail.get().run();
            }
        }

        void awaitMail() throws Exception {
            getTaskMailbox().take(TaskMailbox.MIN_PRIORITY).run();
        }

        boolean isBusy() {
            return ((DeliverOperator) (Object) getOperator()).isBusy();
        }

        List<Delivery> deliveries(String receiver) {
            return extractOutputValues().stream()
                    .map(Sent::delivery)
                    .filter(delivery -> delivery.getReceiver().equals(receiver))
                    .toList();
        }

        void awaitDeliveries(String receiver, int count) throws Exception {
            while (deliveries(receiver).size() < count) {
                awaitMail();
            }
        }
    }

    @Test
    void sendsNothingThatNoCompleteCheckpointHolds() throws Exception {
        try (Life life = Life.begin(receivers(PATHS), null, 0)) {
            life.send(notification("well", "a", "g"));
            life.setProcessingTime(10_000);
            OperatorSubtaskState unused = life.snapshot(1, 0);
            life.send(notification("well", "b", "h"));
            life.setProcessingTime(20_000);
            assertThat(receiver.requests()).isEmpty();

            life.notifyOfCompletedCheckpoint(1);
            life.awaitDeliveries("well", 1);
            assertThat(receiver.requests()).extracting(Request::id).containsExactly("a");

            life.checkpoint(2);
            life.awaitDeliveries("well", 2);
            assertThat(life.numKeyedStateEntries()).as("only the endpoint's health").isEqualTo(1);
        }
    }

    @Test
    void ifCheckpointsFailForAMinuteItSendsWithout() throws Exception {
        try (Life life = Life.begin(receivers(PATHS), null, 0)) {
            life.send(notification("well", "a", "g"));
            life.setProcessingTime(DeliverOperator.PATIENCE.toMillis() - 1);
            assertThat(receiver.requests()).isEmpty();
            life.setProcessingTime(DeliverOperator.PATIENCE.toMillis());
            life.awaitDeliveries("well", 1);
        }
    }

    @Test
    void theSameNotificationTwiceIsSentOnce() throws Exception {
        try (Life life = Life.begin(receivers(PATHS), null, 0)) {
            life.send(notification("well", "a", "g"));
            life.send(notification("well", "a", "g"));
            life.checkpoint(1);
            life.awaitDeliveries("well", 1);
            life.readMail();
            assertThat(receiver.requests()).hasSize(1);
        }
    }

    @Test
    void whatWaitsForAnEndpointThatTheConfigurationHasLostBecomesADeadLetter() throws Exception {
        receiver.set("fails", Mood.FAILS);
        OperatorSubtaskState state;
        try (Life life = Life.begin(receivers(PATHS), null, 0)) {
            life.send(notification("fails", "a", "g"));
            state = life.snapshot(1, 0);
        }
        try (Life life = Life.begin(receivers(List.of("well")), state, 1000)) {
            assertThat(life.deliveries("fails"))
                    .singleElement()
                    .satisfies(
                            delivery -> {
                                assertThat(delivery.getOutcome())
                                        .isEqualTo(DeliveryOutcome.rejected);
                                assertThat(delivery.getReason())
                                        .contains("configuration has no longer this endpoint");
                            });
            assertThat(life.numKeyedStateEntries()).isZero();
        }
    }

    /** A stream of incidents that can be read again from any place, as from a topic. */
    private static final class Incidents {
        private static final int SECONDS_BETWEEN = 7;
        private int next;

        /** Restored, the same incident is put together anew, as a group may be. */
        void sendUntil(long second, int life, Life to) throws Exception {
            while (second() <= second && second() < 600) {
                for (String path : PATHS) {
                    to.send(notification(path, id(next, life), "g" + next % 5));
                }
                next++;
            }
        }

        private long second() {
            return (long) next * SECONDS_BETWEEN;
        }

        static String id(int incident, int life) {
            return "incident-" + incident + "-of-life-" + life;
        }

        static String incident(String id) {
            return id.substring(0, id.indexOf("-of-life-"));
        }
    }

    @Test
    void tenMinutesWithABrokenABusyAndASilentEndpointAndTwoKillsCostTheHealthyOneNothing()
            throws Exception {
        receiver.set("hangs", Mood.HANGS);
        receiver.set("fails", Mood.FAILS);
        receiver.set("patience", Mood.ASKS_FOR_PATIENCE);
        Map<String, Long> tellableSince = new TreeMap<>();
        Map<String, Long> told = new TreeMap<>();
        Incidents incidents = new Incidents();
        OperatorSubtaskState state = null;
        int read = 0;
        long second = 0;
        for (int life = 0; life < 3; life++) {
            long end = life == 2 ? 7200 : 200L * (life + 1) + 5;
            incidents.next = read;
            try (Life job = Life.begin(receivers(PATHS), state, second * 1000)) {
                while (second < end) {
                    job.setProcessingTime(second * 1000);
                    incidents.sendUntil(second, life, job);
                    if (second % 10 == 0) {
                        state = job.checkpoint(second / 10 + 1);
                        read = incidents.next;
                        for (int i = 0; i < read; i++) {
                            tellableSince.putIfAbsent("incident-" + i, second);
                        }
                    }
                    if (second == 600) {
                        PATHS.forEach(path -> receiver.set(path, Mood.WELL));
                    }
                    awaitHealthy(job, tellableSince, told, second);
                    job.readMail();
                    while (second >= 600 && job.isBusy()) {
                        job.awaitMail();
                    }
                    second += second < 600 ? 1 : 10;
                    if (second >= 600 && isAllTold(read)) {
                        break;
                    }
                }
            }
        }

        assertThat(told.keySet()).isEqualTo(tellableSince.keySet());
        assertThat(told)
                .as("the healthy endpoint hears at the checkpoint, at any time")
                .allSatisfy(
                        (incident, at) -> assertThat(at).isEqualTo(tellableSince.get(incident)));
        for (String path : PATHS) {
            assertThat(taken(path)).as(path).isEqualTo(all(86));
            assertThat(idsByIncident(path))
                    .as("each incident has one id, whatever happened: " + path)
                    .allSatisfy((incident, ids) -> assertThat(ids).hasSize(1));
        }
        assertThat(requests("fails").size()).as("repetitions").isGreaterThan(86);
    }

    /** Waits for the healthy endpoint only; what the others do meanwhile is their affair. */
    private void awaitHealthy(
            Life job, Map<String, Long> tellableSince, Map<String, Long> told, long second)
            throws Exception {
        while (!taken("well").containsAll(tellableSince.keySet())) {
            job.awaitMail();
        }
        for (String incident : taken("well")) {
            told.putIfAbsent(incident, second);
        }
    }

    private boolean isAllTold(int incidents) {
        return PATHS.stream().allMatch(path -> taken(path).size() == incidents);
    }

    private static Set<String> all(int incidents) {
        return IntStream.range(0, incidents)
                .mapToObj(i -> "incident-" + i)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private List<Request> requests(String path) {
        return receiver.requests().stream().filter(r -> r.path().equals(path)).toList();
    }

    private Set<String> taken(String path) {
        return requests(path).stream()
                .filter(Request::taken)
                .map(request -> Incidents.incident(request.id()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Map<String, Set<String>> idsByIncident(String path) {
        return requests(path).stream()
                .map(Request::id)
                .collect(Collectors.groupingBy(Incidents::incident, Collectors.toSet()));
    }
}
