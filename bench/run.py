"""Runs the benchmarks of whole commands beside their peers, and prints one table.

    ./dev bench [--only NAME,..] [--write] [--threads N]

Data come from CUPEL_MIRROR. Peers (drevalpy, pandas) run in the Python that CUPEL_BENCH_PYTHON
names, if it has them. `--write` puts the table of a full run into bench/RESULTS.md.
Benchmarks: build audit cheap naive csv demo reference cliffs similarity million
<<<<<<< HEAD
spectra molecules potency discrimination; default: audit cheap naive
csv demo. `similarity` sets fingerprints beside RDKit, FPSim2 and usearch, as far as the Python has
=======
spectra molecules potency de; default: audit cheap
naive csv demo. `similarity` sets fingerprints beside RDKit, FPSim2 and usearch, as far as the Python has
>>>>>>> wt-de
them; `potency` is neighbours beside RDKit and forests beside scikit-learn on MoleculeACE (minutes,
scikit-learn's); `million` is the graph of 1 M x 1 M fingerprints (minutes of all cores).
`de` is differential expression of synthetic screens beside pdex and illico (writes 1.2 GB and 2 GB
of temporary files, minutes; CUPEL_BENCH_PDEX and CUPEL_BENCH_ILLICO may name their Pythons).
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

from macro import (  # noqa: E402
<<<<<<< HEAD
    audits, cliffs, discrimination, measure, molecules, peers, potency, similarity, spectra)
=======
    audits, cliffs, measure, molecules, peers, potency, screens, similarity, spectra)
>>>>>>> wt-de

CUPEL = ROOT / "build/release/cupel"
BENCH_CSV = ROOT / "build/bench/bench/bench_micro_csv"
BENCH_MOLECULES = ROOT / "build/bench/bench/bench_molecules"
BENCH_LEARNERS = ROOT / "build/bench/bench/bench_potency_learners"
BENCH_DISCRIMINATION = ROOT / "build/bench/bench/bench_discrimination"
BENCH_GRAPH = ROOT / "build/bench/bench/bench_fingerprint_graph"
MARKERS = ("<!-- table: begin -->\n", "<!-- table: end -->\n")


@dataclass
class Row:
    what: str
    cupel: str
    other: str = ""  # the peer's cost, or the limit
    ratio: str = ""  # peer / cupel, or share of the limit that was used


@dataclass
class Setting:
    threads: int
    work: Path
    data: Path  # folder of the drug-response files


def cost_text(cost):
    return f"{cost.wall_s:.2f} s wall, {cost.cpu_s:.2f} s CPU, {cost.peak_mib:.0f} MiB"


def limit_row(what, cost, limit_s, setting):
    """CPU seconds are held against the limit times the cores: walls of a busy machine say little."""
    share = cost.cpu_s / (limit_s * setting.threads)
    return Row(what, cost_text(cost), f"limit {limit_s} s on {setting.threads} threads",
               f"{100 * share:.0f} % of its CPU")


def stage_rows(title, out):
    stages = audits.stage_seconds(out)
    return [Row(f"{title}: {name}", f"{seconds:.2f} s wall") for name, seconds in stages.items()]


def bench_audit(setting):
    """The published audit, whole: fresh, with its outputs standing, with its store only."""
    out = setting.work / "published"
    study = ROOT / "examples/gdsc2_published.yaml"
    fresh, again, from_store = audits.three_ways(CUPEL, study, out, setting.threads)
    yield limit_row("audit gdsc2_published, fresh", fresh, 120, setting)
    yield Row("audit gdsc2_published, peak memory", f"{fresh.peak_mib:.0f} MiB", "limit 2048 MiB",
              f"{100 * fresh.peak_mib / 2048:.0f} %")
    yield Row("audit gdsc2_published, again", cost_text(again))
    yield Row("audit gdsc2_published, from the store", cost_text(from_store))
    yield from stage_rows("from the store", out)
    found = sorted(audits.predictor_seconds(out).items(), key=lambda item: -item[1][1])
    for name, (n_trials, total, _) in found:
        if total >= 0.1:
            yield Row(f"trials of {name}", f"{total:.2f} s wall in {n_trials} trials")


def bench_cheap(setting):
    """Means, additive and factorisation: all metrics, 2,000 draws; without and with ten models."""
    for with_models in (False, True):
        study = audits.cheap_study(ROOT / "examples/gdsc2_published.yaml",
                                   setting.work / "cheap.yaml", with_models)
        out = setting.work / "cheap"
        shutil.rmtree(out, ignore_errors=True)
        cost = audits.audit(CUPEL, study, out, setting.threads)
        title = "means, additive, factorisation" + (" + ten models" if with_models else "")
        yield limit_row(f"audit, {title}", cost, 15, setting)
        yield from stage_rows(title, out)


def bench_naive(setting):
    """The same naive predictors and metrics by drevalpy, on PASO's mixed fold 0."""
    study = audits.cheap_study(ROOT / "examples/gdsc2_published.yaml",
                               setting.work / "naive.yaml", False)
    out = setting.work / "naive"
    shutil.rmtree(out, ignore_errors=True)
    audits.audit(CUPEL, study, out, 1)
    trials = audits.predictor_seconds(out)
    peers.fold_files(setting.data, setting.work)
    theirs = None
    if peers.has("drevalpy"):
        whole, theirs = peers.drevalpy(setting.data / "gdsc2_paso_response_folds.csv.gz",
                                       setting.data / "gdsc_cell_lines.csv", "fold_mixed", 0)
    ours_cpu = 0.0
    for name in ("global_mean", "drug_mean", "cell_mean", "tissue_mean", "tissue_drug_mean",
                 "additive"):
        fit, score, scores = peers.cupel_baseline(CUPEL, setting.data, name, 0, setting.work)
        ours_cpu += fit.cpu_s + score.cpu_s
        median_s = trials[name][2]
        r2 = scores["metrics"]["r2"]
        row = Row(f"{name}: fit and predict one fold (R2 {r2:.7f})", f"{1e3 * median_s:.2f} ms")
        if theirs is not None:
            peer = theirs["predictors"][name]
            same = abs(peer["metrics"]["R^2"] - r2) < 5e-8
            row.other = (f"drevalpy {1e3 * peer['fit_predict_s']:.2f} ms CPU, R2 "
                         + ("equal" if same else f"{peer['metrics']['R^2']:.7f}"))
            row.ratio = f"{peer['fit_predict_s'] / median_s:.0f} x"
        yield row
    row = Row("the six, read + fit + write + read + score, twelve programs", f"{ours_cpu:.2f} s CPU")
    if theirs is not None:
        names = theirs["versions"]
        total = theirs["import_s"] + theirs["read_s"] + sum(
            peer["fit_predict_s"] + peer["metrics_s"] for peer in theirs["predictors"].values())
        row.other = (f"drevalpy {names['drevalpy']}, one program: {total:.2f} s CPU "
                     f"({theirs['import_s']:.2f} s of them imports)")
        row.ratio = f"{total / ours_cpu:.0f} x"
        yield row
        slow = theirs["predictors"]["drug_mean"]["metrics_s"]
        yield Row("drevalpy's seven metrics of one fold", "see bench_micro_learners",
                  f"{1e3 * slow:.2f} ms CPU")
    else:
        yield row


