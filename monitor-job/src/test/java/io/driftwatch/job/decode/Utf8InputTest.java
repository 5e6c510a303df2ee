package io.driftwatch.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8InputTest {
    private static String read(byte[] bytes) throws IOException {
        return new String(
                Utf8Input.of(new ByteArrayInputStream(bytes)).readAllBytes(),
                StandardCharsets.UTF_8);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"UTF-8", "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
    void dropsTheMarkAndReadsWhatItAnnounces(String charset) throws IOException {
        for (String text : new String[] {"", "a", "at,é€😀\n1,2\n"}) {
            assertThat(read(("\uFEFF" + text).getBytes(Charset.forName(charset)))).isEqualTo(text);
        }
    }

    @ParameterizedTest(name = "''{0}''")
    @ValueSource(strings = {"", "a", "abc", "abcdef", "éa"})
    void textWithoutAMarkIsUtf8(String text) throws IOException {
        assertThat(read(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
    }

    @Test
    void aMarkThatIsNotWholeIsLeft() throws IOException {
        byte[] half = {(byte) 0xEF, (byte) 0xBB};

        assertThat(Utf8Input.of(new ByteArrayInputStream(half)).readAllBytes()).isEqualTo(half);
    }
}
