package io.driftwatch.standalone;

/** What can befall a cluster. */
enum Fault {
    /** kill -9 of one that runs a part of the monitor job. */
    TASK_MANAGER_DIES,
    /** kill -9; a new one takes over from ZooKeeper what the old one knew. */
    JOB_MANAGER_DIES,
    /** kill -9 while records are being sent. */
    BROKER_DIES,
    /** kill -9 of what holds the JobManager's memory. */
    ZOOKEEPER_DIES,
    /** kill -9 of one that runs a part of the notify job, while an endpoint does not answer. */
    NOTIFIER_DIES_WHILE_AN_ENDPOINT_HANGS,
    /** The same, while an endpoint answers 500. */
    NOTIFIER_DIES_WHILE_AN_ENDPOINT_FAILS,
    /** The same, while an endpoint answers 429. */
    NOTIFIER_DIES_WHILE_AN_ENDPOINT_ASKS_FOR_PATIENCE,
    /** Not a fault, but as hard: stopped with a savepoint, resumed with another parallelism. */
    MONITOR_IS_RESCALED,
    NOTIFY_IS_RESCALED,
    /** No checkpoint can be written for some time, and a TaskManager may die meanwhile. */
    CHECKPOINTS_CANNOT_BE_WRITTEN
}
