package io.driftwatch.benchmarks;

import io.driftwatch.job.Stage;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.decode.Decoded;
import io.driftwatch.job.live.LivePlan;
import io.driftwatch.job.source.Sources;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Sends whole records over the network, to where their model version is counted.
 *
 * @param sources where the records come from
 */
record KeyedSources(Sources sources) implements Sources {

    @Override
    public List<SingleOutputStreamOperator<Decoded>> open(
            StreamExecutionEnvironment env, ModelConfig model, StreamConfig stream, LivePlan plan) {
        return sources.open(env, model, stream, plan).stream()
                .map(records -> keyed(records, model))
                .toList();
    }

    private static SingleOutputStreamOperator<Decoded> keyed(
            SingleOutputStreamOperator<Decoded> records, ModelConfig model) {
        return records.keyBy(KeyedSources::version, Types.STRING)
                .map(decoded -> decoded, records.getType())
                .uid(Stage.DECODE.uid(model.name(), "keyed"))
                .name(model.name() + ": keyed");
    }

    private static String version(Decoded decoded) {
        return decoded.observation() == null ? "" : decoded.observation().version();
    }
}
