"""Activity cliffs of the 30 MoleculeACE targets by cupel, and of some by plain Python."""

import csv
import json
from pathlib import Path

from macro import measure, peers

_HERE = Path(__file__).parent
PEER_TARGETS = ("CHEMBL2835_Ki", "CHEMBL1862_Ki", "CHEMBL219_Ki")


def _flags(path, column):
    with open(path, encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


def cupel(program, file, out, rule="moleculeace"):
    """What one target costs, and how many flags differ from the released ones."""
    cost = measure.run([program, "cliffs", file, "--columns",
                        "smiles=smiles,value_nM=exp_mean [nM]", "--rule", rule, "--out", out,
                        "--threads", 1])
    pairs = zip(_flags(file, "cliff_mol"), _flags(out, "cliff"))
    return cost, sum(a != b for a, b in pairs)


def python(file):
    return json.loads(measure.run([*peers.python(), _HERE / "peer_cliffs.py", file]).stdout)