def bench_csv(setting):
    """cupel's CSV reader beside pandas.read_csv on the same plain files, CPU time, one thread."""
    files = {
        "responses x 8 (text and numbers)": ("gdsc2_paso_response_folds.csv.gz", 8),
        "expression x 4 (numbers, 1,984 columns)": ("gdsc_expression_rma.csv.gz", 4),
    }
    if not BENCH_CSV.exists():
        build("bench", "bench_micro_csv")
    for title, (name, times) in files.items():
        file = peers.plain_copy(setting.data / name, setting.work / "plain.csv", times)
        megabytes = file.stat().st_size / 1e6
        ours = peers.cupel_csv(BENCH_CSV, file)
        row = Row(f"CSV {title}, {megabytes:.0f} MB", f"{megabytes / ours:.0f} MB/s")
        if peers.has("pandas"):
            found = peers.pandas_csv(file)
            theirs = found["cpu_s"]["c"]
            row.other = f"pandas {found['pandas']} {megabytes / theirs:.0f} MB/s"
            row.ratio = f"{theirs / ours:.1f} x"
        yield row


def bench_demo(setting):
    out = setting.work / "demo"
    shutil.rmtree(out, ignore_errors=True)
    cost = measure.run([CUPEL, "demo", "--out", out, "--threads", setting.threads])
    yield limit_row("cupel demo", cost, 60, setting)


