package io.driftwatch.job.demo;

import io.driftwatch.alerts.rule.Figures;
import io.driftwatch.job.TemporaryFolder;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.TopicsConfig;
import io.driftwatch.job.demo.DemoExample.Flights;
import io.driftwatch.job.kafka.EmbeddedBroker;
import io.driftwatch.job.profile.LoadedProfiles;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.Score;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The demo: a broker, a cluster with both jobs, a producer of real flights and a webhook receiver
 * in one process, and the story of what they do on the screen.
 */
public final class Demo {
    private final DemoExample example;
    private final DemoOptions options;
    private final PrintWriter out;
    private final Screen screen;
    private final long beganNanos = System.nanoTime();

    public Demo(DemoExample example, DemoOptions options, PrintWriter out) {
        this.example = example;
        this.options = options;
        this.out = out;
        this.screen = new Screen(out);
    }

    /** Runs it and says whether all came out as it must. */
    public boolean run() throws Exception {
        return runToResult().isGood();
    }

    DemoResult runToResult() throws Exception {
        OpenParts open = new OpenParts();
        Thread stop = new Thread(open::close, "demo-stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try (open) {
            return tell(open);
        } finally {
            removeHook(stop);
        }
    }

    private static void removeHook(Thread stop) {
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException e) {
            // The user stopped the demo, and the hook is at work.
            return;
        }
    }

    private DemoResult tell(OpenParts open) throws Exception {
        screen.line(
                "Driftwatch demo: half a year of real US flights, a model that predicts their"
                        + " delays, and what goes wrong.\n");
        TemporaryFolder folder = open.add(TemporaryFolder.create("driftwatch-demo-"));
        CompletableFuture<Flights> reading =
                CompletableFuture.supplyAsync(() -> readFlights(folder));
        AtomicReference<Story> story = new AtomicReference<>();
        DemoWorld world = world(open, folder, story);
        Flights flights = get(reading);
        LoadedProfiles profiles = DemoReference.build(world.config(), folder.resolve("january"));
        screen.line("  model      " + flights.modelText());
        screen.line("  reference  January 2001, profile built");
        DemoCluster.Job monitor = world.startMonitor(profiles);
        DemoCluster.Job notify = world.startNotify();
        screen.line(
                "  speed      "
                        + Figures.number(options.speed())
                        + " days of flights each second\n");
        story.set(new Story(screen, world.model()));
        TopicReader reader = open.add(reader(world, story.get()));
        FlightProducer producer =
                open.add(
                        new FlightProducer(
                                world.broker().bootstrapServers(),
                                world.model(),
                                flights.stream(options.until()),
                                options.speed()));
        CompletableFuture<Long> sending = producer.start();
        get(CompletableFuture.anyOf(sending, monitor.ended(), notify.ended(), reader.failed()));
        monitor.requireHealth();
        notify.requireHealth();
        DemoEnd end = new DemoEnd(monitor, notify, reader, story.get(), world.savepoints());
        return end(end, get(sending), world);
    }

    private DemoResult end(DemoEnd end, long produced, DemoWorld world) throws Exception {
        DemoEnd.Outcome outcome = options.keep() ? end.count(produced) : end.stop(produced);
        Story story = end.story();
        DemoResult result =
                new DemoResult(
                        outcome.balance(),
                        story.windows(),
                        story.episodes(),
                        story.messages(),
                        story.delivered(),
                        story.undelivered(),
                        outcome.allTold(),
                        (System.nanoTime() - beganNanos) / 1e9);
        result.print(out);
        if (options.keep()) {
            screen.line(
                    "\nBoth jobs still run, and the last day's window waits for more: http://localhost:"
                            + world.cluster().port()
                            + "\nKafka is at "
                            + world.broker().bootstrapServers()
                            + ", the configuration is "
                            + world.folder().resolve("driftwatch.yaml")
                            + "\nCtrl-C stops everything and deletes that folder.");
            new CountDownLatch(1).await();
        }
        return result;
    }

    private DemoWorld world(OpenParts open, TemporaryFolder folder, AtomicReference<Story> story)
            throws Exception {
        EmbeddedBroker broker = open.add(EmbeddedBroker.start(folder.resolve("kafka")));
        DemoWebhookReceiver receiver =
                open.add(new DemoWebhookReceiver(message -> story.get().message(message)));
        MonitorConfig config =
                DemoConfig.write(
                        example.configuration(),
                        folder.resolve("driftwatch.yaml"),
                        broker.bootstrapServers(),
                        receiver.url());
        int topics = DemoWorld.createTopics(config);
        screen.line("  Kafka      " + broker.bootstrapServers() + ", " + topics + " topics");
        screen.line("  chat       " + receiver.url() + ", a webhook receiver in place of Slack");
        DemoCluster cluster =
                open.add(
                        DemoCluster.start(
                                options.port(), DemoWorld.SLOTS, folder.resolve("flink")));
        String note = cluster.port() == options.port() ? "" : " (" + options.port() + " is taken)";
        screen.line("  Flink      http://localhost:" + cluster.port() + note);
        return new DemoWorld(broker, cluster, config, folder.path());
    }

    private Flights readFlights(TemporaryFolder folder) {
        try {
            Flights flights = example.flights();
            FlightExport.write(flights.reference(), folder.resolve("january"));
            return flights;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TopicReader reader(DemoWorld world, Story story) {
        TopicsConfig topics = world.config().topics();
        return new TopicReader(world.broker().bootstrapServers())
                .read(topics.scores(), Score.class, story::score)
                .read(topics.alerts(), Alert.class, story::alert)
                .read(topics.deadLetters(), DeadLetter.class, story::deadLetter)
                .read(topics.late(), DeadLetter.class, story::late)
                .read(topics.deliveries(), Delivery.class, story::delivery)
                .start();
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
