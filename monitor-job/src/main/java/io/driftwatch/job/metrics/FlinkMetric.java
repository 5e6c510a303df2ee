package io.driftwatch.job.metrics;

/**
 * Metrics of Flink itself that the dashboard and the rules beside the jobs look at. A test scrapes
 * them: names that a release of Flink changes are noticed here, not at night.
 */
public enum FlinkMetric {
    /** Records of a topic that a source has not read yet. */
    PENDING_RECORDS("flink_taskmanager_job_task_operator_pendingRecords"),
    RESTARTS("flink_jobmanager_job_numRestarts"),
    UPTIME("flink_jobmanager_job_runningTime"),
    CHECKPOINTS_FAILED("flink_jobmanager_job_numberOfFailedCheckpoints"),
    CHECKPOINTS_COMPLETED("flink_jobmanager_job_numberOfCompletedCheckpoints"),
    CHECKPOINT_DURATION("flink_jobmanager_job_lastCheckpointDuration"),
    CHECKPOINT_SIZE("flink_jobmanager_job_lastCheckpointSize"),
    BUSY("flink_taskmanager_job_task_busyTimeMsPerSecond"),
    BACK_PRESSURED("flink_taskmanager_job_task_backPressuredTimeMsPerSecond"),
    RECORDS_IN_RATE("flink_taskmanager_job_task_operator_numRecordsInPerSecond"),
    HEAP_USED("flink_taskmanager_Status_JVM_Memory_Heap_Used"),
    HEAP_MAX("flink_taskmanager_Status_JVM_Memory_Heap_Max");

    private final String prometheusName;

    FlinkMetric(String prometheusName) {
        this.prometheusName = prometheusName;
    }

    /** Returns the name under which Flink's Prometheus reporter shows it. */
    public String prometheusName() {
        return prometheusName;
    }
}
