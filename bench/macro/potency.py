"""Learners of ligand potency beside RDKit and scikit-learn on real molecules, in one run."""

import csv
import json
import random
from pathlib import Path

from macro import measure, peers

_HERE = Path(__file__).parent
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def targets(folder):
    """MoleculeACE's files, by number of molecules."""
    files = sorted(folder.glob("CHEMBL*.csv"))
    return sorted(((sum(1 for _ in open(file)) - 1, file) for file in files), key=lambda f: f[0])


def write_smiles(folder, file, count, seed=1):
    """`count` different molecules of all targets, in random order, a SMILES a line."""
    smiles = {row["smiles"] for _, table in targets(folder) for row in csv.DictReader(open(table))}
    drawn = random.Random(seed).sample(sorted(smiles), count)
    file.write_text("".join(text + "\n" for text in drawn))


def write_target(table, file):
    """One target as lines "smiles TAB y TAB train|test"."""
    file.write_text("".join(f"{row['smiles']}\t{row['y']}\t{row['split']}\n"
                            for row in csv.DictReader(open(table))))


def neighbours(program, words, k, nearness="tanimoto"):
    """`bench_potency_learners nearest`: the first half of the fingerprints in the second."""
    return json.loads(measure.run([program, "nearest", words, k, 1, nearness]).stdout)


def rdkit_neighbours(smiles, words, queries):
    """Makes the fingerprints (into `words`) and times BulkTanimotoSimilarity on some queries."""
    cost = measure.run([*peers.python(), _HERE / "peer_neighbours.py", smiles, words, queries],
                       _ONE_THREAD)
    return json.loads(cost.stdout)


def forest(program, file, trees):
    return json.loads(measure.run([program, "forest", file, trees, 1]).stdout)


def sklearn_forest(file, trees, seeds=1):
    cost = measure.run([*peers.python(), _HERE / "peer_forest.py", trees, seeds, file], _ONE_THREAD)
    return json.loads(cost.stdout)
