"""All pairs queries x library of 2048-bit fingerprints by RDKit, FPSim2 and usearch, what is
installed of them: pairs per CPU second on one thread, and the pairs with Tanimoto >= THRESHOLD that
each finds, as JSON. FILE holds rows of 32 little-endian 64-bit words.
usage: peer_fingerprints.py FILE THRESHOLD QUERIES"""

import json
import sys
import time

import numpy as np


def timed(work, n_pairs):
    """The best of three."""
    best = None
    for _ in range(3):
        begin = time.process_time()
        found = work()
        spent = time.process_time() - begin
        best = spent if best is None else min(best, spent)
    return {"pairs_per_cpu_s": n_pairs / best, "cpu_s": best, "found": int(found)}


def rdkit(words, threshold, n_queries):
    import rdkit
    from rdkit import DataStructs
    library = []
    for row in np.unpackbits(words.view(np.uint8), axis=1, bitorder="little"):
        bits = DataStructs.ExplicitBitVect(2048)
        bits.SetBitsFromList(np.flatnonzero(row).tolist())
        library.append(bits)

    def work():
        found = 0
        for query in library[:n_queries]:
            found += sum(value >= threshold
                         for value in DataStructs.BulkTanimotoSimilarity(query, library))
        return found

    def only_values():
        for query in library[:n_queries]:
            DataStructs.BulkTanimotoSimilarity(query, library)
        return 0

    n_pairs = n_queries * len(library)
    return {"version": rdkit.__version__, "threshold": timed(work, n_pairs),
            "values": timed(only_values, n_pairs)}


def fpsim2(words, threshold, n_queries):
    """Its search function as its engine calls it: sorted by ones, bounds from the ones."""
    from importlib.metadata import version

    from FPSim2.FPSim2lib import GenericSearch
    from FPSim2.io.backends.base import BaseStorageBackend
    from FPSim2.io.chem import get_bounds_range
    ones = np.bitwise_count(words).sum(axis=1).astype(np.uint64)
    table = np.column_stack([np.arange(len(words), dtype=np.uint64), words, ones])
    queries = table[:n_queries].copy()
    table = np.ascontiguousarray(table[np.argsort(ones, kind="stable")])
    bins = BaseStorageBackend.calc_popcnt_bins(table)

    def work():
        found = 0
        for query in queries:
            bounds = get_bounds_range(query, threshold, None, None, bins, "tanimoto")
            found += len(GenericSearch(query, table, threshold, 0, 0, *bounds))
        return found

    return {"version": version("FPSim2"), "threshold": timed(work, n_queries * len(words))}


def usearch(words, threshold, n_queries):
    """Exact search for the 64 nearest: it has no search by threshold."""
    import usearch
    from usearch.index import MetricKind, search
    rows = np.ascontiguousarray(words).view(np.uint8)
    count = min(64, len(words))

    def work():
        matches = search(rows, rows[:n_queries], count, MetricKind.Tanimoto, exact=True, threads=1,
                         dtype="b1")
        return (matches.distances <= 1.0 - threshold + 1e-6).sum()  # single precision

    return {"version": usearch.__version__, "nearest": timed(work, n_queries * len(words))}


def main(file, threshold, n_queries):
    words = np.fromfile(file, dtype="<u8").reshape(-1, 32)
    result = {"n": len(words), "queries": n_queries}
    for name, peer in (("rdkit", rdkit), ("fpsim2", fpsim2), ("usearch", usearch)):
        try:
            result[name] = peer(words, threshold, n_queries)
        except ImportError as missing:
            result[name] = {"missing": str(missing)}
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
