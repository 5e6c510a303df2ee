package io.driftwatch.alerts.route;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.NotificationStatus;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Holds the grouping against what Alertmanager documents for group_wait, group_interval and
 * repeat_interval
 * (https://prometheus.io/docs/alerting/latest/configuration/#route-related-settings). Times are in
 * seconds; the group waits 30, looks every 300 and repeats after 14,400.
 */
class GrouperTest {
    private static final Route ROUTE = Route.standard("ml-team");

    private final Grouper grouper = new Grouper(ROUTE);
    private GroupState state;
    private long timerMillis = -1;
    private final Set<Alert> muted = new HashSet<>();

    private Notification alert(long second, Alert alert) {
        return apply(grouper.onAlert(state, alert, second * 1_000));
    }

    private Notification timer(long second) {
        assertThat(timerMillis).isEqualTo(second * 1_000);
        return apply(grouper.onTimer(state, second * 1_000, muted::contains));
    }

    private Notification apply(Grouper.Step step) {
        state = step.state();
        timerMillis = step.nextTimerMillis();
        return step.notification();
    }

    private static List<String> features(Notification notification) {
        return notification.getAlerts().stream()
                .map(a -> a.getState() + " " + a.getScore().getFeature())
                .toList();
    }

    @Test
    void aNewGroupWaitsForMoreAlerts() {
        assertThat(alert(0, firing("a", 1, 1))).isNull();
        assertThat(alert(20, firing("b", 1, 1))).isNull();

        Notification first = timer(30);

        assertThat(features(first)).containsExactlyInAnyOrder("firing a", "firing b");
        assertThat(first.getStatus()).isEqualTo(NotificationStatus.firing);
        assertThat(first.getReceiver()).isEqualTo("ml-team");
        assertThat(first.getGroupKey()).isEqualTo("{}:{model=\"flight-delay\"}");
        assertThat(first.getGroupLabels()).containsOnlyKeys("model");
        assertThat(timerMillis).isEqualTo(330_000);
    }

    @Test
    void anAlertResolvedWithinTheWaitIsNeverTold() {
        alert(0, firing("a", 1, 1));
        alert(10, resolved("a", 1, 2));

        assertThat(timer(30)).isNull();
        assertThat(state).isNull();
        assertThat(timerMillis).isEqualTo(-1);
    }

    @Test
    void oneOfTwoAlertsResolvedWithinTheWaitIsNotToldEither() {
        alert(0, firing("a", 1, 1));
        alert(5, firing("b", 1, 1));
        alert(10, resolved("a", 1, 2));

        assertThat(features(timer(30))).containsExactly("firing b");
    }

    @Test
    void anAlertAddedLaterWaitsForTheInterval() {
        alert(0, firing("a", 1, 1));
        timer(30);
        assertThat(alert(40, firing("b", 1, 1))).isNull();

        assertThat(features(timer(330))).containsExactlyInAnyOrder("firing a", "firing b");
    }

    @Test
    void nothingIsToldAtAnIntervalWithoutAChange() {
        alert(0, firing("a", 1, 1));
        timer(30);

        assertThat(timer(330)).isNull();
        assertThat(timer(630)).isNull();
    }

    @Test
    void repeatsAtTheFirstIntervalAfterTheRepeatInterval() {
        alert(0, firing("a", 1, 1));
        Notification first = timer(30);
        Notification repeat = null;
        long second = 30;
        while (repeat == null && second < 20_000) {
            second += 300;
            repeat = timer(second);
        }

        assertThat(second).isEqualTo(30 + Duration.ofHours(4).toSeconds());
        assertThat(features(repeat)).containsExactly("firing a");
        assertThat(repeat.getId()).isNotEqualTo(first.getId());
    }

    @Test
    void roundsTheRepeatIntervalUpToTheGroupInterval() {
        Grouper hourly =
                new Grouper(
                        new Route(
                                "r",
                                List.of("model"),
                                Duration.ZERO,
                                Duration.ofSeconds(300),
                                Duration.ofSeconds(301)));
        Grouper.Step step = hourly.onAlert(null, firing("a", 1, 1), 0);
        step = hourly.onTimer(step.state(), 0, alert -> false);

        step = hourly.onTimer(step.state(), 300_000, alert -> false);
        assertThat(step.notification()).isNull();
        step = hourly.onTimer(step.state(), 600_000, alert -> false);
        assertThat(step.notification()).isNotNull();
    }

    @Test
    void tellsAResolvedAlertOnceAndForgetsIt() {
        alert(0, firing("a", 1, 1));
        alert(1, firing("b", 1, 1));
        timer(30);
        alert(100, resolved("a", 1, 2));

        assertThat(features(timer(330))).containsExactly("firing b", "resolved a");
        assertThat(timer(630)).isNull();
        assertThat(state.alerts()).hasSize(1);
    }

    @Test
    void isOverWhenAllIsResolved() {
        alert(0, firing("a", 1, 1));
        timer(30);
        alert(100, resolved("a", 1, 2));

        Notification last = timer(330);

        assertThat(last.getStatus()).isEqualTo(NotificationStatus.resolved);
        assertThat(state).isNull();
    }

    @Test
    void anAlertThatComesBackWithinTheIntervalIsToldIfItIsANewEpisode() {
        alert(0, firing("a", 1, 1));
        timer(30);
        alert(100, resolved("a", 1, 2));
        alert(200, firing("a", 2, 3));

        assertThat(features(timer(330))).containsExactly("firing a");
    }

    @Test
    void anAlertWhoseResolutionIsTakenBackWithinTheIntervalIsNoChange() {
        alert(0, firing("a", 1, 1));
        timer(30);
        alert(100, resolved("a", 1, 2));
        alert(200, firing("a", 1, 3));

        assertThat(timer(330)).isNull();
    }

    @Test
    void anAlertThatCameAndWentBetweenTwoIntervalsIsToldAsResolved() {
        alert(0, firing("a", 1, 1));
        timer(30);
        alert(100, firing("b", 1, 1));
        alert(200, resolved("b", 1, 2));

        assertThat(features(timer(330))).containsExactly("firing a", "resolved b");
    }

    @Test
    void pendingAndUnknownResolvedAlertsBeginNoGroup() {
        Alert pending = Alert.newBuilder(firing("a", 1, 1)).setState(AlertState.pending).build();

        assertThat(alert(0, pending)).isNull();
        assertThat(state).isNull();
        assertThat(alert(0, resolved("a", 1, 2))).isNull();
        assertThat(state).isNull();
        assertThat(timerMillis).isEqualTo(-1);
    }

    @Test
    void anOldChangeThatComesAgainChangesNothing() {
        alert(0, firing("a", 1, 1));
        alert(1, firing("b", 1, 1));
        timer(30);
        alert(100, resolved("a", 1, 2));
        alert(110, firing("a", 1, 1));

        assertThat(features(timer(330))).containsExactly("firing b", "resolved a");
    }

    @Test
    void aTimerBeforeItsTimeChangesNothing() {
        alert(0, firing("a", 1, 1));

        Grouper.Step step = grouper.onTimer(state, 29_999, alert -> false);

        assertThat(step.notification()).isNull();
        assertThat(step.state()).isEqualTo(state);
        assertThat(step.nextTimerMillis()).isEqualTo(30_000);
    }

    @Test
    void theSameChangesGiveTheSameId() {
        alert(0, firing("a", 1, 1));
        alert(1, firing("b", 1, 1));
        String id = timer(30).getId();
        state = null;
        alert(1_000, firing("b", 1, 1));
        alert(1_001, firing("a", 1, 1));

        assertThat(timer(1_030).getId()).isEqualTo(id);
    }

    @Test
    void threeDotsGiveEachAlertItsOwnGroup() {
        Grouper single =
                new Grouper(
                        new Route(
                                "r",
                                List.of(Route.EVERY_LABEL),
                                Duration.ZERO,
                                Duration.ofMinutes(5),
                                Duration.ofHours(4)));

        assertThat(single.groupKey(firing("a", 1, 1)))
                .isNotEqualTo(single.groupKey(firing("b", 1, 1)))
                .isEqualTo(single.groupKey(resolved("a", 2, 5)));
    }

    @Test
    void withoutAReceiverNothingIsGrouped() {
        Grouper.Step step = new Grouper(Route.standard(null)).onAlert(null, firing("a", 1, 1), 0);

        assertThat(step.state()).isNull();
        assertThat(step.nextTimerMillis()).isEqualTo(-1);
    }

    @Test
    void whatIsMutedIsToldWhenItNoLongerIs() {
        Alert a = firing("a", 1, 1);
        muted.add(a);
        alert(0, a);
        alert(1, firing("b", 1, 1));
        assertThat(features(timer(30))).containsExactly("firing b");
        assertThat(timer(330)).isNull();

        muted.clear();

        assertThat(features(timer(630))).containsExactlyInAnyOrder("firing a", "firing b");
    }

    @Test
    void aGroupOfMutedAlertsSaysNothingAndGoesOnLooking() {
        Alert a = firing("a", 1, 1);
        muted.add(a);
        alert(0, a);

        assertThat(timer(30)).isNull();
        assertThat(timer(330)).isNull();

        muted.clear();
        assertThat(features(timer(630))).containsExactly("firing a");
    }

    @Test
    void whatIsResolvedWhileItIsMutedIsToldAfterwards() {
        alert(0, firing("a", 1, 1));
        timer(30);
        Alert resolved = resolved("a", 1, 2);
        muted.add(resolved);
        alert(100, resolved);
        assertThat(timer(330)).isNull();
        assertThat(timer(630)).isNull();

        muted.clear();

        assertThat(features(timer(930))).containsExactly("resolved a");
        assertThat(state).isNull();
    }

    @Test
    void whatWasMutedAllItsLifeLeavesNothingBehind() {
        Alert a = firing("a", 1, 1);
        muted.add(a);
        alert(0, a);
        timer(30);
        Alert resolved = resolved("a", 1, 2);
        muted.add(resolved);
        alert(100, resolved);

        assertThat(timer(330)).isNull();
        assertThat(state).isNull();
    }

    @Test
    void aMutedAlertThatStillFiresIsNotRepeated() {
        Alert a = firing("a", 1, 1);
        alert(0, a);
        timer(30);
        muted.add(a);
        long second = 30;
        while (second < 2 * 14_400) {
            second += 300;
            assertThat(timer(second)).isNull();
        }

        muted.clear();

        assertThat(features(timer(second + 300))).containsExactly("firing a");
    }
}
