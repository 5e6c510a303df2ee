package io.driftwatch.alerts.deliver;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.rule.NoDataRule;
import io.driftwatch.alerts.rule.Selector;
import io.driftwatch.alerts.rule.Severity;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.BinChange;
import io.driftwatch.schemas.ColumnRole;
import io.driftwatch.schemas.Score;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LikelyCauseTest {
    private static Alert alert(String feature, String statistic, ColumnRole role) {
        Alert alert = firing(feature, 1, 1);
        alert.setScore(
                Score.newBuilder(alert.getScore()).setStatistic(statistic).setRole(role).build());
        return alert;
    }

    private static Alert changed(String feature, String bin, double share, double reference) {
        Alert alert = alert(feature, "psi", ColumnRole.feature);
        alert.setScore(
                Score.newBuilder(alert.getScore())
                        .setLargestChange(new BinChange(bin, share, reference))
                        .build());
        return alert;
    }

    private static String kind(Alert... alerts) {
        return LikelyCause.of(List.of(alerts)).map(LikelyCause::kind).orElse("nobody knows");
    }

    @ParameterizedTest(name = "{0} of a {1} is {2}")
    @CsvSource({
        "psi,               feature,    covariate drift",
        "psi,               prediction, prediction drift",
        "mean,              label,      label drift",
        "missing_rate,      feature,    pipeline break",
        "infinite_rate,     prediction, pipeline break",
        "new_category_rate, feature,    new categories",
        "psi,               unknown,    nobody knows",
    })
    void namesWhatASingleAlertSpeaksFor(String statistic, ColumnRole role, String expected) {
        assertThat(kind(alert("a", statistic, role))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{1} of {0}, before {2}, is {3}")
    @CsvSource({
        "= 0.0,   0.97, 0.3,  pipeline break",
        "= 0.0,   0.97, 0.9,  covariate drift",
        "= 0.0,   0.8,  0.3,  covariate drift",
        "__new__, 0.99, 0,    new categories",
        "__new__, 0.2,  0,    new categories"
    })
    void theLargestChangeTells(String bin, double share, double reference, String expected) {
        assertThat(kind(changed("a", bin, share, reference))).isEqualTo(expected);
    }

    @Test
    void aBrokenPipelineExplainsTheRest() {
        assertThat(
                        kind(
                                alert("a", "psi", ColumnRole.feature),
                                alert("p", "psi", ColumnRole.prediction),
                                alert("b", "missing_rate", ColumnRole.feature)))
                .isEqualTo("pipeline break");
        assertThat(
                        kind(
                                alert("p", "psi", ColumnRole.prediction),
                                alert("a", "psi", ColumnRole.feature)))
                .isEqualTo("covariate drift");
    }

    @Test
    void silenceIsABrokenPipeline() {
        NoDataRule rule =
                new NoDataRule(
                        "NoData",
                        Duration.ofHours(1),
                        Severity.CRITICAL,
                        Selector.ALL,
                        Map.of(),
                        Map.of());
        Alert silent = rule.look(rule.begin("m", "labels", 0), 3_600_000).transition();

        assertThat(kind(silent)).isEqualTo("pipeline break");
    }

    @Test
    void mostOutOfRangeLooksLikeAnotherUnit() {
        Alert alert = alert("a", "out_of_range_rate", ColumnRole.feature);
        assertThat(kind(alert)).isEqualTo("covariate drift");
        alert.setScore(Score.newBuilder(alert.getScore()).setValue(0.9).build());
        assertThat(kind(alert)).isEqualTo("pipeline break");
    }

    @Test
    void whatIsResolvedHasNoCause() {
        assertThat(kind(resolved("a", 1, 2))).isEqualTo("nobody knows");
    }

    @ParameterizedTest(name = "{0} rows where {1} are usual is {2}")
    @CsvSource({
        "490, 1000, pipeline break",
        "510, 1000, covariate drift",
        "0,   20,   covariate drift",
        "0,   30,   pipeline break",
        ",    ,     covariate drift",
        "10,  ,     covariate drift"
    })
    void aLossOfHalfTheRowsIsABrokenPipelineUnlessChanceMakesIt(
            Long rows, Long usual, String expected) {
        Alert alert = alert("a", "psi", ColumnRole.feature);
        alert.setRows(rows);
        alert.setUsualRows(usual);
        assertThat(kind(alert)).isEqualTo(expected);
    }
}
