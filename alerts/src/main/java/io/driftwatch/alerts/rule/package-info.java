/** Rules that judge scores, and the state machine that turns judgements into alerts. */
package io.driftwatch.alerts.rule;
