package io.driftwatch.job.tally;

import io.driftwatch.detectors.profile.CategoryCounter;
import io.driftwatch.detectors.profile.NumericCounter;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.TallyCounter;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.decode.Observation;
import io.driftwatch.job.profile.ReferenceSample;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Counters of every feature that a stream carries, for one reference sample and one pane. */
final class SampleCounters {
    /**
     * Rows that are counted together. Each feature's tables are loaded once a block: with 20
     * features 64 rows are as good as 256, with 200 they took about a tenth more CPU time in two
     * pairs by turns.
     */
    private static final int BLOCK = 256;

    /** Beyond so many numbers (1 MiB) a block would itself fall out of the cache. */
    private static final int LARGEST_BLOCK = 1 << 17;

    /** Of segments there are many, and their blocks are memory. */
    private static final int BLOCK_OF_SEGMENT = 16;

    private final List<SeriesKey> numberSeries;
    private final List<SeriesKey> categorySeries;
    private final NumericCounter[] numbers;
    private final CategoryCounter[] categories;
    private final long cells;

    /** Numbers of the rows that were added last and wait to be counted, row after row. */
    private final double[] block;

    private final int blockRows;
    private int waiting;

    SampleCounters(SampleKey sample, ReferenceSample reference, FieldPlan plan) {
        this.numberSeries = series(sample, reference, plan.numeric());
        this.categorySeries = series(sample, reference, plan.categorical());
        this.numbers =
                plan.numeric().stream()
                        .map(name -> counter(reference, name, plan.cellSums().contains(name)))
                        .toArray(NumericCounter[]::new);
        this.categories =
                plan.categorical().stream()
                        .map(name -> (CategoryCounter) reference.feature(name).newCounter())
                        .toArray(CategoryCounter[]::new);
        this.cells = cellsOf(reference, plan);
        this.blockRows = sample.isWhole() ? blockRows(numbers.length) : BLOCK_OF_SEGMENT;
        this.block = new double[blockRows * numbers.length];
    }

    private static int blockRows(int width) {
        return Math.max(BLOCK_OF_SEGMENT, Math.min(BLOCK, LARGEST_BLOCK / Math.max(1, width)));
    }

    private static NumericCounter counter(
            ReferenceSample reference, String name, boolean cellSums) {
        return ((NumericProfile) reference.feature(name)).newCounter(cellSums);
    }

    private static List<SeriesKey> series(
            SampleKey sample, ReferenceSample reference, List<String> features) {
        return features.stream()
                .map(name -> sample.feature(name, reference.feature(name).layout()))
                .toList();
    }

    static long cellsOf(ReferenceSample reference, FieldPlan plan) {
        long cells = 0;
        for (String name : plan.numeric()) {
            cells += reference.feature(name).cellCount();
        }
        for (String name : plan.categorical()) {
            cells += reference.feature(name).cellCount();
        }
        return cells;
    }

    long cells() {
        return cells;
    }

    void add(Observation observation) {
        System.arraycopy(observation.numbers(), 0, block, waiting * numbers.length, numbers.length);
        if (++waiting == blockRows) {
            countWaiting();
        }
        String[] names = observation.categories();
        for (int i = 0; i < categories.length; i++) {
            categories[i].add(names[i]);
        }
    }

    private void countWaiting() {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i].addColumn(block, i, numbers.length, waiting);
        }
        waiting = 0;
    }

    /**
     * Hands on what was counted and starts again from zero.
     *
     * @param partial features that windows with the pane lack rows of, and since when they do not
     */
    void drain(long pane, Map<String, Long> partial, Consumer<PaneTally> out) {
        countWaiting();
        for (int i = 0; i < numbers.length; i++) {
            drain(numberSeries.get(i), numbers[i], pane, partial, out);
        }
        for (int i = 0; i < categories.length; i++) {
            drain(categorySeries.get(i), categories[i], pane, partial, out);
        }
    }

    private static void drain(
            SeriesKey series,
            TallyCounter counter,
            long pane,
            Map<String, Long> partial,
            Consumer<PaneTally> out) {
        if (!counter.isEmpty()) {
            long since = partial.getOrDefault(series.feature(), Counts.ALWAYS);
            byte[] counts = new Counts(counter.drain(), since).toBytes();
            out.accept(new PaneTally(series, pane, counts));
        }
    }
}
