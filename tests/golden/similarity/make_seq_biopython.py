"""Writes seq_biopython.json: alignments by Biopython's PairwiseAligner.

spectra: [a, b, identity(a, b), identity(b, a)] of the first alignment with match 1, mismatch -2, gap
-2.5, as SPECTRA's scripts compute it. blosum: [a, b, score with charged end gaps, with free end gaps,
local score], BLOSUM62, gaps 10 + 0.5. optimal: [a, b, most identities, fewest columns with them] over
all alignments with the best score (match 1, mismatch -1, gaps 2 + 1, charged ends).
Needs biopython. Run: python make_seq_biopython.py > seq_biopython.json
"""
import json
import random

import Bio
from Bio import Align
from Bio.Align import substitution_matrices

rng = random.Random(20261125)
LETTERS = "ACDEFGHIKLMNPQRSTVWY"


def unrelated(low, high, letters=LETTERS):
    return "".join(rng.choice(letters) for _ in range(rng.randint(low, high)))


def relative(text, rate):
    out = []
    for letter in text:
        if rng.random() > rate:
            out.append(letter)
            continue
        out.append(rng.choice(["", rng.choice(LETTERS), letter + unrelated(1, 3)]))
    return "".join(out) or "A"


def columns(alignment):
    top, bottom = alignment[0], alignment[1]
    return sum(x == y for x, y in zip(top, bottom)), len(top)


linear = Align.PairwiseAligner()
linear.match_score, linear.mismatch_score, linear.gap_score = 1, -2, -2.5


def spectra(a, b):
    same, n = columns(linear.align(a, b)[0])
    return 1 - (n - same) / n


def protein(free_ends, mode="global"):
    aligner = Align.PairwiseAligner()
    aligner.mode = mode
    aligner.substitution_matrix = substitution_matrices.load("BLOSUM62")
    aligner.open_gap_score, aligner.extend_gap_score = -10, -0.5
    if free_ends:
        aligner.end_gap_score = 0
    return aligner


small = Align.PairwiseAligner()
small.match_score, small.mismatch_score = 1, -1
small.open_gap_score, small.extend_gap_score = -2, -1

pairs = []
for k in range(300):
    a = unrelated(1, 20 if k % 3 == 0 else 110, LETTERS if k % 5 else "ACDE")
    pairs.append((a, relative(a, rng.uniform(0.05, 0.8)) if k % 2 else unrelated(1, 110)))
charged, free, local = protein(False), protein(True), protein(False, "local")
short = []
while len(short) < 200:
    a, b = unrelated(1, 9, "ACD"), unrelated(1, 9, "ACD")
    found = [columns(x) for x in small.align(a, b)]
    most = max(same for same, _ in found)
    short.append([a, b, most, min(n for same, n in found if same == most)])
print(json.dumps({
    "biopython": Bio.__version__,
    "spectra": [[a, b, spectra(a, b), spectra(b, a)] for a, b in pairs],
    "blosum": [[a, b, charged.score(a, b), free.score(a, b), local.score(a, b)] for a, b in pairs[:150]],
    "optimal": short,
}, separators=(",", ":")))
