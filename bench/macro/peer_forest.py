"""scikit-learn's random forest beside cupel's: the same molecules, ECFP4 of 1024 bits by RDKit, all
features, one thread. Prints per file one line of JSON: the root mean squared error on the test rows
by seed, and the CPU seconds of the quickest fit.
usage: peer_forest.py TREES SEEDS FILE...      FILE: lines "smiles TAB y TAB train|test" """

import json
import sys
import time

import numpy as np
import sklearn
from rdkit import Chem, RDLogger
from rdkit.Chem import AllChem
from sklearn.ensemble import RandomForestRegressor


def read(file):
    smiles, y, part = zip(*(line.rstrip("\n").split("\t") for line in open(file)))
    bits = np.zeros((len(smiles), 1024), np.float32)
    for i, text in enumerate(smiles):
        molecule = Chem.MolFromSmiles(text)
        bits[i, list(AllChem.GetMorganFingerprintAsBitVect(molecule, 2, 1024).GetOnBits())] = 1
    return bits, np.array([float(v) for v in y]), np.array([p == "train" for p in part])


def main(trees, seeds, files):
    RDLogger.DisableLog("rdApp.*")
    for file in files:
        x, y, train = read(file)
        rmse, cpu = [], []
        for seed in range(seeds):
            begin = time.process_time()
            forest = RandomForestRegressor(trees, random_state=seed, n_jobs=1)
            forest.fit(x[train], y[train])
            cpu.append(time.process_time() - begin)
            error = forest.predict(x[~train]) - y[~train]
            rmse.append(float(np.sqrt(np.mean(error ** 2))))
        print(json.dumps({"file": file, "version": sklearn.__version__, "train": int(train.sum()),
                          "trees": trees, "rmse": rmse, "fit_cpu_s": min(cpu)}), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
