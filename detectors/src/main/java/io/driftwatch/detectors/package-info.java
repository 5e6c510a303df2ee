/**
 * Drift detection in plain Java: what a reference is, how values are counted against it, and what
 * the counts say.
 *
 * <p>{@link io.driftwatch.detectors.profile} turns a reference sample into cells and counts values
 * over them; {@link io.driftwatch.detectors.statistic} compares the counts of a window with those
 * of the reference. Nothing here knows of streams, files or clocks.
 */
package io.driftwatch.detectors;
