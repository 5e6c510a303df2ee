package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.decode.Decoded;
import io.driftwatch.job.live.LivePlan;
import io.driftwatch.job.source.Sources;
import io.driftwatch.schemas.Score;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counts are exact whatever happens to the job. */
class RestartIT {
    private static final int WINDOWS = 12;
    private static final int ROWS = 400;

    private static final String CONFIG =
            """
            kafka: {bootstrap_servers: "${servers}"}
            models:
              - name: basket-value
                profile: basket-value.avro
                streams:
                  - {role: inference, topic: baskets, format: json, event_time: at,
                     out_of_orderness: 1s, idle_after: 5s}
                window: {size: 3m, slide: 1m, min_count: 1}
                features:
                  amount: {type: numeric, path: /basket/amount}
                  country: {type: categorical}
                statistics: [missing_rate]
            """;

    @TempDir Path folder;

    @ParameterizedTest(name = "from {0} to {1} subtasks")
    @CsvSource({"2, 1", "1, 3"})
    void aSavepointTakenMidWindowGoesOnAtAnotherParallelism(int before, int after)
            throws Exception {
        Truth truth = new Truth(before);
        try (Installation installed = new Installation(folder, CONFIG, 3)) {
            JobClient first = installed.monitor(before, null, installed.kafka());
            int half = WINDOWS / 2;
            send(installed, truth, 0, half, ROWS);
            send(installed, truth, half, half + 1, ROWS / 3);
            installed.flush();
            awaitWindow(installed, half - 2);
            String savepoint = installed.stop(first, false);

            JobClient second = installed.monitor(after, savepoint, installed.kafka());
            send(installed, truth, half, WINDOWS, ROWS);
            installed.flush();
            awaitWindow(installed, WINDOWS - 2);
            installed.stop(second, true);

            checkCounts(installed, truth);
            assertThat(allScores(installed))
                    .as("no window is published twice")
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void aJobThatFailsUnderLoadCountsEveryRecordOnce() throws Exception {
        Truth truth = new Truth(99);
        try (Installation installed = new Installation(folder, CONFIG, 3).withRestarts(3)) {
            send(installed, truth, 0, WINDOWS / 2, ROWS);
            installed.flush();
            FailingKafka.left.set(3);
            JobClient job = installed.monitor(2, null, new FailingKafka(installed.kafka()));
            send(installed, truth, WINDOWS / 2, WINDOWS, ROWS);
            installed.flush();
            awaitWindow(installed, WINDOWS - 2);
            installed.stop(job, true);

            assertThat(FailingKafka.left.get()).as("failures still to come").isZero();
            checkCounts(installed, truth);
        }
    }

    private static void send(Installation installed, Truth truth, int from, int to, int rows)
            throws Exception {
        int partition = 0;
        for (int window = from; window < to; window++) {
            for (long time : truth.timesIn(window, rows)) {
                installed.send(partition++ % 3, truth.record(time, 0));
            }
        }
    }

    private static void awaitWindow(Installation installed, int window) throws Exception {
        Instant end = Truth.window(window + 1);
        try (TopicReader<Score> scores = installed.scores()) {
            scores.until(all -> all.stream().anyMatch(s -> s.getWindowEnd().equals(end)));
        }
    }

    /** Every sliding window of both features against sums of the independent counts. */
    private static void checkCounts(Installation installed, Truth truth) {
        Map<String, Long> wanted = new TreeMap<>();
        for (String feature : List.of("amount", "country")) {
            for (int end = 1; end < WINDOWS + 3; end++) {
                long rows = 0;
                for (int pane = end - 3; pane < end; pane++) {
                    rows += truth.rows().getOrDefault(Truth.window(pane), 0L);
                }
                wanted.put(feature + " " + Truth.window(end), rows);
            }
        }
        Map<String, Long> counted = new TreeMap<>();
        Map<String, Integer> revisions = new TreeMap<>();
        for (Score score : allScores(installed)) {
            String key = score.getFeature() + " " + score.getWindowEnd();
            if (revisions.getOrDefault(key, -1) <= score.getRevision()) {
                revisions.put(key, score.getRevision());
                counted.put(key, score.getCount());
            }
        }
        assertThat(counted).isEqualTo(wanted);
    }

    private static List<Score> allScores(Installation installed) {
        try (TopicReader<Score> scores = installed.scores()) {
            return scores.all();
        }
    }

    /** Kafka, with a fault three times, each some checkpoints after the one before. */
    private record FailingKafka(Sources kafka) implements Sources {
        private static final AtomicLong left = new AtomicLong();
        private static final int RECORDS_BETWEEN = 300;

        @Override
        public List<SingleOutputStreamOperator<Decoded>> open(
                StreamExecutionEnvironment env,
                ModelConfig model,
                StreamConfig stream,
                LivePlan plan) {
            return kafka.open(env, model, stream, plan).stream()
                    .map(
                            records ->
                                    records.map(new Fault(), TypeInformation.of(Decoded.class))
                                            .uid("fault"))
                    .toList();
        }

        /** Throws after some records, as long as failures are left. */
        private static final class Fault implements MapFunction<Decoded, Decoded> {
            private static final long serialVersionUID = 1L;
            private int seen;

            @Override
            public Decoded map(Decoded record) {
                if (++seen > RECORDS_BETWEEN && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                    throw new IllegalStateException("a fault on purpose");
                }
                return record;
            }
        }
    }
}
