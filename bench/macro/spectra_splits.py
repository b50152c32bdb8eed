"""SPECTRA's splits beside spectrae 1.0.3, on the same random graph, in one run.

    spectra_splits.py CUPEL [--n 10000] [--edges 500000] [--peer-parameters 0.00,0.50,1.00]

cupel: the whole command (reading the pairs, graph, splits, overlap, files) for 21 parameters x 3
seeds. spectrae: its split function alone, on its graph in memory, for the peer parameters and one
seed (all 63 take minutes). CPU seconds; the ratio is per split, and the splits are compared too.
Needs spectrae==1.0.3 in the Python that runs this.
"""

import argparse
import contextlib
import io
import pathlib
import sys
import tempfile
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from macro import measure  # noqa: E402


def random_edges(n, n_edges, seed=1):
    """Half of the edges between near numbers (families), half anywhere; i < j, sorted."""
    rng = np.random.default_rng(seed)
    a = rng.integers(0, n, n_edges * 2)
    near = np.stack([a, np.minimum(a + rng.integers(1, 91, n_edges * 2), n - 1)], 1)[:n_edges]
    far = np.sort(rng.integers(0, n, (n_edges, 2)), axis=1)
    edges = np.concatenate([near, far])
    edges = np.unique(edges[edges[:, 0] < edges[:, 1]], axis=0)
    rng.shuffle(edges)
    edges = edges[:n_edges]
    return edges[np.lexsort((edges[:, 1], edges[:, 0]))]


def peer_splits(edges, parameters, seed):
    """CPU seconds to build the graph, CPU seconds per split, and the splits."""
    import networkx as nx
    from spectrae.independent_set_algo import run_independent_set
    from spectrae.spectra import Spectra

    begin = time.process_time()
    graph = nx.Graph()
    for i, j in edges.tolist():
        graph.add_edge(i, j, weight=1)
    build = time.process_time() - begin
    splits, seconds = {}, []
    for parameter in parameters:
        begin = time.process_time()
        with contextlib.redirect_stdout(io.StringIO()):
            kept = run_independent_set(float(parameter), graph, seed=seed, binary=True)
            splits[parameter] = Spectra.spectra_train_test_split(None, kept, 0.2, seed)
        seconds.append(time.process_time() - begin)
    return build, seconds, splits


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cupel")
    parser.add_argument("--n", type=int, default=10000)
    parser.add_argument("--edges", type=int, default=500000)
    parser.add_argument("--peer-parameters", default="0.00,0.50,1.00")
    parser.add_argument("--seed", type=int, default=42)
    arguments = parser.parse_args()
    edges = random_edges(arguments.n, arguments.edges)
    parameters = arguments.peer_parameters.split(",")
    with tempfile.TemporaryDirectory() as folder:
        pairs = pathlib.Path(folder, "pairs.tsv")
        np.savetxt(pairs, np.column_stack([edges, np.ones(len(edges), int)]), fmt="%d", delimiter="\t")
        command = [arguments.cupel, "split", "spectra", "--variant", "spectrae-1.0.3", "--pairs", pairs,
                   "--n", arguments.n, "--parameter", "series", "--json",
                   "--seeds", f"{arguments.seed},{arguments.seed + 2},{arguments.seed + 4}", "--out", f"{folder}/out"]
        ours = measure.median_of(3, command)
        build, seconds, splits = peer_splits(edges, parameters, arguments.seed)
        same = 0
        for parameter, split in splits.items():
            found = [[int(line) for line in pathlib.Path(folder, "out", f"SP_{parameter}_0", part).read_text().split()]
                     for part in ("train.csv", "test.csv")]
            same += found == [list(part) for part in split]
    per_split = sum(seconds) / len(seconds)
    print(f"graph: {arguments.n} nodes, {len(edges)} edges")
    print(f"cupel: 63 splits with reading and writing: {ours.cpu_s:.2f} s CPU, {ours.wall_s:.2f} s wall, "
          f"{ours.peak_mib:.0f} MiB")
    print(f"spectrae 1.0.3: graph {build:.2f} s CPU; per split "
          + ", ".join(f"{p}: {s:.2f} s" for p, s in zip(parameters, seconds)))
    print(f"ratio of CPU per split: {per_split / (ours.cpu_s / 63):.0f}; identical splits: {same} of {len(splits)}")


if __name__ == "__main__":
    main()
