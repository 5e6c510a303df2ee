/** Fields of log lines. */
package io.driftwatch.alerts.log;
