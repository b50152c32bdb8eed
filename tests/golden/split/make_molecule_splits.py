"""Writes molecule_splits.json: random splits of scikit-learn, and scaffold splits by the rules of
DeepChem and chemprop, written down anew from their documentation and code.

Needs numpy, scikit-learn. Run: python make_molecule_splits.py > molecule_splits.json
"""
import hashlib
import json
import random
import sys

import numpy as np
import sklearn
from sklearn.model_selection import ShuffleSplit, StratifiedShuffleSplit


def digest(parts):
    text = " | ".join(" ".join(str(int(i)) for i in part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def made_groups(n, n_groups, salt):
    """Groups of very uneven sizes, from a small congruential generator that C++ repeats."""
    state, groups = salt, []
    for _ in range(n):
        state = (1103515245 * state + 12345) % 2**31
        draw = (state >> 8) % (n_groups * n_groups)
        groups.append(int(draw**0.5))
    return groups


def shuffle_cases():
    cases = []
    for n, test_size, seed, n_splits in [(5, 0.2, 0, 3), (10, 0.2, 20021997, 10), (11, 0.25, 42, 4),
                                         (64, 0.1, 1, 3), (65, 0.5, 4294967295, 2), (1000, 0.2, 7, 5),
                                         (2273, 0.2, 20021997, 10), (4096, 0.333, 99, 2)]:
        splits = list(ShuffleSplit(n_splits, test_size=test_size, random_state=seed).split(range(n)))
        cases.append({"n": n, "test_size": test_size, "seed": seed, "n_splits": n_splits,
                      "n_test": [len(test) for _, test in splits],
                      "digest": [digest(split) for split in splits],
                      "first_test": [int(i) for i in splits[-1][1][:5]]})
    return cases


def stratified_cases():
    cases = []
    for n, n_classes, test_size, seed in [(20, 2, 0.2, 0), (50, 3, 0.2, 42), (101, 4, 0.25, 3),
                                          (300, 6, 0.1, 20021997), (997, 3, 0.2, 42)]:
        label = made_groups(n, n_classes, salt=n)
        splits = list(StratifiedShuffleSplit(3, test_size=test_size, random_state=seed)
                      .split(np.zeros(n), label))
        cases.append({"n": n, "n_classes": n_classes, "test_size": test_size, "seed": seed,
                      "even": False, "digest": [digest(split) for split in splits]})
    for n, n_classes, test_size, seed in [(20, 4, 0.25, 0), (35, 7, 0.2, 42), (33, 3, 0.3, 5)]:
        label = [i % n_classes for i in range(n)]  # equal classes: remainders tie
        splits = list(StratifiedShuffleSplit(3, test_size=test_size, random_state=seed)
                      .split(np.zeros(n), label))
        cases.append({"n": n, "n_classes": n_classes, "test_size": test_size, "seed": seed,
                      "even": True, "digest": [digest(split) for split in splits]})
    return cases


def indices_of(groups):
    sets = {}
    for i, group in enumerate(groups):
        sets.setdefault(group, []).append(i)
    return list(sets.values())


def deepchem(groups, train, validation):
    n = len(groups)
    sets = sorted(indices_of(groups), key=lambda one: (len(one), one[0]), reverse=True)
    parts = [[], [], []]
    for one in sets:
        if len(parts[0]) + len(one) <= train * n:
            parts[0] += one
        elif len(parts[0]) + len(parts[1]) + len(one) <= (train + validation) * n:
            parts[1] += one
        else:
            parts[2] += one
    return parts


def chemprop_balanced(groups, sizes, seed):
    n_train, n_validation, n_test = (size * len(groups) for size in sizes)
    big, small = [], []
    for one in indices_of(groups):
        is_big = len(one) > n_test / 2 or (n_validation > 0 and len(one) > n_validation / 2)
        (big if is_big else small).append(one)
    random.seed(seed)
    random.shuffle(big)
    random.shuffle(small)
    parts = [[], [], []]
    for one in big + small:
        if len(parts[0]) + len(one) <= n_train:
            parts[0] += one
        elif len(parts[1]) + len(one) <= n_validation:
            parts[1] += one
        else:
            parts[2] += one
    return parts


def scaffold_cases():
    cases = []
    for n, n_groups, seed in [(30, 6, 0), (100, 20, 1), (100, 100, 5), (333, 60, 42), (1024, 400, 7)]:
        groups = made_groups(n, n_groups, salt=n + n_groups)
        case = {"n": n, "n_groups": n_groups, "salt": n + n_groups, "seed": seed}
        for name, sizes in [("three", (0.8, 0.1, 0.1)), ("two", (0.8, 0.0, 0.2))]:
            for tool, parts in [("deepchem", deepchem(groups, sizes[0], sizes[1])),
                                ("chemprop", chemprop_balanced(groups, sizes, seed))]:
                case[f"{tool}_{name}"] = {"sizes": [len(part) for part in parts],
                                          "digest": digest([sorted(part) for part in parts])}
        cases.append(case)
    return cases


json.dump({"scikit-learn": sklearn.__version__, "numpy": np.__version__,
           "shuffle": shuffle_cases(), "stratified": stratified_cases(),
           "scaffold": scaffold_cases()}, sys.stdout, indent=1)
print()
