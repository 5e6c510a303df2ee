/** What the jobs tell of themselves: the list of metrics, and what exports them. */
package io.driftwatch.job.metrics;
