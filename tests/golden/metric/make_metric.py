"""Writes metric.json: metrics on small tables, from scikit-learn and SciPy.

Needs numpy, scipy, scikit-learn. Run: python make_metric.py > metric.json
"""
import json
import math
import sys
import warnings

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn import metrics as m

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20261122)


def undefined(*arrays):
    return any(len(a) < 2 or np.ptp(a) == 0 for a in arrays)


def regression(t, p):
    return {
        "mse": m.mean_squared_error(t, p),
        "rmse": m.root_mean_squared_error(t, p),
        "mae": m.mean_absolute_error(t, p),
        "r2": math.nan if undefined(t) else m.r2_score(t, p),
        "pearson": math.nan if undefined(t, p) else stats.pearsonr(t, p)[0],
        "spearman": math.nan if undefined(t, p) else stats.spearmanr(t, p)[0],
        "kendall": math.nan if undefined(t, p) else stats.kendalltau(t, p)[0],
    }


def classification(labels, margin):
    one_class = len(set(labels)) < 2
    calls = (margin > 0).astype(int)
    return {
        "auroc": math.nan if one_class else m.roc_auc_score(labels, margin),
        "auprc": math.nan if one_class else m.average_precision_score(labels, margin),
        "mcc": math.nan if one_class or len(set(calls)) < 2 else m.matthews_corrcoef(labels, calls),
    }


def case(name, t, p, values):
    clean = {k: (None if math.isnan(v) else float(v)) for k, v in values.items()}
    return {"name": name, "truth": [float(x) for x in t], "prediction": [float(x) for x in p],
            "values": clean}


cases = []
for name, n, decimals, offset in [
    ("plain", 60, None, 0.0), ("ties", 50, 0, 0.0), ("heavy ties", 40, -1, 0.0),
    ("far from zero", 45, None, 1e6), ("two rows", 2, None, 0.0), ("three rows", 3, None, 0.0),
    ("one row", 1, None, 0.0), ("long", 300, 1, 0.0),
]:
    t = rng.normal(0, 3, n)
    p = t + rng.normal(0, 2, n)
    if decimals is not None:
        t, p = np.round(t, decimals) + 0.0, np.round(p, decimals) + 0.0
    t, p = t + offset, p + offset
    cases.append(case(name, t, p, regression(t, p)))
x = rng.normal(size=12)
cases.append(case("constant prediction", x, np.full(12, 0.1), regression(x, np.full(12, 0.1))))
cases.append(case("constant truth", np.full(12, 0.1), x, regression(np.full(12, 0.1), x)))
cases.append(case("perfect", x, x, regression(x, x)))
cases.append(case("reversed", x, -x, regression(x, -x)))
for name, n, rate, decimals in [("classes", 70, 0.4, None), ("rare", 80, 0.05, None),
                                ("tied scores", 60, 0.5, 0), ("few", 4, 0.5, None)]:
    labels = (rng.random(n) < rate).astype(float)
    labels[:2] = [0, 1]
    margin = labels + rng.normal(-0.5, 1, n)
    if decimals is not None:
        margin = np.round(margin, decimals) + 0.0
    cases.append(case(name, labels, margin, classification(labels, margin)))
cases.append(case("one class", np.ones(5), x[:5], classification(np.ones(5), x[:5])))
calls = np.abs(x[:6]) + 1
labels = np.array([0, 1, 0, 1, 1, 0.0])
cases.append(case("all called", labels, calls, classification(labels, calls)))

# Groups: 40 groups of 0..6 rows, with ties and constant groups; macro mean of defined values.
codes = np.sort(rng.integers(0, 40, 110))
t = np.round(rng.normal(size=110), 1)
p = np.round(t + rng.normal(size=110), 0) + 0.0
groups = []
for g in sorted(set(codes)):
    rows = codes == g
    value = math.nan if undefined(t[rows], p[rows]) else stats.spearmanr(t[rows], p[rows])[0]
    groups.append({"group": int(g), "n": int(rows.sum()),
                   "value": None if math.isnan(value) else float(value)})
shuffle = rng.permutation(110)
json.dump({
    "made_by": f"scikit-learn {sklearn.__version__}, SciPy {scipy.__version__}",
    "cases": cases,
    "groups": {"code": codes[shuffle].tolist(), "truth": t[shuffle].tolist(),
               "prediction": p[shuffle].tolist(), "spearman": groups},
}, sys.stdout, indent=None)
print()
