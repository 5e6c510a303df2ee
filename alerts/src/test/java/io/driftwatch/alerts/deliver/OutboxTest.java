package io.driftwatch.alerts.deliver;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.notification;
import static io.driftwatch.alerts.TestingAlerts.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.Notification;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When what is tried, on a clock that only moves from event to event. */
class OutboxTest {
    private static final Answer OK = Answer.of(200, "ok", null);
    private static final Answer DOWN = Answer.of(503, "", null);
    private static final Answer HUNG = Answer.failed("no complete answer within 15000 ms");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static final EndpointConfig WEBHOOK =
            new WebhookEndpoint(
                    "webhook[0]",
                    Secret.of("https://hook.example/"),
                    WebhookEndpoint.Format.JSON,
                    Map.of(),
                    List.of(),
                    null);

    private static final EndpointConfig SLACK =
            new ChatEndpoint("slack[0]", Chat.SLACK, Secret.of("https://hook.example/"));

    private static final EndpointConfig ALERTMANAGER =
            new AlertmanagerEndpoint("alertmanager[0]", Secret.of("https://am.example"), Map.of());

    /** How an endpoint answers an attempt. */
    private interface Behaviour {
        Answer to(Attempt attempt);
    }

    /** One attempt: second since the start, id, and how many there were before it. */
    private record Attempt(double second, String id, int before) {}

    /** An outbox, its endpoint, and the time. */
    private static final class World {
        private final Outbox outbox;
        private final Behaviour endpoint;
        private final Map<String, OutboxEntry> waiting = new LinkedHashMap<>();
        private final Map<String, OutboxEntry> underWay = new HashMap<>();
        private final Map<Long, List<Runnable>> arrivals = new TreeMap<>();
        private final List<Attempt> attempts = new ArrayList<>();
        private final Map<String, Delivery> ended = new LinkedHashMap<>();
        private EndpointHealth health = EndpointHealth.unknown();
        private long now;
        private long next = Long.MAX_VALUE;
        private long answersAfterMillis;

        World(EndpointConfig config, Behaviour endpoint) {
            this.outbox = new Outbox("team", config, RetryPolicy.standard());
            this.endpoint = endpoint;
        }

        World at(double second, Notification notification) {
            schedule(
                    (long) (second * 1000),
                    () -> {
                        Outbox.Step step = outbox.add(notification, health, now);
                        waiting.put(notification.getId(), step.entry());
                        health = step.health();
                    });
            return this;
        }

        private void schedule(long millis, Runnable event) {
            arrivals.computeIfAbsent(millis, time -> new ArrayList<>()).add(event);
        }

        World run(Duration until) {
            while (true) {
                long event = arrivals.keySet().stream().findFirst().orElse(Long.MAX_VALUE);
                long time = Math.min(event, next);
                if (time > until.toMillis()) {
                    return this;
                }
                assertThat(time).as("time goes on").isGreaterThanOrEqualTo(now);
                now = time;
                List<Runnable> events = arrivals.remove(time);
                if (events != null) {
                    events.forEach(Runnable::run);
                }
                look();
            }
        }

        private void look() {
            Outbox.Look look = outbox.look(waiting.values(), health, underWay.keySet(), now);
            health = look.health();
            look.ended().forEach(this::end);
            look.attempts().forEach(this::attempt);
            next = look.nextMillis();
            assertThat(next).as("no busy waiting").isGreaterThan(now);
        }

        private void end(Outbox.Ended over) {
            waiting.remove(over.entry().id());
            if (over.delivery() != null) {
                ended.put(over.entry().id(), over.delivery());
            }
        }

        private void attempt(OutboxEntry entry) {
            int before = (int) attempts.stream().filter(a -> a.id().equals(entry.id())).count();
            Attempt attempt = new Attempt(now / 1000.0, entry.id(), before);
            attempts.add(attempt);
            assertThat(underWay.put(entry.id(), entry)).as("tried twice at once").isNull();
            Answer answer = endpoint.to(attempt);
            schedule(now + answersAfterMillis, () -> answered(entry, answer));
        }

        private void answered(OutboxEntry entry, Answer answer) {
            underWay.remove(entry.id());
            if (!waiting.containsKey(entry.id())) {
                return;
            }
            Outbox.Step step = outbox.answered(entry, health, answer, now);
            health = step.health();
            if (step.entry() == null) {
                waiting.remove(entry.id());
            } else {
                waiting.put(entry.id(), step.entry());
            }
            if (step.delivery() != null) {
                assertThat(ended.put(entry.id(), step.delivery())).as("ended twice").isNull();
            }
        }

        List<Double> seconds(String id) {
            return attempts.stream().filter(a -> a.id().equals(id)).map(Attempt::second).toList();
        }

        List<String> order() {
            return attempts.stream().map(Attempt::id).toList();
        }
    }

