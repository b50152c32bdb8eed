"""spectrae 1.0.3 (PyPI) as the reference: graphs, its own splits of them, and what cupel makes of the
same pairs. Needs: pip install spectrae==1.0.3 networkx numpy scikit-learn pandas tqdm scipy (its
torch is never imported).
"""
import contextlib
import io
import json
import os
import pathlib
import pickle
import subprocess
import tempfile

MASK = (1 << 64) - 1


def mix(*words):
    """splitmix64 over the words: the same numbers in Python and C++."""
    state = 0x9E3779B97F4A7C15
    for word in words:
        state = (state + word * 0xBF58476D1CE4E5B9 + 0x9E3779B97F4A7C15) & MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & MASK
        state ^= state >> 31
    return state


def make_pairs(n, salt, family_size, family_promille, other_permillion, order="rows", zeros=False):
    """Families of samples that are similar with family_promille / 1000, others with other_permillion
    / 1e6. Values have three digits, so there are ties. `order`: "rows" as spectrae writes them,
    "shuffled" for any order of pairs and of both ends."""
    n_families = max(1, n // family_size)
    family = [mix(salt, 1, i) % n_families for i in range(n)]
    pairs = []
    for i in range(n):
        for j in range(i + 1, n):
            r = mix(salt, 2, i, j)
            if family[i] == family[j]:
                linked = r % 1000 < family_promille
            else:
                linked = r % 1000000 < other_permillion
            if linked:
                pairs.append((i, j, 1 + (r >> 32) % 1000))
            elif zeros:
                pairs.append((i, j, 0))
    if order == "shuffled":
        keyed = sorted(pairs, key=lambda p: mix(salt, 3, p[0], p[1]))
        pairs = [(j, i, v) if mix(salt, 4, i, j) % 2 else (i, j, v) for i, j, v in keyed]
    return pairs


def write_pairs(path, pairs):
    with open(path, "w") as out:
        for i, j, value in pairs:
            out.write(f"{i}\t{j}\t{value / 1000}\n")


SERIES = [f"{0.05 * k:.2f}" for k in range(21)]


def run_spectrae(pairs, n, weighted, parameters=SERIES, seeds=(42, 44, 46)):
    """{(parameter, repeat): (train, test)} from the package's own code; missing = it made none."""
    from spectrae import Spectra, SpectraDataset

    class Numbers(SpectraDataset):
        def parse(self, _):
            return list(range(n))

        def sample_to_index(self, idx):
            return idx

        def __len__(self):
            return n

        def __getitem__(self, idx):
            return idx

    class Listed(Spectra):
        def spectra_properties(self, a, b):
            raise AssertionError("all pairs are in the file")

        def cross_split_overlap(self, train, test):
            return 0.0

    here = os.getcwd()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()), \
            contextlib.redirect_stderr(io.StringIO()):
        os.chdir(folder)
        try:
            write_pairs("set_precalculated_spectra_properties", pairs)
            spectra = Listed(Numbers(None, "set"), binary=not weighted)
            spectra.load_spectra_precalculated_spectra_properties("set")
            spectra.generate_spectra_splits(list(parameters), len(seeds), list(seeds))
            splits = {}
            for path in pathlib.Path("set_SPECTRA_splits").glob("SP_*"):
                _, parameter, repeat = path.name.split("_")
                splits[parameter, int(repeat)] = tuple(
                    pickle.loads((path / f"{part}.pkl").read_bytes()) for part in ("train", "test"))
            return splits
        finally:
            os.chdir(here)


def run_cupel(cupel, pairs, n, weighted, parameters=SERIES, seeds=(42, 44, 46), threads=2):
    with tempfile.TemporaryDirectory() as folder:
        write_pairs(f"{folder}/pairs.tsv", pairs)
        command = [cupel, "split", "spectra", "--variant", "spectrae-1.0.3", "--pairs", f"{folder}/pairs.tsv",
                   "--n", str(n), "--parameter", ",".join(parameters), "--seeds", ",".join(map(str, seeds)),
                   "--out", f"{folder}/out", "--json", "--threads", str(threads)]
        done = subprocess.run(command + ["--weighted"] * weighted, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        splits = {}
        for path in pathlib.Path(f"{folder}/out").glob("SP_*"):
            _, parameter, repeat = path.name.split("_")
            splits[parameter, int(repeat)] = tuple(
                [int(line) for line in (path / f"{part}.csv").read_text().split()] for part in ("train", "test"))
            facts = json.loads((path / "split.json").read_text())
            left_out = sum(len(group["samples"]) for group in facts["left_out"])
            assert facts["n_train"] + facts["n_test"] + left_out == n
        return splits
