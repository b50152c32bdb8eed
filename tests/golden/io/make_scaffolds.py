#!/usr/bin/env python3
"""Scaffolds and single cuts by RDKit's Python, for scaffolds_golden_test.cpp.

    make_scaffolds.py > scaffolds.json          the molecules below
    make_scaffolds.py MOLECULEACE_FOLDER        SHA-256 of murcko<TAB>generic<TAB>whole of every
                                                eighth unique SMILES of its CSVs, sorted by file name

Run with python3-rdkit of Debian 12 (2022.09). Cuts are without stereo: FragmentMol turns stereo
centres at the cut round, and it leaves out cuts that look alike within a few bonds."""
import csv
import hashlib
import json
import pathlib
import sys

from rdkit import Chem, RDLogger
from rdkit.Chem.rdMMPA import FragmentMol
from rdkit.Chem.Scaffolds import MurckoScaffold

MOLECULES = """
CCO
c1ccccc1
CC(=O)Oc1ccccc1C(=O)O
O=C1CCCCC1C
CN1C=NC2=C1C(=O)N(C(=O)N2C)C
C[C@H](N)C(=O)N[C@@H](Cc1ccccc1)C(=O)O
C/C=C/c1ccncc1
OC(=O)c1ccc(/N=N/c2ccccc2)cc1
CC(C)(C)c1ccc(S(=O)(=O)N2CCC(c3nnn[nH]3)CC2)cc1
FC(F)(F)c1ccc(OC2CCN(C)CC2)cc1.Cl
[13CH3]c1ccccc1
[2H]c1ccccc1C
C[N+](C)(C)CCO
O=[N+]([O-])c1ccc(Cl)cc1
CS(=O)(=O)c1ccc(C2=C(c3ccccc3)C(=O)OC2)cc1
c1ccc(P(c2ccccc2)(c2ccccc2)=O)cc1
FS(F)(F)(F)(F)c1ccccc1
C1CC1CC1CC1
C#CCN(C)[C@H](C)Cc1ccccc1
O=C(Nc1ccc(Br)cc1)C1CC2CCC1O2
CC1(C)S[C@@H]2[C@H](NC(=O)Cc3ccccc3)C(=O)N2[C@H]1C(=O)O
CN(C)C(=O)C1=NN(c2ccccc2)C(=O)C1
N#Cc1cccc(-c2ccsc2)c1
""".split()


def scaffolds(molecule):
    murcko = MurckoScaffold.MurckoScaffoldSmiles(mol=molecule)
    generic = Chem.MolToSmiles(
        MurckoScaffold.MakeScaffoldGeneric(MurckoScaffold.GetScaffoldForMol(molecule)), False)
    try:
        whole = Chem.MolToSmiles(MurckoScaffold.MakeScaffoldGeneric(molecule), False)
    except Exception:
        whole = "FALLBACK " + murcko
    return [murcko, generic, whole]


def flat(smiles):
    molecule = Chem.MolFromSmiles(smiles)
    Chem.RemoveStereochemistry(molecule)
    return Chem.MolToSmiles(molecule)


def cuts(molecule, **options):
    found = set()
    for _, parts in FragmentMol(molecule, maxCuts=1, maxCutBonds=1000, resultsAsMols=False,
                                **options):
        found.add(" ".join(sorted(flat(part) for part in parts.split("."))))
    return sorted(found)


def main():
    RDLogger.DisableLog("rdApp.*")
    if len(sys.argv) > 1:
        unique = {}
        for path in sorted(pathlib.Path(sys.argv[1]).glob("CHEMBL*.csv")):
            with open(path, encoding="utf-8", newline="") as file:
                unique.update((row["smiles"], None) for row in csv.DictReader(file))
        digest = hashlib.sha256()
        for smiles in list(unique)[::8]:
            digest.update(("\t".join(scaffolds(Chem.MolFromSmiles(smiles))) + "\n").encode())
        print(len(unique), digest.hexdigest())
        return
    rows = []
    for smiles in MOLECULES:
        molecule = Chem.MolFromSmiles(smiles)
        row = {"smiles": smiles, "scaffolds": scaffolds(molecule)}
        if "." not in smiles:
            row["rdkit"] = cuts(molecule)
            row["acyclic"] = cuts(molecule, pattern="[!#1]!@;-[!#1]")
        rows.append(row)
    json.dump(rows, sys.stdout, indent=1)
    print()


main()
