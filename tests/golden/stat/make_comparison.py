"""Writes comparison.json: comparisons over folds from SciPy, statsmodels and pingouin.

Needs numpy, pandas, scipy, statsmodels, pingouin, scikit-posthocs.
Run: python make_comparison.py > comparison.json
"""
import itertools
import json
import sys
import warnings

import numpy as np
import pandas as pd
import pingouin
import scikit_posthocs
import scipy
import statsmodels
from scipy import stats
from scipy.stats import studentized_range
from statsmodels.stats.anova import AnovaRM

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20261126)


def long_table(scores):
    n, k = scores.shape
    return pd.DataFrame({"fold": np.repeat(np.arange(n), k), "method": np.tile(np.arange(k), n),
                         "value": scores.ravel()})


def case(name, n, k, shift, fold_sd, uneven):
    effects = np.linspace(0, shift, k)
    noise = rng.normal(0, 0.05, (n, k)) * (1 + uneven * np.arange(k))
    scores = np.round(0.7 + effects + rng.normal(0, fold_sd, (n, 1)) + noise, 6)
    table = long_table(scores)
    row = AnovaRM(table, "value", "fold", within=["method"]).fit().anova_table.iloc[0]
    gg = pingouin.rm_anova(table, dv="value", within="method", subject="fold", correction=True,
                           detailed=True)
    error = gg.iloc[1]
    mse, df_error = float(error["MS"]), float(error["DF"])
    critical = studentized_range.ppf(0.95, k, df_error)
    pairs = []
    for i, j in itertools.combinations(range(k), 2):
        difference = scores[:, i].mean() - scores[:, j].mean()
        q = abs(difference) / np.sqrt(mse / n)
        corrected = difference / np.sqrt((1 / n + 0.25) * (scores[:, i] - scores[:, j]).var(ddof=1))
        pairs.append({
            "first": i, "second": j, "difference": difference, "q": q,
            "p_value": float(studentized_range.sf(q, k, df_error)),
            "low": difference - critical * np.sqrt(mse / n),
            "high": difference + critical * np.sqrt(mse / n),
            "effect_size": float(pingouin.compute_effsize(scores[:, i], scores[:, j], paired=True,
                                                          eftype="cohen")),
            "t": corrected, "t_p": float(2 * stats.t.sf(abs(corrected), n - 1)),
        })
    levene = stats.levene(*scores.T, center="median")
    variances = scores.var(axis=0, ddof=1)
    p_gg = [c for c in gg.columns if c.lower().replace("-", "_") in ("p_gg_corr",)]
    conover = scikit_posthocs.posthoc_conover_friedman(scores, p_adjust="holm")
    return {
        "name": name, "scores": scores.tolist(), "f": float(row["F Value"]),
        "df": float(row["Num DF"]), "df_error": float(row["Den DF"]), "p_value": float(row["Pr > F"]),
        "mse": mse, "epsilon": float(gg.iloc[0]["eps"]),
        "p_gg": float(gg.iloc[0][p_gg[0]]) if p_gg else None,
        "levene": [float(levene.statistic), float(levene.pvalue)],
        "variance_ratio": float(variances.max() / variances.min()),
        "pairs": pairs, "conover_holm": conover.to_numpy().tolist(),
    }


grid = [{"k": k, "df": df, "q": q, "cdf": float(studentized_range.cdf(q, k, df))}
        for k in (2, 3, 6, 24) for df in (1, 2, 7, 24, 96, 552) for q in (0.5, 2.0, 3.7, 6.0, 15.0)]
quantiles = [{"k": k, "df": df, "p": p, "quantile": float(studentized_range.ppf(p, k, df))}
             for k in (2, 5, 24) for df in (2, 24, 552) for p in (0.05, 0.5, 0.95, 0.999)]

json.dump({
    "made_by": {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__,
                "pingouin": pingouin.__version__, "scikit-posthocs": scikit_posthocs.__version__},
    "cases": [case("5x5 folds, four methods", 25, 4, 0.06, 0.1, 0.0),
              case("5x5 folds, uneven variances", 25, 6, 0.08, 0.05, 0.5),
              case("few folds", 5, 3, 0.05, 0.02, 0.0),
              case("two methods", 10, 2, 0.04, 0.1, 0.0),
              case("nothing between them", 25, 5, 0.0, 0.1, 0.2)],
    "studentized": grid, "quantiles": quantiles,
}, sys.stdout, indent=None, separators=(",", ":"))
print()
