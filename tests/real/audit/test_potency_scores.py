"""Audits of MoleculeACE and of Janela & Bajorath's ten classes: the scores of medians and neighbours
equal those that numpy and RDKit's Python computed (tests/real/model/make_potency_reference.py), and
the published methods stand where they stand.

Needs the data of `cupel data list` in the folder CUPEL_MIRROR; without it the tests are skipped.
"""

import csv
import json
import math
import os
import pathlib
import re
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "cli"))
import cupel_process as cupel  # noqa: E402

REFERENCE = json.loads((ROOT / "tests" / "real" / "model" / "potency_reference.json").read_text())
# On how many of the 30 targets the RMSE of knn_weighted is below the printed one.
BETTER_ON = {"AFP GRAPH": 30, "LSTM SMILES": 19, "MLP ECFP": 21, "KNN ECFP": 14, "RF ECFP": 7,
             "GBM ECFP": 6, "SVM ECFP": 2, "CNN SMILES": 30, "GAT GRAPH": 30, "GCN GRAPH": 30,
             "MPNN GRAPH": 30, "Transformer TOKENS": 30, "SVM MACCS": 19, "RF PHYSCHEM": 28}


def audit(example, folder, baselines):
    """The audit of an example with these baselines and without its models."""
    text = (ROOT / "examples" / example).read_text()
    text = re.sub(r"^(models|baselines):.*\n(?:[ #].*\n)*", "", text, flags=re.M)
    text = re.sub(r"draws: \d+", "draws: 100", text)
    text = text.replace(", rule: moleculeace}", "}")  # pairs of all targets take a while
    study = pathlib.Path(folder) / "study.yaml"
    study.write_text(text + f"baselines: {baselines}\n")
    done = cupel.run("audit", study, "--out", pathlib.Path(folder) / "out", timeout=800)
    if done.returncode != 0:
        raise RuntimeError("the audit failed: " + done.stderr)
    return pathlib.Path(folder) / "out"


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


@unittest.skipUnless(os.environ.get("CUPEL_MIRROR"), "CUPEL_MIRROR is not set: no data to audit")
class Potency(unittest.TestCase):
    def equal(self, found, expected, what):
        self.assertTrue(math.isclose(found, expected, rel_tol=0.0, abs_tol=1e-9),
                        f"{what}: {found!r} is not {expected!r}")


class MoleculeAce(Potency):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        out = audit("moleculeace.yaml", cls.folder.name, "[median, nearest_1, knn, knn_weighted]")
        cls.value = {(row["metric"], row["predictor"], row["task"]): float(row["value"])
                     for row in rows_of(out / "tasks.csv") if row["value"]}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_every_target(self):
        targets = REFERENCE["moleculeace_1024"]
        self.assertEqual(len(targets), 30)
        for target, numbers in targets.items():
            for predictor in ("median", "nearest_1", "knn", "knn_weighted"):
                for metric, expected in zip(("rmse", "rmse_cliff"), numbers[predictor]):
                    key = (metric, predictor, target)
                    self.equal(self.value[key], expected, key)

    def test_the_published_methods_stand_where_they_stand(self):
        targets = REFERENCE["moleculeace_1024"]
        methods = {key[1] for key in self.value} - {"global_mean", "median", "nearest_1", "knn",
                                                    "knn_weighted"}
        self.assertEqual(len(methods), 24)
        for method, expected in BETTER_ON.items():
            better = sum(self.value[("rmse", "knn_weighted", t)] < self.value[("rmse", method, t)]
                         for t in targets)
            self.assertEqual(better, expected, method)


class Janela(Potency):
    # knn_grid depends on the order of the rows; tests/real/model has it in ShuffleSplit's.
    COLUMNS = {"median": "median", "knn_1": "k1", "knn_3": "k3", "knn_5": "k5"}

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        neighbours = ", ".join(f"{{knn: {{k: {k}, metric: euclid, as: knn_{k}}}}}" for k in (1, 3, 5))
        out = audit("janela2022.yaml", cls.folder.name,
                    f"[median, {neighbours}, {{y_randomised_knn: {{metric: euclid}}}}]")
        cls.value = {(row["predictor"], row["task"]): float(row["value"])
                     for row in rows_of(out / "tasks.csv") if row["metric"] == "mae"}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_every_class(self):
        classes = REFERENCE["janela"]
        self.assertEqual(len(classes), 10)
        for name, trials in classes.items():
            self.assertEqual(len(trials), 10)
            for predictor, column in self.COLUMNS.items():
                expected = sum(trial[column] for trial in trials) / 10
                self.equal(self.value[(predictor, name)], expected, (predictor, name))

    def test_nothing_is_learned_from_shuffled_targets(self):
        for name in REFERENCE["janela"]:
            self.assertGreater(self.value[("y_randomised_knn", name)], self.value[("median", name)])


if __name__ == "__main__":
    cupel.main()
