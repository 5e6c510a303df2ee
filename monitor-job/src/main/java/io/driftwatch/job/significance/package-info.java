/** How many tests a configuration amounts to, and at which levels they are made. */
package io.driftwatch.job.significance;
