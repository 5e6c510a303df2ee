package io.driftwatch.job.profile;

import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.decode.RecordCursor;
import java.io.IOException;
import java.util.Set;

/** Reference rows of one stream. They are read more than once. */
public interface ReferenceInput {
    /** The stream whose records these are. */
    StreamConfig stream();

    /** What people call it: a file, or a topic. */
    String name();

    /** Paths of the single values that the rows hold. */
    Set<String> columns() throws IOException;

    /** The rows from the beginning. */
    RecordCursor open(FieldPlan plan) throws IOException;

    /** Share of the current reading that is done, from 0 to 1; NaN if unknown. */
    double share();
}
