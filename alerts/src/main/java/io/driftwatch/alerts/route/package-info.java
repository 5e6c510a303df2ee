/** Groups alerts into notifications, as Prometheus Alertmanager does. */
package io.driftwatch.alerts.route;
