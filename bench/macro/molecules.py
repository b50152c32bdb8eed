"""Parse + ECFP4 of real molecules by cupel and by RDKit, C++ and Python, in one run."""

import csv
import json
from pathlib import Path

from macro import measure, peers

_HERE = Path(__file__).parent


def smiles_file(mirror, path, n):
    """The first n different SMILES of MoleculeACE, one a line."""
    found = {}
    for name in sorted((mirror / "potency/moleculeace").glob("CHEMBL*.csv")):
        with open(name, newline="", encoding="utf-8") as file:
            found.update((row["smiles"], None) for row in csv.DictReader(file))
    path.write_text("\n".join(list(found)[:n]) + "\n")
    return path


def program(binary, path, what, threads):
    """The best of three by CPU time."""
    runs = [json.loads(measure.run([binary, path, what, threads]).stdout) for _ in range(3)]
    return min(runs, key=lambda run: run["cpu_s"])


def rdkit_python(path):
    return json.loads(measure.run([*peers.python(), _HERE / "peer_molecules.py", path]).stdout)
