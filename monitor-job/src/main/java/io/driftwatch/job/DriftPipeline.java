package io.driftwatch.job;

import io.driftwatch.alerts.log.LogFields;
import io.driftwatch.alerts.rule.NoDataRule;
import io.driftwatch.alerts.rule.Rule;
import io.driftwatch.job.canary.CanaryModel;
import io.driftwatch.job.cli.Version;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.decode.DecodeFunction;
import io.driftwatch.job.decode.Decoded;
import io.driftwatch.job.decode.Observation;
import io.driftwatch.job.judge.JudgeFunction;
import io.driftwatch.job.judge.JudgeSettings;
import io.driftwatch.job.judge.NoDataOperator;
import io.driftwatch.job.judge.StreamWindow;
import io.driftwatch.job.live.Live;
import io.driftwatch.job.live.LiveControl;
import io.driftwatch.job.live.LiveModel;
import io.driftwatch.job.live.LivePlan;
import io.driftwatch.job.metrics.AlertMark;
import io.driftwatch.job.metrics.AlertMetricsFunction;
import io.driftwatch.job.metrics.ScoreMark;
import io.driftwatch.job.metrics.ScoreMetricsFunction;
import io.driftwatch.job.profile.LoadedProfile;
import io.driftwatch.job.profile.LoadedProfiles;
import io.driftwatch.job.profile.ProfileSource;
import io.driftwatch.job.profile.ShippedProfile;
import io.driftwatch.job.score.Baseline;
import io.driftwatch.job.score.ScoreFunction;
import io.driftwatch.job.score.ScoreSettings;
import io.driftwatch.job.sink.Sinks;
import io.driftwatch.job.source.Sources;
import io.driftwatch.job.tally.KnownPlan;
import io.driftwatch.job.tally.PaneTally;
import io.driftwatch.job.tally.SampleKey;
import io.driftwatch.job.tally.SeriesKey;
import io.driftwatch.job.tally.TallyOperator;
import io.driftwatch.job.window.Panes;
import io.driftwatch.job.window.WindowFunction;
import io.driftwatch.job.window.WindowOperator;
import io.driftwatch.job.window.WindowTally;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.Score;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The monitor job: source, decode, tally, window, score, judge. Every model has operators of its
 * own, so that one whose stream lags or stops never holds back the windows of another.
 */
public final class DriftPipeline {
    private static final Logger LOG = LoggerFactory.getLogger(DriftPipeline.class);
    private static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", TypeInformation.of(DeadLetter.class));
    private static final OutputTag<DeadLetter> LATE =
            new OutputTag<>("late", TypeInformation.of(DeadLetter.class));

    private final Sources sources;
    private final Baseline baseline;
    private final List<DataStream<DeadLetter>> deadLetters = new ArrayList<>();
    private final List<DataStream<DeadLetter>> late = new ArrayList<>();
    private final List<DataStream<Score>> scores = new ArrayList<>();
    private final List<DataStream<Alert>> alerts = new ArrayList<>();

    private DriftPipeline(Sources sources, Baseline baseline) {
        this.sources = sources;
        this.baseline = baseline;
    }

    /** The alerts of the defined job, for a flow that goes on in the same job. */
    public static DataStream<Alert> define(
            StreamExecutionEnvironment env,
            MonitorConfig config,
            LoadedProfiles profiles,
            Sources from,
            Sinks to) {
        return define(env, config, profiles, Baseline.REFERENCE, null, from, to);
    }

    /**
     * As above, with windows compared with something else, and with a configuration that may change
     * while the job runs.
     *
     * @param liveOrNull where it is published; null if it stays as it is
     */
    public static DataStream<Alert> define(
            StreamExecutionEnvironment env,
            MonitorConfig config,
            LoadedProfiles profiles,
            Baseline baseline,
            LiveControl liveOrNull,
            Sources from,
            Sinks to) {
        DriftPipeline pipeline = new DriftPipeline(from, baseline);
        for (ModelConfig model : config.models()) {
            LoadedProfile profile = profiles.of(model);
            ProfileSource shipped = ShippedProfile.register(env, model.name(), profile);
            pipeline.model(env, new LiveModel(liveOrNull, config, model, shipped), profile);
        }
        DataStream<Alert> alerts = union(pipeline.alerts);
        to.scores(union(pipeline.scores));
        to.alerts(
                from.areLive() && config.hasCanary()
                        ? alerts.union(pipeline.canary(env, config))
                        : alerts);
        to.late(union(pipeline.late));
        to.deadLetters(union(pipeline.deadLetters));
        if (from.areLive()) {
            observe(union(pipeline.scores), alerts, config);
        }
        return alerts;
    }

