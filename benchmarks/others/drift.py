"""PSI and KS of windows against a reference: what the scripts here have in common.

The work is written as fast as numpy allows: a window's columns are sorted once, and both statistics
are read off the sorted columns.
"""

import csv

import numpy as np


class Reference:
    """A sample to compare windows with: its columns sorted, and cut into bins.

    The bins are Driftwatch's for columns without a value so frequent that it fills a bin alone:
    edges at the values of rank ceil(j m / k), a value on an edge belonging to the bin below it.

    ks is numpy (this file's function) or scipy (scipy.stats.ks_2samp, which also gives a p-value).
    """

    BINS = 10

    def __init__(self, rows, ks):
        self.columns = np.sort(rows.T, axis=1)
        ranks = -(-np.arange(1, self.BINS) * self.columns.shape[1] // self.BINS)
        self.edges = [np.unique(column[ranks - 1]) for column in self.columns]
        self.counts = [count(column, edges) for column, edges in zip(self.columns, self.edges)]
        self.ks = {"numpy": exact_ks, "scipy": scipy_ks}[ks]

    def scores(self, rows):
        """PSI and KS of each column of a window."""
        return [
            (psi(expected, count(column, edges)), self.ks(column, reference))
            for column, reference, edges, expected in zip(
                np.sort(rows.T, axis=1), self.columns, self.edges, self.counts
            )
        ]


def count(column, edges):
    """How many values of a sorted column lie in each bin."""
    at_most = np.searchsorted(column, edges, side="right")
    return np.diff(np.concatenate(([0], at_most, [column.size])))


def psi(expected, found):
    """Population stability index of two vectors of counts, each count smoothed by one half."""
    seen = expected + found > 0
    expected, found = expected[seen] + 0.5, found[seen] + 0.5
    p, q = expected / expected.sum(), found / found.sum()
    return np.sum((p - q) * np.log(p / q))


def exact_ks(window, reference):
    """Largest distance between the distribution functions of two sorted samples.

    The window's function jumps at its own values only, so it lies furthest above the reference's
    at one of them, and furthest below just before one of them.
    """
    steps = np.arange(window.size + 1) / window.size
    above = steps[1:] - np.searchsorted(reference, window, side="right") / reference.size
    below = np.searchsorted(reference, window, side="left") / reference.size - steps[:-1]
    return max(above.max(), below.max())


def scipy_ks(window, reference):
    """The same by scipy, with its fastest p-value."""
    from scipy.stats import ks_2samp

    return ks_2samp(window, reference, method="asymp").statistic


class Report:
    """Writes a line for each window and feature to a CSV file."""

    def __init__(self, path, features):
        self.file = open(path, "w", newline="")
        self.rows = csv.writer(self.file)
        self.rows.writerow(["window_start", "feature", "psi", "ks"])
        self.features = features

    def write(self, window_start, scores):
        for feature, (index, distance) in zip(self.features, scores):
            self.rows.writerow([window_start, feature, repr(float(index)), repr(float(distance))])

    def close(self):
        self.file.close()
