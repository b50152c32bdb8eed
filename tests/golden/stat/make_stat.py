"""Writes stat.json: tests and intervals from SciPy, statsmodels and scikit-posthocs.

Needs numpy, scipy, statsmodels, scikit-posthocs. Run: python make_stat.py > stat.json
"""
import json
import sys
import warnings

import numpy as np
import scikit_posthocs
import scipy
from scipy import optimize, stats
from statsmodels.stats.multitest import multipletests

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20261123)


def floats(values):
    return [float(x) for x in np.ravel(values)]


def wilcoxon_case(name, d):
    result = stats.wilcoxon(d)
    return {"name": name, "differences": floats(d), "statistic": float(result.statistic),
            "p_value": float(result.pvalue)}


wilcoxon = [
    wilcoxon_case("ten", rng.normal(0.5, 1, 10)),
    wilcoxon_case("fifty", rng.normal(0.2, 1, 50)),
    wilcoxon_case("fifty-one", rng.normal(0.2, 1, 51)),
    wilcoxon_case("ties, few", np.round(rng.normal(0.4, 1, 12), 0) + 0.0),
    wilcoxon_case("ties, no zero", np.array([1.0, 1, -1, 2, 2, 3, -3, 4])),
    wilcoxon_case("ties, many", np.round(rng.normal(0.4, 1, 40), 1) + 0.0),
    wilcoxon_case("two", np.array([0.3, 0.9])),
    wilcoxon_case("all positive", np.arange(1.0, 16.0)),
    wilcoxon_case("large", np.round(rng.normal(0.1, 1, 200), 1) + 0.0),
]

t_tests = []
for n, shift in [(2, 0.1), (10, 0.4), (50, 0.05)]:
    d = rng.normal(shift, 1, n)
    result = stats.ttest_1samp(d, 0)
    interval = result.confidence_interval(0.95)
    ratio = 1 / 9  # 10-fold: test/train
    corrected = d.mean() / np.sqrt((1 / n + ratio) * d.var(ddof=1))
    t_tests.append({
        "differences": floats(d), "statistic": float(result.statistic),
        "p_value": float(result.pvalue), "low": float(interval.low), "high": float(interval.high),
        "ratio": ratio, "corrected": float(corrected),
        "corrected_p": float(2 * stats.t.sf(abs(corrected), n - 1)),
    })

p_values = floats(np.concatenate([rng.random(12) ** 4, [0.02, 0.02, 1.0]]))
adjusted = {"p_values": p_values, "holm": floats(multipletests(p_values, method="holm")[1]),
            "bh": floats(multipletests(p_values, method="fdr_bh")[1])}

ranks = []
for name, n, k, decimals in [("ten folds", 10, 5, 3), ("ties", 12, 4, 0), ("three", 3, 3, 3)]:
    scores = np.round(rng.normal(size=(n, k)) + 0.4 * np.arange(k), decimals) + 0.0
    friedman = stats.friedmanchisquare(*scores.T)
    ranks.append({
        "name": name, "scores": scores.tolist(),
        "average_rank": floats(stats.rankdata(scores, axis=1).mean(axis=0)),
        "statistic": float(friedman.statistic), "p_value": float(friedman.pvalue),
        "conover": scikit_posthocs.posthoc_conover_friedman(scores).values.tolist(),
        "conover_holm": scikit_posthocs.posthoc_conover_friedman(
            scores, p_adjust="holm").values.tolist(),
    })

studentized = [{"k": k, "probability": p, "quantile": float(stats.studentized_range.ppf(p, k, np.inf))}
               for k in (2, 3, 5, 10, 20) for p in (0.5, 0.9, 0.95, 0.99)]
upper = [{"k": k, "q": q, "upper": float(stats.studentized_range.sf(q, k, np.inf))}
         for k in (2, 4, 12) for q in (0.5, 2.0, 3.5, 5.0)]

# BCa: SciPy's own interval; its draws and the jackknife values are handed over.
data = rng.exponential(size=25)
jackknife = np.array([np.delete(data, i).mean() for i in range(25)])
point = data.mean()
draws = stats.bootstrap((data,), np.mean, n_resamples=999, rng=rng).bootstrap_distribution
bca = []
for confidence in (0.9, 0.95):
    def interval(method):
        made = stats.bootstrap((data,), np.mean, n_resamples=0, method=method,
                               confidence_level=confidence,
                               bootstrap_result=type("Draws", (), {"bootstrap_distribution": draws}))
        return made.confidence_interval

    corrected, percentile = interval("BCa"), interval("percentile")
    bca.append({"confidence": confidence, "low": float(corrected.low),
                "high": float(corrected.high), "percentile": floats(percentile)})

sizes = np.array([10, 30, 100, 300, 1000, 3000, 10000.0])
curves = []
for a, b, c, noise in [(5, 0.5, 1.2, 0.02), (-0.6, 0.3, 0.9, 0.002), (20, 1.1, 0.4, 0.05)]:
    values = a * sizes ** -b + c + rng.normal(0, noise, len(sizes))
    best = optimize.least_squares(lambda x: x[0] * (sizes / 10) ** -x[1] + x[2] - values,
                                  [a * 10 ** -b, b, c], xtol=1e-15, ftol=1e-15, gtol=1e-15)
    curves.append({"values": floats(values), "b": float(best.x[1]), "c": float(best.x[2]),
                   "a": float(best.x[0] * 10 ** best.x[1]), "residual_sum": float(2 * best.cost)})

json.dump({
    "made_by": f"SciPy {scipy.__version__}, scikit-posthocs {scikit_posthocs.__version__}",
    "wilcoxon": wilcoxon, "t_tests": t_tests, "adjusted": adjusted, "ranks": ranks,
    "studentized": studentized, "upper": upper,
    "bca": {"point": float(point), "draws": floats(draws), "jackknife": floats(jackknife),
            "intervals": bca},
    "power_law": {"sizes": floats(sizes), "curves": curves},
}, sys.stdout)
print()
