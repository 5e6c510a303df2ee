package io.driftwatch.job.judge;

import io.driftwatch.alerts.rule.Combination;
import io.driftwatch.alerts.rule.Combination.Verdict;
import io.driftwatch.alerts.rule.Evaluation;
import io.driftwatch.alerts.rule.Evidence;
import io.driftwatch.alerts.rule.Family;
import io.driftwatch.alerts.rule.Judgement;
import io.driftwatch.alerts.rule.Rule;
import io.driftwatch.alerts.rule.RuleEvaluator;
import io.driftwatch.alerts.rule.RuleState;
import io.driftwatch.alerts.rule.WindowEvidence;
import io.driftwatch.job.judge.WindowVolumes.Volume;
import io.driftwatch.job.live.Live;
import io.driftwatch.job.tally.SampleKey;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.Score;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Holds scores against the rules, all features of a window together: scores wait until the
 * watermark says that the window has them all, and windows are judged in the order of their ends.
 *
 * <p>State of a sample: the scores of windows not yet judged and of the last one that was, one
 * small record for each rule and feature that it has ever judged, and the rows of the last eight
 * windows.
 */
public final class JudgeFunction extends KeyedProcessFunction<SampleKey, Score, Alert> {
    private static final long serialVersionUID = 1L;

    private final Live<JudgeSettings> live;

    private transient List<Rule> rules;
    private transient List<Family> families;
    private transient List<Combination> combinations;
    private transient Map<String, Double> weights;
    private transient MapState<Long, List<Score>> waiting;
    private transient MapState<Long, List<Score>> judged;
    private transient MapState<String, RuleState> states;
    private transient MapState<String, Alert> active;
    private transient WindowVolumes volumes;

    public JudgeFunction(Live<JudgeSettings> live) {
        this.live = live;
    }

