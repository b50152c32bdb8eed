"""Writes differential.json: tests of single genes by SciPy, adjustments by SciPy and statsmodels.

The values are made by the same generator here and in differential_golden_test.cpp (`draw`); the
file holds only what SciPy says. NaN and infinities are texts. Needs numpy, scipy, statsmodels.
Run: python make_differential.py > differential.json
"""
import json
import math
import sys
import warnings

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.multitest import multipletests

warnings.filterwarnings("ignore")
np.seterr(all="ignore")


class Generator:
    """Numerical Recipes' linear congruential generator, upper 24 bits."""

    def __init__(self, seed):
        self.state = seed

    def __call__(self):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return self.state >> 8


def value(kind, u, group, gene):
    if gene == 0:
        return 0.0
    if gene == 1:
        return 2.5 if kind != "counts" else 3.0
    if gene == 2:
        return float(group)
    shift = group if gene % 3 == 0 else 0
    if kind == "counts":
        return float(max(0, u % 13 - 8 + shift))
    if kind == "log":  # multiples of 1/256: ties, exact in float
        return max(0, u % 1000 - 500 + 100 * shift) / 256.0
    if kind == "signed":
        return (u % 41 - 20) / 8.0 if u % 5 < 3 else 0.0
    if kind == "sparse":
        return float(1 + u % 3) if u % 37 == 0 else 0.0
    if kind == "smooth":
        return (u >> 4) / 2**18 + shift
    if kind == "apart":  # groups far apart: p-values at the end of the doubles
        return (u >> 4) / 2**20 + 2.0 * group
    raise ValueError(kind)


CASES = [
    {"name": "counts", "kind": "counts", "seed": 1, "sizes": [9, 1, 2, 7, 20], "n_genes": 9},
    {"name": "log", "kind": "log", "seed": 2, "sizes": [15, 1, 2, 7, 20], "n_genes": 9},
    {"name": "signed", "kind": "signed", "seed": 3, "sizes": [15, 1, 2, 7, 20], "n_genes": 9},
    {"name": "sparse", "kind": "sparse", "seed": 4, "sizes": [60, 30, 25], "n_genes": 8},
    {"name": "smooth", "kind": "smooth", "seed": 5, "sizes": [1, 4, 20], "n_genes": 9},
    {"name": "apart", "kind": "apart", "seed": 6, "sizes": [940, 930, 60, 900], "n_genes": 4},
]


def draw(case):
    next_value = Generator(case["seed"])
    codes = [g for g, n in enumerate(case["sizes"]) for _ in range(n)]
    x = np.array([[value(case["kind"], next_value(), code, gene)
                   for gene in range(case["n_genes"])] for code in codes])
    return x, np.array(codes)


def without_ties(a, b, continuity):
    """SciPy's z with the variance of distinct values."""
    n1, n2 = len(a), len(b)
    u1 = stats.mannwhitneyu(a, b, method="asymptotic").statistic
    numerator = max(u1, n1 * n2 - u1) - n1 * n2 / 2 - (0.5 if continuity else 0.0)
    z = numerator / math.sqrt(n1 * n2 * (n1 + n2 + 1) / 12)
    return u1, min(1.0, 2 * stats.norm.sf(z))


def run(test, a, b):
    if test == "welch":
        found = stats.ttest_ind(a, b, equal_var=False)
        return found.statistic, found.pvalue
    ties, continuity = test.split("_")[1:]
    if ties == "untied":
        return without_ties(a, b, continuity == "cc")
    found = stats.mannwhitneyu(a, b, method="asymptotic", use_continuity=continuity == "cc")
    return found.statistic, found.pvalue


def text(x):
    x = float(x)
    if math.isnan(x):
        return "nan"
    return ("inf" if x > 0 else "-inf") if math.isinf(x) else x


def expected(case):
    x, codes = draw(case)
    out = {}
    for test in ("mwu_tied_cc", "mwu_tied_plain", "mwu_untied_cc", "mwu_untied_plain", "welch"):
        for against in ("reference", "rest"):
            rows = []
            for g in range(0 if against == "rest" else 1, len(case["sizes"])):
                other = codes != g if against == "rest" else codes == 0
                found = [run(test, x[codes == g, j], x[other, j]) for j in range(x.shape[1])]
                rows.append({"statistic": [text(f[0]) for f in found],
                             "p": [text(f[1]) for f in found]})
            out[f"{test} {against}"] = rows
    return out


def folds(case):
    """log2 ratios to group 0, as pdex 0.3.0 defines them (0/0 is 0)."""
    x, codes = draw(case)
    kinds = {
        "log1p geometric": lambda v: np.expm1(v.mean(axis=0)),
        "log1p arithmetic": lambda v: np.expm1(v).mean(axis=0),
        "counts geometric": lambda v: np.expm1(np.log1p(v).mean(axis=0)),
        "counts arithmetic": lambda v: v.mean(axis=0),
    }
    out = {}
    for name, mean in kinds.items():
        for epsilon in (0.0, 1e-9, 0.5):
            rows = []
            for g in range(1, len(case["sizes"])):
                ratio = np.log2((mean(x[codes == g]) + epsilon) / (mean(x[codes == 0]) + epsilon))
                ratio[np.isnan(ratio)] = 0.0
                rows.append([text(r) for r in ratio])
            out[f"{name} {epsilon:g}"] = rows
    return out


def adjustments():
    out = []
    for seed, n, scale in ((7, 1, 1.0), (8, 2, 1.0), (9, 40, 1.0), (10, 25, 0.01)):
        next_value = Generator(seed)
        p = [(next_value() % 512) / 512 * scale for _ in range(n)]  # with ties and zeros
        missing = [i for i in range(n) if i % 7 == 3]
        kept = [i for i in range(n) if i % 7 != 3]
        by = {}
        for method, theirs in (("bh", "fdr_bh"), ("by", "fdr_by")):
            adjusted = [math.nan] * n
            scipys = stats.false_discovery_control([p[i] for i in kept], method=method)
            other = multipletests([p[i] for i in kept], method=theirs)[1]
            assert np.allclose(scipys, other, rtol=1e-12, atol=0)
            for i, value_ in zip(kept, scipys):
                adjusted[i] = value_
            by[method] = [text(a) for a in adjusted]
        out.append({"p": ["nan" if i in missing else p[i] for i in range(n)], **by})
    return out


json.dump({"scipy": scipy.__version__, "statsmodels": statsmodels.__version__,
           "cases": [{**case, "tests": expected(case),
                      **({"folds": folds(case)} if case["kind"] in ("counts", "log") else {})}
                     for case in CASES],
           "adjust": adjustments()}, sys.stdout, separators=(",", ":"))
sys.stdout.write("\n")
