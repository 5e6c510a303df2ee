"""PSI and KS of every feature in every window of a file, with numpy.

usage: numpy_windows.py READER KS REFERENCE ROWS WINDOW_MILLIS OUTPUT

READER     numpy: its CSV parser in C. pandas: read_csv. avro: an Avro container file, by the only
           Avro library that Debian packages, which is plain Python
KS         numpy or scipy, see drift.py
REFERENCE  .npy file made by prepare_reference.py
ROWS       a column of event times in milliseconds, in order, then the features
OUTPUT     gets a line for each window and feature
"""

import sys

import numpy as np

from drift import Reference, Report


def read_numpy(path):
    # On Debian 12 the fastest of loadtxt, fromstring, genfromtxt and the csv module.
    with open(path) as file:
        names = file.readline().rstrip().split(",")
        return names, np.loadtxt(file, delimiter=",")


def read_pandas(path):
    import pandas

    table = pandas.read_csv(path)
    return list(table.columns), table.to_numpy()


def read_avro(path):
    from avro.datafile import DataFileReader
    from avro.io import DatumReader

    with DataFileReader(open(path, "rb"), DatumReader()) as records:
        rows = [list(record.items()) for record in records]
    return [name for name, _ in rows[0]], np.array([[v for _, v in row] for row in rows])


READERS = {"numpy": read_numpy, "pandas": read_pandas, "avro": read_avro}


def main(reader, ks, reference_file, rows_file, window_millis, output):
    reference = Reference(np.load(reference_file), ks)
    names, rows = READERS[reader](rows_file)
    size = int(window_millis)
    windows = rows[:, 0] // size
    starts = np.concatenate(([0], np.flatnonzero(np.diff(windows)) + 1))
    ends = np.append(starts[1:], len(rows))
    report = Report(output, names[1:])
    for start, end in zip(starts, ends):
        report.write(int(windows[start]) * size, reference.scores(rows[start:end, 1:]))
    report.close()


if __name__ == "__main__":
    if len(sys.argv) != 7:
        sys.exit(__doc__)
    main(*sys.argv[1:])
