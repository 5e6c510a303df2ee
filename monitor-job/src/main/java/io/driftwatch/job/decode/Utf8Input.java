package io.driftwatch.job.decode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text in UTF-8 without a byte order mark, whatever Unicode it is written in. */
final class Utf8Input {
    private static final int LONGEST_MARK = 4;

    /** Byte order marks. That of UTF-16 begins like that of UTF-32, which therefore comes first. */
    private enum Mark {
        UTF_8(StandardCharsets.UTF_8, 0xEF, 0xBB, 0xBF),
        UTF_32_BIG(Charset.forName("UTF-32BE"), 0, 0, 0xFE, 0xFF),
        UTF_32_LITTLE(Charset.forName("UTF-32LE"), 0xFF, 0xFE, 0, 0),
        UTF_16_BIG(StandardCharsets.UTF_16BE, 0xFE, 0xFF),
        UTF_16_LITTLE(StandardCharsets.UTF_16LE, 0xFF, 0xFE);

        private final Charset charset;
        private final byte[] bytes;

        Mark(Charset charset, int... bytes) {
            this.charset = charset;
            this.bytes = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                this.bytes[i] = (byte) bytes[i];
            }
        }

        boolean begins(byte[] text) {
            return text.length >= bytes.length
                    && Arrays.equals(bytes, Arrays.copyOf(text, bytes.length));
        }
    }

    private Utf8Input() {}

    /** Text without a mark is UTF-8. Other forms than that are read into memory at once. */
    static InputStream of(InputStream in) throws IOException {
        PushbackInputStream text = new PushbackInputStream(in, LONGEST_MARK);
        byte[] first = text.readNBytes(LONGEST_MARK);
        for (Mark mark : Mark.values()) {
            if (mark.begins(first)) {
                text.unread(first, mark.bytes.length, first.length - mark.bytes.length);
                return mark == Mark.UTF_8 ? text : converted(text, mark.charset);
            }
        }
        text.unread(first);
        return text;
    }

    private static InputStream converted(InputStream in, Charset charset) throws IOException {
        try (in) {
            String text = new String(in.readAllBytes(), charset);
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
