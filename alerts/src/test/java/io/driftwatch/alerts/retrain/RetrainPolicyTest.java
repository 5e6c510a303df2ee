package io.driftwatch.alerts.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftwatch.alerts.retrain.RetrainPolicy.Approval;
import io.driftwatch.alerts.rule.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RetrainPolicyTest {
    @Test
    void byDefaultItIsOffAndOnlyADryRun() {
        assertThat(RetrainPolicy.builder().build())
                .isEqualTo(
                        new RetrainPolicy(
                                /* enabled= */ false,
                                /* dryRun= */ true,
                                Severity.INFO,
                                Duration.ZERO,
                                /* minCount= */ 0,
                                Duration.ofHours(24),
                                /* maxPerDay= */ 2,
                                Duration.ofHours(12),
                                List.of(),
                                Approval.NONE,
                                Duration.ofHours(24),
                                List.of(),
                                /* circuitBreaker= */ 2,
                                Duration.ofHours(24)));
    }

    @Test
    void withoutMatchersNoAlertExcludes() {
        assertThat(RetrainPolicy.builder().build().excludes(Map.of("alertname", "Any"))).isFalse();
    }

    private static Stream<Arguments> mistakes() {
        Duration negative = Duration.ofMillis(-1);
        return Stream.of(
                Arguments.of("min_duration", RetrainPolicy.builder().minDuration(negative)),
                Arguments.of("min_count", RetrainPolicy.builder().minCount(-1)),
                Arguments.of("cooldown", RetrainPolicy.builder().cooldown(negative)),
                Arguments.of("max_per_day", RetrainPolicy.builder().maxPerDay(0)),
                Arguments.of("lock_timeout", RetrainPolicy.builder().lockTimeout(Duration.ZERO)),
                Arguments.of(
                        "approval_expiry", RetrainPolicy.builder().approvalExpiry(Duration.ZERO)),
                Arguments.of("circuit_breaker", RetrainPolicy.builder().circuitBreaker(0)),
                Arguments.of("settle_time", RetrainPolicy.builder().settleTime(Duration.ZERO)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void whatIsOutOfRangeIsNamed(String key, RetrainPolicyBuilder policy) {
        assertThatThrownBy(policy::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("retrain: " + key);
    }
}
