package io.driftwatch.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class JsonStringsTest {
    private final JsonStrings strings = new JsonStrings();

    private String of(String value, boolean escaped) {
        byte[] quoted = ("\"" + value + "\"").getBytes(StandardCharsets.UTF_8);
        byte[] text = Arrays.copyOf(quoted, quoted.length + 16);
        return strings.of(text, 1, quoted.length, escaped);
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
