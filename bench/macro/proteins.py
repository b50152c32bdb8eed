"""Synthetic protein families: sequences of mean length about 120 that descend from ancestors by
substitutions and short insertions and deletions, at every distance. Same n, same bytes."""
import random

LETTERS = "ACDEFGHIKLMNPQRSTVWY"
# Per cent in Swiss-Prot.
FREQUENCIES = [8.25, 1.37, 5.45, 6.75, 3.86, 7.07, 2.27, 5.96, 5.84, 9.66,
               2.42, 4.06, 4.70, 3.93, 5.53, 6.56, 5.34, 6.87, 1.08, 2.92]


def descendant(rng, ancestor, distance):
    out = []
    for letter in ancestor:
        if rng.random() < 0.04 * distance:
            continue
        changed = rng.random() < distance
        out.append(rng.choices(LETTERS, FREQUENCIES)[0] if changed else letter)
        if rng.random() < 0.04 * distance:
            out.append(rng.choices(LETTERS, FREQUENCIES)[0])
    return "".join(out)


def families(n, seed=7):
    rng = random.Random(seed)
    sequences = []
    while len(sequences) < n:
        ancestor = rng.choices(LETTERS, FREQUENCIES, k=max(30, int(rng.gauss(120, 35))))
        alone = rng.random() < 0.4
        size = 1 if alone else min(200, int(rng.paretovariate(1.1)) + 1)
        for _ in range(min(size, n - len(sequences))):
            sequences.append(descendant(rng, ancestor, rng.uniform(0.05, 0.75)))
    rng.shuffle(sequences)
    return sequences


def write_fasta(path, sequences):
    with open(path, "w", encoding="ascii") as out:
        for i, sequence in enumerate(sequences):
            out.write(f">p{i}\n{sequence}\n")