    @Override
    public void open(OpenContext context) throws IOException {
        ClassTrust.ensure();
        live.open(getRuntimeContext());
        look();
        waiting =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "waiting",
                                        Types.LONG,
                                        Types.LIST(TypeInformation.of(Score.class))));
        judged =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "judged",
                                        Types.LONG,
                                        Types.LIST(TypeInformation.of(Score.class))));
        states =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "states",
                                        Types.STRING,
                                        TypeInformation.of(RuleState.class)));
        active =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "active", Types.STRING, TypeInformation.of(Alert.class)));
        volumes =
                new WindowVolumes(
                        getRuntimeContext()
                                .getMapState(
                                        new MapStateDescriptor<>(
                                                "volumes", Types.LONG, Types.LONG)));
    }

    /** One window is judged by one version of the settings. */
    private void look() {
        if (live.look()) {
            JudgeSettings now = live.get();
            rules = now.rules();
            families = now.families();
            combinations = now.combinations();
            weights = now.weights();
        }
    }

    @Override
    public void processElement(Score score, Context context, Collector<Alert> out)
            throws Exception {
        look();
        if (active.isEmpty() && rules.stream().noneMatch(rule -> rule.matches(score))) {
            return;
        }
        long last = score.getWindowEnd().toEpochMilli() - 1;
        List<Score> scores = waiting.get(last);
        List<Score> more = scores == null ? new ArrayList<>() : new ArrayList<>(scores);
        more.add(score);
        waiting.put(last, more);
        context.timerService().registerEventTimeTimer(last);
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Alert> out) throws Exception {
        List<Score> scores = waiting.get(time);
        if (scores == null) {
            return;
        }
        waiting.remove(time);
        look();
        endOrphans(out, scores.get(0).getWindowEnd());
        List<Score> ordered = new ArrayList<>(scores);
        ordered.removeIf(score -> !live.get().isWatched(score.getFeature()));
        if (ordered.isEmpty()) {
            return;
        }
        ordered.sort(
                Comparator.comparing(Score::getFeature)
                        .thenComparing(Score::getStatistic)
                        .thenComparingInt(Score::getRevision));
        List<Score> all = withJudged(time, ordered);
        Volume volume = volumes.note(time, all);
        WindowEvidence evidence = WindowEvidence.of(rules, families, all);
        for (Score score : ordered) {
            for (Rule rule : rules) {
                if (rule.matches(score)) {
                    judge(rule, evidence.of(rule, score), volume, out);
                }
            }
        }
        if (!combinations.isEmpty()) {
            combine(verdicts(evidence, all), volume, out);
        }
    }

    /** Nobody else would ever say that an alert is over whose rule or feature is gone. */
    private void endOrphans(Collector<Alert> out, Instant windowEnd) throws Exception {
        if (active.isEmpty()) {
            return;
        }
        List<String> orphans = new ArrayList<>();
        for (Map.Entry<String, Alert> entry : active.entries()) {
            if (!isWatched(entry.getValue()) || !hasRule(entry.getValue())) {
                orphans.add(entry.getKey());
                RuleState ended = states.get(entry.getKey()).ended();
                states.put(entry.getKey(), ended);
                out.collect(
                        Alert.newBuilder(entry.getValue())
                                .setState(AlertState.resolved)
                                .setSequence(ended.sequence())
                                .setEndsAt(windowEnd)
                                .setReason(
                                        isWatched(entry.getValue())
                                                ? "its rule is no longer configured as it was"
                                                : "its feature is no longer watched")
                                .build());
            }
        }
        for (String orphan : orphans) {
            active.remove(orphan);
        }
    }

    private boolean isWatched(Alert alert) {
        return live.get().isWatched(alert.getScore().getFeature());
    }

    private boolean hasRule(Alert alert) {
        return Stream.concat(rules.stream(), combinations.stream().map(Combination::rule))
                .anyMatch(
                        rule ->
                                rule.matches(alert.getScore())
                                        && RuleEvaluator.fingerprint(rule, alert.getScore())
                                                .equals(alert.getFingerprint()));
    }

    private List<Verdict> verdicts(WindowEvidence evidence, List<Score> scores) {
        List<Verdict> verdicts = new ArrayList<>();
        for (Score score : scores) {
            for (Rule rule : rules) {
                if (rule.matches(score)) {
                    Judgement judgement = rule.judge(evidence.of(rule, score));
                    verdicts.add(new Verdict(rule.alert(), score, judgement));
                }
            }
        }
        return verdicts;
    }

    private void combine(List<Verdict> verdicts, Volume volume, Collector<Alert> out)
            throws Exception {
        for (Combination combination : combinations) {
            Optional<Evidence> evidence = combination.evidence(verdicts, weights);
            if (evidence.isPresent()) {
                judge(combination.rule(), evidence.get(), volume, out);
            }
        }
    }

    /**
     * All scores of the window, those included that were judged before: a revision of one feature
     * is still one test of many.
     */
    private List<Score> withJudged(long window, List<Score> scores) throws Exception {
        List<Score> before = judged.get(window);
        Map<String, Score> all = new LinkedHashMap<>();
        for (List<Score> each : List.of(before == null ? List.<Score>of() : before, scores)) {
            for (Score score : each) {
                all.merge(
                        score.getFeature() + '\n' + score.getStatistic(),
                        score,
                        (a, b) -> b.getRevision() < a.getRevision() ? a : b);
            }
        }
        List<Score> latest = List.copyOf(all.values());
        Long last = lastJudged();
        if (last == null || last <= window) {
            // Older windows are not judged again.
            judged.clear();
            judged.put(window, latest);
        }
        return latest;
    }

    private Long lastJudged() throws Exception {
        var windows = judged.keys().iterator();
        return windows.hasNext() ? windows.next() : null;
    }

    @Override
    public void close() {
        live.close();
    }

    private void judge(Rule rule, Evidence evidence, Volume volume, Collector<Alert> out)
            throws Exception {
        String key = rule.alert() + '\n' + evidence.score().getFeature();
        Evaluation judged = RuleEvaluator.evaluate(rule, states.get(key), evidence);
        if (judged.state() != null) {
            states.put(key, judged.state());
        }
        if (judged.transition() != null) {
            Alert alert = judged.transition();
            alert.setWeight(weights.getOrDefault(evidence.score().getFeature(), 1.0));
            alert.setRows(volume.rows());
            alert.setUsualRows(volume.usual());
            if (alert.getState() == AlertState.resolved) {
                active.remove(key);
            } else {
                active.put(key, alert);
            }
            AlertLog.changed(alert);
            out.collect(alert);
        }
    }
}
