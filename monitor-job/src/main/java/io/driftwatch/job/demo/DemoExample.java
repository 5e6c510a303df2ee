package io.driftwatch.job.demo;

import io.driftwatch.job.cli.UserError;
import io.driftwatch.job.demo.FlightStreams.Range;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** The folder that the demo runs: a sample of flights and a configuration. */
public final class DemoExample {
    /** Set by the launcher: where Driftwatch is. */
    private static final String HOME = "driftwatch.home";

    private static final Instant REFERENCE_BEGINS = Instant.parse("2001-01-01T00:00:00Z");

    private final Path folder;

    /**
     * @param folder holds {@code flights-sample.csv.gz} and {@code driftwatch.yaml}
     */
    public DemoExample(Path folder) {
        this.folder = folder;
    }

    /** The example that came with Driftwatch. */
    public static DemoExample find() {
        Path folder = Path.of(System.getProperty(HOME, ".")).resolve("examples/flights");
        if (!Files.isReadable(folder.resolve("driftwatch.yaml"))) {
            throw new UserError(
                    folder
                            + ": the demo's example is not there; run ./driftwatch demo from the"
                            + " folder that Driftwatch was checked out into");
        }
        return new DemoExample(folder);
    }

    Path configuration() {
        return folder.resolve("driftwatch.yaml");
    }

    /** Reads the flights and trains the model on January. */
    Flights flights() throws IOException {
        List<Flight> all = FlightFile.read(folder.resolve("flights-sample.csv.gz"));
        long january = Chapter.STREAM_BEGINS.beginsMillis();
        DelayModel model =
                DelayModel.train(all.stream().filter(f -> f.scheduledMillis() < january).toList());
        return new Flights(all, model);
    }

    /** All flights, and the model that was trained on January. */
    record Flights(List<Flight> all, DelayModel model) {
        /** The model, for people. */
        String modelText() {
            return String.format(
                    Locale.ROOT,
                    "trained on January 2001: mean delay by origin and hour, %+.4f minutes a mile",
                    model.minutesPerMile());
        }

        /** What the profile is built from. */
        FlightStreams reference() {
            return FlightStreams.clean(
                    new FlightRecords(model),
                    all,
                    new Range(REFERENCE_BEGINS, Chapter.STREAM_BEGINS.begins()));
        }

        /** What is watched. */
        FlightStreams stream(Instant until) {
            return FlightStreams.withBadRecords(
                    new FlightRecords(model),
                    all,
                    new Range(Chapter.STREAM_BEGINS.begins(), until));
        }
    }

    /**
     * Writes what the demo produces as files, to build the profile from and to replay by hand.
     *
     * @return the number of records
     */
    public long export(Path target) throws IOException {
        Flights flights = flights();
        return FlightExport.write(flights.reference(), target.resolve("january"))
                + FlightExport.write(
                        flights.stream(Chapter.STREAM_ENDS.begins()),
                        target.resolve("february-to-june"));
    }
}
