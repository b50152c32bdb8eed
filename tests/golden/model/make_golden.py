"""Golden numbers for the closed-form learners: numpy's lstsq and scikit-learn's Ridge.

Run: python make_golden.py > golden.json   (needs numpy, scikit-learn)
"""
import json

import numpy as np
from sklearn.linear_model import Ridge

rng = np.random.default_rng(20240601)
N_FIRST, N_SECOND, N_X, N_Z = 9, 14, 3, 4
first, second = np.nonzero(rng.random((N_FIRST, N_SECOND)) < 0.6)
y = rng.normal(size=len(first)) + first - 0.3 * second
train = rng.random(len(y)) < 0.8
x = rng.normal(size=(N_FIRST, N_X)).astype(np.float32).astype(float)
z = rng.normal(size=(N_SECOND, N_Z)).astype(np.float32).astype(float)

one_hot = np.hstack([np.eye(N_FIRST)[first], np.eye(N_SECOND)[second]])

# Least squares: predictions of pairs whose two levels are in training do not depend on the gauge.
design = np.hstack([np.ones((len(y), 1)), one_hot])
w = np.linalg.lstsq(design[train], y[train], rcond=None)[0]

out = {
    "n_first": N_FIRST,
    "n_second": N_SECOND,
    "first": first.tolist(),
    "second": second.tolist(),
    "y": y.tolist(),
    "train": train.tolist(),
    "least_squares": (design @ w).tolist(),
    "one_hot_ridge": {},
    "x": x.ravel().tolist(),
    "z": z.ravel().tolist(),
}
for alpha in (0.5, 10.0):
    model = Ridge(alpha=alpha, solver="svd").fit(one_hot[train], y[train])
    out["one_hot_ridge"][str(alpha)] = model.predict(one_hot).tolist()

# Interaction ridge: main effects pay alpha * share, i.e. columns divided by sqrt(share).
ALPHA, SHARE, PRODUCTS = 2.0, 0.1, 2
products = (x[first][:, None, :] * z[second][:, :PRODUCTS, None]).reshape(len(y), -1)
columns = np.hstack([x[first] / np.sqrt(SHARE), z[second] / np.sqrt(SHARE), products])
model = Ridge(alpha=ALPHA, solver="svd").fit(columns[train], y[train])
out["interaction_ridge"] = {
    "penalty": ALPHA, "share": SHARE, "products": PRODUCTS,
    "prediction": model.predict(columns).tolist(),
}
plain = Ridge(alpha=3.0, solver="svd", fit_intercept=False).fit(columns[train], y[train])
out["ridge"] = {"penalty": 3.0, "columns": columns.ravel().tolist(), "n_columns": columns.shape[1],
                "weights": plain.coef_.tolist(),
                "squared_error": float(np.sum((y[train] - plain.predict(columns[train])) ** 2))}
print(json.dumps(out))
