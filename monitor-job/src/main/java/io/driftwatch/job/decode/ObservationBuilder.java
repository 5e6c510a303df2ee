package io.driftwatch.job.decode;

import io.driftwatch.job.config.EventTimeConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.decode.FieldPlan.Purpose;
import io.driftwatch.job.decode.FieldPlan.Use;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;

/**
 * Turns the fields of one record into an {@link Observation}: converts each to what it is wanted
 * for, and refuses what does not fit. Used again for record after record; not for several threads.
 */
final class ObservationBuilder implements FieldReceiver {
    private final FieldPlan plan;
    private final long layout;
    private final InstantSource clock;
    private final Purpose[][] purposes;
    private final int[][] indices;

    /** Where a field's number goes if it is one feature and nothing else; -1 otherwise. */
    private final int[] numberOf;

    private final long notBeforeMillis;
    private final long maxAheadMillis;

    /** The clock has shown this much; asking it for every record took 5 % of decoding. */
    private long knownNow = Long.MIN_VALUE;

    private long eventTimeMillis;
    private boolean eventTimeSeen;
    private String version;
    private String recordId;
    private double[] numbers;
    private String[] categories;
    private String[] segments;

    ObservationBuilder(FieldPlan plan, InstantSource clock) {
        this.plan = plan;
        this.layout = plan.layout();
        this.clock = clock;
        this.purposes =
                plan.uses().stream()
                        .map(u -> u.stream().map(Use::purpose).toArray(Purpose[]::new))
                        .toArray(Purpose[][]::new);
        this.indices =
                plan.uses().stream()
                        .map(u -> u.stream().mapToInt(Use::index).toArray())
                        .toArray(int[][]::new);
        this.numberOf = new int[purposes.length];
        for (int field = 0; field < numberOf.length; field++) {
            boolean only = purposes[field].length == 1 && purposes[field][0] == Purpose.NUMBER;
            numberOf[field] = only ? indices[field][0] : -1;
        }
        this.notBeforeMillis = plan.eventTime().notBefore().toEpochMilli();
        this.maxAheadMillis = plan.eventTime().maxAhead().toMillis();
    }

    /** Begins a record: everything is missing until reported. */
    void start() {
        eventTimeSeen = false;
        version = ModelConfig.DEFAULT_VERSION;
        recordId = null;
        numbers = new double[plan.numeric().size()];
        Arrays.fill(numbers, Double.NaN);
        categories = new String[plan.categorical().size()];
        segments = new String[plan.segments().size()];
    }

    /**
     * Ends the record.
     *
     * @throws Rejection if it has no believable event time
     */
    Observation finish(String topic, int partition, long offset) throws Rejection {
        if (!plan.needsTime()) {
            return observation(topic, partition, offset);
        }
        if (!eventTimeSeen) {
            throw new Rejection(
                    RejectionReason.MISSING_EVENT_TIME,
                    "field '"
                            + plan.eventTime().path()
                            + "' is absent or null; it must hold the event time");
        }
        checkPlausible();
        return observation(topic, partition, offset);
    }

    private Observation observation(String topic, int partition, long offset) {
        return new Observation(
                eventTimeSeen ? eventTimeMillis : Decoded.NO_TIME,
                version,
                recordId,
                numbers,
                categories,
                segments,
                topic,
                partition,
                offset,
                layout);
    }

    private void checkPlausible() throws Rejection {
        EventTimeConfig time = plan.eventTime();
        if (eventTimeMillis < notBeforeMillis) {
            throw new Rejection(
                    RejectionReason.IMPLAUSIBLE_EVENT_TIME,
                    at()
                            + " is before "
                            + time.notBefore()
                            + "; is event_time.unit right, or should event_time.not_before be"
                            + " earlier?");
        }
        if (eventTimeMillis - maxAheadMillis > knownNow) {
            knownNow = clock.millis();
        }
        if (eventTimeMillis - maxAheadMillis > knownNow) {
            throw new Rejection(
                    RejectionReason.IMPLAUSIBLE_EVENT_TIME,
                    at()
                            + " lies in the future; it would close every open window. Is the"
                            + " producer's clock right? If so raise event_time.max_ahead");
        }
    }

    private String at() {
        return "event time " + Instant.ofEpochMilli(eventTimeMillis);
    }

    @Override
    public void number(int field, double value) throws Rejection {
        int number = numberOf[field];
        if (number >= 0) {
            numbers[number] = value;
        } else {
            numberForAll(field, value);
        }
    }

    private void numberForAll(int field, double value) throws Rejection {
        for (int i = 0; i < purposes[field].length; i++) {
            switch (purposes[field][i]) {
                case NUMBER -> numbers[indices[field][i]] = value;
                case EVENT_TIME -> time(field, value);
                default -> setText(field, i, Double.toString(value));
            }
        }
    }

