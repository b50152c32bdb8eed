"""Reference errors of neighbour and constant predictors on MoleculeACE and on Janela & Bajorath's
ten classes, by numpy and RDKit's Python alone, with cupel's tie rule: everything as near as the k-th
neighbour is averaged. Beside them, for the distance of the conventions, scikit-learn's
KNeighborsRegressor, which takes the first k in an unspecified order.

usage: make_potency_reference.py FOLDER_OF_POTENCY_DATA > potency_reference.json
Needs numpy, pandas, scikit-learn and RDKit 2022.09 (Debian's python3-rdkit)."""

import glob
import json
import os
import sys

import numpy as np
import pandas as pd
from rdkit import Chem, RDLogger
from rdkit.Chem import AllChem
from sklearn.model_selection import KFold, ShuffleSplit
from sklearn.neighbors import KNeighborsRegressor


def bits_of(smiles, width):
    out = np.zeros((len(smiles), width), np.uint8)
    for i, text in enumerate(smiles):
        prints = AllChem.GetMorganFingerprintAsBitVect(Chem.MolFromSmiles(text), 2, width)
        out[i, list(prints.GetOnBits())] = 1
    return out


def counts(queries, base):
    common = (queries.astype(np.float32) @ base.astype(np.float32).T).astype(np.int64)
    return common, queries.sum(1, dtype=np.int64)[:, None], base.sum(1, dtype=np.int64)[None, :]


def tanimoto(queries, base):
    common, a, b = counts(queries, base)
    return common / np.maximum(a + b - common, 1)


def minus_squared_distance(queries, base):
    common, a, b = counts(queries, base)
    return 2 * common - a - b


def mean_of_near(nearness, y, k, weighted=False):
    """Mean of y over all that are as near as the k-th."""
    kth = -np.sort(-nearness, axis=1)[:, min(k, nearness.shape[1]) - 1]
    inside = nearness >= kth[:, None]
    weight = nearness * inside if weighted else inside.astype(float)
    weight = np.where(weight.sum(1, keepdims=True) > 0, weight, inside.astype(float))
    return weight @ y / weight.sum(1), (inside.sum(1) > k).mean()


def rmse(a, b):
    return float(np.sqrt(np.mean((a - b) ** 2)))


def moleculeace(folder, width):
    found = {}
    for file in sorted(glob.glob(os.path.join(folder, "moleculeace", "CHEMBL*.csv"))):
        table = pd.read_csv(file)
        x = bits_of(table["smiles"], width)
        y = table["y [pEC50/pKi]"].to_numpy()
        train = (table["split"] == "train").to_numpy()
        cliff = (table["cliff_mol"] == 1).to_numpy()[~train]
        near = tanimoto(x[~train], x[train])
        ties = mean_of_near(near, y[train], 5)[1]
        predictions = {
            "median": np.full((~train).sum(), np.median(y[train])),
            "nearest_1": mean_of_near(near, y[train], 1)[0],
            "knn": mean_of_near(near, y[train], 5)[0],
            "knn_weighted": mean_of_near(near, y[train], 5, True)[0],
        }
        test = y[~train]
        found[os.path.basename(file)[:-4]] = {
            "tie_share_5": float(ties),
            **{name: [rmse(p, test), rmse(p[cliff], test[cliff])]
               for name, p in predictions.items()}}
    return found


def grid(near_of, x, y, ks=(1, 3, 5)):
    """k by the mean over ten contiguous folds of the mean absolute error; rows in the order of
    ShuffleSplit, as GridSearchCV(cv=10) gets them there."""
    errors = np.zeros(len(ks))
    for fit, tune in KFold(10).split(x):
        near = near_of(x[tune], x[fit])
        for c, k in enumerate(ks):
            errors[c] += np.abs(mean_of_near(near, y[fit], k)[0] - y[tune]).mean()
    return ks[int(np.argmin(errors))]


def janela(folder):
    file = glob.glob(os.path.join(folder, "janela2022", "chembl_30*.csv"))[0]
    table = pd.read_csv(file)
    found = {}
    for target, rows in table.groupby("chembl_tid", sort=True):
        x = bits_of(rows["nonstereo_aromatic_smiles"], 2048)
        y = rows["pPot"].to_numpy()
        trials = []
        splitter = ShuffleSplit(n_splits=10, test_size=0.2, random_state=20021997)
        for train, test in splitter.split(x):
            near = minus_squared_distance(x[test], x[train])
            k = grid(minus_squared_distance, x[train], y[train])
            by_k = {k: mean_of_near(near, y[train], k)[0] for k in (1, 3, 5)}

            def mae(values):
                return float(np.abs(values - y[test]).mean())

            plain = KNeighborsRegressor(5).fit(x[train].astype(float), y[train])
            trials.append({
                "median": mae(np.full(len(test), np.median(y[train]))),
                "k1": mae(by_k[1]), "k3": mae(by_k[3]), "k5": mae(by_k[5]), "grid": mae(by_k[k]),
                "grid_k": k, "plain_sklearn_k5": mae(plain.predict(x[test].astype(float)))})
        found[str(target)] = trials
    return found


def main(folder):
    RDLogger.DisableLog("rdApp.*")
    result = {"moleculeace_1024": moleculeace(folder, 1024),
              "moleculeace_2048": moleculeace(folder, 2048), "janela": janela(folder)}
    for name in ("moleculeace_1024", "moleculeace_2048"):
        table = result[name]
        for method in ("median", "nearest_1", "knn", "knn_weighted"):
            mean = np.mean([row[method] for row in table.values()], axis=0)
            print(name, method, mean, file=sys.stderr)
    for column in ("median", "k1", "k3", "k5", "grid", "plain_sklearn_k5"):
        print("janela MAE", column,
              np.mean([[t[column] for t in trials] for trials in result["janela"].values()]),
              file=sys.stderr)
    worst = max(abs(t["plain_sklearn_k5"] - t["k5"])
                for trials in result["janela"].values() for t in trials)
    print("largest |scikit-learn's own ties - all ties|, MAE of 5-NN:", worst, file=sys.stderr)
    json.dump(result, sys.stdout, separators=(",", ":"))


if __name__ == "__main__":
    main(sys.argv[1])
