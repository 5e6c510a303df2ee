package io.driftwatch.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes: what the fast path reads, Jackson reads alike; the rest it leaves alone. */
class JsonFastPathTest {
    private static final List<String> PATHS =
            List.of(
                    "at",
                    "id",
                    "fare",
                    "carrier",
                    "/route/origin",
                    "/legs/1/miles",
                    "/legs/12",
                    "/route/é~1ß",
                    "both",
                    "/both/inner",
                    "",
                    "\uD800",
                    "/deep/a/b/c/d");
    private static final String SAMPLE =
            "{\"at\": 992608200123, \"id\":\"f-1\",\"fare\":-740.52e-1,\"x\":[1, {\"y\":0.5}],"
                    + "\"carrier\":\"Zürich 😀\",\"route\":{\"é/ß\":null,\"origin\":true},"
                    + " \"u\":\"a\\u00e9\\n\",\"legs\":[{},{\"miles\":2.0}],\"both\":false}\n";

    /** Where the classes of bytes in UTF-8 begin and end. */
    private static final int[] BOUNDS = {
        0x00, 0x22, 0x5C, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xEF,
        0xF0, 0xF4, 0xFF
    };

    private static final int[] CHANGES =
            IntStream.concat(IntStream.range(0, 128), Arrays.stream(BOUNDS)).distinct().toArray();

    private final JsonFastPath fastPath = new JsonFastPath(PathTree.of(PATHS), PATHS.size());
    private final JsonRecordDecoder decoder = new JsonRecordDecoder(PATHS);
    private final JsonTokens tokens = new JsonTokens(PathTree.of(PATHS));

    /** Writes down what is reported, and refuses a certain report. */
    private static final class Reports implements FieldReceiver {
        final List<String> made = new ArrayList<>();
        private final int refused;

        Reports(int refused) {
            this.refused = refused;
        }

        private void add(String kind, int field, Object value) throws Rejection {
            if (made.size() == refused) {
                throw new Rejection(RejectionReason.WRONG_TYPE, kind + " " + field + " refused");
            }
            made.add(kind + " " + field + " " + value);
        }

        @Override
        public void number(int field, double value) throws Rejection {
            add("number", field, value);
        }

        @Override
        public void integer(int field, long value) throws Rejection {
            add("integer", field, value);
        }

        @Override
        public void text(int field, String value) throws Rejection {
            add("text", field, value);
        }

        @Override
        public void untyped(int field, String value) throws Rejection {
            add("untyped", field, value);
        }

        @Override
        public void truth(int field, boolean value) throws Rejection {
            add("truth", field, value);
        }

        @Override
        public void instant(int field, long millis) throws Rejection {
            add("instant", field, millis);
        }

        @Override
        public void nothing(int field) throws Rejection {
            add("nothing", field, null);
        }

        @Override
        public void other(int field, String kind) throws Rejection {
            add("other", field, kind);
        }
    }

    private interface Reader {
        void read(byte[] record, FieldReceiver out) throws Rejection;
    }

    /** All that a reader reports, and how it ends. */
    private static List<String> outcome(Reader reader, byte[] record, int refused) {
        Reports reports = new Reports(refused);
        String end = "sound";
        try {
            reader.read(record, reports);
        } catch (Rejection e) {
            end = e.reason() + ": " + e.getMessage();
        }
        reports.made.add(end);
        return reports.made;
    }

    /**
     * Checks that a record means the same to both.
     *
     * @return whether the fast path read it
     */
    private boolean agree(byte[] record) throws Rejection {
        List<String> expected = outcome(tokens::read, record, -1);
        same(record, outcome(decoder::decode, record, -1), expected);
        int refused = record.length % expected.size();
        same(
                record,
                outcome(decoder::decode, record, refused),
                outcome(tokens::read, record, refused));
        Reports reports = new Reports(-1);
        boolean taken = fastPath.read(record, reports);
        if (taken) {
            reports.made.add("sound");
        }
        same(record, reports.made, taken ? expected : List.of());
        return taken;
    }

    private static void same(byte[] record, List<String> actual, List<String> expected) {
        // A description is made for failures only: there are a hundred thousand records.
        if (!actual.equals(expected)) {
            assertThat(actual).as(new String(record, StandardCharsets.UTF_8)).isEqualTo(expected);
        }
    }

