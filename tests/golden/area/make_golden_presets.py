#!/usr/bin/env python3
"""Numbers of cell-eval and cell-eval2 on pairs made from real data, for the presets' tests.

    python make_golden_presets.py TOOL MIRROR OUT.json [--pairs FOLDER]

TOOL is "cell-eval" (0.8.2 with pdex 0.3.0) or "cell-eval2" (0.20.0, DE by scanpy). Run cell-eval with
NPY_DISABLE_CPU_FEATURES="X86_V4 AVX512_ICL": NumPy's log1p in single precision is another one on
processors with AVX-512, and other values tie. --only NAME/KIND makes one pair. The JSON files of the
tests hold a choice of the pairs, without clustering_agreement. A pair is made by
rule, without random numbers, so that the tests make the same one: of every group the cells at even
places are the truth, those at odd places the prediction; groups of fewer than 6 cells are left out.

  halves   as they are: a technical replicate
  shrunk   predicted perturbed cells: every value times 0.5 (log values only)
  swapped  every perturbation carries the predicted cells of the next one (sorted)
  control  every perturbation carries the predicted control cells, repeated
"""
import argparse
import json
import math
import os
import tempfile

import anndata as ad
import numpy as np
import pandas as pd

PAIRS = {
    "devel": dict(file="perturbench/devel.h5ad", only=("cell_type", "k562"), group="condition",
                  control="control", scale="log1p", kinds=("halves", "shrunk", "swapped", "control")),
    "papalexi": dict(file="sceptre_papalexi/papalexi2021_lowmoi_299genes_counts.h5ad", only=None,
                     group="perturbation", control="non-targeting", scale="counts",
                     kinds=("halves", "swapped")),
    "datlinger": dict(file="scperturb_datlinger/datlinger2021_tcr_2000genes_counts.h5ad",
                      only=("perturbation_2", "stimulated"), group="target", control="control",
                      scale="counts", kinds=("halves",)),
    "glioblastoma": dict(file="lemur_glioblastoma/glioblastoma_panobinostat_300genes_counts.h5ad",
                         only=None, group="condition", control="ctrl", scale="counts",
                         kinds=("halves",)),
}


def make_pair(mirror, spec, kind):
    cells = ad.read_h5ad(os.path.join(mirror, "perturbation", spec["file"]))
    if spec["only"]:
        cells = cells[cells.obs[spec["only"][0]].astype(str) == spec["only"][1]].copy()
    labels = cells.obs[spec["group"]].astype(str).to_numpy()
    truth, predicted, of_group = [], [], {}
    for group in sorted(set(labels)):
        rows = np.flatnonzero(labels == group)
        if rows.size < 6:
            continue
        truth += list(rows[0::2])
        of_group[group] = list(rows[1::2])
    names = [g for g in of_group if g != spec["control"]]
    for group, rows in of_group.items():
        source = rows
        if kind == "swapped" and group != spec["control"]:
            source = of_group[names[(names.index(group) + 1) % len(names)]]
        if kind == "control" and group != spec["control"]:
            pool = of_group[spec["control"]]
            source = [pool[i % len(pool)] for i in range(len(rows))]
        predicted += [(group, r) for r in source]

    def make(x, groups):
        obs = pd.DataFrame({spec["group"]: pd.Categorical(groups)},
                           index=[str(i) for i in range(len(groups))])
        return ad.AnnData(X=x.copy(), obs=obs, var=pd.DataFrame(index=cells.var_names.copy()))

    real = make(cells.X[truth], labels[truth])
    x = cells.X[[r for _, r in predicted]].copy()
    groups = np.array([g for g, _ in predicted])
    if kind == "shrunk":
        for i in np.flatnonzero(groups != spec["control"]):
            x.data[x.indptr[i]:x.indptr[i + 1]] *= 0.5
    return real, make(x, groups)


def frame(rows):
    out = {}
    for metric, perturbation, value in rows:
        value = None if value is None else float(value)
        if value is not None and math.isnan(value):
            value = "nan"
        out.setdefault(metric, {})[perturbation] = value
    return out


def by_cell_eval(real, predicted, spec):
    from cell_eval import MetricsEvaluator

    with tempfile.TemporaryDirectory() as folder:
        evaluator = MetricsEvaluator(predicted.copy(), real.copy(), control_pert=spec["control"],
                                     pert_col=spec["group"], num_threads=1, outdir=folder)
        results, means = evaluator.compute(profile="full", write_csv=False)
    rows = []
    for metric in results.columns:
        if metric == "perturbation":
            continue
        rows += [(metric, str(p), v) for p, v in zip(results["perturbation"], results[metric])]
        at = means["statistic"].to_list().index("mean")
        rows.append((metric, "", means[metric].to_list()[at]))
    return frame(rows)


def by_cell_eval2(real, predicted, spec):
    from cell_eval2.config import EvalConfig
    from cell_eval2.run import aggregate_metrics, compute_metrics

    genes = set(real.var_names)
    none = not any(g in genes for g in set(real.obs[spec["group"]].astype(str)) - {spec["control"]})
    config = EvalConfig(metrics="full", pert_col=spec["group"], control=spec["control"],
                        input_type="lognorm" if spec["scale"] == "log1p" else "counts",
                        num_threads=1, target_gene_map={"*": None} if none else None)
    if os.environ.get("DE_BACKEND"):
        import dataclasses
        config = dataclasses.replace(config, de=dataclasses.replace(
            config.de, backend=os.environ["DE_BACKEND"]))
    table = compute_metrics(predicted.copy(), real.copy(), config=config)
    rows = [(r["metric"], r["perturbation"], r["value"]) for r in table.iter_rows(named=True)]
    rows += [(r["metric"], "", r["mean"]) for r in aggregate_metrics(table).iter_rows(named=True)]
    return frame(rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool", choices=["cell-eval", "cell-eval2"])
    parser.add_argument("mirror")
    parser.add_argument("out")
    parser.add_argument("--pairs")
    parser.add_argument("--only")
    args = parser.parse_args()
    score = by_cell_eval if args.tool == "cell-eval" else by_cell_eval2
    out = {}
    for name, spec in PAIRS.items():
        for kind in spec["kinds"]:
            if args.only and args.only != f"{name}/{kind}":
                continue
            real, predicted = make_pair(args.mirror, spec, kind)
            if args.pairs:
                os.makedirs(args.pairs, exist_ok=True)
                real.write_h5ad(os.path.join(args.pairs, f"{name}_{kind}_real.h5ad"))
                predicted.write_h5ad(os.path.join(args.pairs, f"{name}_{kind}_pred.h5ad"))
            try:
                out[f"{name}/{kind}"] = score(real, predicted, spec)
            except ValueError as error:
                print(f"{name}/{kind}: {error}")
                continue
            print(name, kind, {k: v.get("") for k, v in out[f"{name}/{kind}"].items()})
    with open(args.out, "w") as file:
        json.dump(out, file, indent=0, sort_keys=True)


if __name__ == "__main__":
    main()
