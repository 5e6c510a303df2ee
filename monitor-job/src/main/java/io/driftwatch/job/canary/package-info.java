/**
 * The canary: a model of Driftwatch's own, a drift that is made for it, and a look whether the
 * message about it comes.
 */
package io.driftwatch.job.canary;