    private boolean agree(String record) throws Rejection {
        return agree(record.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest(name = "{index}: {0}")
    @ValueSource(
            strings = {
                "{}",
                " \t\r\n{ \"at\" : 1 , \"fare\" : 2.5 } \n",
                "{\"at\":1,\"at\":2}",
                "{\"id\":\"\",\"carrier\":\"tab\\t\\\"\\\\\\/\\b\\f\\n\\r\"}",
                "{\"carrier\":\"\\u00e9\\uD83D\\uDE00\\ud800\"}",
                "{\"carrier\":\"é€😀\",\"é€😀\":1,\"\":2}",
                "{\"fare\":1E3,\"at\":-0,\"id\":0,\"legs\":[1,{\"miles\":-0.0}]}",
                "{\"x\":[1.5e10,\"\\u00ff\",[],{},{\"\\\"\":{}},[[null,true,false]]],\"at\":1}",
                "{\"route\":{\"é/ß\":7,\"origin\":\"JFK\",\"x\":{\"origin\":1}},\"deep\":{\"a\":{}}}",
                "{\"deep\":{\"a\":{\"b\":{\"c\":{\"d\":1}}}},\"legs\":3,\"both\":null}"
            })
    void readsWhatProducersWrite(String record) throws Rejection {
        assertThat(agree(record)).isTrue();
        assertThat(agree(record)).as("now that its names are expected").isTrue();
    }

    @ParameterizedTest(name = "{index}: {0}")
    @ValueSource(
            strings = {
                "",
                "\uFEFF{\"at\":1}",
                "{\"\\u0061t\":1}",
                "{\"at\":NaN}",
                "{\"at\":-Infinity}",
                "{\"at\":1234567890123456789}",
                "{\"both\":{\"inner\":1}}",
                "{\"at\":{}}",
                "{\"at\":[]}",
                "{\"at\":1}{}",
                "{\"at\":1}\0",
                "{\"at\":1,}",
                "{\"x\":[1,]}",
                "{\"x\":{\"y\" 1}}",
                "{\"x\":truex}",
                "{\"id\":\"\\x\"}",
                "{\"x\":\"\\u00g0\"}",
                "{'at':1}",
                "{\"at\":1 /* */}",
                "{\"at\\u0000\":1}",
                "[]",
                "1",
                "{",
                "{\"",
                "{\"\0\0\0\0\0\0\0\0\":1}"
            })
    void leavesTheRestToJackson(String record) throws Rejection {
        assertThat(agree("{\"at\":1,\"id\":\"a\"}")).isTrue();
        assertThat(agree(record)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "-0.0",
                "0.0",
                "0e0",
                "-0e-0",
                "00",
                "01",
                "-01",
                "-",
                "--1",
                "+1",
                "1.",
                ".5",
                "-.5",
                "1.e3",
                "1e",
                "1e+",
                "1e-",
                "1e5",
                "1E+5",
                "1e-05",
                "1e400",
                "-1e400",
                "1e-400",
                "1e99999",
                "1e-99999",
                "4.9e-324",
                "2.4703282292062327e-324",
                "2.2250738585072011e-308",
                "1.7976931348623157e308",
                "1.7976931348623159e308",
                "12345678",
                "123456789",
                "1234567890123456",
                "123456789012345678",
                "999999999999999999",
                "1234567890123456789",
                "9223372036854775807",
                "-9223372036854775808",
                "9223372036854775808",
                "12345678901234567890",
                "123456789012345678901234567890",
                "0.1",
                "0.30000000000000004",
                "9007199254740993",
                "9007199254740993.0",
                "9007199254740992.5",
                "0.5000000000000001",
                "123.45678901234567",
                "0.123456789012345678",
                "0.1234567890123456789",
                "0.00000000000000000001",
                "0.000000000000000000001",
                "1.2345678901234567E-4",
                "12345678.12345678",
                "1234567812345678.12",
                "1.5.5",
                "1..5",
                "1e5.5",
                "1e5e5",
                "0x10",
                "1f",
                "1d",
                "1_000",
                "1,5",
                "NaN",
                "-NaN",
                "Infinity",
                "+Infinity",
                "-Infinity",
                "INF",
                "nan",
                "1-",
                "1e-1-",
                "١",
                "1٫5"
            })
    void agreesOnEveryFormOfNumber(String number) throws Rejection {
        for (String space : List.of("", " ", "\n", "\u0001")) {
            agree("{\"at\":" + space + number + space + "}");
            agree("{\"at\":" + space + number + space + ",\"fare\":1}");
            agree("{\"x\":" + space + number + space + ",\"at\":1}");
            agree("{\"x\":[" + space + number + space + "],\"at\":1}");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 18, 19, 300, 499, 500, 501, 999, 1000, 1001, 1002})
    void agreesOnLongNumbers(int digits) throws Rejection {
        for (String number :
                List.of(
                        "7".repeat(digits),
                        "-" + "7".repeat(digits),
                        "0." + "7".repeat(digits),
                        "0." + "0".repeat(digits) + "1",
                        "1." + "0".repeat(digits) + "e-7",
                        "1e" + "0".repeat(digits) + "1")) {
            agree("{\"at\":" + number + "}");
            agree("{\"x\":" + number + ",\"at\":1}");
        }
    }

    @Test
    void agreesOnDeepNesting() throws Rejection {
        for (int depth : new int[] {1, 90, 99, 100, 101, 102, 500, 998, 999, 1000, 1001, 200_000}) {
            agree("{\"x\":" + "[".repeat(depth) + "]".repeat(depth) + ",\"at\":1}");
            agree("{\"x\":" + "{\"y\":".repeat(depth) + "1" + "}".repeat(depth) + ",\"at\":1}");
        }
    }

    @Test
    void agreesOnLongNamesAndStrings() throws Rejection {
        for (int size : new int[] {7, 8, 9, 900, 1000, 1001, 49_999, 50_000, 50_001, 1_100_000}) {
            String text = "n".repeat(size);
            agree("{\"" + text + "\":1,\"at\":1}");
            agree("{\"x\":{\"" + text + "\":1},\"at\":1}");
            agree("{\"x\":\"" + text + "\",\"at\":1}");
            agree("{\"id\":\"" + text + "\",\"at\":1}");
        }
    }

    @Test
    void agreesOnEveryTruncation() throws Rejection {
        byte[] whole = SAMPLE.getBytes(StandardCharsets.UTF_8);
        assertThat(agree(whole)).isTrue();
        for (int size = 0; size < whole.length; size++) {
            agree(Arrays.copyOf(whole, size));
        }
    }

    @Test
    void agreesOnEveryChangeOfOneByte() throws Rejection {
        byte[] whole = SAMPLE.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < whole.length; i++) {
            for (int value : CHANGES) {
                byte[] changed = whole.clone();
                changed[i] = (byte) value;
                agree(changed);
            }
        }
    }

    @Test
    void agreesOnEveryPairOfBytesInAString() throws Rejection {
        for (int first = 0x80; first < 256; first++) {
            for (int second : BOUNDS) {
                for (String place : List.of("{\"at\":\"..\",", "{\"x\":\"..a\",", "{\"..\":1,")) {
                    byte[] record = (place + "\"id\":1}").getBytes(StandardCharsets.US_ASCII);
                    int at = place.indexOf("..");
                    record[at] = (byte) first;
                    record[at + 1] = (byte) second;
                    agree(record);
                }
            }
        }
    }

    @Test
    void agreesOnCharactersOfThreeAndFourBytes() throws Rejection {
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            byte[] record = "{\"id\":\"....\",\"x\":\"....\"}".getBytes(StandardCharsets.US_ASCII);
            for (int at : new int[] {7, 18}) {
                record[at] = (byte) (0xE0 + random.nextInt(24));
                record[at + 1] = (byte) (0x80 + random.nextInt(64));
                record[at + 2] = (byte) (0x80 + random.nextInt(random.nextInt(8) == 0 ? 128 : 64));
                record[at + 3] = (byte) (random.nextBoolean() ? 'a' : 0x80 + random.nextInt(64));
            }
            agree(record);
        }
    }

