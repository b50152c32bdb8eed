"""perturbation_presets.json: the metrics of published tools on perturbench/devel.h5ad, by definition.

Independent of cupel: numpy and scipy for the formulas, scanpy for differential expression (GEARS'
t-test against the control, Miller's t-test_overestim_var against the rest), scikit-learn for
pairwise distances and R2. The prediction is made up: in every cell line, of every perturbation p,

    control + 0.7 (p - control) + 0.3 (q - control),   q = the next label in order

    python3 make_perturbation_presets.py $CUPEL_MIRROR/perturbation > perturbation_presets.json
"""
import json
import sys
import warnings

import anndata
import numpy as np
import scanpy as sc
from scipy import stats
from sklearn.metrics import pairwise_distances, r2_score

warnings.filterwarnings("ignore")
FOLDER = sys.argv[1]


def pearson(a, b):
    a, b = a - a.mean(), b - b.mean()
    norms = np.linalg.norm(a) * np.linalg.norm(b)
    return float(a @ b / norms) if norms > 0 else None


def cosine(a, b):
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def energy(x, y, metric, unbiased):
    def mean(a, b, same):
        pairs = len(a) * (len(b) - 1 if same and unbiased else len(b))
        return pairwise_distances(a, b, metric=metric).sum() / pairs
    return float(2 * mean(x, y, False) - mean(x, x, True) - mean(y, y, True))


def de_tables(cells):
    """Genes by |t| against the control; Miller's scores and adjusted p-values against the rest."""
    sc.tl.rank_genes_groups(cells, "condition", reference="control", method="t-test",
                            rankby_abs=True, n_genes=cells.n_vars, use_raw=False, key_added="ref")
    sc.tl.rank_genes_groups(cells, "condition", reference="rest", method="t-test_overestim_var",
                            n_genes=cells.n_vars, use_raw=False, key_added="rest")
    place = {g: j for j, g in enumerate(cells.var_names)}
    x = cells.X.toarray().astype(np.float64)
    control = x[(cells.obs["condition"] == "control").values]
    out = {}
    for label in cells.obs["condition"].cat.categories:
        if label == "control":
            continue
        # scanpy keeps scores in float32 and ties in no order: the same test in double, ties by place.
        group = x[(cells.obs["condition"] == label).values]
        t = np.nan_to_num(stats.ttest_ind(group, control, equal_var=False).statistic)
        order = np.argsort(-np.abs(t), kind="stable")
        assert {place[g] for g in cells.uns["ref"]["names"][label][:20]} == set(order[:20])
        scores = np.zeros(cells.n_vars)
        adjusted = np.ones(cells.n_vars)
        index = [place[g] for g in cells.uns["rest"]["names"][label]]
        scores[index] = cells.uns["rest"]["scores"][label]
        adjusted[index] = cells.uns["rest"]["pvals_adj"][label]
        out[label] = (order, scores, adjusted)
    return out


def add(table, metric, label, value):
    table.setdefault(metric, {})[label] = None if value is None else float(value)


def weights_of(scores):
    w = np.abs(np.nan_to_num(scores))
    span = w.max() - w.min()
    w = (w - w.min()) / span if span > 0 else np.ones_like(w) * (w.max() > 0)
    return w ** 2


def r2w(t, p, w):
    centre = np.average(t, weights=w)
    return 1 - np.sum(w * (t - p) ** 2) / np.sum(w * (t - centre) ** 2)


