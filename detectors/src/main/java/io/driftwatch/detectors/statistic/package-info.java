/** Drift statistics, one class each; {@code Statistics} lists them all. */
package io.driftwatch.detectors.statistic;
