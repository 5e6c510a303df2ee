package io.driftwatch.job.sink;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.Score;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Where the results of the monitor job go. */
public interface Sinks {
    void scores(DataStream<Score> scores);

    void alerts(DataStream<Alert> alerts);

    /** Records that came after their windows were closed. */
    void late(DataStream<DeadLetter> late);

    /** Records that could not be decoded. */
    void deadLetters(DataStream<DeadLetter> deadLetters);

    /**
     * As above, of which there are hardly ever any, by a sink of their own: joined with those of a
     * decoder they would tear its sink from its chain, which costs every record some of its time.
     *
     * @param of names the sink
     */
    default void deadLetters(DataStream<DeadLetter> deadLetters, String of) {
        throw new UnsupportedOperationException("these sinks are not of a job that runs for ever");
    }
}