def context_tables(cells):
    cells.obs["condition"] = cells.obs["condition"].astype(str).astype("category")
    labels = [c for c in cells.obs["condition"].cat.categories if c != "control"]
    x = cells.X.toarray().astype(np.float64)
    member = {c: x[(cells.obs["condition"] == c).values] for c in [*labels, "control"]}
    c = member["control"].mean(0)
    truth = np.array([member[p].mean(0) for p in labels])
    following = np.roll(truth, -1, axis=0)
    pred = c + 0.7 * (truth - c) + 0.3 * (following - c)
    shift = truth.mean(0)
    de = de_tables(cells)
    out = {name: {} for name in
           ["ahlmann", "systema", "miller", "perturbench", "gears", "pertval", "scperturb"]}
    top = np.sort(np.argsort(-c, kind="stable")[:100])
    between = pairwise_distances(pred, truth)
    logfc = [np.nan_to_num(np.log2(m + .1) - np.log2(c + .1), posinf=0, neginf=0)
             for m in (truth, pred)]
    wrong = pairwise_distances(logfc[0], logfc[1], metric="cosine")
    for i, p in enumerate(labels):
        t, q = truth[i], pred[i]
        order, scores, adjusted = de[p]
        a = out["ahlmann"]
        add(a, "l2", p, np.linalg.norm((q - t)[top]))
        add(a, "r2_delta", p, pearson((t - c)[top], (q - c)[top]))
        add(a, "r2", p, pearson(t[top], q[top]))
        s = out["systema"]
        kept = [g for g in order if t[g] != 0 or c[g] == 0][:20]
        add(s, "pearson_delta", p, pearson(t - c, q - c))
        add(s, "pearson_delta_de20", p, pearson((t - c)[kept], (q - c)[kept]))
        add(s, "pearson_delta_pertref", p, pearson(t - shift, q - shift))
        add(s, "pearson_delta_pertref_de20", p, pearson((t - shift)[kept], (q - shift)[kept]))
        add(s, "rmse", p, np.sqrt(np.mean((t - q) ** 2)))
        add(s, "rmse_de20", p, np.sqrt(np.mean((t - q)[kept] ** 2)))
        best = [set(np.argsort(-np.abs(v - c), kind="stable")[:20]) for v in (t, q)]
        add(s, "jaccard_top20", p, len(best[0] & best[1]) / len(best[0] | best[1]))
        farther = np.sum(np.delete(between[i], i) > between[i, i]) / (len(labels) - 1)
        add(s, "centroid_accuracy", p, farther)
        m = out["miller"]
        w = weights_of(scores)
        degs = np.where(adjusted < 0.05)[0]
        add(m, "mse", p, np.mean((t - q) ** 2))
        add(m, "wmse", p, np.average((t - q) ** 2, weights=w))
        for name, ref in (("deltactrl", c), ("deltapert", shift)):
            u, v = t - ref, q - ref
            add(m, f"pearson_{name}", p, pearson(u, v))
            add(m, f"r2_{name}", p, r2_score(u, v))
            add(m, f"weighted_r2_{name}", p, r2w(u, v, w))
            few = len(degs) <= 2
            add(m, f"pearson_{name}_degs", p, None if few else pearson(u[degs], v[degs]))
            add(m, f"r2_{name}_degs", p, None if few else r2_score(u[degs], v[degs]))
        add(m, "nir", p, farther)
        b = out["perturbench"]
        add(b, "rmse_average", p, np.sqrt(np.mean((t - q) ** 2)))
        add(b, "rmse_rank_average", p, np.sum(between[:, i] < between[i, i]) / len(labels))
        add(b, "cosine_logfc", p, cosine(logfc[0][i], logfc[1][i]))
        add(b, "cosine_rank_logfc", p, np.sum(wrong[i] < wrong[i, i]) / len(labels))
        add(b, "mse_average", p, np.mean((t - q) ** 2))
        add(b, "mae_average", p, np.mean(np.abs(t - q)))
        add(b, "pearson_average", p, pearson(t, q))
        add(b, "r2_score_average", p, r2_score(q, t))
        add(b, "rmse_logfc", p, np.sqrt(np.mean((logfc[0][i] - logfc[1][i]) ** 2)))
        add(b, "pearson_logfc", p, pearson(logfc[0][i], logfc[1][i]))
        g = out["gears"]
        add(g, "mse", p, np.mean((t - q) ** 2))
        add(g, "pearson", p, pearson(t, q))
        add(g, "mse_de", p, np.mean((t - q)[order[:20]] ** 2))
        add(g, "pearson_de", p, pearson(t[order[:20]], q[order[:20]]))
        add(g, "pearson_delta", p, pearson(t - c, q - c))
        add(g, "pearson_delta_de", p, pearson((t - c)[order[:20]], (q - c)[order[:20]]))
        same = np.sign(t - c) == np.sign(q - c)
        add(g, "frac_correct_direction_all", p, same.mean())
        for k in (20, 50, 100, 200):
            add(g, f"frac_correct_direction_{k}", p, same[order[:k]].mean())
        v = out["pertval"]
        add(v, "mse", p, np.mean((member[p] - q) ** 2))
        add(v, "mse_of_control_mean", p, np.mean((member[p] - c) ** 2))
        e = out["scperturb"]
        for name, metric, unbiased in (("squared-u", "sqeuclidean", True),
                                       ("squared-v", "sqeuclidean", False),
                                       ("euclid-u", "euclidean", True),
                                       ("euclid-v", "euclidean", False)):
            add(e, f"X {name}", p, energy(member[p], member["control"], metric, unbiased))
    n = len(labels)
    a = out["ahlmann"]
    with_control = (truth.sum(0) + c) / (n + 1)
    total = sum(np.linalg.norm((pred - truth)[:, top], axis=1))
    add(a, "relative_l2_to_mean", "", total / sum(np.linalg.norm((truth - with_control)[:, top], axis=1)))
    add(a, "relative_l2_to_no_change", "", total / sum(np.linalg.norm((truth - c)[:, top], axis=1)))
    add(out["systema"], "systematic_variation", "",
        np.mean([cosine(t - c, shift - c) for t in truth]))
    return out, pred, labels


def main():
    data = anndata.read_h5ad(f"{FOLDER}/perturbench/devel.h5ad")
    result = {"versions": {"scanpy": sc.__version__, "numpy": np.__version__}}
    profiles = []
    for line in sorted(data.obs["cell_type"].unique()):
        tables, pred, labels = context_tables(data[data.obs["cell_type"] == line].copy())
        result[line] = tables
        profiles.append((line, pred, labels))
    if len(sys.argv) > 2:
        x = np.vstack([p for _, p, _ in profiles])
        out = anndata.AnnData(x)
        out.var_names = data.var_names
        out.obs["condition"] = [c for _, _, names in profiles for c in names]
        out.obs["cell_type"] = [line for line, _, names in profiles for _ in names]
        out.write_h5ad(sys.argv[2])
    print(json.dumps(result, indent=0, separators=(",", ":")))


if __name__ == "__main__":
    main()
