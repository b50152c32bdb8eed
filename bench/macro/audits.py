"""Whole audits: fresh, again, and with the outputs gone but the store kept."""

import json
import re
import shutil
import sqlite3
from pathlib import Path

from macro import measure

_CHEAP_BASELINES = ("global_mean", "drug_mean", "cell_mean", "tissue_mean", "tissue_drug_mean",
                    "additive", "additive_ls", "id_factorisation")


def audit(cupel, study, out, threads):
    return measure.run([cupel, "audit", study, "--out", out, "--threads", threads])


def stage_seconds(out):
    """Wall seconds per stage, as the audit writes them into its report."""
    timings = json.loads((Path(out) / "report.json").read_text())["timings"]
    return {stage["name"]: stage["seconds"] for stage in timings["stages"]}


def predictor_seconds(out):
    """Per predictor: number of trials, sum and median of their wall seconds (fit and predict)."""
    found = {}
    (index,) = (Path(out) / "store").glob("*.sqlite*")
    with sqlite3.connect(f"file:{index}?mode=ro", uri=True) as database:
        for predictor, seconds in database.execute("SELECT predictor, seconds FROM trial"):
            found.setdefault(predictor, []).append(seconds)
    return {name: (len(seconds), sum(seconds), sorted(seconds)[len(seconds) // 2])
            for name, seconds in found.items()}


def three_ways(cupel, study, out, threads):
    """Fresh, again, and again without the outputs: three costs."""
    shutil.rmtree(out, ignore_errors=True)
    fresh = audit(cupel, study, out, threads)
    again = audit(cupel, study, out, threads)
    for entry in Path(out).iterdir():
        if entry.name == "store":
            continue
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    from_store = audit(cupel, study, out, threads)
    return fresh, again, from_store


def cheap_study(published, file, with_models):
    """The published study with means, additive and factorisation only; no twins, no curves."""
    text = Path(published).read_text()
    if not with_models:
        text = re.sub(r"^models:\n(?:[ #].*\n)+", "", text, flags=re.MULTILINE)
    text = text.replace("baselines: default\n", "baselines: [" + ", ".join(_CHEAP_BASELINES) + "]\n"
                        "twins: {draws: 0}\nlearning_curve: {sizes: 0}\n")
    Path(file).write_text(text)
    return file
