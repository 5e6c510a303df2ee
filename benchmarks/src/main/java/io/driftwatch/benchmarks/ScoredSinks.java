package io.driftwatch.benchmarks;

import io.driftwatch.job.Stage;
import io.driftwatch.job.sink.Sinks;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The monitor job's sinks, and its scores in the job's result as well.
 *
 * @param sinks where everything goes
 */
record ScoredSinks(Sinks sinks) implements Sinks {

    @Override
    public void scores(DataStream<Score> scores) {
        sinks.scores(scores);
        keep(
                scores.filter(score -> score.getStatus() == ScoreStatus.scored)
                        .uid(Stage.SCORE.uid("scored"))
                        .map(ScoredSinks::plain, TypeInformation.of(WindowScore.class))
                        .uid(Stage.SCORE.uid("plain")));
    }

    /** Ends a flow: the scores go into the job's result, and nowhere else. */
    static void keep(DataStream<WindowScore> scores) {
        scores.map(new WindowScoresFunction(), TypeInformation.of(WindowScore.class))
                .uid(Stage.SCORE.uid("kept"))
                .sinkTo(new DiscardingSink<>())
                .uid(Stage.SINK.uid("kept"));
    }

    private static WindowScore plain(Score score) {
        return new WindowScore(
                score.getFeature(),
                score.getWindowStart().toEpochMilli(),
                score.getStatistic(),
                score.getCount(),
                score.getValue(),
                score.getLower(),
                score.getUpper());
    }

    @Override
    public void alerts(DataStream<Alert> alerts) {
        sinks.alerts(alerts);
    }

    @Override
    public void late(DataStream<DeadLetter> late) {
        sinks.late(late);
    }

    @Override
    public void deadLetters(DataStream<DeadLetter> deadLetters) {
        sinks.deadLetters(deadLetters);
    }
}
