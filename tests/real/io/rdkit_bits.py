#!/usr/bin/python3
"""Makes the constants of rdkit_bits_test.cpp with RDKit's Python functions.

    CUPEL_MIRROR=DIR python3 tests/real/io/rdkit_bits.py      (Debian 12: python3-rdkit 2022.09.3)

Molecules: every different SMILES of MoleculeACE, Janela 2022 and MoleculeNet in the mirror, sorted
by bytes. Per kind one line: SHA-256 of the rows one after another, a row being the bits as bytes,
the first bit lowest (counts: uint16 a bit; descriptors: float32 a value).
"""
import csv
import glob
import hashlib
import os
import sys

import numpy
import rdkit
from rdkit import Chem, DataStructs, RDLogger
from rdkit.Chem import Descriptors, MACCSkeys, QED, rdMolDescriptors
from rdkit.Chem.Scaffolds import MurckoScaffold

FILES = [("moleculeace/CHEMBL*.csv", "smiles"),
         ("janela2022/chembl_30_IC50_10_tids_1000_CPDs.csv", "nonstereo_aromatic_smiles"),
         ("moleculenet/ESOL_delaney-processed.csv", "smiles"),
         ("moleculenet/FreeSolv_SAMPL.csv", "smiles"),
         ("moleculenet/Lipophilicity.csv", "smiles"),
         ("moleculenet/bace.csv", "smiles")]


def all_smiles(folder):
    found = set()
    for pattern, column in FILES:
        for name in glob.glob(os.path.join(folder, "potency", pattern)):
            with open(name, newline="", encoding="utf-8-sig") as file:
                found.update(row[column].strip() for row in csv.DictReader(file))
    return sorted(found - {""}, key=lambda text: text.encode())


def bits(fingerprint):
    return DataStructs.BitVectToBinaryText(fingerprint)


def counts(fingerprint, n_bits):
    row = numpy.zeros(n_bits, dtype="<u2")
    for bit, count in fingerprint.GetNonzeroElements().items():
        row[bit] = min(count, 65535)
    return row.tobytes()


def physchem(m):
    return numpy.array([Descriptors.ExactMolWt(m), Descriptors.MolLogP(m), Descriptors.NumHDonors(m),
                        Descriptors.NumHAcceptors(m), Descriptors.NumRotatableBonds(m),
                        m.GetNumAtoms(), m.GetNumHeavyAtoms(), Descriptors.MolMR(m),
                        QED.properties(m).PSA, Chem.GetFormalCharge(m),
                        rdMolDescriptors.CalcNumRings(m)], dtype="<f4").tobytes()


def size(m):
    return numpy.array([m.GetNumHeavyAtoms(), Descriptors.MolWt(m), Descriptors.MolLogP(m),
                        Descriptors.TPSA(m)], dtype="<f4").tobytes()


def kinds():
    morgan = rdMolDescriptors.GetMorganFingerprintAsBitVect
    hashed = rdMolDescriptors.GetHashedMorganFingerprint
    for radius in range(4):
        for n_bits in (1024, 2048):
            for chirality in (False, True):
                name = f"ecfp r{radius} {n_bits}" + (" chirality" if chirality else "")
                yield name, lambda m, r=radius, n=n_bits, c=chirality: bits(
                    morgan(m, r, nBits=n, useChirality=c))
        yield f"fcfp r{radius} 2048", lambda m, r=radius: bits(morgan(m, r, nBits=2048,
                                                                     useFeatures=True))
    yield "fcfp r2 1024 chirality", lambda m: bits(morgan(m, 2, nBits=1024, useFeatures=True,
                                                          useChirality=True))
    yield "maccs", lambda m: bits(MACCSkeys.GenMACCSKeys(m))
    for chirality in (False, True):
        end = " chirality" if chirality else ""
        yield "atom_pair 2048" + end, lambda m, c=chirality: bits(
            rdMolDescriptors.GetHashedAtomPairFingerprintAsBitVect(m, nBits=2048, includeChirality=c))
        yield "topological_torsion 2048" + end, lambda m, c=chirality: bits(
            rdMolDescriptors.GetHashedTopologicalTorsionFingerprintAsBitVect(
                m, nBits=2048, includeChirality=c))
    yield "rdkit 2048", lambda m: bits(Chem.RDKFingerprint(m))
    yield "counts ecfp r2 2048", lambda m: counts(hashed(m, 2, nBits=2048), 2048)
    yield "counts fcfp r2 2048", lambda m: counts(hashed(m, 2, nBits=2048, useFeatures=True), 2048)
    yield "counts atom_pair 1024", lambda m: counts(
        rdMolDescriptors.GetHashedAtomPairFingerprint(m, nBits=1024), 1024)
    yield "counts topological_torsion 1024", lambda m: counts(
        rdMolDescriptors.GetHashedTopologicalTorsionFingerprint(m, nBits=1024), 1024)
    yield "physchem", physchem
    yield "size", size
    yield "canonical", lambda m: (Chem.MolToSmiles(m) + "\n").encode()
    yield "murcko", lambda m: (Chem.MolToSmiles(MurckoScaffold.GetScaffoldForMol(m)) + "\n").encode()


def main():
    RDLogger.DisableLog("rdApp.*")
    smiles = all_smiles(os.environ["CUPEL_MIRROR"])
    hashes = [(name, make, hashlib.sha256()) for name, make in kinds()]
    n_bad = 0
    for text in smiles:
        molecule = Chem.MolFromSmiles(text)
        n_bad += molecule is None
        if molecule is not None:
            for _, make, digest in hashes:
                digest.update(make(molecule))
    print(f"RDKit {rdkit.__version__}: {len(smiles)} SMILES, {n_bad} unreadable", file=sys.stderr)
    for name, _, digest in hashes:
        print(f'    {{"{name}", "{digest.hexdigest()}"}},')


if __name__ == "__main__":
    main()
