"""An audit that is stopped at any moment goes on, and ends in the same report."""

import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import cupel_process as cupel

STUDY_LINE = ("audit", "../study/study.yaml", "--out", "out")  # the report holds the command
SERIES = ("  - {scheme: overlap, entity: cell, levels: 2, repeats: 1, "
          "predictors: [drug_mean, constant]}\n")
WRITTEN = ("scores.csv", "findings.csv", "spectrum.csv", "predictions", "splits", "report.json", "report.html")


class Audit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        study = cupel.simulate(cls.root / "study")
        study.write_text(study.read_text().replace("models:\n", SERIES + "models:\n"))
        (cls.root / "study" / "constant.sh").write_text(cupel.CONSTANT_MODEL)
        with study.open("a") as file:
            file.write("  constant: {command: \"sh constant.sh {train} {test} {out}\"}\n")
        started = time.monotonic()
        done = cls.audit("reference")
        cls.seconds = time.monotonic() - started
        if done.returncode != 0:
            raise RuntimeError("the uninterrupted audit failed: " + done.stderr)
        cls.reference = cupel.outputs(cls.root / "reference" / "out")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def place(cls, name):
        (cls.root / name).mkdir(exist_ok=True)
        return cls.root / name

    @classmethod
    def audit(cls, name, *more, **options):
        return cupel.run(*STUDY_LINE, *more, cwd=cls.place(name), **options)

    def start(self, name):
        return subprocess.Popen(cupel.command(*STUDY_LINE), cwd=self.place(name),
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def stored_trials(self, name):
        """A folder in which every trial is done, but nothing is written."""
        target = self.place(name) / "out" / "store"
        shutil.copytree(self.root / "reference" / "out" / "store", target)

    def check_whole(self, name, when):
        """Whatever has a final name is whole; a manifest only stands beside all the rest."""
        found = cupel.outputs(self.root / name / "out") if (self.root / name / "out").exists() else {}
        for file, content in found.items():
            self.assertIn(file, self.reference, f"{when}: {file} is no output of an audit")
            self.assertEqual(content, self.reference[file], f"{when}: {file} is not what it should be")
        if "manifest.json" in found:
            self.assertEqual(set(found), set(self.reference), f"{when}: a manifest of half a report")

    def check_finishes(self, name, when):
        done = self.audit(name)
        self.assertEqual(done.returncode, 0, f"{when}: {done.stderr}")
        found = cupel.outputs(self.root / name / "out")
        self.assertEqual(set(found), set(self.reference), when)
        for file, content in found.items():
            self.assertEqual(content, self.reference[file], f"{when}: {file} differs")
        left = [p.name for p in (self.root / name / "out").rglob("*.part-*")]
        self.assertEqual(left, [], f"{when}: half-written files of the killed run are still there")


class Killed(Audit):
    def test_at_random_moments(self):
        """Killed again and again, each time going on from what is there; a run that ends first is
        checked and starts afresh."""
        rng = random.Random(20240601)
        n_killed = 0
        for attempt in range(60):
            process = self.start("random")
            delay = rng.uniform(0.0, 0.5 * self.seconds)
            time.sleep(delay)
            process.kill()
            was_killed = process.wait() == -signal.SIGKILL
            process.communicate()
            self.check_whole("random", f"killed after {delay:.3f} s")
            n_killed += was_killed
            if n_killed == 8:
                break
            if not was_killed:
                self.check_finishes("random", "random")
                shutil.rmtree(self.root / "random")
        self.check_finishes("random", "random")
        self.assertGreaterEqual(n_killed, 4, "the audit was too fast to be killed")

    def test_while_outputs_are_written(self):
        n_killed = 0
        for file in WRITTEN:
            for moment in ("begun", "there"):
                name = f"{moment}-{file}"
                self.stored_trials(name)
                out = self.root / name / "out"
                process = self.start(name)
                while process.poll() is None:
                    if moment == "there" and (out / file).exists():
                        break
                    parts = os.listdir(out)
                    if moment == "begun" and any(p.startswith(file) and p != file for p in parts):
                        break
                process.kill()
                n_killed += process.wait() == -signal.SIGKILL
                process.communicate()
                self.check_whole(name, f"killed when {file} was {moment}")
                self.check_finishes(name, f"killed when {file} was {moment}")
        self.assertGreaterEqual(n_killed, 4, "no kill came in time")


class Interrupted(Audit):
    def interrupt(self, name, delay, sent):
        process = self.start(name)
        time.sleep(delay)
        process.send_signal(sent)
        _, error = process.communicate(timeout=30)
        if process.returncode == 0:
            return False  # it was done
        self.assertEqual(process.returncode, 130, error)
        self.assertRegex(error, "run the same command again", error)
        self.check_whole(name, f"{sent.name} after {delay:.3f} s")
        return True

    def test_leaves_what_can_go_on(self):
        rng = random.Random(7)
        n_stopped = 0
        for sent in (signal.SIGINT, signal.SIGTERM):
            name = sent.name
            for _ in range(3):
                n_stopped += self.interrupt(name, rng.uniform(0.2, 0.9) * self.seconds, sent)
            self.check_finishes(name, name)
        self.assertGreaterEqual(n_stopped, 2, "the audit was too fast to be interrupted")


class Repeated(Audit):
    def snapshot(self, name):
        return {p: (p.stat().st_ino, p.stat().st_mtime_ns, p.stat().st_size)
                for p in sorted((self.root / name).rglob("*"))}

    def test_the_same_study_does_no_work(self):
        before = self.snapshot("reference")
        done = self.audit("reference")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("0 trials", done.stdout)
        self.assertEqual(self.snapshot("reference"), before, "files were touched")

    def test_the_same_study_ends_with_the_same_code(self):
        for word, code in (("worse", 1), ("fault", 1), ("learned", 2)):
            for _ in range(2):
                done = self.audit("gate", "--fail-on", word)
                self.assertEqual(done.returncode, code, f"--fail-on {word}: {done.stderr}")
        answers = [json.loads(self.audit("gate", "--json").stdout) for _ in range(2)]
        self.assertEqual(answers[0]["findings"], answers[1]["findings"])
        self.assertGreater(len(answers[1]["findings"]), 0)

    def test_a_damaged_output_is_made_again_from_the_store(self):
        self.stored_trials("damaged")
        self.check_finishes("damaged", "all trials stored")
        out = self.root / "damaged" / "out"
        (out / "report.json").unlink()
        self.check_finishes("damaged", "report.json deleted")
        (out / "scores.csv").write_bytes((out / "scores.csv").read_bytes()[:1000])
        self.check_finishes("damaged", "scores.csv truncated")

    def test_changed_inputs_are_work(self):
        study = self.place("changed") / "study"
        shutil.copytree(self.root / "study", study)
        line = ("audit", study / "study.yaml", "--out", self.root / "changed" / "out", "--json")

        def predicted(column):
            with open(self.root / "changed" / "out" / "predictions" / "mixed.csv") as file:
                place = file.readline().rstrip("\n").split(",").index(column)
                return file.readline().rstrip("\n").split(",")[place]

        cupel.run(*line)
        self.assertEqual(predicted("constant"), "1.5")
        script = study / "constant.sh"
        script.write_text(script.read_text().replace("1.5", "2.5"))
        again = json.loads(cupel.run(*line).stdout)
        self.assertFalse(again["was_complete"], "a changed program was not noticed")
        self.assertEqual(predicted("constant"), "2.5")
        self.assertEqual(again["n_trials"] - again["n_trials_reused"], 9 + 4, "only its trials are new")
        noise = study / "noise.csv"
        noise.write_text(noise.read_text().replace(",mixed,0,", ",mixed,0,9", 1))
        self.assertFalse(json.loads(cupel.run(*line).stdout)["was_complete"],
                         "changed predictions were not noticed")

    def test_two_at_once(self):
        both = [self.start("two") for _ in range(2)]
        codes = []
        for process in both:
            _, error = process.communicate(timeout=60)
            codes.append(process.returncode)
            self.assertIn(process.returncode, (0, 4), error)
            if process.returncode == 4:
                self.assertRegex(error, "another cupel is writing to this folder(?s:.*)fix: ")
        self.assertIn(0, codes)
        self.check_finishes("two", "two audits of one folder at once")


class Threads(Audit):
    def test_change_nothing(self):
        for n in (1, 2, 5):
            name = f"threads{n}"
            done = self.audit(name, env={**os.environ, "CUPEL_THREADS": str(n)})
            self.assertEqual(done.returncode, 0, done.stderr)
            report = json.loads((self.root / name / "out" / "report.json").read_text())
            self.assertEqual(report["timings"]["n_threads"], n)
            for file, content in cupel.outputs(self.root / name / "out").items():
                self.assertEqual(content, self.reference[file], f"{n} threads: {file} differs")

    def test_flag_changes_the_recorded_command_only(self):
        reference = json.loads((self.root / "reference" / "out" / "report.json").read_text())
        done = self.audit("flag", "--threads", "3")
        self.assertEqual(done.returncode, 0, done.stderr)
        report = json.loads((self.root / "flag" / "out" / "report.json").read_text())
        self.assertEqual(report["study"]["command"], reference["study"]["command"] + " --threads 3")
        for one in (report, reference):
            del one["timings"], one["study"]["command"]
        self.assertEqual(report, reference)


def potency_study(folder):
    """A small study of made-up molecules of two assays, with cliffs, every kind of baseline and a model."""
    rng = random.Random(11)
    pieces = ("C", "CC", "N", "O", "C(C)", "C(=O)N", "c1ccccc1", "C1CCNCC1", "c1ccncc1", "C(F)")
    lines = []
    while len(lines) < 120:
        smiles = "C" + "".join(rng.choices(pieces, k=rng.randint(2, 5))) + "N"
        truth = 5 + 0.4 * smiles.count("c1cc") + 0.2 * smiles.count("N") + rng.gauss(0, 0.4)
        lines.append(f"{smiles},{truth:.3f},{'first' if len(lines) % 2 else 'second'}\n")
    folder.mkdir()
    (folder / "molecules.csv").write_text("smiles,pIC50,assay\n" + "".join(lines))
    (folder / "constant.sh").write_text(cupel.CONSTANT_MODEL)
    study = folder / "study.yaml"
    study.write_text("""area: potency
data:
  responses: {file: molecules.csv, columns: {smiles: smiles, target: pIC50, assay: assay}}
  replicates: mean
  cliffs: {rule: ecfp}
splits:
  - {name: random, scheme: random, folds: 2}
models:
  ridge: {reference: ridge, features: [ligand.fingerprint]}
  forest: {reference: forest, features: [ligand.fingerprint], options: {trees: 20}}
  constant: {command: "sh constant.sh {train} {test} {out}"}
baselines: [default, {knn: {k: 3, as: knn_3}}, {y_randomised_knn: {k: 3}}]
statistics: {draws: 100}
""")
    return study


class Potency(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        potency_study(cls.root / "study")
        started = time.monotonic()
        cls.reference = cls.finished("reference", 1)
        cls.seconds = time.monotonic() - started

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def start(cls, name, n_threads):
        (cls.root / name).mkdir(exist_ok=True)
        return subprocess.Popen(cupel.command(*STUDY_LINE), cwd=cls.root / name, text=True,
                                env={**os.environ, "CUPEL_THREADS": str(n_threads)},
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    @classmethod
    def finished(cls, name, n_threads):
        process = cls.start(name, n_threads)
        _, error = process.communicate(timeout=300)
        if process.returncode != 0:
            raise RuntimeError(f"the audit {name} failed: {error}")
        return cupel.outputs(cls.root / name / "out")

    def same(self, found, what):
        self.assertEqual(set(found), set(self.reference), what)
        for file, content in found.items():
            self.assertEqual(content, self.reference[file], f"{what}: {file} differs")

    def test_threads_change_nothing(self):
        for n in (2, 5):
            self.same(self.finished(f"threads{n}", n), f"{n} threads")

    def test_killed_it_goes_on(self):
        n_killed = 0
        for share in (0.2, 0.5, 0.3, 0.6, 0.4):
            process = self.start("killed", 2)
            time.sleep(share * self.seconds)
            process.kill()
            n_killed += process.wait() == -signal.SIGKILL
            process.communicate()
        self.same(self.finished("killed", 2), "killed and gone on")
        self.assertGreater(n_killed, 0, "the audit was too fast to be killed")


if __name__ == "__main__":
    cupel.main()
