package io.driftwatch.job.ruletest;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.config.Durations;
import io.driftwatch.job.ruletest.RuleTest.AlertTest;
import io.driftwatch.job.ruletest.RuleTest.ExpectedAlert;
import io.driftwatch.job.ruletest.RuleTest.ExpectedNotification;
import io.driftwatch.job.ruletest.RuleTest.NotifyTest;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.Notification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a test went.
 *
 * @param name name of the test
 * @param failures what was not as expected, in words; none if all was
 * @param timeline everything that came out, a line each
 */
public record RuleTestRun(String name, List<String> failures, List<String> timeline) {

    /** Runs a test. */
    public static RuleTestRun of(RuleTest test, AlertsConfig config) {
        Rehearsal.Result result = Rehearsal.run(test, config);
        List<String> failures = new ArrayList<>();
        test.alertTests().forEach(each -> check(each, result, failures));
        Duration before = Duration.ofMillis(-1);
        for (NotifyTest each : test.notifyTests()) {
            check(each, before, result, failures);
            before = each.at();
        }
        return new RuleTestRun(test.name(), failures, timeline(result));
    }

    private static void check(AlertTest test, Rehearsal.Result result, List<String> failures) {
        List<Alert> firing = result.firing(test.alertname(), test.at());
        if (!match(test.expected(), firing)) {
            failures.add(
                    "at "
                            + Durations.format(test.at())
                            + ", alertname "
                            + test.alertname()
                            + ": expected "
                            + shown(test.expected())
                            + " to fire, got "
                            + alerts(firing));
        }
    }

    private static void check(
            NotifyTest test, Duration before, Rehearsal.Result result, List<String> failures) {
        List<Notification> sent = result.sent(before, test.at());
        boolean matches = sent.size() == test.expected().size();
        for (int i = 0; matches && i < sent.size(); i++) {
            matches = matches(test.expected().get(i), sent.get(i));
        }
        if (!matches) {
            failures.add(
                    "by "
                            + Durations.format(test.at())
                            + ": expected the notifications "
                            + test.expected().stream().map(RuleTestRun::shown).toList()
                            + ", got "
                            + sent.stream().map(RuleTestRun::shown).toList());
        }
    }

    private static boolean matches(ExpectedNotification expected, Notification sent) {
        return expected.receiver().equals(sent.getReceiver())
                && (expected.status().isEmpty()
                        || expected.status().equals(sent.getStatus().name()))
                && (expected.alerts() == null || match(expected.alerts(), sent.getAlerts()));
    }

    /** Each must match another one; those that say most choose first. */
    private static boolean match(List<ExpectedAlert> expected, List<Alert> alerts) {
        List<ExpectedAlert> choosy = new ArrayList<>(expected);
        choosy.sort((a, b) -> size(b) - size(a));
        List<Alert> left = new ArrayList<>(alerts);
        for (ExpectedAlert each : choosy) {
            Alert found = null;
            for (Alert alert : left) {
                if (alert.getLabels().entrySet().containsAll(each.labels().entrySet())
                        && alert.getAnnotations()
                                .entrySet()
                                .containsAll(each.annotations().entrySet())) {
                    found = alert;
                    break;
                }
            }
            if (found == null) {
                return false;
            }
            left.remove(found);
        }
        return left.isEmpty();
    }

    private static int size(ExpectedAlert expected) {
        return expected.labels().size() + expected.annotations().size();
    }

    private static String shown(ExpectedNotification expected) {
        return expected.receiver()
                + (expected.status().isEmpty() ? "" : " " + expected.status())
                + (expected.alerts() == null ? "" : " " + shown(expected.alerts()));
    }

    private static String shown(List<ExpectedAlert> expected) {
        List<String> all = new ArrayList<>();
        for (ExpectedAlert each : expected) {
            Map<String, String> said = new TreeMap<>(each.labels());
            said.putAll(each.annotations());
            all.add(said.toString());
        }
        return all.toString();
    }

    private static String shown(Notification sent) {
        return sent.getReceiver() + " " + sent.getStatus() + " " + alerts(sent.getAlerts());
    }

    private static String alerts(List<Alert> alerts) {
        return alerts.stream().map(RuleTestRun::labels).toList().toString();
    }

    private static String labels(Alert alert) {
        Map<String, String> shown = new TreeMap<>(alert.getLabels());
        shown.keySet().removeAll(List.of("model", "model_version"));
        return shown.toString();
    }

    private static List<String> timeline(Rehearsal.Result result) {
        Map<Duration, List<String>> lines = new TreeMap<>();
        for (Rehearsal.TimedAlert each : result.alerts()) {
            lines.computeIfAbsent(each.at(), at -> new ArrayList<>())
                    .add(each.alert().getState() + " " + labels(each.alert()));
        }
        for (Notification sent : result.notifications()) {
            Duration at = Duration.between(result.start(), sent.getCreatedAt());
            lines.computeIfAbsent(at, unused -> new ArrayList<>()).add("to " + shown(sent));
        }
        List<String> all = new ArrayList<>();
        lines.forEach(
                (at, each) -> each.forEach(line -> all.add(Durations.format(at) + "  " + line)));
        return all;
    }
}
