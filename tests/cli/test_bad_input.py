"""Bad input ends in an error that says what, where and how to fix it, or is counted in the report.

Nothing crashes, no error leaves a folder that looks like a finished report, and what was finished
is found again.
"""

import gzip
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import cupel_process as cupel

STUDY = """area: drug_response
data:
  responses: {file: r.csv, columns: {drug: drug, cell: cell, target: y}, unit: ln uM}
splits:
  - {name: mixed, scheme: mixed, fold_column: fold}
models:
  m: {predictions: m.csv, column: p, columns: {row: row}}
baselines: [drug_mean]
twins: none
learning_curve: none
statistics: {draws: 100}
"""
N_DRUGS, N_CELLS = 8, 10
N_ROWS = N_DRUGS * N_CELLS
USAGE, INPUT, IO = 2, 3, 4


def response_rows(n_drugs=N_DRUGS, n_cells=N_CELLS):
    return [[f"D{d}", f"C{c}", f"{0.7 * d - 2 + 0.2 * ((7 * d + 3 * c) % 11):.3f}",
             str(7 * (d * n_cells + c) % 3)] for d in range(n_drugs) for c in range(n_cells)]


def changed(rows, column, value):
    """The responses with `value` in a column of some rows."""
    table = response_rows()
    for row in rows:
        table[row][column] = value
    return table


def csv_text(header, rows):
    return header + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)


def responses(rows=None):
    return csv_text("drug,cell,y,fold", response_rows() if rows is None else rows)


def predictions(rows=None, header="row,p"):
    return csv_text(header, [[i, i % 5] for i in range(N_ROWS)] if rows is None else rows)


def command_study(shell, timeout="60s"):
    return STUDY.replace("{predictions: m.csv, column: p, columns: {row: row}}",
                         json.dumps({"command": f": {{train}} {{test}} {{out}}; {shell}", "timeout": timeout}))


class BadInput(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, study=STUDY, **files):
        """The study's files: r and m (the responses and predictions), and others by name."""
        texts = {"r.csv": responses(), "m.csv": predictions(), "s.yaml": study}
        texts.update({name.replace("_", "."): text for name, text in files.items()})
        for name, text in texts.items():
            data = text if isinstance(text, bytes) else text.encode()
            (self.folder / name).write_bytes(data)

    def audit(self, *more, **options):
        return cupel.run("audit", "s.yaml", "--out", "out", *more, cwd=self.folder, **options)

    def assert_no_report(self):
        out = self.folder / "out"
        left = [str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()
                and p.relative_to(out).parts[0] not in ("store", "work")] if out.is_dir() else []
        self.assertEqual(left, [], "a failed audit left outputs")

    def assert_error(self, code, *patterns, study=STUDY, more=(), **files):
        """Ends with the code; the message matches every pattern, and leaves no report."""
        shutil.rmtree(self.folder / "out", ignore_errors=True)
        self.write(study, **files)
        done = self.audit(*more)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertTrue(done.stderr.startswith("error: "), done.stderr)
        for pattern in patterns:
            self.assertRegex(done.stderr, pattern)
        self.assert_no_report()
        return done.stderr

    def assert_counted(self, code, count, study=STUDY, example=None, **files):
        """The audit goes on, and its report counts what was seen; returns the report."""
        self.write(study, **files)
        done = self.audit()
        self.assertEqual(done.returncode, 0, done.stderr)
        report = json.loads((self.folder / "out" / "report.json").read_text())
        found = list(report["diagnostics"])
        for predictor in report["predictors"]:
            found += predictor.get("diagnostics", [])
        counts = [item["count"] for item in found if item["code"] == code]
        self.assertTrue(counts, f"{code} is not in the report, but: {sorted({f['code'] for f in found})}")
        self.assertEqual(sum(counts), count, f"count of {code}")
        if example is not None:
            examples = [e for item in found if item["code"] == code for e in item["examples"]]
            self.assertTrue(any(example in e for e in examples), f"{example} is not among {examples}")
        return report

    def test_the_sound_study_is_sound(self):
        self.write()
        done = self.audit()
        self.assertEqual((done.returncode, done.stderr), (0, ""))


