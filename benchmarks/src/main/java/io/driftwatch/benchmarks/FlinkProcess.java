package io.driftwatch.benchmarks;

import java.util.Arrays;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;

/** A process of a Flink cluster, as Flink's scripts would start it, that ends with its input. */
final class FlinkProcess {
    /** Which process. */
    enum Role {
        JOB_MANAGER,
        TASK_MANAGER
    }

    private FlinkProcess() {}

    /** Takes the role and what Flink's own program of that role takes. */
    public static void main(String[] args) throws Exception {
        EndWithInput.watch();
        String[] rest = Arrays.copyOfRange(args, 1, args.length);
        switch (Role.valueOf(args[0])) {
            case JOB_MANAGER -> StandaloneSessionClusterEntrypoint.main(rest);
            case TASK_MANAGER -> TaskManagerRunner.main(rest);
        }
    }
}
