package io.driftwatch.alerts.retrain;

import static io.driftwatch.alerts.retrain.TestingRetraining.asking;
import static io.driftwatch.alerts.retrain.TestingRetraining.eager;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.retrain.RetrainPolicy.Approval;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds whatever happens, in whatever order: thousands of events, many late or twice. */
class RetrainingSoakTest {
    private static final Duration COOLDOWN = Duration.ofHours(3);
    private static final int MAX_PER_DAY = 3;
    private static final int EVENTS = 3_000;
    private static final List<RunState> STATES = List.of(RunState.values());

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theGuardRailsHold(long seed) {
        Random random = new Random(seed);
        RetrainPolicy policy =
                eager().cooldown(COOLDOWN)
                        .maxPerDay(MAX_PER_DAY)
                        .minDuration(Duration.ofMinutes(30))
                        .approval(seed % 2 == 0 ? Approval.MANUAL : Approval.NONE)
                        .build();
        TestingRetraining world = new TestingRetraining(policy);
        List<Alert> alerts = alerts(random);
        for (int i = 0; i < EVENTS; i++) {
            Alert alert = alerts.get(random.nextInt(alerts.size()));
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> world.alert(alert);
                case 3 -> any(world, random).ifPresent(world::approve);
                case 4 -> {
                    RunState state = STATES.get(random.nextInt(STATES.size()));
                    any(world, random).ifPresent(request -> world.report(request, state));
                }
                case 5 -> world.version("v" + random.nextInt(1 + i / 150));
                case 6 -> world.pass(Duration.ofMinutes(random.nextInt(100)));
                default -> world.sleep(Duration.ofMinutes(random.nextInt(60)));
            }
        }

        assertThat(world.submitted()).as("it does something").hasSizeGreaterThan(5);
        assertThat(world.submitted()).doesNotHaveDuplicates();
        assertOneAtATime(world.changes());
        assertPace(world.changes());
    }

    private static Optional<Alert> any(TestingRetraining world, Random random) {
        List<TrackedRequest> requests =
                world.state() == null ? List.of() : world.state().requests();
        return requests.isEmpty()
                ? Optional.empty()
                : Optional.of(requests.get(random.nextInt(requests.size())).request().getAlert());
    }

    /** Changes in a random order, so that most come late. */
    private static List<Alert> alerts(Random random) {
        List<Alert> alerts = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            long sequence = 1L + random.nextInt(40);
            AlertState state = sequence % 2 == 1 ? AlertState.firing : AlertState.resolved;
            long episode = (sequence + 1) / 2;
            String version = "v" + random.nextInt(20);
            alerts.add(asking("f" + random.nextInt(5), version, state, episode, sequence));
        }
        return alerts;
    }

    private static void assertOneAtATime(List<RetrainChange> changes) {
        Map<String, RetrainStatus> now = new HashMap<>();
        for (RetrainChange change : changes) {
            now.put(change.requestId(), change.status());
            assertThat(now.values().stream().filter(RetrainStatus::isInFlight).count())
                    .as("under way at once")
                    .isLessThanOrEqualTo(1);
        }
    }

    private static void assertPace(List<RetrainChange> changes) {
        List<Long> submitted = new ArrayList<>();
        Map<String, RetrainStatus> before = new HashMap<>();
        long ended = Long.MIN_VALUE / 2;
        for (RetrainChange change : changes) {
            boolean isTurn = before.put(change.requestId(), change.status()) != change.status();
            if (isTurn && change.status() == RetrainStatus.SUBMITTED) {
                assertThat(change.atMillis() - ended).isGreaterThanOrEqualTo(COOLDOWN.toMillis());
                submitted.add(change.atMillis());
            } else if (isTurn && change.status() == RetrainStatus.SUCCEEDED) {
                ended = change.atMillis();
            }
        }
        for (int i = MAX_PER_DAY; i < submitted.size(); i++) {
            assertThat(submitted.get(i) - submitted.get(i - MAX_PER_DAY))
                    .isGreaterThanOrEqualTo(Duration.ofDays(1).toMillis());
        }
    }
}
