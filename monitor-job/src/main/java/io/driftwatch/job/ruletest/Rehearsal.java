package io.driftwatch.job.ruletest;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.rule.Combination;
import io.driftwatch.alerts.rule.Combination.Verdict;
import io.driftwatch.alerts.rule.Evaluation;
import io.driftwatch.alerts.rule.Evidence;
import io.driftwatch.alerts.rule.NoDataRule;
import io.driftwatch.alerts.rule.NoDataState;
import io.driftwatch.alerts.rule.Rule;
import io.driftwatch.alerts.rule.RuleEvaluator;
import io.driftwatch.alerts.rule.RuleState;
import io.driftwatch.alerts.rule.WindowEvidence;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.ruletest.RuleTest.Series;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.DriftSeverity;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs a test: the scores of one window after the other through the rules, the alerts through the
 * routes. Time is that of the windows: an alert comes when its window ends. Budgets of false alarms
 * need a reference profile, which a test does not have; a rule that has one is held to its
 * threshold alone.
 */
final class Rehearsal {
    private final RuleTest test;
    private final AlertsConfig config;
    private final Router router;
    private final Map<String, RuleState> states = new HashMap<>();
    private final Map<String, NoDataState> silences = new LinkedHashMap<>();
    private final List<TimedAlert> alerts = new ArrayList<>();

    /** A change of an alert, and when it came. */
    record TimedAlert(Duration at, Alert alert) {}

    private Rehearsal(RuleTest test, AlertsConfig config) {
        ClassTrust.ensure();
        this.test = test;
        this.config = config;
        this.router = new Router(config);
    }

    /** What came out. */
    record Result(List<TimedAlert> alerts, List<Notification> notifications, Instant start) {
        /** The alerts of a name that fire at a time. */
        List<Alert> firing(String alertname, Duration at) {
            Map<String, Alert> last = new LinkedHashMap<>();
            for (TimedAlert each : alerts) {
                boolean isOfName = alertname.equals(each.alert().getLabels().get("alertname"));
                if (isOfName && each.at().compareTo(at) <= 0) {
                    last.put(each.alert().getFingerprint(), each.alert());
                }
            }
            return last.values().stream().filter(a -> a.getState() == AlertState.firing).toList();
        }

        /** The notifications after one time and until another one. */
        List<Notification> sent(Duration after, Duration until) {
            return notifications.stream()
                    .filter(n -> n.getCreatedAt().isAfter(start.plus(after)))
                    .filter(n -> !n.getCreatedAt().isAfter(start.plus(until)))
                    .toList();
        }
    }

    static Result run(RuleTest test, AlertsConfig config) {
        return new Rehearsal(test, config).run();
    }

    private Result run() {
        beginSilences();
        int windows = test.series().stream().mapToInt(s -> s.values().size()).max().orElse(0);
        for (int window = 0; window < windows; window++) {
            judge(window);
        }
        router.advance(test.start().plus(lastTime(windows)).toEpochMilli());
        return new Result(alerts, router.sent(), test.start());
    }

    private Duration lastTime(int windows) {
        Duration last = test.interval().multipliedBy(windows);
        for (RuleTest.AlertTest each : test.alertTests()) {
            last = each.at().compareTo(last) > 0 ? each.at() : last;
        }
        for (RuleTest.NotifyTest each : test.notifyTests()) {
            last = each.at().compareTo(last) > 0 ? each.at() : last;
        }
        return last;
    }

    private void judge(int window) {
        Map<Map<String, String>, List<Score>> bySample = new LinkedHashMap<>();
        for (Series series : test.series()) {
            if (window < series.values().size() && series.values().get(window) != null) {
                bySample.computeIfAbsent(series.segment(), segment -> new ArrayList<>())
                        .add(score(series, window));
            }
        }
        Instant end = end(window);
        judgeSilence(!bySample.isEmpty(), end.toEpochMilli());
        bySample.forEach((segment, scores) -> judge(segment, scores, end));
    }

    private void beginSilences() {
        for (NoDataRule rule : config.noDataRules()) {
            for (StreamConfig stream : test.model().streams()) {
                if (rule.models().matches(test.model().name())) {
                    String role = stream.role().key();
                    silences.put(
                            rule.alert() + "\n" + role,
                            rule.begin(test.model().name(), role, test.start().toEpochMilli()));
                }
            }
        }
    }

    private void judgeSilence(boolean isHeard, long now) {
        for (NoDataRule rule : config.noDataRules()) {
            for (Map.Entry<String, NoDataState> entry : silences.entrySet()) {
                if (entry.getValue().alert().equals(rule.alert())) {
                    NoDataRule.Step step =
                            isHeard
                                    ? rule.hear(entry.getValue(), now, now)
                                    : rule.look(entry.getValue(), now);
                    entry.setValue(step.state());
                    emit(step.transition(), Instant.ofEpochMilli(now));
                }
            }
        }
    }

    private void judge(Map<String, String> segment, List<Score> scores, Instant end) {
        WindowEvidence evidence = WindowEvidence.of(config.rules(), List.of(), scores);
        List<Verdict> verdicts = new ArrayList<>();
        for (Score score : scores) {
            for (Rule rule : config.rules()) {
                if (rule.matches(score)) {
                    Evidence judged = evidence.of(rule, score);
                    verdicts.add(new Verdict(rule.alert(), score, rule.judge(judged)));
                    evaluate(rule, judged, segment, end);
                }
            }
        }
        for (Combination combination : config.combinations()) {
            combination
                    .evidence(verdicts, test.model().weights())
                    .ifPresent(found -> evaluate(combination.rule(), found, segment, end));
        }
    }

    private void evaluate(Rule rule, Evidence evidence, Map<String, String> segment, Instant end) {
        String key =
                rule.alert() + "\n" + new TreeMap<>(segment) + "\n" + evidence.score().getFeature();
        Evaluation evaluation = RuleEvaluator.evaluate(rule, states.get(key), evidence);
        states.put(key, evaluation.state());
        emit(evaluation.transition(), end);
    }

    private void emit(Alert alertOrNull, Instant at) {
        if (alertOrNull != null) {
            alerts.add(new TimedAlert(Duration.between(test.start(), at), alertOrNull));
            router.route(alertOrNull, at.toEpochMilli());
        }
    }

    private Instant end(int window) {
        return test.start().plus(test.interval().multipliedBy(window + 1L));
    }

    private Score score(Series series, int window) {
        Double value = series.values().get(window);
        return Score.newBuilder()
                .setModel(test.model().name())
                .setModelVersion(test.version())
                .setSegment(series.segment())
                .setFeature(series.feature())
                .setStatistic(series.statistic())
                .setValue(value)
                .setLower(value)
                .setUpper(value)
                .setPValue(series.pValue())
                .setSeverity(
                        series.severity() == null ? null : DriftSeverity.valueOf(series.severity()))
                .setCount(series.count())
                .setReferenceCount(series.count())
                .setWindowStart(end(window).minus(test.interval()))
                .setWindowEnd(end(window))
                .setStatus(ScoreStatus.scored)
                .setRevision(0)
                .build();
    }
}
