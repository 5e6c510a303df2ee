package io.driftwatch.job.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The demo as it is, on fewer days and faster. */
class DemoIT {
    private static final Path EXAMPLE = Path.of("..", "examples", "flights");
    private static final double DAYS_PER_SECOND = 10;
    private static final Instant AFTER_THE_BUG = Instant.parse("2001-04-28T00:00:00Z");

    @Test
    @Timeout(180)
    void countsAddUpAndTheInjectedBugIsToldOnce() throws Exception {
        StringWriter screen = new StringWriter();
        Demo demo =
                new Demo(
                        new DemoExample(EXAMPLE),
                        new DemoOptions(
                                DAYS_PER_SECOND, DemoOptions.DEFAULT_PORT, false, AFTER_THE_BUG),
                        new PrintWriter(screen, true));

        DemoResult result = demo.runToResult();

        assertThat(result.isGood()).as(screen.toString()).isTrue();
        assertThat(result.balance().isEven()).isTrue();
        assertThat(result.balance().late()).isEqualTo(2);
        assertThat(result.balance().deadLettered()).isEqualTo(3);
        assertThat(result.windows()).isEqualTo(86);

        List<Episode> kilometres =
                result.episodes().stream()
                        .filter(e -> e.feature().equals("distance_miles"))
                        .toList();
        assertThat(kilometres).hasSize(1);
        assertThat(kilometres.get(0).alert()).isEqualTo("FeatureDrift");
        assertThat(kilometres.get(0).firedOn()).isEqualTo(Chapter.BUG_BEGINS.begins());
        assertThat(told(result, kilometres.get(0), true)).isEqualTo(1);
        assertThat(told(result, kilometres.get(0), false)).isEqualTo(1);
        assertThat(screen.toString())
                .contains("INJECTED by this demo: an upstream bug")
                .contains("DEAD LETTER")
                .contains("LATE")
                .contains(" = ")
                .contains("✓");
    }

    private static long told(DemoResult result, Episode episode, boolean firing) {
        return result.messages().stream()
                .filter(m -> Boolean.valueOf(firing).equals(m.firing().get(episode.fingerprint())))
                .count();
    }
}
