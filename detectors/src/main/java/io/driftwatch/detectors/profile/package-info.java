/**
 * Reference profiles and tallies: fixed cells, and integer counts over them that merge by addition.
 */
package io.driftwatch.detectors.profile;
