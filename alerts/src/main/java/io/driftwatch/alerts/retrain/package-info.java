/** Requests for a retraining that alerts make. */
package io.driftwatch.alerts.retrain;
