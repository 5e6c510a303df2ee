/** Sends notifications to the endpoints of receivers: Slack and generic webhooks. */
package io.driftwatch.alerts.deliver;
