"""Golden numbers for trees, forests' importances and tuned ridge: scikit-learn.

Run: python make_trees.py > trees.json   (needs numpy, scikit-learn)

Trees have leaves of several rows, so that no two splits of a node are equally good: it is checked
that the tree does not depend on the order in which scikit-learn looks at the features.
"""
import json

import numpy as np
from sklearn.linear_model import RidgeCV
from sklearn.tree import DecisionTreeRegressor

rng = np.random.default_rng(20260926)
N = 150
numbers = np.round(rng.normal(size=(N, 5)), 3).astype(np.float32)
bits = (rng.random((N, 40)) < 0.3).astype(np.float32)
y = np.round(numbers[:, 0] * 2 + (numbers[:, 1] > 0.3) + 1.5 * bits[:, 3] - bits[:, 7] * bits[:, 9]
             + rng.normal(size=N), 4)
train = np.arange(N) < 100

out = {"n": N, "n_train": 100, "numbers": [float(f"{v:.3f}") for v in numbers.ravel()],
       "bits": ["".join(str(int(v)) for v in row) for row in bits], "y": y.tolist(), "trees": []}
for name, x in (("numbers", numbers), ("bits", bits)):
    for depth, split, leaf in ((0, 2, 9), (4, 12, 6), (0, 30, 3)):
        trees = [DecisionTreeRegressor(max_depth=depth or None, min_samples_split=split,
                                       min_samples_leaf=leaf, random_state=seed)
                 .fit(x[train], y[train]) for seed in range(20)]
        answers = [tree.predict(x) for tree in trees]
        assert all(np.allclose(answers[0], other, atol=1e-12) for other in answers), (name, depth, leaf)
        out["trees"].append({"features": name, "max_depth": depth, "min_split": split,
                             "min_leaf": leaf, "prediction": answers[0].tolist(),
                             "importances": trees[0].feature_importances_.tolist()})

alphas = [0.1, 1.0, 3.0, 10.0, 30.0, 100.0]
out["ridge"] = {"alphas": alphas}
bits = bits.astype(float)  # scikit-learn's ridge answers in the precision of its input
for name, rows in (("primal", 100), ("kernel", 30)):
    model = RidgeCV(alphas, scoring="neg_mean_squared_error").fit(bits[:rows], y[:rows])
    out["ridge"][name] = {"rows": rows, "alpha": float(model.alpha_),
                          "left_out_mse": float(-model.best_score_),
                          "prediction": model.predict(bits).tolist()}
print(json.dumps(out))
