package io.driftwatch.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.benchmarks.Figures.Name;
import io.driftwatch.benchmarks.Figures.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompareTest {
    private static String page(String rate, String cpu) {
        return """
                AMD, 2 cores.

                ### Counting

                | benchmark | operations/s | ± (99.9%%) | x baseline | aim |
                | --- | ---: | ---: | ---: | ---: |
                | grid | %s | 1,000 | - | 40 |

                ### Replay

                | run | seconds | load average |
                | --- | ---: | ---: |
                | 1 | 9.0 | 3.6 |
                | **median** | **%s** | 2.0 |
                """
                .formatted(rate, cpu);
    }

    @Test
    void readsNumbersAndLeavesOutSingleRunsErrorsAimsAndLoads() {
        assertThat(Figures.of(page("1,200,000", "4.50")))
                .containsOnlyKeys(
                        new Name("Counting", "grid", "operations/s"),
                        new Name("Replay", "median", "seconds"))
                .containsEntry(
                        new Name("Counting", "grid", "operations/s"), new Value(1_200_000, 0))
                .containsEntry(new Name("Replay", "median", "seconds"), new Value(4.5, 2));
    }

    @Test
    void readsATableWithoutAMedianWhole() {
        String table = "| subtasks | rate |\n|---|---|\n| 1 | 10 |\n| 2 | 17 |\n";

        assertThat(Figures.of(table)).hasSize(2);
    }

    @Test
    void numbersWhatComesTwice() {
        String table = "| x | rate |\n|---|---|\n| a | 10 |\n| a | 17 |\n";

        assertThat(Figures.of(table))
                .containsOnlyKeys(new Name("", "a", "rate"), new Name("", "a (2)", "rate"));
    }

    @Test
    void dividesWithinEachRound() {
        // Medians 200 and 300, but round by round 2, 3 and 1.
        var before =
                List.of(
                        Figures.of(page("100", "1.0")),
                        Figures.of(page("200", "1.0")),
                        Figures.of(page("300", "1.0")));
        var after =
                List.of(
                        Figures.of(page("200", "1.5")),
                        Figures.of(page("600", "1.5")),
                        Figures.of(page("300", "1.5")));

        assertThat(Compare.report(before, after))
                .contains("### Counting")
                .contains("| grid, operations/s | 200 | 300 | 2.00 | 1.00..3.00 |")
                .contains("| median, seconds | 1.0 | 1.5 | 1.50 | 1.50..1.50 |");
    }

    @Test
    void namesWhatOnlyOneOfTheTwoMeasures() {
        var before = List.of(Figures.of("### Old\n| x | a |\n|---|---|\n| one | 1 |\n"));
        var after = List.of(Figures.of("### New\n| x | b |\n|---|---|\n| one | 1 |\n"));

        assertThat(Compare.report(before, after))
                .contains("Only before, under Old: one, a.")
                .contains("Only after, under New: one, b.")
                .doesNotContain("###");
    }

    @Test
    void givesNoRatioToZero() {
        var zero = List.of(Figures.of(page("0", "1.0")));

        assertThat(Compare.report(zero, zero)).contains("| grid, operations/s | 0 | 0 | - | - |");
    }
}
