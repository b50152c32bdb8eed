"""drevalpy's naive predictors and metrics on given rows; prints one JSON object.

usage: peer_drevalpy.py RESPONSES CELLS FOLD_COLUMN FOLD

The package's folder `models` is entered without running its __init__, which would import every
deep model and torch; the modules used here are the released ones, unchanged. Predictors and
metrics are timed inside the process (CPU seconds, best of three when short); reading is timed apart.
"""

import importlib.metadata
import json
import sys
import time
import types
from pathlib import Path

started = time.process_time()
import numpy as np
import pandas as pd

import drevalpy

models = types.ModuleType("drevalpy.models")
models.__path__ = [str(Path(drevalpy.__file__).parent / "models")]
sys.modules["drevalpy.models"] = models
baselines = types.ModuleType("drevalpy.models.baselines")
baselines.__path__ = [str(Path(drevalpy.__file__).parent / "models" / "baselines")]
sys.modules["drevalpy.models.baselines"] = baselines

from drevalpy.datasets.dataset import DrugResponseDataset, FeatureDataset
from drevalpy.datasets.utils import CELL_LINE_IDENTIFIER, DRUG_IDENTIFIER, TISSUE_IDENTIFIER
from drevalpy.evaluation import AVAILABLE_METRICS, evaluate
from drevalpy.models.baselines import naive_pred

imported = time.process_time() - started

PREDICTORS = {
    "global_mean": naive_pred.NaivePredictor,
    "drug_mean": naive_pred.NaiveDrugMeanPredictor,
    "cell_mean": naive_pred.NaiveCellLineMeanPredictor,
    "tissue_mean": naive_pred.NaiveTissueMeanPredictor,
    "tissue_drug_mean": naive_pred.NaiveTissueDrugMeanPredictor,
    "additive": naive_pred.NaiveMeanEffectsPredictor,
}


def dataset(rows):
    return DrugResponseDataset(
        response=rows["LN_IC50"].to_numpy(),
        cell_line_ids=rows["cell_line"].to_numpy(),
        drug_ids=rows["drug"].to_numpy(),
        tissues=rows["tissue1"].to_numpy(),
        dataset_name="GDSC2",
    )


def best_of_three(function):
    """CPU seconds and result; what takes more than two seconds is not repeated."""
    best, result = float("inf"), None
    for _ in range(3):
        begin = time.process_time()
        result = function()
        best = min(best, time.process_time() - begin)
        if best > 2.0:
            break
    return best, result


def main(responses, cells, fold_column, fold):
    begin = time.process_time()
    table = pd.read_csv(responses)
    lines = pd.read_csv(cells)[["COSMIC_ID", "tissue1"]].drop_duplicates("COSMIC_ID")
    table = table.merge(lines, on="COSMIC_ID", how="left")
    table["tissue1"] = table["tissue1"].fillna("unknown")
    is_test = table[fold_column] == int(fold)
    train, test = dataset(table[~is_test]), dataset(table[is_test])
    cell_input = FeatureDataset(features={
        line: {CELL_LINE_IDENTIFIER: np.array([line]), TISSUE_IDENTIFIER: np.array([tissue])}
        for line, tissue in zip(table["cell_line"].astype(str), table["tissue1"], strict=True)})
    drug_input = FeatureDataset(features={
        drug: {DRUG_IDENTIFIER: np.array([drug])} for drug in table["drug"].astype(str).unique()})
    read = time.process_time() - begin

    predictors = {}
    for name, kind in PREDICTORS.items():
        model = kind()
        model.build_model({})

        def fit_and_predict(model=model):
            model.train(output=train, cell_line_input=cell_input, drug_input=drug_input)
            return model.predict(cell_line_ids=test.cell_line_ids, drug_ids=test.drug_ids,
                                 cell_line_input=cell_input, drug_input=drug_input)

        fit_s, prediction = best_of_three(fit_and_predict)
        print(f"{name}: {fit_s:.3f} s", file=sys.stderr)
        scored = DrugResponseDataset(test.response, test.cell_line_ids, test.drug_ids,
                                     predictions=np.asarray(prediction, dtype=float))
        metrics_s, values = best_of_three(lambda: evaluate(scored, list(AVAILABLE_METRICS)))
        predictors[name] = {"fit_predict_s": fit_s, "metrics_s": metrics_s, "metrics": values,
                            "metric_s": {metric: best_of_three(lambda: evaluate(scored, metric))[0]
                                         for metric in AVAILABLE_METRICS}}
    versions = {name: importlib.metadata.version(name)
                for name in ("drevalpy", "numpy", "pandas", "scipy", "scikit-learn")}
    print(json.dumps({"versions": versions, "import_s": imported, "read_s": read,
                      "n_train": len(train), "n_test": len(test), "predictors": predictors}))


if __name__ == "__main__":
    main(*sys.argv[1:])
