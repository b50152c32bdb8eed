"""Writes a synthetic CRISPR screen of counts and a prediction of it, both .h5ad as of anndata with
gzip: the prediction has the same cells and genes, cells drawn anew, effects shrunken to a share.
Needs numpy and h5py. usage: write_pair.py TRUTH PREDICTION CELLS GENES PERTURBATIONS DENSITY """

import sys

import numpy as np

import write_screen


def main(truth, prediction, n_cells, n_genes, n_perturbations, density):
    rng = np.random.default_rng(1)
    level = write_screen.levels(rng, n_genes, density)
    shared = rng.choice(n_genes, max(1, n_genes // 80), replace=False)  # what every knock-down does
    effects = [None]
    for _ in range(n_perturbations):
        own = rng.choice(n_genes, max(1, n_genes // 80), replace=False)
        genes = np.union1d(own, shared)
        factor = np.where(np.isin(genes, own), rng.choice([0.5, 1.6], len(genes)), 1.3)
        effects.append((genes, factor.astype(np.float32)))
    shrunken = [None] + [(genes, factor ** np.float32(0.4)) for genes, factor in effects[1:]]
    labels = write_screen.draw_labels(rng, n_cells, n_perturbations)
    for path, effect, seed in ((truth, effects, 2), (prediction, shrunken, 3)):
        write_screen.write(path, np.random.default_rng(seed), labels, level, effect, density,
                           n_perturbations, log=False)


if __name__ == "__main__":
    main(*sys.argv[1:3], *map(int, sys.argv[3:6]), float(sys.argv[6]))
