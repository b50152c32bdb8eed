#!/usr/bin/env python3
"""SPECTRA on protein families, from FASTA to 63 splits, beside spectrae 1.0.3: CPU seconds and ratios.

  python bench/macro/sequences.py --cupel build/release/cupel --python PYTHON
         [--n 1000,3000,10000] [--peer-n 1000,3000] [--align-n 300] [--threads 2]

PYTHON has spectrae 1.0.3 and biopython (see peer_spectrae.py). The peer is run for the n of --peer-n
only: 10,000 takes it several CPU minutes, and its cost per pair does not fall. Prints a Markdown table.
"""
import argparse
import json
import os
import pathlib
import tempfile

import measure
import proteins

HERE = pathlib.Path(__file__).resolve().parent
KMER_THRESHOLD = "0.1"
IDENTITY_THRESHOLD = "0.3"


def similarity(options, fasta, kind, threshold, out):
    cost = measure.run([options.cupel, "similarity", fasta, "--kind", kind, "--threshold", threshold,
                        "--threads", options.threads, "--no-null", "--out", out, "--json"])
    return cost, json.loads(cost.stdout)


def spectra_splits(options, pairs, n, folder):
    """63 splits from a file of pairs."""
    return measure.run([options.cupel, "split", "spectra", "--variant", "spectrae-1.0.3", "--pairs", pairs,
                        "--n", n, "--parameter", "series", "--seeds", "42,44,46", "--out", folder])


def peer(options, fasta, threshold, kind, n_parameters, folder):
    os.makedirs(folder, exist_ok=True)
    cost = measure.run([options.python, HERE / "peer_spectrae.py", fasta, threshold, kind, n_parameters,
                        folder])
    return json.loads(cost.stdout)


def row(what, ours, theirs="", ratio=""):
    print(f"| {what} | {ours} | {theirs} | {ratio} |", flush=True)


def kmer_rows(options, n, folder):
    fasta, pairs = folder / f"{n}.fasta", folder / "pairs.csv"
    proteins.write_fasta(fasta, proteins.families(n))
    cost, found = similarity(options, fasta, "kmer-jaccard", KMER_THRESHOLD, pairs)
    splits = spectra_splits(options, pairs, n, folder / f"splits{n}")
    ours = cost.cpu_s + splits.cpu_s
    text = (f"{ours:.2f} s CPU: similarity and graph {cost.cpu_s:.2f}, 63 splits {splits.cpu_s:.2f}; "
            f"{cost.peak_mib:.0f} MiB")
    if n not in options.peer_n:
        row(f"SPECTRA of {n} proteins, 3-mers, {found['edges']} edges", text)
        return
    theirs = peer(options, fasta, KMER_THRESHOLD, "kmer", 21, folder / f"peer{n}")
    if theirs["edges"] != found["edges"]:
        raise measure.Failed(f"cupel has {found['edges']} edges, spectrae {theirs['edges']}")
    total = theirs["pairwise_cpu_s"] + theirs["graph_cpu_s"] + theirs["splits_cpu_s"]
    row(f"SPECTRA of {n} proteins, 3-mers, {found['edges']} edges", text,
        f"spectrae {total:.1f} s CPU: {theirs['pairwise_cpu_s']:.1f} + {theirs['graph_cpu_s']:.1f} + "
        f"{theirs['splits_cpu_s']:.1f}; {theirs['peak_mib']:.0f} MiB", f"{total / ours:.0f} x")


def identity_rows(options, n, folder):
    sequences = proteins.families(n)
    fasta = folder / f"align{n}.fasta"
    proteins.write_fasta(fasta, sequences)
    total = sum(map(len, sequences))
    cells = (total * total - sum(len(s) ** 2 for s in sequences)) / 2
    for kind in ("global-identity", "spectra-identity"):
        cost, found = similarity(options, fasta, kind, IDENTITY_THRESHOLD, folder / "pairs.csv")
        row(f"{kind} >= {IDENTITY_THRESHOLD}, all pairs of {n} proteins ({found['instruction_set']})",
            f"{cost.cpu_s:.1f} s CPU, {cost.wall_s:.1f} s wall, {cells / cost.cpu_s / 1e9:.1f} G cells/s "
            f"CPU, {n * (n - 1) / 2 / cost.cpu_s:,.0f} pairs/s CPU")


def biopython_row(options, folder):
    n = options.align_n
    fasta = folder / "biopython.fasta"
    proteins.write_fasta(fasta, proteins.families(n))
    cost, found = similarity(options, fasta, "spectra-identity", IDENTITY_THRESHOLD, folder / "pairs.csv")
    theirs = peer(options, fasta, IDENTITY_THRESHOLD, "align", 2, folder / "peer_align")
    if theirs["edges"] != found["edges"]:
        raise measure.Failed(f"cupel has {found['edges']} edges, spectrae {theirs['edges']}")
    pairs = n * (n - 1) / 2
    row(f"spectra-identity, all pairs of {n} proteins, the same {found['edges']} edges",
        f"{cost.cpu_s:.3f} s CPU ({pairs / cost.cpu_s:,.0f} pairs/s)",
        f"spectrae + Biopython {theirs['pairwise_cpu_s']:.1f} s CPU "
        f"({pairs / theirs['pairwise_cpu_s']:,.0f} pairs/s)",
        f"{theirs['pairwise_cpu_s'] / cost.cpu_s:.0f} x")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    numbers = lambda text: [int(part) for part in text.split(",") if part]
    parser.add_argument("--cupel", required=True)
    parser.add_argument("--python", default="python3")
    parser.add_argument("--n", type=numbers, default=[1000, 3000, 10000])
    parser.add_argument("--peer-n", type=numbers, default=[1000, 3000])
    parser.add_argument("--align-n", type=int, default=600)
    parser.add_argument("--identity-n", type=numbers, default=[10000])
    parser.add_argument("--threads", default="2")
    options = parser.parse_args()
    options.cupel = os.path.abspath(options.cupel)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        print(f"load average {os.getloadavg()[0]:.0f}\n\n| what | cupel | peer | ratio |\n|---|---|---|---|")
        for n in options.n:
            kmer_rows(options, n, folder)
        biopython_row(options, folder)
        for n in options.identity_n:
            identity_rows(options, n, folder)


if __name__ == "__main__":
    main()