class Responses(BadInput):
    def test_missing_ids(self):
        report = self.assert_counted("drug_missing", 2, r_csv=responses(changed([3, 5], 0, "")), example="line 5")
        n_tested = max(s["n"] for s in self.overall(report, "drug_mean"))
        self.assertLessEqual(n_tested, N_ROWS - 2)
        self.assert_counted("cell_missing", 1, r_csv=responses(changed([3], 1, "")), example="line 5")

    @staticmethod
    def overall(report, predictor):
        return [s for s in report["scores"] if s["predictor"] == predictor and s.get("n") is not None]

    def test_targets_that_are_no_numbers(self):
        self.assert_counted("target_missing", 2, r_csv=responses(changed([3, 9], 2, "NaN")), example="line 5")
        self.assert_counted("target_not_finite", 1, r_csv=responses(changed([3], 2, "inf")), example="line 5")
        self.assert_counted("target_not_a_number", 1, r_csv=responses(changed([3], 2, "n.d.")), example="n.d.")

    def test_nothing_to_judge(self):
        self.assert_error(INPUT, r"r\.csv.*column \"y\"", "all 80 usable targets are 1.5", "fix: ",
                          r_csv=responses(changed(range(N_ROWS), 2, "1.5")))
        self.assert_error(INPUT, r"r\.csv:1: the file has a header and no data", "fix: ", r_csv=responses([]))
        self.assert_error(INPUT, r"r\.csv", "fix: ", r_csv=responses(changed(range(N_ROWS), 2, "")))

    def test_one_drug_or_one_line(self):
        self.assert_counted("one_drug", 1, r_csv=responses(response_rows(1, N_ROWS)))
        self.assert_counted("one_cell", 1, r_csv=responses(response_rows(N_ROWS, 1)))

    def test_wrong_units(self):
        in_nm = [[d, c, f"{2.718281828 ** float(y) * 1000:.1f}", f] for d, c, y, f in response_rows()]
        self.assert_counted("unit_looks_wrong", 1, r_csv=responses(in_nm))

    def test_repeated_and_missing_ids_of_a_table(self):
        study = STUDY.replace("splits:", "  drugs: {file: d.csv, id: id, smiles: smiles}\nsplits:", 1)
        lines = [[f"D{i}", "C" * (i + 1)] for i in range(N_DRUGS)]
        self.assert_counted("conflicting_id_drug_table", 1, study, example="D3 (lines 5 and 10)",
                            d_csv=csv_text("id,smiles", lines + [["D3", "CCO"]]))
        self.assert_counted("no_id_drug_table", 1, study, example="line 10",
                            d_csv=csv_text("id,smiles", lines + [["", "CCO"]]))
        self.assert_counted("unjoined_drug_table", 2, study, example="D7",
                            d_csv=csv_text("id,smiles", lines[:6]))
        self.assert_error(INPUT, r"d\.csv.*column \"id\"", '"D0"', '"X0"', "fix: ", study=study,
                          d_csv=csv_text("id,smiles", [["X0", "C"]]))