    private static Notification of(String id, String group) {
        return Notification.newBuilder(notification("team", List.of(firing("a", 1, 1))))
                .setId(id)
                .setGroupKey(group)
                .build();
    }

    private static Notification of(int id) {
        return of("n" + id, "g" + id);
    }

    @Test
    void aSingleNotificationFollowsTheScheduleExactlyAndThenIsExhausted() {
        World world = new World(WEBHOOK, attempt -> DOWN).at(0, of(1)).run(Duration.ofDays(1));

        assertThat(world.seconds("n1"))
                .containsExactly(0.0, 5.0, 35.0, 155.0, 755.0, 2555.0, 6155.0);
        Delivery delivery = world.ended.get("n1");
        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.exhausted);
        assertThat(delivery.getAttempts()).isEqualTo(7);
        assertThat(delivery.getStatusCode()).isEqualTo(503);
        assertThat(delivery.getFinishedAt()).isEqualTo(Instant.ofEpochSecond(6155));
        assertThat(world.waiting).isEmpty();
    }

    @Test
    void whatFollowsInTheSameGroupWaitsForTheEndOfWhatCameBefore() {
        World world =
                new World(WEBHOOK, attempt -> attempt.second() < 30 ? DOWN : OK)
                        .at(0, of("first", "g"))
                        .at(1, of("second", "g"))
                        .at(2, of("other", "h"))
                        .run(Duration.ofHours(1));

        assertThat(world.order().stream().filter(id -> !id.equals("other")).toList())
                .containsExactly("first", "first", "first", "second");
        assertThat(world.ended.values())
                .allMatch(d -> d.getOutcome() == DeliveryOutcome.delivered)
                .hasSize(3);
    }

    @Test
    void oneThatIsRejectedDoesNotHoldUpItsGroup() {
        World world =
                new World(
                                WEBHOOK,
                                attempt ->
                                        attempt.id().equals("first")
                                                ? Answer.of(400, "no", null)
                                                : OK)
                        .at(0, of("first", "g"))
                        .at(0, of("second", "g"))
                        .run(MINUTE);

        assertThat(world.ended.get("first").getOutcome()).isEqualTo(DeliveryOutcome.rejected);
        assertThat(world.ended.get("second").getOutcome()).isEqualTo(DeliveryOutcome.delivered);
    }

    @Test
    void anEndpointThatFailsIsAskedOnceInHalfAMinuteHoweverMuchWaits() {
        World world = new World(WEBHOOK, attempt -> DOWN);
        IntStream.range(0, 200).forEach(i -> world.at(i * 3.0, of(i)));

        world.run(Duration.ofMinutes(10));

        List<Double> later =
                world.attempts.stream().map(Attempt::second).filter(s -> s > 35).toList();
        for (int i = 1; i < later.size(); i++) {
            assertThat(later.get(i) - later.get(i - 1)).isGreaterThanOrEqualTo(30.0);
        }
        assertThat(later).hasSizeBetween(15, 20);
    }

    @Test
    void whenItIsBackAllThatWaitsGoesAtOnceInThePaceOfTheEndpoint() {
        World world = new World(SLACK, attempt -> attempt.second() < 600 ? DOWN : OK);
        IntStream.range(0, 20).forEach(i -> world.at(i * 10.0, of(i)));

        world.run(Duration.ofMinutes(12));

        assertThat(world.ended).hasSize(20);
        assertThat(world.ended.values())
                .allMatch(d -> d.getOutcome() == DeliveryOutcome.delivered)
                .allMatch(d -> d.getFinishedAt().getEpochSecond() <= 660);
    }

    @Test
    void aNotificationOfAGroupThatOthersWaitForIsTriedAgainEarlyAndItsScheduleGoesOn() {
        World world =
                new World(WEBHOOK, attempt -> attempt.second() < 3000 ? DOWN : OK)
                        .at(0, of("first", "g"))
                        .at(2700, of("second", "g"))
                        .run(Duration.ofHours(2));

        assertThat(world.ended.get("second").getOutcome()).isEqualTo(DeliveryOutcome.delivered);
        assertThat(world.ended.get("second").getFinishedAt())
                .as("not first at the schedule's next attempt, which is at 6155")
                .isBefore(Instant.ofEpochSecond(3100));
    }

    @Test
    void nothingWaitsForEver() {
        World world = new World(WEBHOOK, attempt -> HUNG);
        IntStream.range(0, 500).forEach(i -> world.at(i * 60.0, of("n" + i, "g" + i % 7)));

        world.run(Duration.ofHours(30));

        Duration lifetime = RetryPolicy.standard().lifetime();
        assertThat(world.ended).hasSize(500);
        assertThat(world.ended.values())
                .allMatch(d -> d.getOutcome() == DeliveryOutcome.exhausted)
                .allSatisfy(d -> assertThat(d.getReason()).contains("no complete answer"));
        for (int i = 0; i < 500; i++) {
            Instant came = Instant.ofEpochSecond(i * 60L);
            assertThat(world.ended.get("n" + i).getFinishedAt())
                    .isBefore(came.plus(lifetime).plus(Duration.ofMinutes(2)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"60", "Thu, 01 Jan 1970 00:01:00 GMT"})
    void retryAfterHoldsTheWholeEndpoint(String retryAfter) {
        World world =
                new World(
                                WEBHOOK,
                                attempt ->
                                        attempt.second() < 60 ? Answer.of(429, "", retryAfter) : OK)
                        .at(0, of(1))
                        .at(1, of(2))
                        .at(59, of(3))
                        .run(Duration.ofMinutes(5));

        assertThat(world.attempts)
                .extracting(Attempt::second)
                .containsExactly(0.0, 60.0, 60.0, 60.0);
        assertThat(world.ended.values()).allMatch(d -> d.getOutcome() == DeliveryOutcome.delivered);
    }

    @Test
    void whoAlwaysAsksForPatienceGetsItsScheduleAndNoMore() {
        World world =
                new World(WEBHOOK, attempt -> Answer.of(429, "", "86400"))
                        .at(0, of(1))
                        .run(Duration.ofDays(2));

        assertThat(world.seconds("n1")).hasSize(7).startsWith(0.0, 900.0, 1800.0);
        assertThat(world.ended.get("n1").getOutcome()).isEqualTo(DeliveryOutcome.exhausted);
    }

    @Test
    void aBurstGoesOutInThePaceOfItsEndpoint() {
        World world = new World(SLACK, attempt -> OK);
        IntStream.range(0, 10).forEach(i -> world.at(0, of(i)));

        world.run(MINUTE);

        assertThat(world.attempts)
                .extracting(Attempt::second)
                .containsExactly(0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0);
    }

    @Test
    void asksForNoMoreThanFourAtATime() {
        World world = new World(WEBHOOK, attempt -> OK);
        world.answersAfterMillis = 10_000;
        IntStream.range(0, 10).forEach(i -> world.at(0, of(i)));

        world.run(MINUTE);

        assertThat(world.attempts)
                .extracting(Attempt::second)
                .containsExactly(0.0, 0.0, 0.0, 0.0, 10.0, 10.0, 10.0, 10.0, 20.0, 20.0);
    }

    @Test
    void anAddressThatIsWrongIsNotHammered() {
        World world = new World(WEBHOOK, attempt -> Answer.of(404, "", null));
        IntStream.range(0, 60).forEach(i -> world.at(i, of(i)));

        world.run(Duration.ofHours(3));

        assertThat(world.ended).hasSize(60);
        assertThat(world.attempts.stream().filter(a -> a.second() < 60)).hasSizeLessThan(6);
    }

    @Test
    void theEndOfAnIncidentIsNotHeardBeforeItsBeginning() {
        Notification begin = of("begin", "g");
        Notification end =
                Notification.newBuilder(notification("team", List.of(resolved("a", 1, 2))))
                        .setId("end")
                        .setGroupKey("g")
                        .build();
        World world =
                new World(WEBHOOK, attempt -> attempt.second() < 300 ? HUNG : OK)
                        .at(0, begin)
                        .at(200, end)
                        .run(Duration.ofHours(1));

        assertThat(world.ended.keySet()).containsExactly("begin", "end");
    }

    @Test
    void anAlertmanagerHearsOfWhatFiresEveryMinuteUntilItHasEnded() {
        Notification end =
                Notification.newBuilder(notification("team", List.of(resolved("a", 1, 2))))
                        .setId("end")
                        .setGroupKey("g")
                        .build();
        World world =
                new World(
                                ALERTMANAGER,
                                attempt ->
                                        attempt.second() >= 100 && attempt.second() < 300
                                                ? DOWN
                                                : OK)
                        .at(0, of("begin", "g"))
                        .at(610, of("more", "g"))
                        .at(900, end)
                        .run(Duration.ofHours(2));

        assertThat(world.seconds("begin"))
                .containsExactly(
                        0.0, 60.0, 120.0, 180.0, 240.0, 300.0, 360.0, 420.0, 480.0, 540.0, 600.0);
        assertThat(world.seconds("more")).containsExactly(610.0, 670.0, 730.0, 790.0, 850.0);
        assertThat(world.seconds("end")).containsExactly(900.0);
        assertThat(world.ended.keySet()).containsExactly("begin", "more", "end");
        assertThat(world.ended.values())
                .as("each is reported once, as delivered")
                .allMatch(d -> d.getOutcome() == DeliveryOutcome.delivered);
        assertThat(world.waiting).isEmpty();
    }
}
