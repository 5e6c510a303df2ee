/**
 * Strict reading of YAML and JSON configuration: every mistake is collected with its line and
 * column, and all of them are reported at once.
 */
package io.driftwatch.alerts.config;
