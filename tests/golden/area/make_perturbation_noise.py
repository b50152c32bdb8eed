"""Writes perturbation_noise.json: effects beyond noise and shared shift of real screens, by NumPy.

Reads the two files below CUPEL_MIRROR/perturbation with anndata; the file holds our numbers only.
Run: CUPEL_MIRROR=... python make_perturbation_noise.py > perturbation_noise.json
"""
import json
import os
import sys

import anndata
import numpy as np

ROOT = os.path.join(os.environ["CUPEL_MIRROR"], "perturbation")
SCREENS = {
    "devel": dict(
        file="perturbench/devel.h5ad", perturbation="condition", context="cell_type",
        control="control", counts=False),
    "papalexi": dict(
        file="sceptre_papalexi/papalexi2021_lowmoi_299genes_counts.h5ad", perturbation="perturbation",
        context=None, control="non-targeting", counts=True),
}
MIN_CELLS = 10


def measure(file, perturbation, context, control, counts):
    data = anndata.read_h5ad(os.path.join(ROOT, file))
    x = data.X.toarray() if hasattr(data.X, "toarray") else np.asarray(data.X)
    x = x.astype(np.float64)
    if counts:
        x = np.log1p(x / x.sum(axis=1, keepdims=True) * 1e4)
    labels = np.array([
        "+".join(sorted(part for part in text.split("+") if part != control)) or control
        for text in data.obs[perturbation].astype(str)])
    contexts = (data.obs[context].astype(str).to_numpy() if context else
                np.full(len(labels), "all"))
    samples, shifts = [], []
    for name in sorted(set(contexts)):
        cells = x[(contexts == name) & (labels == control)]
        base, base_noise = cells.mean(0), cells.var(0, ddof=1) / len(cells)
        changes, noises = [], []
        for label in sorted(set(labels[contexts == name]) - {control}):
            own = x[(contexts == name) & (labels == label)]
            if len(own) < MIN_CELLS:
                continue
            noise = own.var(0, ddof=1) / len(own)
            change = own.mean(0) - base
            samples.append(dict(
                perturbation=label, context=name, n=len(own),
                squared=float((change**2).sum() - noise.sum() - base_noise.sum()),
                noise=float(noise.sum() + base_noise.sum()), mse=float(noise.mean())))
            changes.append(change)
            noises.append(noise.sum())
        changes, noises = np.array(changes), np.array(noises)
        if len(changes) < 2:
            continue
        mean = changes.mean(0)
        length = (changes**2).sum(1)
        true_mean = (mean**2).sum() - noises.sum() / len(noises)**2 - base_noise.sum()
        true = length.mean() - noises.mean() - base_noise.sum()
        shifts.append(dict(
            context=name, n=len(changes),
            cosine=float((changes @ mean / np.sqrt(length * (mean**2).sum())).mean()),
            share=float((mean**2).sum() / length.mean()),
            share_beyond_noise=float(np.clip(true_mean / true, 0, 1)) if true > 0 else None))
    return dict(samples=samples, shifts=shifts)


json.dump({name: measure(**spec) for name, spec in SCREENS.items()}, sys.stdout, indent=0)
print()
