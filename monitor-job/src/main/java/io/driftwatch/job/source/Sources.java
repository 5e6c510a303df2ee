package io.driftwatch.job.source;

import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.decode.Decoded;
import io.driftwatch.job.live.LivePlan;
import java.util.List;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Where observations come from: Kafka in production, files in a replay. */
public interface Sources {
    /**
     * The records of one stream, decoded, with event times and watermarks. Usually one; several
     * where a replay reads several files for the stream; none where it reads none.
     */
    List<SingleOutputStreamOperator<Decoded>> open(
            StreamExecutionEnvironment env, ModelConfig model, StreamConfig stream, LivePlan plan);

    /** Says whether records come as they are made, so that none for a while means something. */
    default boolean areLive() {
        return true;
    }
}
