/** From p-values to decisions: budgets of false alarms, many tests at once, and severity. */
package io.driftwatch.detectors.significance;
