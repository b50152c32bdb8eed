"""The scores of an audit of GDSC2 equal those of scikit-learn, SciPy and pandas to 1e-9.

Needs the data of `cupel data list` in the folder CUPEL_MIRROR; without it the test is skipped.
"""

import csv
import json
import math
import os
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "cli"))
import cupel_process as cupel  # noqa: E402

GOLDEN = HERE.parent.parent / "golden" / "audit" / "gdsc2_scores.json"
TOLERANCE = 1e-9


@unittest.skipUnless(os.environ.get("CUPEL_MIRROR"), "CUPEL_MIRROR is not set: no data to audit")
class Gdsc2(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.golden = json.loads(GOLDEN.read_text())["scores"]
        with tempfile.TemporaryDirectory() as out:
            done = cupel.run("audit", HERE / "gdsc2_scores.yaml", "--out", out, timeout=600)
            if done.returncode != 0:
                raise RuntimeError("the audit failed: " + done.stderr)
            cls.report = json.loads((pathlib.Path(out) / "report.json").read_text())
            cls.scores, cls.defined = cls.read(pathlib.Path(out) / "scores.csv")

    @classmethod
    def read(cls, path):
        """{(split, fold, predictor, metric, kind or kind/group): value}, and the n of the same."""
        values, counts = {}, {}
        with open(path, newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["fold"] not in cls.golden[row["split"]]:
                    continue
                where = row["group_kind"] + ("/" + row["group"] if row["group"] else "")
                key = (row["split"], row["fold"], row["predictor"], row["metric"], where)
                values[key] = float(row["value"]) if row["value"] else None
                counts[key] = int(row["n"])
        return values, counts

    def compare(self, key, expected):
        self.assertIn(key, self.scores)
        found = self.scores[key]
        if expected is None or found is None:
            self.assertEqual(found, expected, f"{key}: undefined on one side only")
            return
        self.assertTrue(math.isclose(found, expected, rel_tol=TOLERANCE, abs_tol=TOLERANCE),
                        f"{key}: {found!r} is not {expected!r}")

    def test_every_number(self):
        n_compared = 0
        for split, folds in self.golden.items():
            for fold, predictors in folds.items():
                for predictor, metrics in predictors.items():
                    head = (split, fold, predictor)
                    for metric, values in metrics.items():
                        if metric == "n":
                            self.assertEqual(self.defined[(*head, "r2", "all")], values, head)
                            continue
                        for where, value in values.items():
                            if where.startswith("n_"):
                                key = (*head, metric, "macro_" + where[2:])
                                self.assertEqual(self.defined[key], value, f"{key}: defined groups")
                            else:
                                with self.subTest(key=(*head, metric, where)):
                                    self.compare((*head, metric, where), value)
                            n_compared += 1
        self.assertGreater(n_compared, 700)

    def mean(self, split, predictor, metric, where):
        values = [self.scores[(split, fold, predictor, metric, where)] for fold in self.golden[split]]
        return sum(values) / len(values)

    def test_drug_mean_never_flatters_on_unseen_lines(self):
        self.assertAlmostEqual(self.mean("cancer_blind", "drug_mean", "r2", "all"), 0.70, delta=0.03)
        for fold in self.golden["cancer_blind"]:
            within = self.scores[("cancer_blind", fold, "drug_mean", "r2", "macro_drug")]
            self.assertLessEqual(within, 0.0, "a constant per drug has no skill within drugs")
            self.assertGreater(within, -0.1)
            self.assertIsNone(self.scores[("cancer_blind", fold, "drug_mean", "pearson", "macro_drug")],
                              "the correlation of a constant is undefined, not 0")
            for (split, f, predictor, metric, where), value in self.scores.items():
                if (split, f, predictor, metric) == ("cancer_blind", fold, "drug_mean", "r2") and \
                        where.startswith("drug/") and value is not None:
                    self.assertLessEqual(value, 1e-12, where)
        text = next(e["text"] for e in self.report["explanations"] if e["id"] == "drug_mean_cancer_blind")
        self.assertRegex(text, r"On cancer_blind the drug mean alone has R2 0\.(6[89]|7[01])\d over all "
                               r"rows but -0\.0\d+ within drugs")


if __name__ == "__main__":
    cupel.main()
