package io.driftwatch.job.retrain;

import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * Says which versions of models are scored, each once in the life of a subtask. What is said again
 * after a restart is known already.
 */
public final class VersionsFunction implements FlatMapFunction<Score, RetrainEvent> {
    private static final long serialVersionUID = 1L;

    private final Map<String, Set<String>> seen = new HashMap<>();

    @Override
    public void flatMap(Score score, Collector<RetrainEvent> out) {
        if (score.getStatus() == ScoreStatus.scored
                && seen.computeIfAbsent(score.getModel(), model -> new HashSet<>())
                        .add(score.getModelVersion())) {
            out.collect(RetrainEvent.seen(score.getModel(), score.getModelVersion()));
        }
    }
}