    /**
     * The alerts of the canary, which goes through the same operators as any model. Its scores are
     * nobody's, and its alerts no metric's.
     */
    private DataStream<Alert> canary(StreamExecutionEnvironment env, MonitorConfig config) {
        DriftPipeline own = new DriftPipeline(sources, Baseline.REFERENCE);
        own.model(env, CanaryModel.live(config), CanaryModel.profile());
        late.addAll(own.late);
        deadLetters.addAll(own.deadLetters);
        return union(own.alerts);
    }

    private static void say(ModelConfig model, LoadedProfile profile, List<Rule> rules) {
        try (LogFields fields = LogFields.open().with(LogFields.MODEL, model.name())) {
            LOG.info(
                    "Model {}: windows of {} every {}, {} features, {} rules",
                    model.name(),
                    model.window().size(),
                    model.window().slide(),
                    profile.features().size(),
                    rules.size());
        }
    }

    /** What is scored and judged, as metrics: one subtask each, which sees all of it. */
    private static void observe(
            DataStream<Score> scores, DataStream<Alert> alerts, MonitorConfig config) {
        boolean segments = config.metrics().segments();
        scores.flatMap(
                        (Score score, Collector<ScoreMark> out) -> {
                            if (ScoreMark.isShown(score, segments)) {
                                out.collect(ScoreMark.of(score));
                            }
                        },
                        TypeInformation.of(ScoreMark.class))
                .uid(Stage.OBSERVE.uid("score-marks"))
                .name("what metrics show of scores")
                .process(
                        new ScoreMetricsFunction(
                                config.models(), config.metrics(), Version.number()),
                        Types.VOID)
                .setParallelism(1)
                .uid(Stage.OBSERVE.uid("scores"))
                .name("metrics of scores");
        alerts.map(AlertMark::of, TypeInformation.of(AlertMark.class))
                .uid(Stage.OBSERVE.uid("alert-marks"))
                .name("what metrics show of alerts")
                .process(
                        new AlertMetricsFunction(
                                config.models().stream().map(ModelConfig::name).toList()),
                        Types.VOID)
                .setParallelism(1)
                .uid(Stage.OBSERVE.uid("alerts"))
                .name("metrics of alerts");
    }

    private void model(StreamExecutionEnvironment env, LiveModel live, LoadedProfile profile) {
        ModelConfig model = live.model();
        List<DataStream<PaneTally>> tallies = new ArrayList<>();
        Map<String, String> streamByFeature = new LinkedHashMap<>();
        for (StreamConfig stream : model.streams()) {
            LivePlan plan = live.plan(stream, profile.features());
            plan.own().anyFeature().ifPresent(any -> streamByFeature.put(any, stream.role().key()));
            int part = 0;
            for (SingleOutputStreamOperator<Decoded> records :
                    sources.open(env, model, stream, plan)) {
                String[] id = part == 0 ? id(model, stream) : id(model, stream, part);
                SingleOutputStreamOperator<Observation> decoded = decode(records, model, id);
                tallies.add(tally(decoded, live, plan, id));
                part++;
            }
        }
        if (tallies.isEmpty()) {
            return;
        }
        SingleOutputStreamOperator<WindowTally> windows =
                window(union(tallies), model, streamByFeature.keySet());
        say(model, profile, live.config().alerts().rules());
        SingleOutputStreamOperator<Score> scored = score(windows, live);
        scores.add(scored);
        JudgeFunction judge = new JudgeFunction(live.setting(JudgeSettings::of));
        alerts.add(judge(scored, model, judge));
        boolean mayChange = live.controlOrNull() != null;
        if (mayChange || !silenceRules(live.config(), model).isEmpty()) {
            alerts.add(judgeSilence(windows, live, streamByFeature));
        }
    }

    private static List<NoDataRule> silenceRules(MonitorConfig config, ModelConfig model) {
        return config.alerts().noDataRules().stream()
                .filter(rule -> rule.models().matches(model.name()))
                .toList();
    }

    private SingleOutputStreamOperator<Observation> decode(
            SingleOutputStreamOperator<Decoded> records, ModelConfig model, String... id) {
        SingleOutputStreamOperator<Observation> decoded =
                records.process(
                                new DecodeFunction(model.name(), DEAD_LETTERS),
                                TypeInformation.of(Observation.class))
                        .uid(Stage.DECODE.uid(id))
                        .name(String.join(" ", id) + ": decode");
        deadLetters.add(decoded.getSideOutput(DEAD_LETTERS));
        return decoded;
    }

