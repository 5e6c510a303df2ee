/** The configuration while jobs run: published, taken up without a restart, or refused. */
package io.driftwatch.job.live;
