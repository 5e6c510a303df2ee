package io.driftwatch.detectors.significance;

import static io.driftwatch.detectors.GoldenFile.assertRelative;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.driftwatch.detectors.GoldenFile;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FalseAlarmBudgetTest {
    private static final FalseAlarmBudget MONTHLY = new FalseAlarmBudget(1, Duration.ofDays(30));

    @ParameterizedTest(name = "{0} per {1}")
    @CsvSource({
        "0, PT1H",
        "-1, PT1H",
        "NaN, PT1H",
        "Infinity, PT1H",
        "1, PT0S",
        "1, PT-1H",
        "1, PT0.0009S"
    })
    void refusesWhatIsNoBudget(double falseAlarms, Duration period) {
        assertThatThrownBy(() -> new FalseAlarmBudget(falseAlarms, period))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(falseAlarms + " false alarms per " + period)
                .hasMessageEndingWith("expected e.g. 1 per 30d");
    }

    @Test
    void needsAPeriod() {
        assertThatThrownBy(() -> new FalseAlarmBudget(1, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("period");
    }

    @ParameterizedTest(name = "{1} tests every {0}")
    @CsvSource({"PT0S, 1", "PT-1H, 1", "PT0.0009S, 1", "PT1H, 0", "PT1H, -1"})
    void refusesToBeDividedAmongNothing(Duration interval, long tests) {
        assertThatThrownBy(() -> MONTHLY.level(interval, tests))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(tests + " tests every " + interval);
    }

    static List<JsonNode> golden() {
        return GoldenFile.cases("budget.json");
    }

    @ParameterizedTest(name = "case {index}")
    @MethodSource("golden")
    void agreesWithTheGoldenFigures(JsonNode golden) {
        FalseAlarmBudget budget =
                new FalseAlarmBudget(
                        golden.get("false_alarms").asDouble(),
                        Duration.ofSeconds(golden.get("period_s").asLong()));
        Duration window = Duration.ofSeconds(golden.get("window_s").asLong());
        long tests =
                golden.get("features").asLong() * golden.get("statistics_per_feature").asLong();

        assertRelative(
                budget.level(window, tests), golden.get("alpha_per_test").asDouble(), 1e-14, 0);
    }

    /** Hourly windows of 50 features for 30 days are 36,000 tests. */
    @Test
    void spendsExactlyWhatItAllows() {
        assertThat(MONTHLY.level(Duration.ofHours(1), 50) * 36_000).isCloseTo(1, within(1e-12));
        assertThat(MONTHLY.level(Duration.ofMillis(1), 1) * 2_592_000_000L)
                .isCloseTo(1, within(1e-12));
    }

    @Test
    void neverGivesALevelAtWhichEverythingAlarms() {
        FalseAlarmBudget lavish = new FalseAlarmBudget(1e6, Duration.ofDays(1));

        assertThat(lavish.level(Duration.ofDays(1), 1)).isEqualTo(0.5);
        assertThat(MONTHLY.level(Duration.ofDays(365), 1)).isEqualTo(0.5);
    }

    @Test
    void doesNotOverflow() {
        Duration longest = Duration.ofMillis(Long.MAX_VALUE);

        assertThat(new FalseAlarmBudget(1, longest).level(longest, 4)).isEqualTo(0.25);
        assertThat(MONTHLY.level(Duration.ofHours(1), Long.MAX_VALUE)).isPositive();
    }
}
