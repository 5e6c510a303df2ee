package io.driftwatch.alerts.retrain;

import static io.driftwatch.alerts.retrain.TestingRetraining.asking;
import static io.driftwatch.alerts.retrain.TestingRetraining.eager;
import static io.driftwatch.alerts.retrain.TestingRetraining.id;
import static io.driftwatch.alerts.retrain.TestingRetraining.over;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.TestingAlerts;
import io.driftwatch.alerts.retrain.RetrainPolicy.Approval;
import io.driftwatch.alerts.route.Matcher;
import io.driftwatch.alerts.route.TimeInterval;
import io.driftwatch.alerts.route.TimeIntervals;
import io.driftwatch.alerts.rule.Severity;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Score;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of requests, on a clock that only moves from event to event. */
class RetrainingTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Alert DISTANCE = asking("distance_miles", 1, 1);
    private static final Alert ORIGIN = asking("origin", 1, 1);
    private static final List<Matcher> BAD_DATA = List.of(Matcher.parse("alertname=BadData"));

    private static TestingRetraining world(RetrainPolicyBuilder policy) {
        return new TestingRetraining(policy.build());
    }

    private static RetrainPolicyBuilder manual() {
        return eager().approval(Approval.MANUAL);
    }

    private static Alert badData(AlertState state, long sequence) {
        Alert alert = TestingAlerts.alert("distance_miles", "critical", state, 1, sequence, 0.9);
        return Alert.newBuilder(alert)
                .setFingerprint("bad")
                .setLabels(Map.of("alertname", "BadData", "feature", "distance_miles"))
                .build();
    }

    @Test
    void nothingHappensUnlessItIsEnabled() {
        TestingRetraining world = world(RetrainPolicy.builder());

        world.alert(DISTANCE).pass(DAY);

        assertThat(world.changes()).isEmpty();
        assertThat(world.submitted()).isEmpty();
    }

    @Test
    void whatFiredWhileItWasOffDoesNotAskLater() {
        TestingRetraining world = world(RetrainPolicy.builder());

        world.alert(DISTANCE).with(eager().build()).alert(DISTANCE).pass(DAY);

        assertThat(world.submitted()).isEmpty();
    }

    @Test
    void switchingItOffEndsWhatWaits() {
        TestingRetraining world = world(manual());

        world.alert(DISTANCE).with(RetrainPolicy.builder().build()).pass(DAY);

        assertThat(world.story(DISTANCE)).containsExactly("0s awaiting_approval", "1d expired");
        assertThat(
                        world(eager().minDuration(HOUR))
                                .alert(DISTANCE)
                                .with(RetrainPolicy.builder().build())
                                .pass(HOUR)
                                .story(DISTANCE))
                .containsExactly("0s waiting min_duration", "1h suppressed");
    }

    @Test
    void aDryRunDoesEverythingButSubmit() {
        TestingRetraining world =
                world(RetrainPolicy.builder().enabled(true).minDuration(HOUR).maxPerDay(1));

        world.alert(DISTANCE).alert(ORIGIN).pass(Duration.ofDays(3));

        assertThat(world.submitted()).isEmpty();
        assertThat(world.story(DISTANCE)).containsExactly("0s waiting min_duration", "1h dry_run");
        assertThat(world.reason(DISTANCE)).contains("dry run", "nothing was submitted");
        assertThat(world.story(ORIGIN))
                .containsExactly("0s waiting min_duration", "1h waiting cooldown", "1d1h dry_run");
    }

    @Test
    void dryRunsDoNotHoldUpWhatComesAfterThem() {
        TestingRetraining world = world(RetrainPolicy.builder().enabled(true));

        world.alert(DISTANCE).with(eager().build()).pass(HOUR).alert(ORIGIN);

        assertThat(world.submitted()).containsExactly(id(ORIGIN));
    }

    @Test
    void anAlertThatIsOverInTimeGetsNothing() {
        TestingRetraining world = world(eager().minDuration(HOUR));

        world.alert(DISTANCE)
                .pass(Duration.ofMinutes(59))
                .alert(over("distance_miles", 1, 2))
                .pass(DAY);

        assertThat(world.submitted()).isEmpty();
        assertThat(world.story(DISTANCE))
                .containsExactly("0s waiting min_duration", "59m withdrawn");
    }

    @Test
    void theEndIsSeenEvenIfItComesWhenTheTimeHasComeAlready() {
        TestingRetraining world = world(eager().minDuration(HOUR));

        world.alert(DISTANCE).sleep(Duration.ofHours(2)).alert(over("distance_miles", 1, 2));

        assertThat(world.submitted()).isEmpty();
    }

    @Test
    void theSameChangeTwiceAsksOnce() {
        TestingRetraining world = world(eager().cooldown(Duration.ZERO));

        world.alert(DISTANCE).alert(DISTANCE);
        assertThat(world.refusal()).contains("not its newest");
        world.report(DISTANCE, RunState.SUCCEEDED).alert(DISTANCE).pass(DAY).alert(DISTANCE);

        assertThat(world.submitted()).containsExactly(id(DISTANCE));
    }

    @Test
    void anEndThatComesBeforeItsBeginningHolds() {
        TestingRetraining world = world(eager());

        world.alert(over("distance_miles", 1, 2)).alert(DISTANCE).pass(DAY);

        assertThat(world.changes()).isEmpty();
    }

    @Test
    void aRevisionThatTakesTheEndBackAsksAgainUnderTheSameId() {
        TestingRetraining world = world(eager().minDuration(HOUR));

        world.alert(DISTANCE).alert(over("distance_miles", 1, 2)).pass(HOUR);
        world.alert(asking("distance_miles", 1, 3)).pass(HOUR);

        assertThat(world.submitted()).containsExactly(id(DISTANCE));
        assertThat(world.story(DISTANCE))
                .containsExactly(
                        "0s waiting min_duration",
                        "0s withdrawn",
                        "1h waiting min_duration",
                        "2h submitted");
    }

    @Test
    void whatWasSubmittedIsNotAskedForAgainInTheSameEpisode() {
        TestingRetraining world = world(eager().cooldown(Duration.ZERO));

        world.alert(DISTANCE).alert(over("distance_miles", 1, 2));
        world.report(DISTANCE, RunState.FAILED).alert(asking("distance_miles", 1, 3)).pass(DAY);

        assertThat(world.submitted()).containsExactly(id(DISTANCE));
    }

    @Test
    void aNewerEpisodeTakesThePlaceOfAnOlderOne() {
        TestingRetraining world = world(eager().minDuration(HOUR));
        Alert newer = asking("distance_miles", 2, 3);

        world.alert(DISTANCE).pass(Duration.ofMinutes(30)).alert(newer).pass(HOUR);

        assertThat(world.story(DISTANCE))
                .containsExactly("0s waiting min_duration", "30m superseded");
        assertThat(world.story(newer))
                .containsExactly("30m waiting min_duration", "1h30m submitted");
    }

    @ParameterizedTest(name = "severity {0} with {1} rows: {2}")
    @CsvSource({
        "info, 1650, 0s suppressed min_severity",
        "unheard-of, 1650, 0s suppressed min_severity",
        "warning, 999, 0s suppressed min_count",
        "warning, 1000, 0s submitted",
        "critical, 1650, 0s submitted"
    })
    void whatMattersTooLittleIsSuppressed(String severity, long rows, String story) {
        TestingRetraining world = world(eager().minSeverity(Severity.WARNING).minCount(1000));
        Alert plain =
                TestingAlerts.alert("distance_miles", severity, AlertState.firing, 1, 1, 0.31);
        Alert alert =
                Alert.newBuilder(plain)
                        .setRetrain(true)
                        .setScore(Score.newBuilder(plain.getScore()).setCount(rows).build())
                        .build();

        world.alert(alert).pass(DAY);

        assertThat(world.story(alert).get(0)).isEqualTo(story);
    }

    @ParameterizedTest(name = "a report that it {0}")
    @EnumSource(RunState.class)
    void reportsOfWhatWasNeverSubmittedChangeNothing(RunState state) {
        TestingRetraining world = world(manual());

        world.report(DISTANCE, state);
        assertThat(world.refusal()).contains("no request", "is known");
        world.alert(DISTANCE).report(DISTANCE, state);
        assertThat(world.refusal()).contains("awaiting_approval", "not submitted");

        assertThat(world.story(DISTANCE)).containsExactly("0s awaiting_approval");
    }

    @Test
    void reportsThatComeTwiceOrLateChangeNothing() {
        TestingRetraining world = world(eager());

        world.alert(DISTANCE).report(DISTANCE, RunState.RUNNING);
        world.report(DISTANCE, RunState.RUNNING);
        assertThat(world.refusal()).contains("running already");
        world.report(DISTANCE, RunState.SUCCEEDED).report(DISTANCE, RunState.RUNNING);
        assertThat(world.refusal()).contains("succeeded already");
        world.report(DISTANCE, RunState.FAILED);
        assertThat(world.refusal()).contains("succeeded already");

        assertThat(world.story(DISTANCE))
                .containsExactly("0s submitted", "0s running", "0s succeeded");
    }

    @Test
    void theTargetsNameAndPlaceOfItAreTold() {
        TestingRetraining world = world(eager());

        world.alert(DISTANCE);
        world.report(
                new RetrainReport(id(DISTANCE), RunState.RUNNING, "run-7", "https://x/7", "begun"));
        world.report(new RetrainReport(id(DISTANCE), RunState.ACCEPTED, "queue-1", null, null));
        assertThat(world.refusal()).as("late, and it knows less").isNotNull();

        RetrainChange change = world.changes().get(1);
        assertThat(change.externalId()).isEqualTo("run-7");
        assertThat(change.url()).isEqualTo("https://x/7");
        assertThat(change.reason()).isEqualTo("reported as running: begun");
        assertThat(world.changes()).hasSize(2);
    }

    @Test
    void anAcceptanceThatComesLateStillTellsWhereItIs() {
        TestingRetraining world = world(eager());

        world.alert(DISTANCE).report(DISTANCE, RunState.RUNNING);
        world.report(new RetrainReport(id(DISTANCE), RunState.ACCEPTED, "run-7", null, null));

        assertThat(world.changes().get(2).externalId()).isEqualTo("run-7");
        assertThat(world.changes().get(2).status()).isEqualTo(RetrainStatus.RUNNING);
    }

    @Test
    void decisionsThatComeTooLateChangeNothing() {
        TestingRetraining world = world(manual());

        world.approve(DISTANCE);
        assertThat(world.refusal()).contains("no request", "is known");
        world.alert(DISTANCE).sleep(DAY).approve(DISTANCE);

        assertThat(world.refusal()).contains("expired already");
        assertThat(world.story(DISTANCE)).containsExactly("0s awaiting_approval", "1d expired");
        assertThat(world.submitted()).isEmpty();
    }

    @Test
    void anApprovalOfWhatFiresNoMoreChangesNothing() {
        TestingRetraining world = world(manual());

        world.alert(DISTANCE).alert(over("distance_miles", 1, 2)).approve(DISTANCE);

        assertThat(world.refusal()).contains("withdrawn already");
        assertThat(world.submitted()).isEmpty();
    }

    @Test
    void theSameDecisionTwiceCountsOnce() {
        TestingRetraining world = world(manual().minDuration(HOUR));

        world.alert(DISTANCE).approve(DISTANCE).approve(DISTANCE);
        assertThat(world.refusal()).contains("approved by ada");
        world.pass(HOUR).approve(DISTANCE);
        assertThat(world.refusal()).contains("submitted already");

        assertThat(world.submitted()).containsExactly(id(DISTANCE));
        assertThat(world.reason(DISTANCE)).contains("approved by ada");
    }

    @Test
    void aPersonIsAskedAboutOneRequestAtATime() {
        TestingRetraining world = world(manual());

        world.alert(DISTANCE).alert(ORIGIN).pass(HOUR).reject(DISTANCE).pass(HOUR).approve(ORIGIN);

        assertThat(world.story(DISTANCE)).containsExactly("0s awaiting_approval", "1h rejected");
        assertThat(world.reason(DISTANCE)).isEqualTo("rejected by ada");
        assertThat(world.story(ORIGIN))
                .containsExactly("0s waiting in_flight", "1h awaiting_approval", "2h submitted");
    }

    @Test
    void anApprovalTakesNothingPastTheOtherGuardRails() {
        TestingRetraining world = world(manual().excludeIf(BAD_DATA));

        world.alert(DISTANCE).pass(HOUR).alert(badData(AlertState.firing, 1)).approve(DISTANCE);
        assertThat(world.submitted()).isEmpty();
        world.pass(HOUR).alert(badData(AlertState.resolved, 2));

        assertThat(world.story(DISTANCE))
                .containsExactly("0s awaiting_approval", "1h waiting exclude_if", "2h submitted");
    }

    @Test
    void badDataStandsInTheWayForAsLongAsItsAlertFires() {
        TestingRetraining world = world(eager().excludeIf(BAD_DATA));

        world.alert(badData(AlertState.firing, 1)).alert(DISTANCE).pass(Duration.ofDays(9));
        assertThat(world.story(DISTANCE)).containsExactly("0s waiting exclude_if");
        assertThat(world.reason(DISTANCE)).contains("BadData of distance_miles");
        world.alert(badData(AlertState.resolved, 2));

        assertThat(world.submitted()).containsExactly(id(DISTANCE));
    }

    @Test
    void nothingIsSubmittedInABlackout() {
        TimeInterval morning =
                new TimeInterval(
                        List.of(new TimeInterval.Range(0, 90)),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        ZoneOffset.UTC);
        TimeIntervals nights = new TimeIntervals("nights", List.of(morning));
        TestingRetraining world = world(eager().blackout(List.of(nights)));

        world.pass(Duration.ofSeconds(7)).alert(DISTANCE).pass(DAY);

        assertThat(world.story(DISTANCE))
                .containsExactly("7s waiting blackout", "1h30m submitted", "13h30m failed");
    }

    @Test
    void oneAtATimeAndTheCooldownBeginsWithTheEnd() {
        TestingRetraining world = world(eager());

        world.alert(DISTANCE).alert(ORIGIN).pass(Duration.ofHours(3));
        world.report(DISTANCE, RunState.SUCCEEDED).pass(Duration.ofDays(2));

        assertThat(world.submitted()).containsExactly(id(DISTANCE), id(ORIGIN));
        assertThat(world.story(ORIGIN))
                .startsWith("0s waiting in_flight", "3h waiting cooldown", "1d3h submitted");
    }

    @Test
    void theBudgetIsOfAnyTwentyFourHours() {
        TestingRetraining world = world(eager().cooldown(Duration.ZERO));
        Alert third = asking("third", 1, 1);

        world.alert(DISTANCE).report(DISTANCE, RunState.SUCCEEDED).pass(Duration.ofHours(10));
        world.alert(ORIGIN).report(ORIGIN, RunState.SUCCEEDED).pass(HOUR).alert(third).pass(DAY);

        assertThat(world.story(third)).startsWith("11h waiting max_per_day", "1d submitted");
    }

    @Test
    void whatIsNeverReportedCountsAsFailedAndFreesItsPlace() {
        TestingRetraining world = world(eager().cooldown(HOUR));

        world.alert(DISTANCE).alert(ORIGIN).pass(Duration.ofHours(14));

        assertThat(world.story(DISTANCE)).containsExactly("0s submitted", "12h failed");
        assertThat(world.reason(DISTANCE)).isEqualTo("nothing was reported within 12h");
        assertThat(world.story(ORIGIN))
                .containsExactly("0s waiting in_flight", "12h waiting cooldown", "13h submitted");
    }

    @Test
    void lookingLateMakesTheCooldownNoLonger() {
        TestingRetraining world = world(eager().cooldown(HOUR));

        world.alert(DISTANCE).sleep(Duration.ofHours(13)).alert(ORIGIN);

        assertThat(world.submitted()).containsExactly(id(DISTANCE), id(ORIGIN));
    }

    @Test
    void aSuccessThatIsReportedAfterTheTimeoutPutsItRight() {
        TestingRetraining world = world(eager().circuitBreaker(1).cooldown(Duration.ZERO));

        world.alert(DISTANCE).pass(Duration.ofHours(12)).alert(ORIGIN).pass(HOUR);
        assertThat(world.story(ORIGIN)).containsExactly("12h waiting circuit_breaker");
        world.report(DISTANCE, RunState.SUCCEEDED);

        assertThat(world.story(DISTANCE))
                .containsExactly("0s submitted", "12h failed", "13h succeeded");
        assertThat(world.submitted()).containsExactly(id(DISTANCE), id(ORIGIN));
    }

    @Test
    void afterTwoOfNoUseAPersonHasToAgree() {
        TestingRetraining world = world(eager().cooldown(Duration.ZERO).maxPerDay(10));
        Alert third = asking("third", 1, 1);
        Alert fourth = asking("fourth", 1, 1);

        world.alert(DISTANCE).report(DISTANCE, RunState.FAILED);
        world.alert(ORIGIN).report(ORIGIN, RunState.FAILED);
        world.alert(third).pass(Duration.ofDays(30));
        assertThat(world.story(third)).containsExactly("0s waiting circuit_breaker");
        world.approve(third).report(third, RunState.FAILED).alert(fourth);
        assertThat(world.story(fourth)).containsExactly("30d waiting circuit_breaker");
        world.approve(fourth).report(fourth, RunState.SUCCEEDED).alert(asking("fifth", 1, 1));

        assertThat(world.submitted())
                .containsExactly(
                        id(DISTANCE), id(ORIGIN), id(third), id(fourth), id(asking("fifth", 1, 1)));
    }

    @Test
    void aRetrainingThatHelpsEndsTheRowOfThoseOfNoUse() {
        TestingRetraining world = world(eager().cooldown(Duration.ZERO).maxPerDay(10));
        Alert second = asking("origin", "2", AlertState.firing, 1, 1);
        Alert third = asking("third", "2", AlertState.firing, 1, 1);
        Alert fourth = asking("fourth", "2", AlertState.firing, 1, 1);

        world.alert(DISTANCE).report(DISTANCE, RunState.SUCCEEDED).version("2").pass(DAY);
        world.alert(second).report(second, RunState.FAILED);
        world.alert(third).report(third, RunState.SUCCEEDED).alert(fourth);

        assertThat(world.story(DISTANCE)).endsWith("1d helped");
        assertThat(world.submitted())
                .containsExactly(id(DISTANCE), id(second), id(third), id(fourth));
    }

    @Test
    void oneFailureOnEachSideOfOneThatHelpedIsNoRow() {
        TestingRetraining world = world(eager().cooldown(Duration.ZERO).maxPerDay(10));
        Alert third = asking("third", "2", AlertState.firing, 1, 1);
        Alert fourth = asking("fourth", "2", AlertState.firing, 1, 1);

        world.alert(ORIGIN).report(ORIGIN, RunState.FAILED);
        world.alert(DISTANCE).report(DISTANCE, RunState.SUCCEEDED).version("2").pass(DAY);
        world.alert(third).report(third, RunState.FAILED).alert(fourth);

        assertThat(world.submitted()).endsWith(id(third), id(fourth));
    }

    @Test
    void aFurtherChangeOfTheSameEpisodeDoesNotStartTheTimeAnew() {
        TestingRetraining world = world(eager().minDuration(HOUR));

        world.alert(DISTANCE).pass(Duration.ofMinutes(50)).alert(asking("distance_miles", 1, 2));
        world.pass(Duration.ofMinutes(10));

        assertThat(world.submitted()).containsExactly(id(DISTANCE));
    }

    @Test
    void aNewVersionHelpsIfNothingAsksForAnotherOneInTheSettleTime() {
        TestingRetraining world = world(eager());

        world.version("default").alert(DISTANCE).pass(HOUR).report(DISTANCE, RunState.SUCCEEDED);
        world.pass(HOUR).version("2").pass(DAY);

        assertThat(world.story(DISTANCE))
                .containsExactly("0s submitted", "1h succeeded", "2h succeeded", "1d2h helped");
        assertThat(world.changes().get(2).reason())
                .isEqualTo("version 2 was seen; whether it helps is known at 2001-06-17T02:00Z");
    }

    @Test
    void aNewVersionThatDriftsTooIsOfNoHelp() {
        TestingRetraining world = world(eager().circuitBreaker(1).cooldown(Duration.ZERO));
        Alert again = asking("distance_miles", "2", AlertState.firing, 1, 1);

        world.alert(DISTANCE).report(DISTANCE, RunState.SUCCEEDED).version("2");
        world.pass(Duration.ofHours(23)).alert(again);

        assertThat(world.story(DISTANCE)).endsWith("23h did_not_help");
        assertThat(world.story(again)).containsExactly("23h waiting circuit_breaker");
    }

    @Test
    void theAlertOfANewVersionMayComeBeforeTheVersion() {
        TestingRetraining world = world(eager());

        world.alert(DISTANCE).report(DISTANCE, RunState.SUCCEEDED);
        world.alert(asking("origin", "2", AlertState.firing, 1, 1)).version("2");

        assertThat(world.story(DISTANCE)).endsWith("0s did_not_help");
    }

    @Test
    void alertsAfterTheSettleTimeAreAnotherStory() {
        TestingRetraining world = world(eager());

        world.alert(DISTANCE).report(DISTANCE, RunState.SUCCEEDED).version("2").sleep(DAY);
        world.alert(asking("origin", "2", AlertState.firing, 1, 1));

        assertThat(world.story(DISTANCE)).endsWith("1d helped");
    }

    @Test
    void aNewVersionEndsWhatWaitsForTheOldOne() {
        TestingRetraining world = world(eager().excludeIf(BAD_DATA));
        Alert late = asking("late", 1, 1);

        world.alert(DISTANCE).alert(ORIGIN).pass(HOUR).version("2").alert(late).pass(DAY);

        assertThat(world.story(ORIGIN)).containsExactly("0s waiting in_flight", "1h superseded");
        assertThat(world.story(late)).containsExactly("1h superseded");
        assertThat(world.submitted()).containsExactly(id(DISTANCE));
    }

    @Test
    void aVersionThatIsSeenAgainMayAskAgain() {
        TestingRetraining world = world(eager());

        world.alert(DISTANCE).version("2").version("default").pass(DAY).alert(ORIGIN);

        assertThat(world.submitted()).containsExactly(id(DISTANCE), id(ORIGIN));
    }

    @Test
    void twoVersionsSideBySideReplaceNeither() {
        TestingRetraining world = world(eager());

        world.version("default").version("2").alert(DISTANCE);

        assertThat(world.submitted()).containsExactly(id(DISTANCE));
    }

    @Test
    void badDataOfAVersionThatIsGoneStandsInNobodysWay() {
        TestingRetraining world = world(eager().excludeIf(BAD_DATA).cooldown(Duration.ZERO));
        Alert ofTheNew = asking("origin", "2", AlertState.firing, 1, 1);

        world.alert(DISTANCE).alert(badData(AlertState.firing, 1)).version("2").alert(ofTheNew);

        assertThat(world.submitted()).containsExactly(id(DISTANCE), id(ofTheNew));
    }

    @Test
    void aNewVersionSaysThatTheRetrainingIsOver() {
        TestingRetraining world = world(eager());

        world.alert(DISTANCE).pass(HOUR).version("2").pass(HOUR);
        world.report(DISTANCE, RunState.RUNNING);
        assertThat(world.refusal()).contains("succeeded already");
        world.report(DISTANCE, RunState.SUCCEEDED).pass(DAY);

        assertThat(world.story(DISTANCE))
                .containsExactly("0s submitted", "1h succeeded", "2h succeeded", "1d1h helped");
    }

    @Test
    void aFailureThatIsReportedAfterwardsPutsThatRight() {
        TestingRetraining world = world(eager());

        world.alert(DISTANCE).pass(HOUR).version("2").report(DISTANCE, RunState.FAILED).pass(DAY);

        assertThat(world.story(DISTANCE))
                .as("the version is somebody else's")
                .containsExactly("0s submitted", "1h succeeded", "1h failed");
        assertThat(world.state().requests().get(0).newVersion()).isNull();
    }

    @Test
    void aReportedFailureIsNotUndoneByAVersion() {
        TestingRetraining world = world(eager());

        world.alert(DISTANCE).report(DISTANCE, RunState.FAILED).version("2").pass(DAY);

        assertThat(world.story(DISTANCE)).containsExactly("0s submitted", "0s failed");
    }

    @Test
    void theVersionThatDriftedIsNotANewOne() {
        TestingRetraining world = world(eager());

        world.alert(DISTANCE).version("default").pass(HOUR);

        assertThat(world.story(DISTANCE)).containsExactly("0s submitted");
    }

    @Test
    void stateOfAnotherVersionOfTheProgramIsEnoughToBeginWith() {
        Retraining.Step step =
                new Retraining(eager().build())
                        .onAlert(new RetrainingState(null, null, null), DISTANCE, 1);

        assertThat(step.submissions()).hasSize(1);
    }

    @Test
    void remembersOnlyWhatStillMatters() {
        TestingRetraining world = world(eager().cooldown(Duration.ZERO));
        for (int i = 1; i <= 300; i++) {
            Alert alert = asking("feature" + i, "default", AlertState.firing, 1, 1);
            world.alert(alert).report(alert, RunState.SUCCEEDED).version("v" + i).pass(DAY);
            world.version("default");
            world.alert(asking("feature" + i, "default", AlertState.resolved, 1, 2));
        }
        world.pass(Duration.ofDays(31)).version("end");

        assertThat(world.submitted()).hasSize(300);
        assertThat(world.state().alerts()).isEmpty();
        assertThat(world.state().requests()).hasSizeLessThanOrEqualTo(20);
        assertThat(world.state().versions()).hasSizeLessThanOrEqualTo(100);
    }
}
