"""Prints the constants of h5ad_files_test.cpp: sums and labels of real files, by anndata.

  CUPEL_MIRROR=.. python tests/real/io/h5ad_files.py   (anndata 0.11 or later)
"""
import os
import pathlib

import anndata
import numpy as np
import scipy.sparse


def sums(matrix):
    coo = scipy.sparse.csr_matrix(matrix).astype(float).tocoo()
    weight = (coo.col.astype(np.int64) + 1) * (coo.row.astype(np.int64) + 1) % 1009
    return coo.data.sum(), (coo.data * weight).sum()


root = pathlib.Path(os.environ["CUPEL_MIRROR"]) / "perturbation"
for path in sorted(root.rglob("*.h5ad")):
    data = anndata.read_h5ad(path)
    print(path.relative_to(root), data.shape)
    matrices = {f"layers/{k}": v for k, v in data.layers.items()}
    matrices |= {f"obsm/{k}": v for k, v in data.obsm.items() if not hasattr(v, "columns")
}
if data.X is not None:
        matrices["X"] = data.X
    if data.raw is not None:
        matrices["raw/X"] = data.raw.X
    for name, matrix in sorted(matrices.items()):
        total, mixed = sums(matrix)
        print(f'  {{"{name}", {matrix.shape[0]}, {matrix.shape[1]}, {total!r}, {mixed!r}}},')
    for column in data.obs:
        if data.obs[column].dtype == "category":
            counts = data.obs[column].value_counts(sort=False)
            top = counts.idxmax()
            print(f'  {{"{column}", {len(counts)}, "{top}", {counts[top]}, "{data.obs[column].iloc[0]}"}},')
        else:
            print(f"  {column} {data.obs[column].sum()!r}")
