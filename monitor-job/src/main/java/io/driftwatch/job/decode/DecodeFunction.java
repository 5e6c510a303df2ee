package io.driftwatch.job.decode;

import io.driftwatch.job.RecordCounts;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.DeadLetter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Parts what was decoded from what was not. The decoding itself happens inside the source, where
 * every partition keeps its own watermark: a partition that is read ahead of the others must not
 * make theirs late.
 */
public final class DecodeFunction extends ProcessFunction<Decoded, Observation> {
    private static final long serialVersionUID = 1L;

    private final String model;
    private final OutputTag<DeadLetter> deadLetterTag;
    private transient RecordCounts counts;

    public DecodeFunction(String model, OutputTag<DeadLetter> deadLetterTag) {
        this.model = model;
        this.deadLetterTag = deadLetterTag;
    }

    @Override
    public void open(OpenContext context) {
        ClassTrust.ensure();
        counts = RecordCounts.whereDecoded(getRuntimeContext(), model);
    }

    @Override
    public void processElement(Decoded decoded, Context context, Collector<Observation> out) {
        counts.in();
        DeadLetter dead = decoded.deadLetter();
        if (dead == null) {
            out.collect(decoded.observation());
        } else {
            counts.deadLettered(dead.getReason());
            context.output(deadLetterTag, dead);
        }
    }
}
