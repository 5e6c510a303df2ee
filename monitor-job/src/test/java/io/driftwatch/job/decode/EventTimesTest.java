package io.driftwatch.job.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftwatch.schemas.DeadLetter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimesTest {
    private static final String MODEL =
            """
            models:
              - name: m
                profile: p.avro
                streams: [{role: inference, topic: t, event_time: {path: at, unit: UNIT}}]
                window: {size: 1h}
            """;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "2001-06-15T12:30Z, 992608200",
        "2001-06-15T12:30:00Z, 992608200",
        "2001-06-15T12:30:00z, 992608200",
        "2001-06-15t12:30:00Z, 992608200",
        "2001-06-15T12:30:00.000Z, 992608200",
        "2001-06-15T12:30:00, 992608200",
        "2001-06-15 12:30:00, 992608200",
        "2001-06-15 12:30, 992608200",
        "2001-06-15 12:30:00Z, 992608200",
        "2001-06-15T12:30:00+00:00, 992608200",
        "2001-06-15 12:30:00+00:00, 992608200",
        "2001-06-15T14:30:00+02:00, 992608200",
        "2001-06-15T07:30:00-05:00, 992608200",
        "2001-06-15T18:00:00+05:30, 992608200",
        "2001-06-15T14:30+02, 992608200",
        "2001-06-15T14:30:00+0200, 992608200",
        "2001-06-15, 992563200",
        "2000-02-29T00:00:00Z, 951782400",
        "1969-12-31T23:59:59Z, -1"
    })
    void readsIsoForms(String text, long epochSecond) {
        assertThat(EventTimes.parse(text)).isEqualTo(epochSecond * 1000);
    }

    @Test
    void keepsMillisecondsAndCutsFinerOnes() {
        assertThat(EventTimes.parse("2001-06-15T12:30:00.123456789Z")).isEqualTo(992608200123L);
        assertThat(EventTimes.parse("1969-12-31T23:59:59.9999Z")).isEqualTo(-1);
    }

    @ParameterizedTest(name = "''{0}''")
    @ValueSource(
            strings = {
                "",
                " ",
                "x",
                "yesterday",
                "2001-02-30T00:00:00Z",
                "2001-02-29T00:00Z",
                "2001-02-30",
                "2001-13-01T00:00:00Z",
                "2001-00-10T00:00:00Z",
                "2001-06-15T24:00:00Z",
                "2001-06-15T12:60:00Z",
                "2001-06-15T12:30:60Z",
                "2001-06-15T12:30:0xZ",
                "20x1-06-15T12:30:00Z",
                "2001-06-15T12:30:00+99:00",
                "2001-06-15T12",
                "2001/06/15 12:30:00",
                "15.06.2001",
                "2001-6-5",
                "1234567890",
                "２００１-06-15T12:30:00Z"
            })
    void refusesWhatIsNoTime(String text) {
        assertThatThrownBy(() -> EventTimes.parse(text)).isInstanceOf(DateTimeException.class);
    }

    @Test
    void agreesWithJavaTimeOnEveryFormThatHasAShortCut() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            LocalDateTime time =
                    LocalDateTime.ofEpochSecond(
                            random.nextLong(-62_135_596_800L, 253_402_300_800L), 0, ZoneOffset.UTC);
            String seconds =
                    time.format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT));
            long expected = time.toInstant(ZoneOffset.UTC).toEpochMilli();
            assertThat(EventTimes.parse(seconds + "Z")).as(seconds).isEqualTo(expected);
            String minutes = seconds.substring(0, 16);
            assertThat(EventTimes.parse(minutes + "Z"))
                    .as(minutes)
                    .isEqualTo(Math.floorDiv(expected, 60_000) * 60_000);
        }
    }

    @ParameterizedTest(name = "{1} {0} is {2}")
    @CsvSource({
        "s, 992608200, 2001-06-15T12:30:00Z",
        "ms, 992608200123, 2001-06-15T12:30:00.123Z",
        "us, 992608200123999, 2001-06-15T12:30:00.123Z",
        "ns, 992608200123999999, 2001-06-15T12:30:00.123Z",
        "s, 992608200.0, 2001-06-15T12:30:00Z",
        "ms, 9.926082E11, 2001-06-15T12:30:00Z"
    })
    void readsNumbersInTheConfiguredUnit(String unit, String number, String expected) {
        Decoding decoding = new Decoding(MODEL.replace("UNIT", unit));

        assertThat(decoding.read("{\"at\":" + number + "}").eventTimeMillis())
                .isEqualTo(Instant.parse(expected).toEpochMilli());
    }

    @ParameterizedTest(name = "{1} {0} is {2}")
    @CsvSource({
        "ms, null, missing_event_time",
        "ms, '\"\"', unreadable_event_time",
        "ms, '\"soon\"', unreadable_event_time",
        "ms, '\"992608200123\"', unreadable_event_time",
        "ms, true, unreadable_event_time",
        "ms, 1.5, unreadable_event_time",
        "ms, NaN, unreadable_event_time",
        "ms, Infinity, unreadable_event_time",
        "ms, 1e300, unreadable_event_time",
        "ms, 123456789012345678901234567890, unreadable_event_time",
        "ms, {}, wrong_type",
        "ms, 0, implausible_event_time",
        "ms, -1, implausible_event_time",
        "ms, -9223372036854775808, implausible_event_time",
        "ms, 9223372036854775807, implausible_event_time",
        "s, 9223372036854775807, implausible_event_time",
        "ms, 992608200, implausible_event_time",
        "s, 992608200123, implausible_event_time",
        "ms, '\"1970-01-01T00:00:00Z\"', implausible_event_time",
        "ms, '\"2001-07-01T13:00:01Z\"', implausible_event_time",
        "ms, '\"9999-12-31T23:59:59Z\"', implausible_event_time",
        "ms, '\"+999999999-12-31T23:59:59Z\"', unreadable_event_time"
    })
    void refusesTimesThatNobodyMeans(String unit, String value, String reason) {
        Decoding decoding = new Decoding(MODEL.replace("UNIT", unit));

        assertThat(decoding.refuse("{\"at\":" + value + "}").getReason()).isEqualTo(reason);
    }

    @Test
    void takesTimesUpToTheAllowedLeadOfTheProducersClock() {
        Decoding decoding = new Decoding(MODEL.replace("UNIT", "ms"));

        assertThat(decoding.read("{\"at\":\"2001-07-01T13:00:00Z\"}").eventTimeMillis())
                .isEqualTo(Decoding.NOW.plusSeconds(3600).toEpochMilli());
    }

    @Test
    void saysWhatIsExpectedOfATimeThatCannotBeRead() {
        DeadLetter dead =
                new Decoding(MODEL.replace("UNIT", "us")).refuse("{\"at\":\"2001-02-30\"}");

        assertThat(dead.getDetail())
                .isEqualTo(
                        "flights-3@81234: field 'at' is '2001-02-30', expected an ISO-8601 time or"
                                + " a whole number of us since 1970");
        assertThat(dead.getEventTime()).isNull();
    }

    @Test
    void saysHowToAllowTimesBefore1971() {
        DeadLetter dead = new Decoding(MODEL.replace("UNIT", "ms")).refuse("{\"at\":992608200}");

        assertThat(dead.getDetail())
                .contains("event time 1970-01-12T11:43:28.200Z is before 1971-01-01T00:00:00Z")
                .contains("event_time.unit")
                .contains("event_time.not_before");
    }

    @Test
    void believesOldTimesWhereTheConfigurationDoes() {
        Decoding decoding =
                new Decoding(MODEL.replace("UNIT", "s, not_before: \"1900-01-01T00:00:00Z\""));

        assertThat(decoding.read("{\"at\":-1}").eventTimeMillis()).isEqualTo(-1000);
    }
}
