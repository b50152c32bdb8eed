#!/usr/bin/env python3
"""Makes spectra.json: random numbers of CPython, numpy and scikit-learn, orders of CPython sets, and
hashes of the splits that spectrae 1.0.3 makes of five graphs (21 parameters x 3 seeds each),
and of a restatement of 2.0.

    pip install spectrae==1.0.3 networkx numpy scikit-learn pandas tqdm scipy
    python make_spectra.py > spectra.json
"""
import hashlib
import json
import platform
import random
import sys

import networkx
import numpy
import sklearn
from sklearn.model_selection import train_test_split

from spectrae_reference import SERIES, make_pairs, mix, restated_2_0, run_spectrae

GRAPHS = [  # name, n, salt, family size, family promille, other permillion, order, zeros, weighted
    ["families", 300, 1, 8, 900, 660, "rows", False, False],
    ["cliques", 300, 8, 20, 1000, 222, "rows", False, False],
    ["shuffled", 300, 3, 12, 800, 3000, "shuffled", False, False],
    ["weighted", 300, 4, 12, 900, 666, "rows", False, True],
    ["weighted_zeros", 120, 6, 12, 900, 30000, "shuffled", True, True],
]
SEEDS = [42, 44, 46]


def digest(split):
    if split is None:
        return None
    text = "train " + " ".join(map(str, split[0])) + " test " + " ".join(map(str, split[1]))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def random_numbers(seed):
    random.seed(seed)
    out = {"seed": seed, "random": [random.random() for _ in range(400)][395:]}
    out["below"] = [random.sample(range(n), 1)[0] for n in (1, 2, 3, 5, 21, 22, 64, 65, 1000, 37708)]
    values = list(range(10))
    random.shuffle(values)
    out["shuffled"] = values
    out["permutation"] = numpy.random.RandomState(seed).permutation(20).tolist()
    train, test = train_test_split(list(range(35)), test_size=0.2, random_state=seed)
    out["sklearn"] = [train, test]
    return out


def set_orders():
    orders = []
    for k, (n, top) in enumerate([(5, 100), (30, 40), (77, 5000), (300, 100000)]):
        values = list(dict.fromkeys(mix(99, k, i) % top for i in range(n)))
        orders.append(set_order(values))
    for step in (64, 4096):  # all in the same slot at first: runs of probes end and go on elsewhere
        orders.append(set_order([step * (k + 1) for k in range(17)] + [3, 9, 10, 11]))
    return orders


def set_order(values):
    made = set()
    for value in values:
        made.add(value)
    for value in values[::3]:
        made.discard(value)
    return {"added": values, "order": list(made)}


def split_2_0(pairs, n, weighted, parameter, seed):
    kept = restated_2_0(pairs, n, weighted, parameter, seed)
    return train_test_split(kept, test_size=0.2, random_state=seed) if len(kept) > 10 else None


def main():
    graphs = []
    for name, n, salt, size, inside, outside, order, zeros, weighted in GRAPHS:
        pairs = make_pairs(n, salt, size, inside, outside, order, zeros)
        splits = run_spectrae(pairs, n, weighted, SERIES, SEEDS)
        graphs.append({"name": name, "n": n, "salt": salt, "family_size": size, "family_promille": inside,
                       "other_permillion": outside, "shuffled": order == "shuffled", "zeros": zeros,
                       "weighted": weighted, "n_pairs": len(pairs),
                       "splits": [[digest(splits.get((p, r))) for r in range(len(SEEDS))] for p in SERIES],
                       "splits_2_0": [[digest(split_2_0(pairs, n, weighted, float(p), seed)) for seed in SEEDS]
                                      for p in SERIES]})
    made_by = (f"spectrae 1.0.3, Python {platform.python_version()}, networkx {networkx.__version__}, "
               f"numpy {numpy.__version__}, scikit-learn {sklearn.__version__}")
    json.dump({"made_by": made_by, "seeds": SEEDS, "parameters": SERIES,
               "random": [random_numbers(seed) for seed in (0, 42, 4294967295)],
               "sets": set_orders(), "graphs": graphs}, sys.stdout, indent=0)


if __name__ == "__main__":
    main()