def rate_text(pairs_per_s):
    return f"{pairs_per_s / 1e6:.4g} M pairs/s/core"


def bench_cliffs(setting):
    """MoleculeACE's cliffs of all its targets, beside plain Python on some, one thread each."""
    folder = Path(os.environ["CUPEL_MIRROR"]) / "potency/moleculeace"
    costs = {}
    different = 0
    for file in sorted(folder.glob("CHEMBL*.csv")):
        costs[file.stem], n = cliffs.cupel(CUPEL, file, setting.work / "flags.csv")
        different += n
    yield Row(f"activity cliffs of {len(costs)} MoleculeACE targets, {different} flags differ",
              f"{sum(cost.cpu_s for cost in costs.values()):.1f} s CPU")
    if not (peers.has("rdkit") and peers.has("Levenshtein")):
        return
    for name in cliffs.PEER_TARGETS:
        peer = cliffs.python(folder / f"{name}.csv")
        yield Row(f"activity cliffs of {name}, {peer['rows']} molecules",
                  f"{costs[name].cpu_s:.2f} s CPU",
                  f"RDKit + Levenshtein in Python {peer['cpu_s']:.2f} s CPU "
                  f"({peer['different']} flags differ)",
                  f"{peer['cpu_s'] / costs[name].cpu_s:.1f} x")


def bench_similarity(setting):
    """Fingerprints of 2048 bits, Tanimoto >= 0.4, pairs per CPU second, one thread each."""
    build("bench", "bench_fingerprint_graph")
    file = setting.work / "fingerprints.bin"
    _, ours = similarity.cupel(BENCH_GRAPH, 20000, 1, "count", file=file)
    theirs = similarity.others(file)
    for name, what, title in (("rdkit", "values", "RDKit BulkTanimotoSimilarity, values only"),
                              ("rdkit", "threshold", "RDKit BulkTanimotoSimilarity and threshold"),
                              ("fpsim2", "threshold", "FPSim2 threshold search"),
                              ("usearch", "nearest", "usearch exact search, 64 nearest")):
        row = Row(f"Tanimoto >= 0.4, 20,000 fingerprints ({title})",
                  rate_text(ours["pairs_per_cpu_s"]))
        peer = theirs[name].get(what)
        if peer is None:
            row.other = f"{name} is missing"
        else:
            row.other = f"{name} {theirs[name]['version']}: {rate_text(peer['pairs_per_cpu_s'])}"
            row.ratio = f"{ours['pairs_per_cpu_s'] / peer['pairs_per_cpu_s']:.0f} x"
        yield row
    _, ours = similarity.cupel(BENCH_GRAPH, 100000, setting.threads)
    yield Row("graph of 100,000 fingerprints at 0.4", f"{ours['wall_s']:.1f} s wall, "
              f"{ours['cpu_s']:.1f} s CPU, {1024 * ours['peak_gib']:.0f} MiB, {ours['found']} edges")


def bench_million(setting):
    """1 M x 1 M fingerprints at 0.4: under 10 minutes on two cores and 8 GiB."""
    build("bench", "bench_fingerprint_graph")
    cost, ours = similarity.cupel(BENCH_GRAPH, 1000000, setting.threads)
    yield limit_row(f"graph of 1,000,000 fingerprints at 0.4, {ours['found']} edges", cost, 600,
                    setting)
    yield Row("... peak memory", f"{cost.peak_mib:.0f} MiB", "limit 8192 MiB",
              f"{100 * cost.peak_mib / 8192:.0f} %")


def bench_discrimination(setting):
    """5,000 x 5,000 profiles of 18,000 genes under 60 s on two cores; beside SciPy on 400 x 400."""
    build("bench", "bench_discrimination")
    theirs = discrimination.scipy(400, 18000)
    for what, names in (("l1", ["l1"]), ("products", ["l2", "cosine"])):
        _, ours = discrimination.cupel(BENCH_DISCRIMINATION, 400, 18000, 1, what)
        row = Row(f"{' and '.join(names)} ranks of 400 x 400 profiles of 18,000 genes",
                  f"{ours['cpu_s']:.2f} s CPU", "scipy is missing")
        if theirs is not None:
            cpu_s = sum(theirs[f"{name}_cpu_s"] for name in names)
            row.other, row.ratio = f"scipy cdist: {cpu_s:.2f} s CPU", f"{cpu_s / ours['cpu_s']:.0f} x"
            if any(ours[name] != theirs[name] for name in names):
                row.other += ", other ranks"
        yield row
    cost, ours = discrimination.cupel(BENCH_DISCRIMINATION, 5000, 18000, setting.threads)
    yield limit_row("l1, l2 and cosine ranks of 5,000 x 5,000 profiles of 18,000 genes", cost, 60,
                    setting)


