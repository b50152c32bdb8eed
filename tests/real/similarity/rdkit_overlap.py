#!/usr/bin/env python3
"""Prints the numbers that rdkit_overlap_test.cpp expects, from RDKit and numpy alone.

    CUPEL_MIRROR=... python3 rdkit_overlap.py
"""
import csv
import os
import pathlib

import numpy as np
from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator

POTENCY = pathlib.Path(os.environ["CUPEL_MIRROR"]) / "potency"


def rows(name):
    with open(POTENCY / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def similarities(table, bits):
    make = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=bits)
    prints = [make.GetFingerprint(Chem.MolFromSmiles(row["smiles"].strip())) for row in table]
    return np.array([DataStructs.BulkTanimotoSimilarity(one, prints) for one in prints])


esol = similarities(rows("moleculenet/ESOL_delaney-processed.csv"), 1024)
print("ESOL, 1024 bits: sum of all ordered pairs", repr(esol.sum()))
lipo = similarities(rows("moleculenet/Lipophilicity.csv"), 2048)
upper = lipo[np.triu_indices(len(lipo), 1)]
print("Lipophilicity: edges at 0.4", int((upper >= 0.4).sum()), "sum", repr(upper[upper >= 0.4].sum()))
table = rows("moleculeace/CHEMBL204_Ki.csv")
values = similarities(table, 2048)
train = [i for i, row in enumerate(table) if row["split"] == "train"]
test = [i for i, row in enumerate(table) if row["split"] == "test"]
cross = values[np.ix_(test, train)]
both = values[np.ix_(train + test, train + test)]
print("CHEMBL204: nearest sum", repr(cross.max(1).sum()), "share at 0.7", repr((cross.max(1) >= 0.7).mean()),
      "mean pair", repr(cross.mean()), "L", repr(2 * cross.sum() / both.sum()),
      "sum of nearest train rows", int(np.array(train)[cross.argmax(1)].sum()))
