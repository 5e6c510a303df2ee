/** How much more the counts of a reference vary in time than those of independent rows would. */
package io.driftwatch.detectors.dependence;
