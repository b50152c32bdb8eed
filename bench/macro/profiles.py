"""Audit and scores of a synthetic truth and prediction, both files of cells; cell-eval beside."""

import json
import os
import shlex
from pathlib import Path

from macro import measure, peers

_HERE = Path(__file__).parent
_STUDY = """title: A synthetic screen
area: perturbation
data:
  responses: {file: TRUTH, columns: {perturbation: perturbation}}
  profiles: {control: non-targeting, scale: counts, normalize: 10000, log1p: true}
splits: [{scheme: unseen_perturbation, folds: 5}]
models:
  model: {predictions: PREDICTION, options: {normalize: "10000", log1p: "true"}}
"""


def write(folder, cells, genes, perturbations, density=0.15):
    """Truth and prediction (needs h5py)."""
    files = folder / f"truth{cells}.h5ad", folder / f"prediction{cells}.h5ad"
    measure.run([*peers.python(), _HERE / "write_pair.py", *files, cells, genes, perturbations,
                 density])
    return files


def audit(program, files, folder, threads):
    study = folder / "profiles.yaml"
    study.write_text(_STUDY.replace("TRUTH", str(files[0])).replace("PREDICTION", str(files[1])))
    return measure.run([program, "audit", study, "--out", folder / "audit", "--threads", threads])


def score(program, files, preset, folder, threads, *flags):
    return measure.run([program, "score", "--area", "perturbation", "--truth", files[0],
                        "--predictions", files[1], "--group-by", "perturbation", "--reference",
                        "non-targeting", "--scale", "counts", "--preset", preset, "--out",
                        folder / "scores.csv", "--threads", threads, *flags])


def cell_eval(files, folder, threads):
    """Seconds of cell-eval in the Python that CUPEL_BENCH_CELL_EVAL names, or None."""
    own = os.environ.get("CUPEL_BENCH_CELL_EVAL")
    if own is None and not peers.has("cell_eval"):
        return None
    python = shlex.split(own) if own else peers.python()
    cost = measure.run([*python, _HERE / "peer_cell_eval.py", *files, threads,
                        folder / "cell_eval"])
    return json.loads(cost.stdout.strip().splitlines()[-1])
