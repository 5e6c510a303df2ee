/** Thresholds proposed from history. */
package io.driftwatch.job.thresholds;
