package io.driftwatch.benchmarks;

import org.apache.flink.api.common.accumulators.ListAccumulator;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/** Keeps the scores for the job's result. They are few: a window has one a feature. */
public final class WindowScoresFunction extends RichMapFunction<WindowScore, WindowScore> {
    static final String RESULT = "window_scores";

    private static final long serialVersionUID = 1L;

    private final ListAccumulator<WindowScore> scores = new ListAccumulator<>();

    @Override
    public void open(OpenContext context) {
        getRuntimeContext().addAccumulator(RESULT, scores);
    }

    @Override
    public WindowScore map(WindowScore score) {
        scores.add(score);
        return score;
    }
}
