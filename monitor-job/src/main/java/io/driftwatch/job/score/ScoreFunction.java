package io.driftwatch.job.score;

import io.driftwatch.alerts.rule.Rule;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.metrics.JobMetric;
import io.driftwatch.job.profile.ProfileSource;
import io.driftwatch.job.significance.TestPlan;
import io.driftwatch.job.window.WindowTally;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;

/** Scores every window as it comes; keeps nothing. */
public final class ScoreFunction extends RichFlatMapFunction<WindowTally, Score> {
    private static final long serialVersionUID = 1L;

    private final ModelConfig model;
    private final List<Rule> rules;
    private final TestPlan plan;
    private final Baseline baseline;
    private final ProfileSource profile;
    private transient Scorer scorer;
    private transient Map<ScoreStatus, Counter> counts;

    /**
     * @param rules decide how large a window must be to be of use to them
     */
    public ScoreFunction(
            ModelConfig model,
            List<Rule> rules,
            TestPlan plan,
            Baseline baseline,
            ProfileSource profile) {
        this.model = model;
        this.rules = List.copyOf(rules);
        this.plan = plan;
        this.baseline = baseline;
        this.profile = profile;
    }

    @Override
    public void open(OpenContext context) throws IOException {
        ClassTrust.ensure();
        scorer = new Scorer(model, rules, plan, baseline, profile.open(getRuntimeContext()));
        counts = new EnumMap<>(ScoreStatus.class);
        for (ScoreStatus status : ScoreStatus.values()) {
            counts.put(
                    status,
                    JobMetric.SCORES
                            .in(getRuntimeContext().getMetricGroup(), model.name(), status.name())
                            .counter(JobMetric.SCORES.shortName()));
        }
    }

    @Override
    public void flatMap(WindowTally window, Collector<Score> out) {
        for (Score score : scorer.score(window)) {
            counts.get(score.getStatus()).inc();
            out.collect(score);
        }
    }
}
