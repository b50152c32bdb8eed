"""Small files of cells x genes as the field's own packages write them, and what they hold.

cells/: scipy.sparse.save_npz (CSR, CSC, COO), numpy.savez, scipy.io.mmwrite (genes x cells, as 10x),
cmapPy's write_gct and write_gctx; cells.json: the values and names. Numbers are made up here.
    python3 tests/golden/io/make_cells.py   # numpy 1.26, scipy 1.11+, pandas 2.1, cmapPy 4.0.1, h5py
"""

import json
import pathlib

import numpy as np
import pandas as pd
import scipy.io
import scipy.sparse
from cmapPy.pandasGEXpress.GCToo import GCToo
from cmapPy.pandasGEXpress.write_gct import write as write_gct
from cmapPy.pandasGEXpress.write_gctx import write as write_gctx

folder = pathlib.Path(__file__).parent / "cells"
folder.mkdir(exist_ok=True)
random = np.random.default_rng(20261126)

N_CELLS, N_GENES = 9, 6
counts = random.poisson(0.8, (N_CELLS, N_GENES)).astype(np.float64)
counts[4] = 0
counts[:, 2] = 0
cells = [f"AC{i}-1" for i in range(N_CELLS)]
genes = ["TP53", "KLF1", "MT-CO1", "Ünal", "GATA1", "ACTB"]
perturbation = ["control", "KLF1", "KLF1+GATA1"] * 3

sparse = scipy.sparse.csr_matrix(counts)
scipy.sparse.save_npz(folder / "csr.npz", sparse.astype(np.float32))
scipy.sparse.save_npz(folder / "csc.npz", scipy.sparse.csc_matrix(counts), compressed=False)
scipy.sparse.save_npz(folder / "coo.npz", scipy.sparse.coo_matrix(counts.astype(np.int32)))
np.savez_compressed(folder / "dense.npz", X=counts.astype(np.float32), obs_names=np.array(cells),
                    var_names=np.array(genes))
pd.DataFrame({"perturbation": perturbation, "n": range(N_CELLS)}, index=cells).to_csv(
    folder / "csr_obs.csv")
pd.DataFrame({"length": range(100, 100 + N_GENES)}, index=genes).to_csv(folder / "csr_var.csv")

scipy.io.mmwrite(folder / "matrix.mtx", sparse.T.astype(np.int64), field="integer")
(folder / "barcodes.tsv").write_text("".join(f"{cell}\n" for cell in cells))
(folder / "features.tsv").write_text(
    "".join(f"ENSG{i}\t{gene}\tGene Expression\n" for i, gene in enumerate(genes)))

ascii_genes = ["Unal" if gene == "Ünal" else gene for gene in genes]  # all that write_gctx can
values = np.round(random.normal(0, 2, (N_CELLS, N_GENES)), 4)
values[3, 1] = np.nan
gct = GCToo(
    data_df=pd.DataFrame(values.T, index=ascii_genes, columns=cells),
    row_metadata_df=pd.DataFrame({"gene_id": [f"{i}01" for i in range(N_GENES)]}, index=ascii_genes),
    col_metadata_df=pd.DataFrame(
        {"pert_iname": perturbation, "pert_dose": [-666, 0.5, 10] * 3}, index=cells))
for frame in (gct.data_df, gct.row_metadata_df):
    frame.index.name = "rid"
gct.data_df.columns.name = gct.col_metadata_df.index.name = "cid"
gct.col_metadata_df.columns.name = gct.row_metadata_df.columns.name = None
gct.src = "cells.gct"
write_gct(gct, str(folder / "cells.gct"), data_float_format="%.4f")
write_gctx(gct, str(folder / "cells.gctx"), matrix_dtype=np.float64)

(folder / "cells.json").write_text(json.dumps(
    {"cells": cells, "genes": genes, "perturbation": perturbation, "counts": counts.tolist(),
     "values": [[None if np.isnan(x) else x for x in row] for row in values.tolist()]},
    ensure_ascii=False))