    @Override
    public void integer(int field, long value) throws Rejection {
        for (int i = 0; i < purposes[field].length; i++) {
            switch (purposes[field][i]) {
                case NUMBER -> numbers[indices[field][i]] = value;
                case EVENT_TIME -> time(value);
                default -> setText(field, i, Long.toString(value));
            }
        }
    }

    @Override
    public void text(int field, String value) throws Rejection {
        for (int i = 0; i < purposes[field].length; i++) {
            switch (purposes[field][i]) {
                case NUMBER -> numbers[indices[field][i]] = nonFinite(field, value);
                case EVENT_TIME -> time(field, value);
                default -> setText(field, i, value);
            }
        }
    }

    @Override
    public void untyped(int field, String value) throws Rejection {
        if (value.isEmpty()) {
            return;
        }
        for (int i = 0; i < purposes[field].length; i++) {
            switch (purposes[field][i]) {
                case NUMBER -> numbers[indices[field][i]] = parse(field, value);
                case EVENT_TIME -> untypedTime(field, value);
                default -> setText(field, i, value);
            }
        }
    }

    @Override
    public void truth(int field, boolean value) throws Rejection {
        for (int i = 0; i < purposes[field].length; i++) {
            switch (purposes[field][i]) {
                case NUMBER -> throw wrongType(field, "a boolean", "a number");
                case EVENT_TIME -> throw unreadable(field, Boolean.toString(value));
                default -> setText(field, i, Boolean.toString(value));
            }
        }
    }

    @Override
    public void instant(int field, long millis) throws Rejection {
        for (int i = 0; i < purposes[field].length; i++) {
            switch (purposes[field][i]) {
                case NUMBER -> numbers[indices[field][i]] = millis;
                case EVENT_TIME -> {
                    eventTimeMillis = millis;
                    eventTimeSeen = true;
                }
                default -> setText(field, i, Instant.ofEpochMilli(millis).toString());
            }
        }
    }

    @Override
    public void nothing(int field) {
        // Null is missing, and everything is missing until reported.
    }

    @Override
    public void other(int field, String kind) throws Rejection {
        throw wrongType(field, kind, "a single value");
    }

    private void setText(int field, int use, String value) {
        int index = indices[field][use];
        switch (purposes[field][use]) {
            case CATEGORY -> categories[index] = value;
            case SEGMENT -> segments[index] = value;
            case VERSION -> version = value;
            case RECORD_ID -> recordId = value;
            case NUMBER, EVENT_TIME -> throw new AssertionError("handled by the callers");
        }
    }

    /** Formats without a literal for them write these three as strings. */
    private double nonFinite(int field, String value) throws Rejection {
        return switch (value) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw wrongType(field, "the string " + Rejection.quote(value), "a number");
        };
    }

    private double parse(int field, String value) throws Rejection {
        try {
            return NumberText.parse(value);
        } catch (NumberFormatException e) {
            throw wrongType(field, Rejection.quote(value), "a number");
        }
    }

    private void untypedTime(int field, String value) throws Rejection {
        boolean integer =
                value.length() <= 19
                        && value.chars()
                                .skip(value.startsWith("-") ? 1 : 0)
                                .allMatch(c -> c >= '0' && c <= '9')
                        && !value.equals("-");
        if (integer) {
            time(Long.parseLong(value));
        } else {
            time(field, value);
        }
    }

    private void time(int field, String value) throws Rejection {
        try {
            eventTimeMillis = EventTimes.parse(value);
            eventTimeSeen = true;
        } catch (DateTimeException | ArithmeticException e) {
            throw unreadable(field, value);
        }
    }

    private void time(int field, double value) throws Rejection {
        if (Math.rint(value) != value || Math.abs(value) > 9e18) {
            throw unreadable(field, Double.toString(value));
        }
        time((long) value);
    }

    private void time(long value) throws Rejection {
        try {
            eventTimeMillis = plan.eventTime().unit().toMillis(value);
            eventTimeSeen = true;
        } catch (ArithmeticException e) {
            throw new Rejection(
                    RejectionReason.IMPLAUSIBLE_EVENT_TIME,
                    "event time " + value + " is beyond any calendar; is event_time.unit right?");
        }
    }

    private Rejection unreadable(int field, String value) {
        return new Rejection(
                RejectionReason.UNREADABLE_EVENT_TIME,
                "field '"
                        + plan.paths().get(field)
                        + "' is "
                        + Rejection.quote(value)
                        + ", expected an ISO-8601 time or a whole number of "
                        + plan.eventTime().unit().name().toLowerCase(java.util.Locale.ROOT)
                        + " since 1970");
    }

    private Rejection wrongType(int field, String found, String expected) {
        return new Rejection(
                RejectionReason.WRONG_TYPE,
                "field '" + plan.paths().get(field) + "' is " + found + ", expected " + expected);
    }
}
