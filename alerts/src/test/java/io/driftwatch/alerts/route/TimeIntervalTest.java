package io.driftwatch.alerts.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.config.ConfigMapping;
import io.driftwatch.alerts.config.Problems;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Holds time intervals against Alertmanager's documentation
 * (https://prometheus.io/docs/alerting/latest/configuration/#time_interval-0). 2026-11-21 is a
 * Saturday.
 */
class TimeIntervalTest {
    private static Route route(String interval, String use) {
        Problems problems = new Problems();
        String text =
                "receivers: [{name: a}]\n"
                        + ("time_intervals: [{name: t, time_intervals: [" + interval + "]}]\n")
                        + ("route: {receiver: a, routes: [{" + use + ": [t]}]}\n");
        AlertsConfig config =
                AlertsConfig.read(ConfigMapping.parse("a.yaml", text, problems), problems);
        assertThat(problems.list()).isEmpty();
        return config.routes().routes().get(0).route();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{} | 2026-11-21T12:00:00Z | true",
                "{times: [{start_time: '09:00', end_time: '17:00'}]} | 2026-11-21T09:00:00Z | true",
                "{times: [{start_time: '09:00', end_time: '17:00'}]} | 2026-11-21T08:59:59Z | false",
                "{times: [{start_time: '09:00', end_time: '17:00'}]} | 2026-11-21T16:59:59Z | true",
                "{times: [{start_time: '09:00', end_time: '17:00'}]} | 2026-11-21T17:00:00Z | false",
                "{times: [{start_time: '22:00', end_time: '24:00'}, {start_time: '00:00', end_time: '06:00'}]} | 2026-11-21T23:59:59Z | true",
                "{times: [{start_time: '22:00', end_time: '24:00'}, {start_time: '00:00', end_time: '06:00'}]} | 2026-11-21T05:00:00Z | true",
                "{weekdays: ['saturday', 'sunday']} | 2026-11-21T00:00:00Z | true",
                "{weekdays: ['Saturday:Sunday']} | 2026-11-23T00:00:00Z | false",
                "{weekdays: ['monday:friday']} | 2026-11-20T23:59:59Z | true",
                "{days_of_month: ['21']} | 2026-11-21T00:00:00Z | true",
                "{days_of_month: ['-1']} | 2026-11-30T00:00:00Z | true",
                "{days_of_month: ['-1']} | 2024-02-29T00:00:00Z | true",
                "{days_of_month: ['-1']} | 2024-02-28T00:00:00Z | false",
                "{days_of_month: ['-3:-1']} | 2026-02-26T00:00:00Z | true",
                "{days_of_month: ['-3:-1']} | 2026-02-25T00:00:00Z | false",
                "{days_of_month: ['29:31']} | 2026-02-28T00:00:00Z | false",
                "{days_of_month: ['25:31']} | 2026-02-28T00:00:00Z | true",
                "{months: ['november:december']} | 2026-11-21T00:00:00Z | true",
                "{months: ['1:3', '12']} | 2026-12-21T00:00:00Z | true",
                "{months: ['1:3']} | 2026-11-21T00:00:00Z | false",
                "{years: ['2025:2026']} | 2026-11-21T00:00:00Z | true",
                "{years: ['2025']} | 2026-11-21T00:00:00Z | false",
                "{weekdays: ['saturday'], months: ['may']} | 2026-11-21T00:00:00Z | false",
                "{weekdays: ['sunday'], location: 'Australia/Sydney'} | 2026-11-21T14:00:00Z | true",
                "{times: [{start_time: '02:00', end_time: '03:00'}], location: 'Europe/Berlin'} | 2026-03-29T00:59:59Z | false",
                "{times: [{start_time: '03:00', end_time: '04:00'}], location: 'Europe/Berlin'} | 2026-03-29T01:00:00Z | true",
                "{times: [{start_time: '02:00', end_time: '03:00'}], location: 'Europe/Berlin'} | 2026-10-25T00:30:00Z | true",
                "{times: [{start_time: '02:00', end_time: '03:00'}], location: 'Europe/Berlin'} | 2026-10-25T01:30:00Z | true",
            })
    void containsWhatAlertmanagersDo(String interval, String moment, boolean inside) {
        Route muted = route(interval, "mute_time_intervals");
        Route active = route(interval, "active_time_intervals");

        assertThat(muted.silentAt(Instant.parse(moment)).isPresent()).isEqualTo(inside);
        assertThat(active.silentAt(Instant.parse(moment)).isPresent()).isEqualTo(!inside);
    }

    @Test
    void saysWhyNothingIsTold() {
        Instant now = Instant.parse("2026-11-21T00:00:00Z");

        assertThat(route("{}", "mute_time_intervals").silentAt(now)).contains("muted by t");
        assertThat(route("{years: [2025]}", "active_time_intervals").silentAt(now))
                .contains("outside t");
    }
}
