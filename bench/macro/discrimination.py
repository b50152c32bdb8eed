"""Ranks of true profiles around predicted ones: bench_discrimination and SciPy's cdist."""

import json
from pathlib import Path

from macro import measure, peers

_HERE = Path(__file__).parent


def cupel(program, n, n_genes, threads, what="all"):
    """The whole process (with making the numbers), and what the program says of the ranks alone."""
    cost = measure.run([program, n, n_genes, threads, what])
    return cost, json.loads(cost.stdout)


def scipy(n, n_genes):
    """None if SciPy is not installed."""
    if not peers.has("scipy"):
        return None
    return json.loads(measure.run([*peers.python(), _HERE / "peer_discrimination.py", n, n_genes]).stdout)
