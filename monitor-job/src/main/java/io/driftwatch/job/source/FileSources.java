package io.driftwatch.job.source;

import io.driftwatch.job.Stage;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.config.StreamRole;
import io.driftwatch.job.decode.Decoded;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.live.LivePlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.enumerate.NonSplittingRecursiveEnumerator;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Reads streams from files, once. Every file is a source of its own, so that the windows follow the
 * slowest of them and none makes another's records late.
 */
public final class FileSources implements Sources {

    /**
     * A file given for a stream.
     *
     * @param model name of the model
     * @param role role of the stream
     * @param path the file
     */
    public record Input(String model, StreamRole role, Path path) {}

    private final List<Input> inputs;
    private final TimeRange range;

    public FileSources(List<Input> inputs, TimeRange range) {
        this.inputs = List.copyOf(inputs);
        this.range = range;
    }

    @Override
    public boolean areLive() {
        return false;
    }

    @Override
    public List<SingleOutputStreamOperator<Decoded>> open(
            StreamExecutionEnvironment env, ModelConfig model, StreamConfig stream, LivePlan plan) {
        List<SingleOutputStreamOperator<Decoded>> opened = new ArrayList<>();
        for (Input input : inputs) {
            if (input.model().equals(model.name()) && input.role() == stream.role()) {
                opened.add(open(env, model, stream, plan.own(), input.path(), opened.size()));
            }
        }
        return opened;
    }

    private SingleOutputStreamOperator<Decoded> open(
            StreamExecutionEnvironment env,
            ModelConfig model,
            StreamConfig stream,
            FieldPlan plan,
            Path file,
            int part) {
        FileSource<Decoded> source =
                FileSource.forRecordStreamFormat(
                                new DecodingFormat(
                                        model.name(), plan, file.getFileName().toString()),
                                new org.apache.flink.core.fs.Path(file.toUri()))
                        // Flink's own passes over names that begin with a dot or an underscore.
                        .setFileEnumerator(() -> new NonSplittingRecursiveEnumerator(any -> true))
                        .build();
        String name = model.name() + " " + stream.role().key() + ": source " + file.getFileName();
        String[] id = {model.name(), stream.role().key(), Integer.toString(part)};
        SingleOutputStreamOperator<Decoded> records =
                env.fromSource(source, PaneWatermarks.strategy(model, stream), name)
                        .setParallelism(1)
                        .uid(Stage.SOURCE.uid(id));
        return range.of(records, id);
    }
}
