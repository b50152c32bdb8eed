"""Writes a synthetic CRISPR screen as .h5ad, in the encoding of anndata with gzip: log1p of
normalised counts, float32 values, int32 indices. A tenth of the cells are controls; every
perturbation shifts some genes. Needs numpy and h5py.
usage: write_screen.py FILE CELLS GENES PERTURBATIONS DENSITY [SEED] """

import sys

import h5py
import numpy as np

ROWS = 2000


def block(rng, labels, level, effect):
    """One block of cells: CSR of log1p(10,000 counts / sum of the cell)."""
    n, n_genes = len(labels), len(level)
    chance = np.broadcast_to(level, (n, n_genes)).copy()
    for row, label in enumerate(labels):
        if label > 0:
            genes, factor = effect[label]
            chance[row, genes] *= factor
    draw = rng.random((n, n_genes), dtype=np.float32)
    rows, columns = np.nonzero(draw < chance)
    counts = rng.geometric(0.45, len(rows)).astype(np.float32)
    depth = rng.lognormal(0, 0.4, n).astype(np.float32)
    counts = np.ceil(counts * depth[rows])
    per_cell = np.bincount(rows, minlength=n)
    sums = np.add.reduceat(counts, np.concatenate([[0], np.cumsum(per_cell)[:-1]]))
    return np.log1p(counts / (sums[rows] / np.float32(1e4))), columns.astype(np.int32), per_cell


def text_array(group, name, values):
    data = group.create_dataset(name, data=np.array(values, dtype=object),
                                dtype=h5py.string_dtype())
    data.attrs["encoding-type"], data.attrs["encoding-version"] = "string-array", "0.2.0"


def frame(group, index, columns):
    group.attrs["encoding-type"], group.attrs["encoding-version"] = "dataframe", "0.2.0"
    group.attrs["_index"] = "_index"
    group.attrs["column-order"] = np.array(columns, dtype=h5py.string_dtype())
    text_array(group, "_index", index)


def main(path, n_cells, n_genes, n_perturbations, density, seed=1):
    rng = np.random.default_rng(seed)
    level = rng.beta(0.6, 0.6 * (1 - density) / density, n_genes).astype(np.float32)
    effect = [None] + [(rng.choice(n_genes, max(1, n_genes // 80), replace=False),
                        np.float32(rng.choice([0.5, 1.6]))) for _ in range(n_perturbations)]
    labels = np.where(rng.random(n_cells) < 0.1, 0, rng.integers(1, n_perturbations + 1, n_cells))
    with h5py.File(path, "w") as file:
        file.attrs["encoding-type"], file.attrs["encoding-version"] = "anndata", "0.1.0"
        x = file.create_group("X")
        x.attrs["encoding-type"], x.attrs["encoding-version"] = "csr_matrix", "0.1.0"
        x.attrs["shape"] = np.array([n_cells, n_genes])
        room = int(n_cells * n_genes * density * 1.2) + 1000
        # 131,072 values a chunk, about what h5py chooses by itself (not checked for every size)
        data, indices = (x.create_dataset(name, (room,), kind, maxshape=(None,), chunks=(131072,),
                                          compression="gzip", compression_opts=1)
                         for name, kind in (("data", "f4"), ("indices", "i4")))
        ends = [np.zeros(1, np.int64)]
        n = 0
        for first in range(0, n_cells, ROWS):
            values, columns, per_cell = block(rng, labels[first:first + ROWS], level, effect)
            data[n:n + len(values)], indices[n:n + len(values)] = values, columns
            ends.append(n + np.cumsum(per_cell))
            n += len(values)
        data.resize((n,))
        indices.resize((n,))
        x.create_dataset("indptr", data=np.concatenate(ends))
        obs = file.create_group("obs")
        frame(obs, [f"cell{i}" for i in range(n_cells)], ["perturbation"])
        names = ["non-targeting"] + [f"gene{i}" for i in range(n_perturbations)]
        codes = obs.create_group("perturbation")
        codes.attrs["encoding-type"], codes.attrs["encoding-version"] = "categorical", "0.2.0"
        codes.attrs["ordered"] = False
        codes.create_dataset("codes", data=labels.astype(np.int16))
        text_array(codes, "categories", names)
        frame(file.create_group("var"), [f"gene{i}" for i in range(n_genes)], [])
        for name in ("layers", "obsm", "obsp", "uns", "varm", "varp"):
            group = file.create_group(name)
            group.attrs["encoding-type"], group.attrs["encoding-version"] = "dict", "0.1.0"
    print(n)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]), float(sys.argv[5]), *map(int, sys.argv[6:]))
