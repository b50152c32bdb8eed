"""SPECTRA on protein families, from FASTA to 63 splits, and alignment identity: cupel and spectrae."""

import json
from pathlib import Path

from macro import measure, peers, proteins

_HERE = Path(__file__).parent
KMER_THRESHOLD = "0.1"
IDENTITY_THRESHOLD = "0.3"


def fasta(folder, n):
    """The file, and the number of cells of all its pairwise alignments."""
    sequences = proteins.families(n)
    path = folder / f"proteins{n}.fasta"
    proteins.write_fasta(path, sequences)
    total = sum(map(len, sequences))
    return path, (total * total - sum(len(s) ** 2 for s in sequences)) / 2


def end_to_end(cupel, path, folder, threads):
    """Similarity, graph and 63 splits in one command; the median of five runs, and the edges."""
    cost = measure.median_of(5, [cupel, "split", "spectra", path, "--kind", "kmer-jaccard", "--threshold",
                                 KMER_THRESHOLD, "--parameter", "series", "--seeds", "42,44,46",
                                 "--threads", threads, "--out", folder / "splits", "--json"])
    return cost, json.loads(cost.stdout)["edges"]


def identity(cupel, path, kind, folder, threads):
    cost = measure.run([cupel, "similarity", path, "--kind", kind, "--threshold", IDENTITY_THRESHOLD,
                        "--threads", threads, "--no-null", "--out", folder / "pairs.csv", "--json"])
    return cost, json.loads(cost.stdout)["edges"]


def spectrae(path, kind, n_parameters, folder):
    """spectrae 1.0.3, stage by stage (CPU seconds); None if it is not installed."""
    if not peers.has("spectrae"):
        return None
    folder.mkdir(exist_ok=True)
    threshold = KMER_THRESHOLD if kind == "kmer" else IDENTITY_THRESHOLD
    return json.loads(measure.run([*peers.python(), _HERE / "peer_spectrae.py", path, threshold, kind,
                                   n_parameters, folder]).stdout)
