"""Differential expression of a synthetic screen by cupel, pdex and illico."""

import json
import os
import shlex
from pathlib import Path

from macro import measure, peers

_HERE = Path(__file__).parent
_FLAGS = ["--group-by", "perturbation", "--reference", "non-targeting", "--scale", "log1p"]


def write(file, cells, genes, perturbations, density=0.2):
    """A file of the screen (needs h5py); returns its number of values that are not zero."""
    cost = measure.run([*peers.python(), _HERE / "write_screen.py", file, cells, genes,
                        perturbations, density])
    return int(cost.stdout)


def cupel(program, file, out, threads, *flags):
    """Cost of the whole command, and its summary."""
    cost = measure.run([program, "de", file, *_FLAGS, "--out", out, "--threads", threads, "--json",
                        *flags])
    return cost, json.loads(cost.stdout)


def peer(name, file, threads):
    """Seconds of a peer on the file in memory, or None. pdex and illico may need Pythons of their
    own: CUPEL_BENCH_PDEX, CUPEL_BENCH_ILLICO."""
    own = os.environ.get(f"CUPEL_BENCH_{name.upper()}")
    python = shlex.split(own) if own else peers.python()
    if own is None and not peers.has(name):
        return None
    cost = measure.run([*python, _HERE / "peer_screens.py", name, file, threads])
    return json.loads(cost.stdout.strip().splitlines()[-1])
