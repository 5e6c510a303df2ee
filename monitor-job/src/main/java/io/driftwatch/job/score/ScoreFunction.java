package io.driftwatch.job.score;

import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.window.WindowTally;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.Score;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/** Scores every window as it comes; keeps nothing. */
public final class ScoreFunction extends RichFlatMapFunction<WindowTally, Score> {
    private static final long serialVersionUID = 1L;

    private final ModelConfig model;
    private final byte[] profileBytes;
    private transient Scorer scorer;

    public ScoreFunction(ModelConfig model, byte[] profileBytes) {
        this.model = model;
        this.profileBytes = profileBytes;
    }

    @Override
    public void open(OpenContext context) {
        ClassTrust.ensure();
        scorer = new Scorer(model, ModelProfiles.read(profileBytes));
    }

    @Override
    public void flatMap(WindowTally window, Collector<Score> out) {
        scorer.score(window).forEach(out::collect);
    }
}