class Files(BadInput):
    def test_truncated_gzip(self):
        packed = gzip.compress(responses().encode())
        self.assert_error(INPUT, r"r\.csv\.gz: truncated gzip", "fix: ",
                          study=STUDY.replace("r.csv", "r.csv.gz"), r_csv_gz=packed[:len(packed) // 2])
        packed = gzip.compress(predictions().encode())
        self.assert_error(INPUT, r"m\.csv\.gz: truncated gzip", "fix: ",
                          study=STUDY.replace("m.csv", "m.csv.gz"), m_csv_gz=packed[:-4])

    def test_not_utf8(self):
        self.assert_error(INPUT, r"r\.csv:36:1", "0xe9 is not UTF-8", "fix: .*iconv",
                          r_csv=responses().encode().replace(b"D3,C4", b"D\xe9,C4"))
        self.assert_error(INPUT, r"r\.csv:1: the file is UTF-16", "fix: ", r_csv=responses().encode("utf-16"))

    def test_missing_files_and_columns(self):
        for name in ("r.csv", "m.csv"):
            self.assert_error(IO, r"nope\.csv: cannot open", "fix: ", study=STUDY.replace(name, "nope.csv"))
        self.assert_error(INPUT, 'there is no column "z"', 'did you mean "y"',
                          study=STUDY.replace("target: y", "target: z"))

    def test_errors_as_json(self):
        self.write(STUDY.replace("target: y", "target: z"))
        done = self.audit("--json")
        error = json.loads(done.stdout)["error"]
        self.assertEqual(done.returncode, INPUT)
        self.assertEqual(error["kind"], "input")
        self.assertTrue(error["where"]["file"].endswith("r.csv"))
        self.assertTrue(error["hint"])


class StudyFile(BadInput):
    def test_keys_and_types(self):
        self.assert_error(INPUT, r"s\.yaml:8:1: unknown key \"baselins\"", 'did you mean "baselines"',
                          study=STUDY.replace("baselines:", "baselins:"))
        self.assert_error(INPUT, r"s\.yaml:11:21 \(value \"many\"\)", "whole number",
                          study=STUDY.replace("draws: 100", "draws: many"))
        self.assert_error(INPUT, r"s\.yaml:8:1: this is not valid YAML", "fix: ",
                          study=STUDY.replace("models:", "models: ["))
        self.assert_error(INPUT, r"s\.yaml", study="")
        self.assert_error(INPUT, r"s\.yaml", study=b"\xff\xfe\x00\x01")

    def test_no_study(self):
        self.assertEqual(self.audit().returncode, IO)
        self.assert_no_report()


class Splits(BadInput):
    def test_empty_test_sets(self):
        roles = STUDY.replace("fold_column: fold", "role_column: fold")
        self.assert_error(INPUT, '"mixed" has no test rows', "fix: ", study=roles,
                          r_csv=responses(changed(range(N_ROWS), 3, "train")))
        self.assert_error(INPUT, r"r\.csv:2 .*\"tset\"", 'did you mean "test"', study=roles,
                          r_csv=responses(changed(range(N_ROWS), 3, "tset")))
        self.assert_error(INPUT, "fewer than two folds", "fix: ",
                          r_csv=responses(changed(range(N_ROWS), 3, "0")))


class Predictions(BadInput):
    def test_other_rows(self):
        shifted = [[i + 500, 1] for i in range(N_ROWS)]
        self.assert_error(INPUT, r"m\.csv: not one line is about a row of the data", "row 500", "fix: ",
                          m_csv=predictions(shifted))
        self.assert_counted("prediction_unknown_row", 40, example="row 80",
                            m_csv=predictions([[i + 40, i % 7] for i in range(N_ROWS)]))
        self.assert_counted("missing_prediction", 40)
        by_fold = STUDY.replace("{row: row}", "{row: row, fold: fold}")
        wrong_fold = [[i, i % 7, (7 * i + (i < 20)) % 3] for i in range(N_ROWS)]
        self.assert_counted("prediction_for_other_row", 20, by_fold, example="row 0",
                            m_csv=predictions(wrong_fold, "row,p,fold"))

    def test_repeated_lines(self):
        lines = [[i, i % 5] for i in range(N_ROWS)]
        self.assert_counted("duplicate_prediction", 1, m_csv=predictions(lines + [[3, 3]]), example="lines 5 and 82")
        self.assert_counted("conflicting_prediction", 1, m_csv=predictions(lines + [[3, 99]]),
                            example="lines 5 and 82")

    def test_values(self):
        lines = [[i, "high" if i == 7 else i % 5] for i in range(N_ROWS)]
        self.assert_error(INPUT, r"m\.csv:9 \(column \"p\", value \"high\"\)", "fix: ", m_csv=predictions(lines))
        lines[7][1] = "inf"
        self.assert_counted("prediction_infinite", 1, m_csv=predictions(lines), example="line 9")
        lines[7][1] = "nan"
        self.assert_counted("prediction_without_value", 1, m_csv=predictions(lines), example="line 9")
        self.assert_error(INPUT, r"m\.csv:1: the file has a header and no data", m_csv=predictions([]))


class Commands(BadInput):
    def test_hangs(self):
        started = time.monotonic()
        self.assert_error(INPUT, 'model "m" .*stopped after 0.5 s', "timeout", "command.txt",
                          study=command_study("sleep 61.7", "0.5s"))
        self.assertLess(time.monotonic() - started, 30)
        running = subprocess.run(["ps", "-eo", "args"], stdout=subprocess.PIPE, text=True, check=True).stdout
        self.assertNotIn("sleep 61.7", running, "the command was left running")

    def test_dies(self):
        self.assert_error(INPUT, 'model "m" .*fold 0.*exit code 3', "no module named torch", "run it by hand",
                          study=command_study("echo no module named torch >&2; exit 3"))
        self.assert_error(INPUT, "exit code 137", study=command_study("kill -9 $$"))
        self.assert_error(INPUT, "wrote no file", study=command_study("true"))

    def test_writes_garbage(self):
        self.assert_error(INPUT, r"out\.csv:1", 'model "m"', "expected: row,prediction",
                          study=command_study("head -c 3000 /dev/urandom > {out}"))
        self.assert_error(INPUT, r"out\.csv:1", "expected: row,prediction",
                          study=command_study("echo hello > {out}"))

    def test_what_was_done_before_it_failed_is_kept(self):
        (self.folder / "predict.sh").write_text(cupel.CONSTANT_MODEL)
        self.assert_error(INPUT, "exit code 1", study=command_study("test {fold} = 0 && sh predict.sh {train} {test} {out}"))
        (self.folder / "s.yaml").write_text(command_study("sh predict.sh {train} {test} {out}"))
        answer = json.loads(self.audit("--json").stdout)
        self.assertGreaterEqual(answer["n_trials_reused"], 1)


class FullDisk(BadInput):
    def finish(self, expected_left=None):
        """With room again, the same command ends in the report of an undisturbed run."""
        done = self.audit()
        self.assertEqual(done.returncode, 0, done.stderr)
        found = cupel.outputs(self.folder / "out")
        shutil.rmtree(self.folder / "out")
        self.assertEqual(self.audit().returncode, 0)
        self.assertEqual(found, cupel.outputs(self.folder / "out"))

    def test_file_size_limit(self):
        """The limit stands for a disk that fills up at some moment: in the store, in an output."""
        self.write()
        for limit in (2_000, 100_000):
            def small_files(limit=limit):
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            done = self.audit(preexec=small_files)
            self.assertEqual(done.returncode, IO, f"{limit}: {done.stderr}")
            self.assertRegex(done.stderr, r"^error: out/\S+: .*(cannot write|could not be written).*\n  fix: ")
            self.assertFalse((self.folder / "out" / "manifest.json").exists())
            self.assertFalse((self.folder / "out" / "report.html").exists())
            self.assertEqual(list((self.folder / "out").rglob("*.part-*")), [], "a part was left")
        self.finish()

    @unittest.skipUnless(os.geteuid() == 0, "only root can mount a small disk")
    def test_small_disk(self):
        self.write()
        out = self.folder / "out"
        out.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", out], check=False,
                          stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("this machine lets nobody mount a small disk")
        try:
            done = self.audit()
            self.assertEqual(done.returncode, IO, done.stderr)
            self.assertRegex(done.stderr, "No space left on device(?s:.*)fix: .*(space|room)")
            self.assertFalse((out / "manifest.json").exists())
            subprocess.run(["mount", "-o", "remount,size=50m", out], check=True)
            done = self.audit("--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertGreater(json.loads(done.stdout)["n_trials_reused"], 0, "nothing was kept")
        finally:
            subprocess.run(["umount", out], check=True)

    def test_standard_output(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run(cupel.command("list"), stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, IO, done.stderr)
        self.assertRegex(done.stderr, "cannot write to standard output")

    def test_out_is_a_file(self):
        self.write(out="a file")
        done = self.audit()
        self.assertEqual(done.returncode, IO, done.stderr)
        self.assertRegex(done.stderr, r"out: .*fix: (?s:.*)--out|out: (?s:.*)fix: .*--out")
        self.assertEqual((self.folder / "out").read_text(), "a file")


if __name__ == "__main__":
    cupel.main()