def bench_potency(setting):
    """k-NN of 10,000 x 10,000 fingerprints beside RDKit; forests of 500 trees beside scikit-learn."""
    build("bench", "bench_potency_learners")
    folder = setting.data.parent / "potency/moleculeace"
    smiles, words = setting.work / "molecules.smi", setting.work / "molecules.bin"
    potency.write_smiles(folder, smiles, 20000)
    theirs = potency.rdkit_neighbours(smiles, words, 300)
    for k, nearness in ((1, "tanimoto"), (5, "tanimoto"), (5, "euclid")):
        ours = potency.neighbours(BENCH_LEARNERS, words, k, nearness)
        yield Row(f"{k} nearest of 10,000 in 10,000 molecules, {nearness}, ties included, ECFP4 of "
                  f"2048 bits", rate_text(ours["pairs_per_cpu_s"]),
                  f"RDKit {theirs['version']} BulkTanimotoSimilarity, values only: "
                  f"{rate_text(theirs['pairs_per_cpu_s'])}",
                  f"{ours['pairs_per_cpu_s'] / theirs['pairs_per_cpu_s']:.0f} x")
    tables = potency.targets(folder)
    for _, table in (tables[0], tables[len(tables) // 2]):
        file = setting.work / (table.stem + ".tsv")
        potency.write_target(table, file)
        ours = potency.forest(BENCH_LEARNERS, file, 500)
        peer = potency.sklearn_forest(file, 500)
        yield Row(f"forest of 500 trees, {table.stem}, {ours['train']} x 1024 bits",
                  f"{ours['fit_cpu_s']:.2f} s CPU, RMSE {ours['rmse'][0]:.3f}",
                  f"scikit-learn {peer['version']}: {peer['fit_cpu_s']:.1f} s CPU, RMSE "
                  f"{peer['rmse'][0]:.3f}", f"{peer['fit_cpu_s'] / ours['fit_cpu_s']:.0f} x")


def bench_de(setting):
    """A screen of 30,000 cells beside pdex and illico; then one of 300,000 cells."""
    file = setting.work / "screen.h5ad"
    n = screens.write(file, 30000, 2000, 200)
    cost, _ = screens.cupel(CUPEL, file, setting.work / "de.csv", setting.threads)
    title = f"de of 30,000 cells x 2,000 genes x 200 perturbations, {n / 1e6:.0f} M values"
    for name in ("pdex", "illico"):
        row = Row(f"{title}, read + test + write", cost_text(cost))
        theirs = screens.peer(name, file, setting.threads)
        if theirs is not None:
            row.other = (f"{name} {theirs['version']}, test alone, from memory: "
                         f"{theirs['wall_s']:.2f} s wall, {theirs['cpu_s']:.2f} s CPU")
            row.ratio = f"{theirs['cpu_s'] / cost.cpu_s:.1f} x CPU"
        yield row
    n = screens.write(file, 300000, 8000, 2000)
    title = f"de of 300,000 cells x 8,000 genes x 2,000 perturbations, {n / 1e6:.0f} M values"
    cost, _ = screens.cupel(CUPEL, file, setting.work / "de.csv", setting.threads)
    yield limit_row(f"{title}, 16 M rows of CSV", cost, 40, setting)
    yield Row("... peak memory", f"{cost.peak_mib:.0f} MiB", "limit 6144 MiB",
              f"{100 * cost.peak_mib / 6144:.0f} %")
    cost, _ = screens.cupel(CUPEL, file, setting.work / "de.csv", setting.threads,
                            "--significant", 0.05)
    yield Row(f"{title}, significant rows only", cost_text(cost))


def same_edges(ours, theirs):
    if ours != theirs["edges"]:
        raise measure.Failed(f"cupel has {ours} edges, spectrae {theirs['edges']}")


def bench_spectra(setting):
    """SPECTRA from FASTA to 63 splits beside spectrae 1.0.3 (minutes, at 10,000 proteins)."""
    for n in (1000, 10000):
        path, _ = spectra.fasta(setting.work, n)
        cost, edges = spectra.end_to_end(CUPEL, path, setting.work, setting.threads)
        row = Row(f"SPECTRA of {n:,} proteins, 3-mers, {edges:,} edges", cost_text(cost))
        theirs = spectra.spectrae(path, "kmer", 21, setting.work / f"peer{n}")
        if theirs is not None:
            same_edges(edges, theirs)
            parts = [theirs[f"{part}_cpu_s"] for part in ("pairwise", "graph", "splits")]
            row.other = (f"spectrae 1.0.3 {sum(parts):.1f} s CPU: pairs {parts[0]:.1f}, graph "
                         f"{parts[1]:.1f}, splits {parts[2]:.1f}; {theirs['peak_mib']:.0f} MiB")
            row.ratio = (f"{sum(parts) / cost.cpu_s:.0f} x CPU, "
                         f"{sum(parts) / cost.wall_s:.0f} x its CPU over our wall")
        yield row
    path, _ = spectra.fasta(setting.work, 600)
    cost, edges = spectra.identity(CUPEL, path, "spectra-identity", setting.work, 1)
    row = Row(f"spectra-identity, all pairs of 600 proteins, {edges:,} edges", cost_text(cost))
    theirs = spectra.spectrae(path, "align", 2, setting.work / "peer_align")
    if theirs is not None:
        same_edges(edges, theirs)
        row.other = f"spectrae with Biopython {theirs['pairwise_cpu_s']:.1f} s CPU"
        row.ratio = f"{theirs['pairwise_cpu_s'] / cost.cpu_s:.0f} x"
    yield row
    path, cells = spectra.fasta(setting.work, 10000)
    for kind in ("global-identity", "spectra-identity"):
        cost, edges = spectra.identity(CUPEL, path, kind, setting.work, setting.threads)
        row = limit_row(f"{kind} >= 0.3, exact, all pairs of 10,000 proteins, {edges:,} edges", cost, 120,
                        setting)
        row.cupel += f", {cells / cost.cpu_s / 1e9:.1f} G cells per CPU s"
        yield row


def bench_reference(setting):
    """Minutes: reference models on three kinds of split."""
    out = setting.work / "reference"
    shutil.rmtree(out, ignore_errors=True)
    cost = audits.audit(CUPEL, ROOT / "examples/gdsc1_reference.yaml", out, setting.threads)
    yield Row("audit gdsc1_reference, fresh", cost_text(cost))
    yield from stage_rows("gdsc1_reference", out)
    for name, (n_trials, total, median_s) in audits.predictor_seconds(out).items():
        if total >= 1.0:
            yield Row(f"trials of {name}",
                      f"{total:.1f} s wall in {n_trials} trials, median {median_s:.2f} s")


def bench_build(setting):
    """The program from nothing, without ccache."""
    folder = setting.work / "build"
    shutil.rmtree(folder, ignore_errors=True)
    no_cache = {"CCACHE_DISABLE": "1"}
    configure = measure.run(["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja",
                             "-DCMAKE_BUILD_TYPE=Release"], no_cache)
    cost = measure.run(["cmake", "--build", folder, "-j", setting.threads, "--target", "cupel"],
                       no_cache)
    yield Row("configure", cost_text(configure))
    yield limit_row("clean build of the program and the report page", cost, 300, setting)


def bench_molecules(setting):
    """SMILES to ECFP4 beside RDKit: CPU seconds, and the walls of one and two threads."""
    build("bench", "bench_molecules")
    path = molecules.smiles_file(setting.data.parent, setting.work / "molecules.smi", 20000)
    plain = molecules.program(BENCH_MOLECULES, path, "plain", 1)
    python = molecules.rdkit_python(path) if peers.has("rdkit") else None
    for threads in (1, 2):
        ours = molecules.program(BENCH_MOLECULES, path, "cupel", threads)
        if ours["bits"] != plain["bits"]:
            raise measure.Failed(f"cupel sets {ours['bits']} bits, RDKit {plain['bits']}")
        rate = f"{ours['molecules'] / ours['wall_s']:,.0f} molecules/s wall, {ours['cpu_s']:.2f} s CPU"
        yield Row(f"parse + ECFP4 of 20,000 molecules, {threads} thread(s)", rate,
                  f"RDKit C++, plain loop: {plain['molecules'] / plain['wall_s']:,.0f} molecules/s "
                  f"wall, {plain['cpu_s']:.2f} s CPU",
                  f"{plain['wall_s'] / ours['wall_s']:.2f} x wall, "
                  f"{ours['cpu_s'] / plain['cpu_s']:.2f} x CPU")
        if python is not None:
            yield Row("", "", f"RDKit Python {python['version']}: {python['cpu_s']:.2f} s CPU",
                      f"{python['wall_s'] / ours['wall_s']:.2f} x wall")
    ours = molecules.program(BENCH_MOLECULES, path, "audit", setting.threads)
    yield Row("the same, MACCS, physchem, size, canonical, parent and scaffold",
              f"{ours['wall_s']:.1f} s wall, {ours['cpu_s']:.1f} s CPU")


BENCHMARKS = {"build": bench_build, "audit": bench_audit, "cheap": bench_cheap,
              "naive": bench_naive, "csv": bench_csv, "demo": bench_demo,
              "reference": bench_reference, "cliffs": bench_cliffs,
              "similarity": bench_similarity, "million": bench_million,
              "spectra": bench_spectra, "molecules": bench_molecules, "potency": bench_potency,
<<<<<<< HEAD
              "discrimination": bench_discrimination}
=======
              "de": bench_de}
>>>>>>> wt-de
DEFAULT = ["audit", "cheap", "naive", "csv", "demo"]


def build(preset, target):
    if not (ROOT / "build" / preset / "build.ninja").exists():
        subprocess.run(["cmake", "--preset", preset], cwd=ROOT, check=True, stdout=sys.stderr)
    subprocess.run(["cmake", "--build", "--preset", preset, "-j", str(os.cpu_count()), "--target",
                    target], cwd=ROOT, check=True, stdout=sys.stderr)


def as_markdown(rows):
    lines = ["| what | cupel | peer or limit | ratio |", "|---|---|---|---|"]
    lines += [f"| {row.what} | {row.cupel} | {row.other} | {row.ratio} |" for row in rows]
    return "\n".join(lines) + "\n"


def machine():
    models = [line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
              if line.startswith("model name")]
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, text=True,
                            capture_output=True, check=False).stdout.strip()
    return (f"{len(models)} x {models[0]}, {platform.system()} {platform.release()}, "
            f"Python {platform.python_version()}, commit {commit}")


