/** {@code driftwatch test}: rules and routes held against expectations, without any data. */
package io.driftwatch.job.ruletest;
