#!/usr/bin/env python3
"""Recomputes scores of tests/real/audit/gdsc2_scores.yaml with pandas, scikit-learn and SciPy.

    python make_gdsc2_scores.py FOLDER_OF_DRUG_RESPONSE > gdsc2_scores.json

FOLDER_OF_DRUG_RESPONSE holds gdsc2_paso_response_folds.csv.gz, gdsc_cell_lines.csv and
published_predictions_paso_mixed10fold.csv.gz. Means are refitted here from the training folds;
nothing of cupel is used. The numbers are keyed split / fold / predictor / metric / group; a value
that is undefined (constant prediction) is null. Written with the versions that made it.
"""
import json
import pathlib
import sys

import numpy
import pandas
import scipy
import sklearn
from scipy.stats import kendalltau, pearsonr, spearmanr
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score

FOLDS = {"mixed": ("fold_mixed", (0, 7)), "cancer_blind": ("fold_cell_blind", (0, 4))}
MODELS = ("RF", "PASO_GEP")
GROUPS = {"drug": ("Paclitaxel", "Trametinib"), "cell": ("HL60", "T24")}


def constant(values):
    centred = values - values.mean()
    return numpy.linalg.norm(centred) <= 1e-13 * abs(values.mean()) or not centred.any()


def undefined_if_constant(function):
    def value(truth, prediction):
        if len(truth) < 2 or constant(truth) or constant(prediction):
            return None
        return float(function(truth, prediction)[0])
    return value


def r2(truth, prediction):
    return None if len(truth) < 2 or constant(truth) else float(r2_score(truth, prediction))


METRICS = {
    "r2": r2,
    "rmse": lambda y, p: float(numpy.sqrt(mean_squared_error(y, p))) if len(y) > 1 else None,
    "mae": lambda y, p: float(mean_absolute_error(y, p)) if len(y) > 1 else None,
    "pearson": undefined_if_constant(pearsonr),
    "spearman": undefined_if_constant(spearmanr),
    "kendall": undefined_if_constant(kendalltau),
}
GROUPED = tuple(METRICS)
RESIDUAL = ("r2", "pearson", "spearman")


def minus(values, reference):
    """The difference, with what is only rounding set to 0."""
    difference = values - reference
    difference[numpy.abs(difference) < 1e-12 * numpy.maximum(1.0, numpy.abs(values))] = 0.0
    return difference


def baselines(train, test):
    mean = train.LN_IC50.mean()
    drug = test.drug.map(train.groupby("drug").LN_IC50.mean()).fillna(mean)
    cell = test.cell_line.map(train.groupby("cell_line").LN_IC50.mean()).fillna(mean)
    of_pair = train.groupby(["drug", "tissue"]).LN_IC50.mean().rename("value").reset_index()
    tissue_drug = test[["drug", "tissue"]].merge(of_pair, how="left", on=["drug", "tissue"]).value
    tissue_drug.index = test.index
    return {"global_mean": pandas.Series(mean, test.index), "drug_mean": drug, "cell_mean": cell,
            "tissue_drug_mean": tissue_drug.fillna(drug), "additive": drug + cell - mean}


def scores(test, prediction, references):
    out = {}
    truth = test.LN_IC50.to_numpy()
    predicted = prediction.to_numpy()
    for name, metric in METRICS.items():
        out[name] = {"all": metric(truth, predicted)}
        if name not in GROUPED:
            continue
        for kind, column in (("drug", "drug"), ("cell", "cell_line")):
            values = {}
            for group, rows in test.assign(prediction=predicted).groupby(column):
                values[group] = metric(rows.LN_IC50.to_numpy(), rows.prediction.to_numpy())
            defined = [v for v in values.values() if v is not None]
            out[name]["macro_" + kind] = float(numpy.mean(defined)) if defined else None
            out[name]["n_" + kind] = len(defined)
            for group in GROUPS[kind]:
                if group in values:
                    out[name][kind + "/" + group] = values[group]
    for suffix, reference in references.items():
        for name in RESIDUAL:
            out[name + "_minus_" + suffix] = {"all": METRICS[name](minus(truth, reference.to_numpy()),
                                                                   minus(predicted, reference.to_numpy()))}
    return out


def main(folder):
    folder = pathlib.Path(folder)
    data = pandas.read_csv(folder / "gdsc2_paso_response_folds.csv.gz")
    lines = pandas.read_csv(folder / "gdsc_cell_lines.csv").drop_duplicates("COSMIC_ID")
    data["tissue"] = data.COSMIC_ID.map(lines.set_index("COSMIC_ID").tissue1)
    published = pandas.read_csv(folder / "published_predictions_paso_mixed10fold.csv.gz")
    result = {}
    for split, (column, folds) in FOLDS.items():
        for fold in folds:
            train, test = data[data[column] != fold], data[data[column] == fold]
            predictions = baselines(train, test)
            references = {name: predictions[name] for name in ("drug_mean", "cell_mean", "additive")}
            if split == "mixed":
                of_fold = published[published.fold == fold].drop_duplicates(["drug", "cell_line"])
                joined = test[["drug", "cell_line"]].merge(of_fold, how="left", on=["drug", "cell_line"])
                joined.index = test.index
                predictions.update({model: joined[model] for model in MODELS})
            for name, prediction in predictions.items():
                there = prediction.notna()
                entry = result.setdefault(split, {}).setdefault(str(fold), {})
                entry[name] = {"n": int(there.sum())} | scores(
                    test[there], prediction[there], {k: v[there] for k, v in references.items()})
    json.dump({"made_with": {"numpy": numpy.__version__, "pandas": pandas.__version__,
                             "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
               "scores": result}, sys.stdout, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main(sys.argv[1])
