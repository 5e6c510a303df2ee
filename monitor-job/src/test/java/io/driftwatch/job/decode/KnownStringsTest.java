package io.driftwatch.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KnownStringsTest {
    private final KnownStrings strings = new KnownStrings();

    private String of(String value, boolean escaped) {
        byte[] bytes = ("\"" + value + "\"").getBytes(StandardCharsets.UTF_8);
        return strings.of(Arrays.copyOf(bytes, bytes.length + 16), 1, bytes.length - 2, escaped);
    }

    private String of(String value) {
        return of(value, /* escaped= */ false);
    }

    @Test
    void tellsStringsApartThatBeginAlike() {
        for (String value :
                new String[] {
                    "",
                    "a",
                    "aa",
                    "aaaaaaaa",
                    "aaaaaaaaa",
                    "aaaaaaab",
                    "aaaaaaaaaaaaaaa",
                    "aaaaaaaaaaaaaab",
                    "aaaaaaaaaaaaaaaa",
                    "ü"
                }) {
            assertThat(of(value)).isEqualTo(value);
            assertThat(of(value)).isEqualTo(value);
        }
    }

    @Test
    void tellsAnEmptyStringFromOneOfZeros() {
        assertThat(of("\0")).isEqualTo("\0");
        assertThat(of("")).isEmpty();
        assertThat(of("\0\0")).isEqualTo("\0\0");
    }

    @Test
    void readsAStringThatEndsWithTheRecord() {
        byte[] record = "JFK".getBytes(StandardCharsets.UTF_8);

        assertThat(strings.of(record, 0, 3)).isEqualTo("JFK");
        assertThat(strings.of(record, 3, 0)).isEmpty();
    }

    @Test
    void makesARepeatedStringOnce() {
        String first = of("carrier");

        assertThat(of("carrier")).isSameAs(first);
        assertThat(of("a\\u00e9", true)).isSameAs(of("a\\u00e9", true)).isEqualTo("aé");
    }

    @Test
    void keepsStringsThatRepeatAmongManyOthers() {
        for (int i = 0; i < 100_000; i++) {
            assertThat(of("value-" + i % 1000)).isEqualTo("value-" + i % 1000);
        }
    }

    @Test
    void keepsNeitherLongStringsNorThoseThatNeverRepeat() {
        assertThat(of("x".repeat(100))).isNotSameAs(of("x".repeat(100)));
        for (int i = 0; i < 2000; i++) {
            assertThat(of("id-" + i)).isEqualTo("id-" + i);
        }
        assertThat(of("again")).isNotSameAs(of("again"));
    }
}
