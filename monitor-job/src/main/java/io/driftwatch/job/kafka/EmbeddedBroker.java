package io.driftwatch.job.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka broker in this process: Kafka's own server class, broker and controller in one node,
 * reachable from this machine alone. For the demo and for tests; the job jar does not hold Kafka's
 * server.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final String HOST = "127.0.0.1";
    private static final byte[] ADDRESS = {127, 0, 0, 1};
    private static final int NODE = 1;

    /** Always the same, so that a folder can be used again. */
    private static final String CLUSTER = "ZHJpZnR3YXRjaC1lbWJlZA";

    private final KafkaRaftServer server;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts a broker on a free port.
     *
     * @param logFolder where its topics lie; made and formatted if it is new, and a broker that is
     *     started there later finds them again
     */
    public static EmbeddedBroker start(Path logFolder) throws IOException {
        try (ServerSocket broker = free()) {
            int port = broker.getLocalPort();
            broker.close();
            return start(logFolder, port);
        }
    }

    /** Starts a broker on the given port; otherwise as {@link #start(Path)}. */
    public static EmbeddedBroker start(Path logFolder, int port) throws IOException {
        return start(logFolder, port, Map.of());
    }

    /**
     * As {@link #start(Path, int)}, with options of Kafka that are added to ours or replace them.
     */
    static EmbeddedBroker start(Path logFolder, int port, Map<String, String> given)
            throws IOException {
        int controllerPort = freeBeside(port);
        Files.createDirectories(logFolder);
        format(logFolder);
        keepThisProcessAlive();
        KafkaRaftServer server = null;
        try {
            Map<String, String> options = new HashMap<>(options(logFolder, port, controllerPort));
            options.putAll(given);
            KafkaConfig config = new KafkaConfig(options, false);
            server = new KafkaRaftServer(config, Time.SYSTEM);
            server.startup();
            return new EmbeddedBroker(server, port);
        } catch (RuntimeException e) {
            if (server != null) {
                server.shutdown();
            }
            throw new IOException("Kafka did not start on port " + port + ": " + reason(e), e);
        }
    }

    /** Where clients connect, as host:port. */
    public String bootstrapServers() {
        return HOST + ":" + port;
    }

    /** Stops the broker and waits until it has; its topics stay on disk. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.shutdown();
            server.awaitShutdown();
        }
    }

    private static void format(Path logFolder) throws IOException {
        Formatter formatter =
                new Formatter()
                        .setPrintStream(
                                new PrintStream(
                                        OutputStream.nullOutputStream(),
                                        false,
                                        StandardCharsets.UTF_8))
                        .setClusterId(CLUSTER)
                        .setNodeId(NODE)
                        .setDirectories(List.of(logFolder.toString()))
                        .setMetadataLogDirectory(Optional.of(logFolder.toString()))
                        .setControllerListenerName("CONTROLLER")
                        .setIgnoreFormatted(true);
        try {
            formatter.run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(logFolder + ": cannot be formatted for Kafka", e);
        }
    }

    /** One node needs no copies, few threads, and no waiting for others. */
    private static Map<String, String> options(Path logFolder, int port, int controllerPort) {
        String broker = HOST + ":" + port;
        String controller = HOST + ":" + controllerPort;
        return Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", Integer.toString(NODE)),
                Map.entry("controller.quorum.voters", NODE + "@" + controller),
                Map.entry("listeners", "PLAINTEXT://" + broker + ",CONTROLLER://" + controller),
                Map.entry("advertised.listeners", "PLAINTEXT://" + broker),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("inter.broker.listener.name", "PLAINTEXT"),
                Map.entry(
                        "listener.security.protocol.map",
                        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("log.dirs", logFolder.toString()),
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("default.replication.factor", "1"),
                Map.entry("min.insync.replicas", "1"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "1"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.num.partitions", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("broker.heartbeat.interval.ms", "1000"),
                Map.entry("num.network.threads", "1"),
                Map.entry("num.io.threads", "2"),
                Map.entry("background.threads", "2"),
                Map.entry("group.coordinator.threads", "1"),
                Map.entry("share.coordinator.threads", "1"),
                Map.entry("log.index.size.max.bytes", "1048576"),
                Map.entry("log.cleaner.dedupe.buffer.size", "4194304"),
                Map.entry("metric.reporters", ""));
    }

    /** Where Kafka would end its process, it must not end one that is not its own. */
    private static void keepThisProcessAlive() {
        Exit.Procedure logged =
                (status, message) -> LOG.error("Kafka gave up ({}): {}", status, message);
        Exit.setExitProcedure(logged);
        Exit.setHaltProcedure(logged);
    }

    private static int freeBeside(int port) throws IOException {
        try (ServerSocket first = free();
                ServerSocket second = free()) {
            return first.getLocalPort() == port ? second.getLocalPort() : first.getLocalPort();
        }
    }

    private static ServerSocket free() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getByAddress(ADDRESS));
    }

    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
