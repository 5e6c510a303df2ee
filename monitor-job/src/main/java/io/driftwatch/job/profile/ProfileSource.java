package io.driftwatch.job.profile;

import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.api.common.functions.RuntimeContext;

/** Where an operator finds its model's profiles when it starts. */
@FunctionalInterface
public interface ProfileSource extends Serializable {
    /**
     * The profiles; all operators of a process get the same ones.
     *
     * @throws IOException if the file is not what was checked when the job was defined
     */
    ModelProfiles open(RuntimeContext context) throws IOException;
}
