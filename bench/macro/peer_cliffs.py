"""MoleculeACE's activity cliffs in plain Python, as one would write them with RDKit and the package
Levenshtein: all pairs, all three similarities. Prints CPU seconds and the flags that differ from
the released ones, as JSON. usage: peer_cliffs.py FILE.csv"""

import csv
import json
import sys
import time

from Levenshtein import distance
from rdkit import Chem, RDLogger
from rdkit.Chem import AllChem
from rdkit.Chem.Scaffolds.MurckoScaffold import GetScaffoldForMol, MakeScaffoldGeneric
from rdkit.DataStructs import BulkTanimotoSimilarity

RDLogger.DisableLog("rdApp.*")


def fingerprint(molecule):
    return AllChem.GetMorganFingerprintAsBitVect(molecule, 2, nBits=1024)


def generic(molecule):
    try:
        return MakeScaffoldGeneric(molecule)
    except Exception:
        return GetScaffoldForMol(molecule)


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    begin = time.process_time()
    smiles = [row["smiles"] for row in rows]
    values = [float(row["exp_mean [nM]"]) for row in rows]
    molecules = [Chem.MolFromSmiles(text) for text in smiles]
    whole = [fingerprint(molecule) for molecule in molecules]
    graphs = [fingerprint(generic(molecule)) for molecule in molecules]
    made = time.process_time()
    flags = [0] * len(rows)
    for i in range(len(rows)):
        alike = BulkTanimotoSimilarity(whole[i], whole[i + 1:])
        framework = BulkTanimotoSimilarity(graphs[i], graphs[i + 1:])
        for k, j in enumerate(range(i + 1, len(rows))):
            if max(values[i], values[j]) / min(values[i], values[j]) <= 10:
                continue
            if (alike[k] >= 0.9 or framework[k] >= 0.9 or 1 - distance(smiles[i], smiles[j])
                    / max(len(smiles[i]), len(smiles[j])) >= 0.9):
                flags[i] = flags[j] = 1
    different = sum(int(row["cliff_mol"]) != flag for row, flag in zip(rows, flags))
    end = time.process_time()
    print(json.dumps({"rows": len(rows), "cpu_s": end - begin, "pairs_cpu_s": end - made,
                      "different": different}))


main()
