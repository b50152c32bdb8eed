"""Peers on the same rows and files: drevalpy's naive predictors and metrics, pandas' CSV reader."""

import csv
import gzip
import json
import os
import shlex
import sys
from pathlib import Path

from macro import measure

_HERE = Path(__file__).parent
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def python():
    return shlex.split(os.environ.get("CUPEL_BENCH_PYTHON", sys.executable))


def has(module):
    try:
        measure.run([*python(), "-c", f"import importlib.util as u, sys; "
                                      f"sys.exit(u.find_spec('{module}') is None)"])
        return True
    except (measure.Failed, FileNotFoundError):
        return False


def drevalpy(responses, cells, fold_column, fold):
    cost = measure.run([*python(), _HERE / "peer_drevalpy.py", responses, cells, fold_column, fold],
                       _ONE_THREAD)
    return cost, json.loads(cost.stdout)


def pandas_csv(file):
    return json.loads(measure.run([*python(), _HERE / "peer_csv.py", file], _ONE_THREAD).stdout)


def cupel_csv(bench_micro_csv, file):
    """CPU seconds of cupel's reader on a file: the best of five repetitions."""
    cost = measure.run([bench_micro_csv, "--benchmark_filter=^read_own_file$",
                        "--benchmark_repetitions=5", "--benchmark_format=json"],
                       {"CUPEL_BENCH_CSV": str(file)})
    runs = json.loads(cost.stdout)["benchmarks"]
    return min(run["cpu_time"] for run in runs if run["run_type"] == "iteration") / 1000.0


def plain_copy(gz, to, times):
    """The table of a .gz file as plain text, its rows `times` times over."""
    with gzip.open(gz, "rt") as source, open(to, "w") as target:
        target.write(source.readline())
        rows = source.read()
        for _ in range(times):
            target.write(rows)
    return Path(to)


def fold_files(data, work):
    """split.csv (row,fold) and cells.csv (cell_line,tissue) of PASO's mixed set, for the CLI."""
    with open(data / "gdsc_cell_lines.csv") as source:
        tissue = {line["COSMIC_ID"]: line["tissue1"] for line in csv.DictReader(source)}
    lines = {}
    with (gzip.open(data / "gdsc2_paso_response_folds.csv.gz", "rt") as source,
          open(work / "split.csv", "w") as split):
        split.write("row,fold\n")
        for row, line in enumerate(csv.DictReader(source)):
            split.write(f"{row},{line['fold_mixed']}\n")
            lines[line["cell_line"]] = tissue.get(line["COSMIC_ID"], "unknown")
    with open(work / "cells.csv", "w") as cells:
        cells.write("cell_line,tissue\n")
        cells.writelines(f"{line},{tissue}\n" for line, tissue in lines.items())


def cupel_baseline(cupel, data, name, fold, work):
    """`cupel baseline NAME` and `cupel score` on one fold, as whole programs: costs and scores."""
    source = ["--data", data / "gdsc2_paso_response_folds.csv.gz",
              "--columns", "drug=drug,cell=cell_line,target=LN_IC50", "--unit", "ln uM",
              "--cells", work / "cells.csv", "--split", work / "split.csv", "--fold", fold,
              "--threads", "1"]
    predictions = work / f"{name}.csv"
    fit = measure.median_of(3, [cupel, "baseline", name, *source, "--out", predictions])
    score = measure.median_of(3, [cupel, "score", *source, "--predictions", predictions, "--json"])
    return fit, score, json.loads(score.stdout)
