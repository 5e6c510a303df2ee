/** Stage retrain: alerts to retrain requests, behind guard rails. */
package io.driftwatch.job.retrain;
