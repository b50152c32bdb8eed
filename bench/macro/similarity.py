"""All pairs of synthetic fingerprints by cupel and by its peers, in one run."""

import json
from pathlib import Path

from macro import measure, peers

_HERE = Path(__file__).parent
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def cupel(program, n, threads, what="graph", threshold=0.4, memory_gib=8, file=None):
    """`bench_fingerprint_graph` as a program: its own figures and what the process cost."""
    words = [program, n, threshold, threads, memory_gib, what]
    cost = measure.run(words + ([file] if file is not None else []))
    return cost, json.loads(cost.stdout)


def others(file, threshold=0.4, queries=200):
    cost = measure.run([*peers.python(), _HERE / "peer_fingerprints.py", file, threshold, queries],
                       _ONE_THREAD)
    return json.loads(cost.stdout)
