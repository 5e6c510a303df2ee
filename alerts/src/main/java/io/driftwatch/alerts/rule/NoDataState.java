package io.driftwatch.alerts.rule;

/**
 * What is remembered of a stream that is watched for silence. Flat because it is stored state; see
 * {@link NoDataRule} for what happens to it.
 *
 * @param model the model
 * @param stream role of the stream
 * @param alert name of the rule
 * @param heardMillis when the stream was last heard of, on the clock that is used
 * @param windowEndMillis end of the last window with data; {@link #NONE} before the first one
 * @param isFiring whether the alert fires
 * @param episode the last episode; 0 before the first one
 * @param sequence changes of the alert so far
 * @param startsAtMillis when the last episode began
 */
public record NoDataState(
        String model,
        String stream,
        String alert,
        long heardMillis,
        long windowEndMillis,
        boolean isFiring,
        long episode,
        long sequence,
        long startsAtMillis) {
    /** Stands for no window. */
    public static final long NONE = Long.MIN_VALUE;
}
