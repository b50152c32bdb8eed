"""Numbers for the golden tests of the area perturbation, by numpy alone (run by hand; the numbers
are kept):

linear.json  the bilinear model of Ahlmann-Eltze et al. on random profiles: prcomp of genes x
             profiles, ridge from both sides.
gears.json   GEARS' simulation split, from its definition with numpy's legacy generator.
"""
import json
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent


def linear():
    rng = np.random.default_rng(3)
    n_genes, n_train, dim, ridge = 30, 12, 4, 0.1
    control = rng.gamma(2.0, 1.0, n_genes)
    targets = rng.choice(n_genes, n_train + 3, replace=False)
    x = control + rng.normal(0, 0.4, (n_train + 3, n_genes))
    train = x[:n_train]
    m = np.vstack([train, control]).T  # genes x profiles, the control among them
    u, s, _ = np.linalg.svd(m - m.mean(axis=0), full_matrices=False)
    g = u[:, :dim] * s[:dim]
    y = np.vstack([train - control, np.zeros(n_genes)]).T
    p = np.vstack([g[targets[:n_train]], np.zeros(dim)])
    b = y.mean(axis=1, keepdims=True)
    k = (np.linalg.solve(g.T @ g + ridge * np.eye(dim), g.T @ (y - b) @ p)
         @ np.linalg.inv(p.T @ p + ridge * np.eye(dim)))
    predicted = control[:, None] + b + g @ k @ g[targets[n_train:]].T
    return {"control": control.tolist(), "profiles": x.tolist(), "targets": targets.tolist(),
            "n_train": n_train, "dim": dim, "ridge": ridge, "predicted": predicted.T.tolist()}


def simulation(perts, gene_share, combo_share, seed):
    genes_of = {p: [g for g in p.split("+") if g != "ctrl"] for p in perts}
    genes = np.unique([g for p in perts for g in genes_of[p]])
    np.random.seed(seed)
    trained = set(np.random.choice(genes, int(len(genes) * gene_share), replace=False))
    n_seen = {p: sum(g in trained for g in genes_of[p]) for p in perts}
    combos = [p for p in perts if len(genes_of[p]) > 1]
    seen2 = np.unique([p for p in combos if n_seen[p] == 2])
    np.random.seed(seed)
    kept = set(np.random.choice(seen2, int(len(seen2) * combo_share), replace=False))
    group = {}
    for p in perts:
        if len(genes_of[p]) == 1:
            group[p] = "train" if n_seen[p] else "unseen_single"
        elif n_seen[p] == 2:
            group[p] = "train" if p in kept else "combo_seen2"
        else:
            group[p] = "combo_seen%d" % n_seen[p]
    return group


def gears():
    rng = np.random.default_rng(5)
    names = ["G%02d" % i for i in rng.permutation(30)]
    perts = [n + "+ctrl" for n in names[:24]]
    while len(perts) < 60:
        a, b = rng.choice(names, 2, replace=False)
        if a + "+" + b not in perts and b + "+" + a not in perts:
            perts.append(a + "+" + b)
    cases = []
    for seed in (1, 2, 3, 42):
        outer = simulation(perts, 0.75, 0.75, seed)
        inner = simulation([p for p in perts if outer[p] == "train"], 0.9, 0.9, seed)
        role = {p: "test" if outer[p] != "train" else
                ("train" if inner[p] == "train" else "validation") for p in perts}
        cases.append({"seed": seed, "group": [outer[p] for p in perts],
                      "role": [role[p] for p in perts]})
    return {"perturbations": perts, "cases": cases}


if __name__ == "__main__":
    (HERE / "linear.json").write_text(json.dumps(linear()) + "\n")
    (HERE / "gears.json").write_text(json.dumps(gears()) + "\n")
