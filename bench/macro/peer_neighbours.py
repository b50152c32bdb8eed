"""ECFP4 of 2048 bits of all molecules into WORDS (rows of 32 little-endian 64-bit words), and the
CPU time of RDKit's BulkTanimotoSimilarity between the first QUERIES of the first half and the whole
second half, as JSON.
usage: peer_neighbours.py SMILES WORDS QUERIES"""

import json
import sys
import time

import numpy as np
import rdkit
from rdkit import Chem, DataStructs, RDLogger
from rdkit.Chem import AllChem


def main(smiles, words, n_queries):
    RDLogger.DisableLog("rdApp.*")
    prints = [AllChem.GetMorganFingerprintAsBitVect(Chem.MolFromSmiles(line.strip()), 2, 2048)
              for line in open(smiles)]
    bits = np.zeros((len(prints), 2048), np.uint8)
    for row, one in zip(bits, prints):
        row[list(one.GetOnBits())] = 1
    np.packbits(bits, axis=1, bitorder="little").tofile(words)
    half = len(prints) // 2
    queries, base = prints[:n_queries], prints[half:]
    spent = []
    for _ in range(3):
        begin = time.process_time()
        for query in queries:
            DataStructs.BulkTanimotoSimilarity(query, base)
        spent.append(time.process_time() - begin)
    print(json.dumps({"version": rdkit.__version__, "cpu_s": min(spent),
                      "pairs_per_cpu_s": len(queries) * len(base) / min(spent)}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
