package io.driftwatch.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvNumberTest {
    private final CsvNumber number = new CsvNumber();

    private boolean reads(String text, String behind) {
        byte[] bytes =
                ("x" + text + behind + "\n" + "1".repeat(CsvRows.PADDING))
                        .getBytes(StandardCharsets.UTF_8);
        return number.read(bytes, 1, 1 + text.length());
    }

    private void requireEqual(String text) {
        assertThat(reads(text, ",")).as(text).isTrue();
        assertThat(number.asDouble()).as(text).isEqualTo(Double.parseDouble(text));
    }

    @ParameterizedTest(name = "''{0}''")
    @ValueSource(
            strings = {
                "",
                "-",
                ".",
                "-.",
                "5.",
                ".5",
                "+7",
                "--1",
                "1-",
                "1.2.3",
                "1 ",
                " 1",
                "1e3",
                "12D",
                "0x1p3",
                "1_000",
                "NaN",
                "Infinity",
                "\"1\"",
                "1,5",
                "é",
                "1\0",
                "1234567890123456789",
                "0.1234567890123456789"
            })
    void leavesWhatIsWrittenOtherwise(String text) {
        assertThat(reads(text, ",")).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "0",
                "7",
                "007",
                "12345678",
                "123456789",
                "1234567812345678",
                "123456789012345678",
                "999999999999999999",
                "-1",
                "0.0",
                "-0",
                "-0.0",
                "0.1",
                "1.0",
                "-12.5",
                "87.97102862119829",
                "0.123456789012345678",
                "12345678.12345678",
                "9007199254740993",
                "0.000000000000000001",
                "1.7976931348623157"
            })
    void readsAsJavaDoes(String text) {
        requireEqual(text);
    }

    @Test
    void readsWhatEverPrintedNumbersTheShortestWay() {
        SplittableRandom random = new SplittableRandom(1);
        int read = 0;
        for (int i = 0; i < 100_000; i++) {
            double value = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(-2, 7));
            String text = Double.toString(value);
            if (reads(text, ",")) {
                read++;
                assertThat(number.asDouble()).isEqualTo(value);
            }
        }
        assertThat(read).isGreaterThan(80_000);
    }

    @Test
    void readsAnyDigitsAndAnyPlaceOfThePoint() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 100_000; i++) {
            int digits = random.nextInt(1, 19);
            StringBuilder text = new StringBuilder();
            for (int j = 0; j < digits; j++) {
                text.append((char) random.nextInt('0', '9' + 1));
            }
            if (digits > 1 && random.nextBoolean()) {
                text.insert(random.nextInt(1, digits), '.');
            }
            requireEqual(random.nextBoolean() ? "-" + text : text.toString());
        }
    }

    @Test
    void isNaturalWithoutMinusAndPointOnly() {
        assertThat(reads("1735689600000", "\n")).isTrue();
        assertThat(number.isNatural()).isTrue();
        assertThat(number.asLong()).isEqualTo(1735689600000L);
        assertThat(reads("1.0", ",")).isTrue();
        assertThat(number.isNatural()).isFalse();
        assertThat(reads("-1", ",")).isTrue();
        assertThat(number.isNatural()).isFalse();
    }

    @Test
    void doesNotTakeDigitsThatBelongToTheNextCell() {
        assertThat(reads("12", ",34")).isTrue();
        assertThat(number.asDouble()).isEqualTo(12);
        assertThat(reads("12", ".34")).isFalse();
    }
}
