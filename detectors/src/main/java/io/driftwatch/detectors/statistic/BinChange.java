package io.driftwatch.detectors.statistic;

/**
 * The bin whose share changed most.
 *
 * @param bin what the bin holds: a category, or an interval such as {@code (12.5, 30.0]}
 * @param share its share of the window, from 0 to 1
 * @param referenceShare its share of the reference, from 0 to 1
 */
public record BinChange(String bin, double share, double referenceShare) {}