    private SingleOutputStreamOperator<PaneTally> tally(
            SingleOutputStreamOperator<Observation> decoded,
            LiveModel live,
            LivePlan plan,
            String... id) {
        Panes panes = Panes.of(live.model().window());
        Live<List<KnownPlan>> plans = live.plans(plan);
        SingleOutputStreamOperator<PaneTally> tallies =
                decoded.transform(
                                String.join(" ", id) + ": tally",
                                TypeInformation.of(PaneTally.class),
                                new TallyOperator(plans, panes, LATE, DEAD_LETTERS))
                        .uid(Stage.TALLY.uid(id));
        late.add(tallies.getSideOutput(LATE));
        deadLetters.add(tallies.getSideOutput(DEAD_LETTERS));
        return tallies;
    }

    private SingleOutputStreamOperator<WindowTally> window(
            DataStream<PaneTally> tallies, ModelConfig model, Set<String> accounting) {
        WindowFunction merge =
                new WindowFunction(model.name(), Panes.of(model.window()), LATE, accounting);
        SingleOutputStreamOperator<WindowTally> windows =
                tallies.keyBy(PaneTally::series, TypeInformation.of(SeriesKey.class))
                        .transform(
                                model.name() + ": window",
                                TypeInformation.of(WindowTally.class),
                                new WindowOperator(merge))
                        .uid(Stage.WINDOW.uid(model.name()));
        late.add(windows.getSideOutput(LATE));
        return windows;
    }

    private SingleOutputStreamOperator<Score> score(
            DataStream<WindowTally> windows, LiveModel live) {
        return windows.flatMap(
                        new ScoreFunction(
                                live.model().name(), live.setting(ScoreSettings::of), baseline),
                        TypeInformation.of(Score.class))
                .uid(Stage.SCORE.uid(live.model().name()))
                .name(live.model().name() + ": score");
    }

    private static SingleOutputStreamOperator<Alert> judge(
            DataStream<Score> scores, ModelConfig model, JudgeFunction judge) {
        return scores.keyBy(DriftPipeline::sample, TypeInformation.of(SampleKey.class))
                .process(judge, TypeInformation.of(Alert.class))
                .uid(Stage.JUDGE.uid(model.name()))
                .name(model.name() + ": judge");
    }

    private SingleOutputStreamOperator<Alert> judgeSilence(
            DataStream<WindowTally> windows, LiveModel live, Map<String, String> streamByFeature) {
        ModelConfig model = live.model();
        Map<String, String> streams = Map.copyOf(streamByFeature);
        return windows.flatMap(
                        (WindowTally window, Collector<StreamWindow> out) -> {
                            String stream = streams.get(window.series().feature());
                            if (stream != null && window.series().sample().isWhole()) {
                                out.collect(new StreamWindow(stream, window.windowEndMillis()));
                            }
                        },
                        TypeInformation.of(StreamWindow.class))
                .uid(Stage.JUDGE.uid(model.name(), "heard"))
                .name(model.name() + ": heard")
                .transform(
                        model.name() + ": silence",
                        TypeInformation.of(Alert.class),
                        new NoDataOperator(
                                model.name(),
                                List.copyOf(streamByFeature.values()),
                                live.setting((config, one, p) -> silenceRules(config, one)),
                                sources.areLive()))
                .setParallelism(1)
                .uid(Stage.JUDGE.uid(model.name(), "silence"));
    }

    private static SampleKey sample(Score score) {
        var segment = score.getSegment().entrySet().stream().findFirst();
        return new SampleKey(
                score.getModel(),
                score.getModelVersion(),
                segment.map(Map.Entry::getKey).orElse(""),
                segment.map(Map.Entry::getValue).orElse(""));
    }

    private static String[] id(ModelConfig model, StreamConfig stream) {
        return new String[] {model.name(), stream.role().key()};
    }

    private static String[] id(ModelConfig model, StreamConfig stream, int part) {
        return new String[] {model.name(), stream.role().key(), Integer.toString(part)};
    }

    @SuppressWarnings("unchecked")
    private static <T> DataStream<T> union(List<? extends DataStream<T>> streams) {
        DataStream<T> first = streams.get(0);
        return first.union(streams.subList(1, streams.size()).toArray(DataStream[]::new));
    }
}
