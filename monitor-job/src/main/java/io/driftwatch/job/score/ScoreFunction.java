package io.driftwatch.job.score;

import io.driftwatch.job.live.Live;
import io.driftwatch.job.metrics.JobMetric;
import io.driftwatch.job.window.WindowTally;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;

/** Scores every window as it comes; keeps nothing. */
public final class ScoreFunction extends RichFlatMapFunction<WindowTally, Score> {
    private static final long serialVersionUID = 1L;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String model;
    private final Live<ScoreSettings> live;
    private final Baseline baseline;
    private transient Scorer scorer;
    private transient Set<String> scored;
    private transient Map<ScoreStatus, Counter> counts;

    /**
     * @param model name of the model
     */
    public ScoreFunction(String model, Live<ScoreSettings> live, Baseline baseline) {
        this.model = model;
        this.live = live;
        this.baseline = baseline;
    }

    @Override
    public void open(OpenContext context) throws IOException {
        ClassTrust.ensure();
        live.open(getRuntimeContext());
        scored = new HashSet<>();
        counts = new EnumMap<>(ScoreStatus.class);
        for (ScoreStatus status : ScoreStatus.values()) {
            counts.put(
                    status,
                    JobMetric.SCORES
                            .in(getRuntimeContext().getMetricGroup(), model, status.name())
                            .counter(JobMetric.SCORES.shortName()));
        }
    }

    @Override
    public void flatMap(WindowTally window, Collector<Score> out) throws InterruptedException {
        look();
        String feature = window.series().feature();
        if (!scorer.isWatched(feature) && !scored.contains(feature)) {
            // It may be counted by a configuration that this process is still to hear of.
            live.awaitChange(feature, PATIENCE);
            look();
        }
        if (!scorer.isWatched(feature)) {
            // What was counted of it before it was taken out.
            return;
        }
        scored.add(feature);
        for (Score score : scorer.score(window)) {
            counts.get(score.getStatus()).inc();
            out.collect(score);
        }
    }

    private void look() {
        if (live.look()) {
            ScoreSettings now = live.get();
            scorer = new Scorer(now.model(), now.rules(), now.plan(), baseline, now.profiles());
        }
    }

    @Override
    public void close() {
        live.close();
    }
}