def write_results(text):
    file = ROOT / "bench/RESULTS.md"
    old = file.read_text()
    begin, end = (old.index(marker) for marker in MARKERS)
    file.write_text(old[: begin + len(MARKERS[0])] + text + old[end:])


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", help="some benchmarks, comma-separated")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--write", action="store_true", help="put the table into RESULTS.md")
    parser.add_argument("--json", type=Path, help="also write the rows to this file")
    flags = parser.parse_args()
    names = flags.only.split(",") if flags.only else DEFAULT
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)} (known: {', '.join(BENCHMARKS)})")
    mirror = os.environ.get("CUPEL_MIRROR")
<<<<<<< HEAD
    if mirror is None and set(names) - {"build", "demo", "similarity", "million", "spectra", "discrimination"}:
=======
    if mirror is None and set(names) - {"build", "demo", "similarity", "million", "spectra", "de"}:
>>>>>>> wt-de
        parser.error("set CUPEL_MIRROR to the folder with the catalogue's files")
    build("release", "cupel")
    rows = []
    with tempfile.TemporaryDirectory(prefix="cupel-bench-") as work:
        setting = Setting(flags.threads, Path(work), Path(mirror or ".") / "drug_response")
        for name in names:
            load = os.getloadavg()[0]
            try:
                for row in BENCHMARKS[name](setting):
                    rows.append(row)
                    print(f"{row.what}: {row.cupel}  {row.other}  {row.ratio}", file=sys.stderr)
            except measure.Failed as failure:
                rows.append(Row(name, "FAILED"))
                print(failure, file=sys.stderr)
            rows.append(Row(f"load before and after `{name}`",
                            f"{load:.1f}, {os.getloadavg()[0]:.1f}"))
    text = machine() + "\n\n" + as_markdown(rows)
    print(text)
    if flags.json:
        flags.json.write_text(json.dumps([vars(row) for row in rows], indent=1) + "\n")
    if flags.write:
        write_results(text)
    return int(any(row.cupel == "FAILED" for row in rows))


if __name__ == "__main__":
    sys.exit(main())
