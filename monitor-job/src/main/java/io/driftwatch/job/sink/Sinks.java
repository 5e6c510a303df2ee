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
}