    @Test
    void agreesOnGeneratedRecords() throws Rejection {
        Random random = new Random(11);
        int taken = 0;
        for (int i = 0; i < 10_000; i++) {
            StringBuilder text = new StringBuilder();
            object(text, random, 0);
            if (agree(text.toString())) {
                taken++;
            }
        }
        assertThat(taken).isGreaterThan(2_500);
    }

    @Test
    void agreesOnGeneratedRecordsWithDamage() throws Rejection {
        Random random = new Random(12);
        int taken = 0;
        for (int i = 0; i < 15_000; i++) {
            StringBuilder text = new StringBuilder();
            object(text, random, 0);
            if (agree(damaged(text.toString().getBytes(StandardCharsets.UTF_8), random))) {
                taken++;
            }
        }
        assertThat(taken).isGreaterThan(1_000);
    }

    private static byte[] damaged(byte[] record, Random random) {
        ByteArrayOutputStream damaged = new ByteArrayOutputStream();
        int at = random.nextInt(record.length);
        int until = Math.min(record.length, at + random.nextInt(3));
        damaged.write(record, 0, at);
        for (int i = random.nextInt(3); i > 0; i--) {
            String likely = "{}[]\",:\\0129.-+eE \n\tutfn";
            damaged.write(
                    random.nextInt(4) == 0
                            ? random.nextInt(256)
                            : likely.charAt(random.nextInt(likely.length())));
        }
        damaged.write(record, until, record.length - until);
        return damaged.toByteArray();
    }

