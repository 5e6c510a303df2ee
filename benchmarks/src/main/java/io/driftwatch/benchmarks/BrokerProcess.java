package io.driftwatch.benchmarks;

import io.driftwatch.job.kafka.EmbeddedBroker;
import java.nio.file.Path;

/** Kafka in a process of its own, so that its CPU time is not the job's. Ends with its input. */
final class BrokerProcess {
    private BrokerProcess() {}

    /** Takes the folder for the topics; prints where clients connect. */
    public static void main(String[] args) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]))) {
            System.out.println(broker.bootstrapServers());
            while (System.in.read() >= 0) {
                // Until whoever started this closes the other end.
            }
        }
        System.exit(0);
    }
}
