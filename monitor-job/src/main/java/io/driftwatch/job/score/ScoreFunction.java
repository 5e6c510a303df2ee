package io.driftwatch.job.score;

import io.driftwatch.job.live.Live;
import io.driftwatch.job.window.WindowTally;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.Score;
import java.io.IOException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/** Scores every window as it comes; keeps nothing. */
public final class ScoreFunction extends RichFlatMapFunction<WindowTally, Score> {
    private static final long serialVersionUID = 1L;

    private final Live<ScoreSettings> live;
    private final Baseline baseline;
    private transient Scorer scorer;

    public ScoreFunction(Live<ScoreSettings> live, Baseline baseline) {
        this.live = live;
        this.baseline = baseline;
    }

    @Override
    public void open(OpenContext context) throws IOException {
        ClassTrust.ensure();
        live.open(getRuntimeContext());
    }

    @Override
    public void flatMap(WindowTally window, Collector<Score> out) {
        if (live.look()) {
            ScoreSettings now = live.get();
            scorer = new Scorer(now.model(), now.rules(), now.plan(), baseline, now.profiles());
        }
        scorer.score(window).forEach(out::collect);
    }

    @Override
    public void close() {
        live.close();
    }
}
