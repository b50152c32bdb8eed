#!/usr/bin/env python3
"""Runs spectrae 1.0.3 and cupel on the same graphs, and compares every split, as lists.

    compare_spectrae.py CUPEL [N ...]        (default 300 1000 3000; a few minutes)
"""
import sys
import time

from spectrae_reference import SERIES, make_pairs, run_cupel, run_spectrae

FEW = ["0.00", "0.25", "0.50", "0.75", "1.00"]


def cases(n):
    yield "binary families", make_pairs(n, 1, 8, 900, 20000 // n * 10), False, SERIES
    yield "binary cliques", make_pairs(n, 8, 20, 1000, 20000000 // n // n), False, SERIES
    yield "binary dense", make_pairs(n, 2, 30, 500, 40000), False, SERIES
    yield "binary shuffled", make_pairs(n, 3, 12, 800, 3000, "shuffled"), False, SERIES
    yield "weighted sparse", make_pairs(n, 4, 12, 900, 200000 // n), True, SERIES
    yield "weighted shuffled", make_pairs(n, 5, 8, 700, 1000000 // n, "shuffled"), True, SERIES
    if n <= 1000:
        yield "weighted all pairs, zeros", make_pairs(n, 6, 12, 900, 30000, zeros=True), True, SERIES
    if n <= 300:
        yield "weighted complete", make_pairs(n, 7, 10, 1000, 1000000), True, SERIES
    if n > 1000:
        yield "weighted all pairs, zeros", make_pairs(n, 6, 12, 900, 3000, zeros=True), True, FEW


def main():
    cupel, sizes = sys.argv[1], [int(word) for word in sys.argv[2:]] or [300, 1000, 3000]
    failed = 0
    for n in sizes:
        for name, pairs, weighted, parameters in cases(n):
            started = time.process_time()
            theirs = run_spectrae(pairs, n, weighted, parameters)
            seconds = time.process_time() - started
            ours = run_cupel(cupel, pairs, n, weighted, parameters)
            same = sum(theirs[key] == (ours[key][0], ours[key][1]) for key in theirs.keys() & ours.keys())
            as_sets = sum(set(theirs[key][0]) == set(ours[key][0]) and theirs[key][1] == ours[key][1]
                          for key in theirs.keys() & ours.keys())
            asked = len(parameters) * 3
            same_refused = asked - len(theirs.keys() | ours.keys())
            print(f"n={n} {name}: {len(pairs)} pairs; {same}/{asked} identical lists "
                  f"({as_sets} by set), {same_refused} refused by both; spectrae {seconds:.1f} CPU s", flush=True)
            failed += same + same_refused != asked
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
