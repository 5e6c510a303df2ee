/** How an installation fares: what {@code driftwatch status} looks at, and what it makes of it. */
package io.driftwatch.job.status;
