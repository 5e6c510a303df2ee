package io.driftwatch.alerts.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftwatch.alerts.route.Silences.Phase;
import io.driftwatch.schemas.Silence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Silences, as https://prometheus.io/docs/alerting/latest/alertmanager/#silences has them. */
class SilencesTest {
    private static final Instant NOW = Instant.parse("2001-06-16T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private static Silence silence(String... matchers) {
        return Silences.create(List.of(matchers), NOW, NOW.plus(HOUR), "me", "a test", NOW);
    }

    private static boolean isQuiet(Silence silence, Map<String, String> labels, Instant at) {
        return new Silences().silence(List.of(silence), labels, at);
    }

    @Test
    void keepsQuietWhatAllItsMatchersMatch() {
        Silence silence = silence("model=\"fraud\", severity!=\"critical\"", "feature=~\"a.*\"");

        assertThat(isQuiet(silence, Map.of("model", "fraud", "feature", "amount"), NOW)).isTrue();
        assertThat(isQuiet(silence, Map.of("model", "fraud", "feature", "b"), NOW)).isFalse();
        assertThat(isQuiet(silence, Map.of("feature", "amount"), NOW)).isFalse();
        assertThat(
                        isQuiet(
                                silence,
                                Map.of("model", "fraud", "feature", "a", "severity", "critical"),
                                NOW))
                .isFalse();
    }

    @ParameterizedTest(name = "{0} s after its beginning it is {1}")
    @CsvSource({"-1, PENDING", "0, ACTIVE", "3599, ACTIVE", "3600, EXPIRED", "99999, EXPIRED"})
    void holdsFromItsBeginningUntilItsEnd(long second, Phase phase) {
        Silence silence = silence("model=\"fraud\"");
        Instant at = NOW.plusSeconds(second);

        assertThat(Silences.phase(silence, at)).isEqualTo(phase);
        assertThat(isQuiet(silence, Map.of("model", "fraud"), at)).isEqualTo(phase == Phase.ACTIVE);
    }

    @Test
    void expiringEndsItNowAndOneThatHasNotBegunNeverBegins() {
        Silence silence = silence("model=\"fraud\"");
        Silence ended = Silences.expired(silence, NOW.plusSeconds(60));
        assertThat(ended.getId()).isEqualTo(silence.getId());
        assertThat(ended.getEndsAt()).isEqualTo(NOW.plusSeconds(60));
        assertThat(Silences.phase(ended, NOW.plusSeconds(60))).isEqualTo(Phase.EXPIRED);

        Silence never = Silences.expired(silence, NOW.minusSeconds(60));
        assertThat(Silences.phase(never, NOW.plusSeconds(1))).isEqualTo(Phase.EXPIRED);
        assertThat(Silences.expired(ended, NOW.plusSeconds(999))).isEqualTo(ended);
    }

    @Test
    void isKeptFiveDaysAfterItsEnd() {
        Silence silence = silence("model=\"fraud\"");

        assertThat(Silences.isOver(silence, silence.getEndsAt().plus(Duration.ofDays(5))))
                .isFalse();
        assertThat(Silences.isOver(silence, silence.getEndsAt().plus(Duration.ofDays(6)))).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "model=~\".*\" | needs a matcher that not every alert matches",
                "model!=\"x\"  | needs a matcher that not every alert matches",
                "model         | model",
                "model=~\"(\"  | not a regular expression",
            })
    void aSilenceOfEverythingOrNothingIsRefused(String matcher, String message) {
        assertThatThrownBy(() -> silence(matcher))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void oneWithoutAnEndAheadOrAReasonIsRefused() {
        List<String> matchers = List.of("model=\"fraud\"");
        Instant past = NOW.minus(HOUR);

        assertThatThrownBy(() -> Silences.create(matchers, NOW, NOW, "me", "why", NOW))
                .hasMessageContaining("must end after it begins");
        assertThatThrownBy(
                        () -> Silences.create(matchers, past, past.plusSeconds(1), "me", "w", NOW))
                .hasMessageContaining("after now");
        assertThatThrownBy(() -> Silences.create(matchers, NOW, NOW.plus(HOUR), "me", " ", NOW))
                .hasMessageContaining("comment");
    }

    @Test
    void oneThatAnotherProgramWroteAndNobodyCanReadSilencesNothing() {
        Silence broken =
                Silence.newBuilder(silence("model=\"fraud\"")).setMatchers(List.of("}{")).build();

        assertThat(isQuiet(broken, Map.of("model", "fraud"), NOW)).isFalse();
        Silence empty = Silence.newBuilder(broken).setMatchers(List.of()).build();
        assertThat(isQuiet(empty, Map.of("model", "fraud"), NOW)).isFalse();
    }
}