    private static void object(StringBuilder text, Random random, int depth) {
        String[] names = {
            "at",
            "id",
            "fare",
            "carrier",
            "route",
            "legs",
            "origin",
            "miles",
            "é/ß",
            "both",
            "inner",
            "deep",
            "a",
            "b",
            "c",
            "d",
            "x",
            "",
            "1",
            "12",
            "somethingLonger",
            "at ",
            "\\u0061t"
        };
        // Names mostly come in one order.
        int name = random.nextInt(4);
        text.append('{').append(space(random));
        for (int i = random.nextInt(depth == 0 ? 12 : 5); i >= 0; i--) {
            name =
                    random.nextInt(5) == 0
                            ? random.nextInt(names.length)
                            : name % (names.length - 1);
            text.append('"').append(names[name]).append('"').append(space(random)).append(':');
            text.append(space(random));
            value(text, random, depth);
            text.append(space(random)).append(i == 0 ? "" : ",").append(space(random));
            name++;
        }
        text.append('}').append(space(random));
    }

    private static void value(StringBuilder text, Random random, int depth) {
        switch (random.nextInt(depth < 5 ? 12 : 9)) {
            case 0, 1 -> text.append(random.nextInt(2000) - 1000);
            case 2 -> text.append(random.nextGaussian() * Math.pow(10, random.nextInt(9) - 4));
            case 3 -> text.append(random.nextLong() >> random.nextInt(64));
            case 4 -> text.append((float) random.nextGaussian());
            case 5 -> text.append(random.nextBoolean());
            case 6 -> text.append("null");
            case 7 -> text.append("\"value-").append(random.nextInt(20)).append('"');
            case 8 -> string(text, random);
            case 9 -> array(text, random, depth);
            default -> object(text, random, depth + 1);
        }
    }

    private static void array(StringBuilder text, Random random, int depth) {
        text.append('[').append(space(random));
        for (int i = random.nextInt(random.nextInt(6) == 0 ? 20 : 4); i > 0; i--) {
            value(text, random, depth + 1);
            text.append(space(random)).append(i == 1 ? "" : ",").append(space(random));
        }
        text.append(']');
    }

    private static void string(StringBuilder text, Random random) {
        String[] parts = {
            "a",
            "category",
            "ü",
            "€",
            "😀",
            "\\\"",
            "\\\\",
            "\\/",
            "\\n",
            "\\u00e9",
            "\\uD83D\\uDE00",
            "\\ud800",
            "\u007f",
            " ",
            "/"
        };
        text.append('"');
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        text.append('"');
    }

    private static String space(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> " ";
            case 1 -> "\n  ";
            case 2 -> "\r\n\t";
            default -> "";
        };
    }

    @Test
    void agreesWhenEveryRecordBringsNewNames() throws Rejection {
        for (int i = 0; i < 2_000; i++) {
            String name = "name-" + Integer.toHexString(i * 0x9E3779B9);
            assertThat(agree("{\"" + name + "\":" + i + ",\"at\":" + i + ",\"" + i + "\":{}}"))
                    .isTrue();
        }
    }

    @Test
    void leavesNoTraceOfALongerRecordBehindAShorterOne() throws Rejection {
        assertThat(agree("{\"at\":1111111111,\"id\":\"long\"}")).isTrue();
        assertThat(agree("{\"at\":11")).isFalse();
        assertThat(agree("{\"at\":1}")).isTrue();
    }

    @Test
    void isWhatTheDecoderReadsPlainRecordsWith() throws Rejection {
        byte[] plain = SAMPLE.getBytes(StandardCharsets.UTF_8);
        decoder.decode(plain, new Reports(-1));
        decoder.decode(plain, new Reports(-1));
        assertThat(decoder.leftToTokens()).isZero();

        decoder.decode("{\"at\":NaN}".getBytes(StandardCharsets.UTF_8), new Reports(-1));
        assertThat(decoder.leftToTokens()).isEqualTo(1);
    }

    @Test
    void readsMoreEqualNamesThanItHasRoomForByJackson() throws Rejection {
        assertThat(agree("{" + "\"at\":1,".repeat(100) + "\"id\":2}")).isFalse();
    }
}
