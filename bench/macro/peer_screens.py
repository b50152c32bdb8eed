"""Mann-Whitney tests of a screen by pdex or illico, after reading and one small run that compiles
what is compiled. Prints a line of JSON: version, seconds of wall and CPU of the second run, and how
many genes of a perturbation have p < 1e-4.
usage: peer_screens.py pdex|illico FILE THREADS """

import json
import sys
import time
import warnings
from importlib.metadata import version

import anndata
import numpy as np

warnings.filterwarnings("ignore")


def pdex_run(cells, threads):
    from pdex import pdex
    table = pdex(cells, groupby="perturbation", mode="ref", reference="non-targeting",
                 threads=threads, is_log1p=True, geometric_mean=False)
    return table["p_value"].to_numpy()


def illico_run(cells, threads):
    from illico import asymptotic_wilcoxon
    table = asymptotic_wilcoxon(cells, is_log1p=True, group_keys="perturbation",
                                reference="non-targeting", n_threads=threads)
    return table["p_value"].to_numpy()


def main(name, path, threads):
    run = {"pdex": pdex_run, "illico": illico_run}[name]
    cells = anndata.read_h5ad(path)
    # illico wants both index arrays of one type
    cells.X.indices = cells.X.indices.astype(np.int32)
    cells.X.indptr = cells.X.indptr.astype(np.int32)
    few = cells[cells.obs["perturbation"].isin(["non-targeting", "gene0", "gene1"])].copy()
    few.obs["perturbation"] = few.obs["perturbation"].cat.remove_unused_categories()
    run(few, threads)
    wall, cpu = time.perf_counter(), time.process_time()
    p = run(cells, threads)
    print(json.dumps({"version": version(name), "wall_s": time.perf_counter() - wall,
                      "cpu_s": time.process_time() - cpu, "below": int((p < 1e-4).sum())}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
