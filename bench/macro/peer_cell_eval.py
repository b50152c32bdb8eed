"""All metrics of cell-eval but clustering_agreement on a truth and a prediction, files to numbers.
Prints a line of JSON: version, seconds of wall and CPU (without imports).
usage: peer_cell_eval.py TRUTH PREDICTION THREADS FOLDER """

import json
import sys
import time
import warnings
from importlib.metadata import version

import anndata
from cell_eval import MetricsEvaluator

warnings.filterwarnings("ignore")


def main(truth, prediction, threads, folder):
    wall, cpu = time.perf_counter(), time.process_time()
    evaluator = MetricsEvaluator(adata_pred=anndata.read_h5ad(prediction),
                                 adata_real=anndata.read_h5ad(truth), pert_col="perturbation",
                                 control_pert="non-targeting", num_threads=threads, outdir=folder)
    evaluator.compute(skip_metrics=["clustering_agreement"], break_on_error=True)
    print(json.dumps({"version": version("cell-eval"), "wall_s": time.perf_counter() - wall,
                      "cpu_s": time.process_time() - cpu}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
