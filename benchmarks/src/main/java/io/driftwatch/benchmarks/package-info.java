/** What the figures in {@code docs/performance.md} are measured with. */
package io.driftwatch.benchmarks;
