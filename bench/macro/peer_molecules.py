"""Parse + ECFP4 (2048 bits) of the SMILES of FILE by RDKit's Python functions, one thread, as JSON.
usage: peer_molecules.py FILE"""

import json
import sys
import time


def main():
    import rdkit
    from rdkit import Chem, RDLogger
    from rdkit.Chem import rdMolDescriptors
    RDLogger.DisableLog("rdApp.*")
    with open(sys.argv[1], encoding="utf-8") as file:
        smiles = file.read().split()
    begin, begin_cpu = time.perf_counter(), time.process_time()
    on = 0
    for text in smiles:
        molecule = Chem.MolFromSmiles(text)
        if molecule is not None:
            on += rdMolDescriptors.GetMorganFingerprintAsBitVect(molecule, 2, 2048).GetNumOnBits()
    print(json.dumps({"version": rdkit.__version__, "molecules": len(smiles), "bits": on,
                      "wall_s": time.perf_counter() - begin,
                      "cpu_s": time.process_time() - begin_cpu}))


if __name__ == "__main__":
    main()
