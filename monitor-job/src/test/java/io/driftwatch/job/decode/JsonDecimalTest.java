package io.driftwatch.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The expected values are those of {@link Double#parseDouble}. */
class JsonDecimalTest {
    private static final long BOUND = 1_000_000_000_000_000_000L;

    private static void check(long significand, int power) {
        double expected = Double.parseDouble(significand + "e" + power);
        double actual = JsonDecimal.shifted(significand, power);
        if (actual != expected) {
            assertThat(actual).as("%de%d", significand, power).isEqualTo(expected);
        }
    }

    @Test
    void coversAtMostTwentyPlaces() {
        assertThat(JsonDecimal.covers(1)).isFalse();
        assertThat(JsonDecimal.covers(0)).isTrue();
        assertThat(JsonDecimal.covers(-20)).isTrue();
        assertThat(JsonDecimal.covers(-21)).isFalse();
    }

    @Test
    void roundsAnySignificandToNearest() {
        SplittableRandom random = new SplittableRandom(5);
        for (int power = -20; power <= 0; power++) {
            check(0, power);
            check(1, power);
            check(BOUND - 1, power);
            for (int i = 0; i < 10_000; i++) {
                check(random.nextLong(BOUND) >>> random.nextInt(60), power);
            }
        }
    }

    @Test
    void roundsTiesAndTheirNeighboursToNearest() {
        SplittableRandom random = new SplittableRandom(6);
        for (int power = -20; power <= 0; power++) {
            for (int i = 0; i < 10_000; i++) {
                // A number in the middle between two doubles, then the nearest significands.
                BigInteger odd = BigInteger.valueOf(random.nextLong(1L << 53) | 1L << 53 | 1);
                int binary = random.nextInt(-125, 8);
                BigDecimal middle =
                        binary < 0
                                ? new BigDecimal(odd)
                                        .divide(new BigDecimal(BigInteger.TWO.pow(-binary)))
                                : new BigDecimal(odd.shiftLeft(binary));
                long nearest =
                        middle.scaleByPowerOfTen(-power)
                                .setScale(0, RoundingMode.DOWN)
                                .toBigInteger()
                                .min(BigInteger.valueOf(BOUND))
                                .longValue();
                for (long w = nearest - 1; w <= nearest + 2; w++) {
                    if (w >= 0 && w < BOUND) {
                        check(w, power);
                    }
                }
            }
        }
    }
}
