"""PSI and KS of every feature in every window of a topic of JSON records: a plain consumer.

usage: kafka_consumer.py JSON KS REFERENCE SERVERS TOPIC ROWS WARM_UP WINDOW_MILLIS OUTPUT

JSON     json (the standard library's) or ujson
ROWS     ends after so many records; the first WARM_UP of them are not measured
others   as in numpy_windows.py

Prints how many records were measured, and the CPU time of the whole process meanwhile in
nanoseconds: from the end of the warm-up to that of the last window.
"""

import importlib
import sys
import time

import numpy as np
from confluent_kafka import Consumer, KafkaException

from drift import Reference, Report

MESSAGES_A_CALL = 10_000


class Windows:
    """Collects records until one of a later window arrives, then scores them."""

    def __init__(self, reference, size, output):
        self.reference, self.size, self.output = reference, size, output
        self.start = None
        self.rows = []
        self.report = None

    def add(self, record):
        start = record["at"] // self.size * self.size
        if start != self.start:
            self.close()
            self.start = start
            if self.report is None:
                self.features = [name for name in record if name != "at"]
                self.report = Report(self.output, self.features)
        self.rows.append([record[name] for name in self.features])

    def close(self):
        if self.rows:
            self.report.write(self.start, self.reference.scores(np.array(self.rows, dtype=float)))
            self.rows = []


def main(json, ks, reference, servers, topic, rows, warm_up, window_millis, output):
    loads = importlib.import_module(json).loads
    rows, warm_up = int(rows), int(warm_up)
    windows = Windows(Reference(np.load(reference), ks), int(window_millis), output)
    consumer = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": "kafka_consumer.py",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    consumer.subscribe([topic])
    seen, warm = 0, None
    while seen < rows:
        for message in consumer.consume(min(MESSAGES_A_CALL, rows - seen), timeout=30):
            if message.error():
                raise KafkaException(message.error())
            windows.add(loads(message.value()))
            seen += 1
        if warm is None and seen >= warm_up:
            warm, cpu = seen, time.process_time_ns()
    windows.close()
    print(seen - warm, time.process_time_ns() - cpu)
    windows.report.close()
    consumer.close()


if __name__ == "__main__":
    if len(sys.argv) != 10:
        sys.exit(__doc__)
    main(*sys.argv[1:])
