package io.driftwatch.job.sink;

import io.driftwatch.job.Stage;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.Score;
import java.nio.file.Path;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Writes results into a folder: what a replay leaves behind. */
public final class FileSinks implements Sinks {
    public static final String SCORES = "scores.jsonl";
    public static final String ALERTS = "alerts.jsonl";
    public static final String NOTIFICATIONS = "notifications.jsonl";
    public static final String LATE = "late.jsonl";
    public static final String DEAD_LETTERS = "dead_letters.jsonl";

    private final Path folder;

    public FileSinks(Path folder) {
        this.folder = folder;
    }

    @Override
    public void scores(DataStream<Score> scores) {
        write(scores, SCORES);
    }

    @Override
    public void alerts(DataStream<Alert> alerts) {
        write(alerts, ALERTS);
    }

    @Override
    public void late(DataStream<DeadLetter> late) {
        write(late, LATE);
    }

    @Override
    public void deadLetters(DataStream<DeadLetter> deadLetters) {
        write(deadLetters, DEAD_LETTERS);
    }

    public void notifications(DataStream<Notification> notifications) {
        write(notifications, NOTIFICATIONS);
    }

    private <T extends SpecificRecord> void write(DataStream<T> records, String name) {
        records.sinkTo(new JsonLinesSink<T>(folder.resolve(name)))
                .setParallelism(1)
                .uid(Stage.SINK.uid(name.replace(".jsonl", "")))
                .name("sink " + name);
    }
}
