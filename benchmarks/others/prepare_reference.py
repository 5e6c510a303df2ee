"""Turns the reference's CSV file into what the other scripts load fast: the features as .npy.

usage: prepare_reference.py REFERENCE.csv REFERENCE.npy

It stands for `driftwatch profile`, and like that is not measured.
"""

import sys

import numpy as np

if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    np.save(sys.argv[2], np.loadtxt(sys.argv[1], delimiter=",", skiprows=1)[:, 1:])
