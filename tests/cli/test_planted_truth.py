"""The verdicts on five models whose truth is known are right. bench/planted_truth.py does more seeds."""

import json
import pathlib
import tempfile
import unittest

import cupel_process as cupel
import planted_truth

SEEDS = (1, 2, 3)


class PlantedTruth(unittest.TestCase):
    def test_verdicts(self):
        for seed in SEEDS:
            with self.subTest(seed=seed), tempfile.TemporaryDirectory() as folder:
                study = cupel.simulate(folder, seed, drugs=40, cells=100, folds=5)
                done = cupel.run("audit", study, "--out", pathlib.Path(folder) / "out")
                self.assertEqual(done.returncode, 0, done.stderr)
                report = json.loads((pathlib.Path(folder) / "out" / "report.json").read_text())
                wrong = {m: w for m, w in planted_truth.faults(report).items() if w}
                self.assertEqual(wrong, {}, f"seed {seed}")

    def test_the_judge_can_say_no(self):
        """Swapped labels have to be faults, or the test above would show nothing."""
        with tempfile.TemporaryDirectory() as folder:
            study = cupel.simulate(folder, 1, drugs=20, cells=50, folds=3)
            swapped = study.read_text().replace("learned.csv", "X.csv").replace(
                "drug_means.csv", "learned.csv").replace("X.csv", "drug_means.csv").replace(
                "leaked.csv", "ids_only.csv")
            study.write_text(swapped)
            done = cupel.run("audit", study, "--out", pathlib.Path(folder) / "out")
            self.assertEqual(done.returncode, 0, done.stderr)
            report = json.loads((pathlib.Path(folder) / "out" / "report.json").read_text())
            wrong = {m for m, w in planted_truth.faults(report).items() if w}
            self.assertLessEqual({"learned", "drug_means", "leaked"}, wrong)


if __name__ == "__main__":
    cupel.main()
