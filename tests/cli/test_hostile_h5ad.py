"""Hostile files of cells: every command ends with an error that says what, where and how to fix it.

counts.h5ad (tests/golden/io/cells, 9 cells x 6 genes) is cut, emptied and changed byte by byte; what
is wrong with values and labels is told by small CSV files, which every command takes as well.
"""

import pathlib
import random
import resource
import tempfile
import unittest

import cupel_process as cupel

GOOD = pathlib.Path(__file__).parent.parent / "golden" / "io" / "cells" / "counts.h5ad"
MEMORY = 4 << 30  # bytes of address space; the program with its libraries maps about 1 GiB
ERRORS = (2, 3, 4)
GENES = ["G1", "G2", "G3", "G4"]


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def cells(changes=(), genes=GENES, labels=("control", "A", "B"), replicates=4):
    """A CSV of cells, log1p-like; `changes` are (row, gene, text)."""
    rows = []
    for i in range(replicates * len(labels)):
        values = [f"{0.25 * ((3 * i + 5 * j) % 7):.2f}" for j in range(len(genes))]
        rows.append([labels[i % len(labels)], *values])
    for row, gene, text in changes:
        rows[row][1 + gene] = text
    return "".join(",".join(row) + "\n" for row in [["perturbation", *genes], *rows])


def inspect(file):
    return ["inspect", file]


def de(file, *more, reference="control", scale="log1p"):
    return ["de", file, "--group-by", "perturbation", "--reference", reference, "--scale", scale,
            "--out", "out.csv", *more]


def edistance(file, *more, reference="control"):
    return ["edistance", file, "--group-by", "perturbation", "--reference", reference, "--variant",
            "squared-u", "--space", "X", "--out", "out.csv", *more]


def score(truth, predictions, *more, reference="control"):
    return ["score", "--area", "perturbation", "--truth", truth, "--predictions", predictions,
            "--group-by", "perturbation", "--reference", reference, "--scale", "log1p",
            "--preset", "cell-eval", "--out", "out.csv", *more]


class HostileCells(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run_cupel(self, words):
        done = cupel.run(*words, cwd=self.folder, timeout=60, preexec=limited)
        self.assertGreaterEqual(done.returncode, 0, f"{words}: signal; {done.stderr[-500:]}")
        self.assertNotEqual(done.returncode, 70, f"{words}: {done.stderr[-800:]}")
        return done

    def refused(self, words, *said, codes=ERRORS):
        done = self.run_cupel(words)
        self.assertIn(done.returncode, codes, f"{words}\n{done.stderr[-800:]}{done.stdout[-300:]}")
        for text in said:
            self.assertIn(text, done.stderr, words)
        self.assertIn("fix:", done.stderr, words)
        return done

    def accepted(self, words, *said):
        done = self.run_cupel(words)
        self.assertEqual(done.returncode, 0, f"{words}\n{done.stderr[-800:]}")
        for text in said:
            self.assertIn(text, done.stderr + done.stdout, words)
        return done

    def every_command(self, path, good):
        return [inspect(path), de(path, scale="counts"), edistance(path), score(path, good),
                score(good, path)]

    def test_the_good_files_are_read(self):
        path = self.write("good.csv", cells())
        for words in (inspect(GOOD), de(GOOD, scale="counts"), inspect(path), de(path),
                      edistance(path), score(path, path)):
            self.accepted(words)

    def test_what_is_no_h5ad(self):
        whole = GOOD.read_bytes()
        good = self.write("good.csv", cells())
        for name, content in (("empty", b""), ("text", b"perturbation,G1\nA,1\n"),
                              ("signature", whole[:8]), ("head", whole[:600]),
                              ("half", whole[:len(whole) // 2]), ("tail", whole[:-1]),
                              ("zeros", bytes(20_000)), ("zip", b"PK\3\4" + bytes(100))):
            path = self.write(name + ".h5ad", content)
            for words in self.every_command(path, good):
                self.refused(words, name + ".h5ad")
        for words in self.every_command(self.folder / "missing.h5ad", good):
            self.refused(words, "missing.h5ad", codes=(4,))

    def test_cut_anywhere(self):
        whole = GOOD.read_bytes()
        for n in range(0, len(whole), 1500):
            path = self.write("cut.h5ad", whole[:n])
            for words in (inspect(path), de(path, scale="counts")):
                self.refused(words, "cut.h5ad")

    def test_changed_anywhere(self):
        """A changed byte may pass (it can hit a name); it never crashes, hangs or asks for memory."""
        whole = GOOD.read_bytes()
        draw = random.Random(20261126)
        for _ in range(60):
            content = bytearray(whole)
            for _ in range(draw.choice((1, 2, 8))):
                content[draw.randrange(len(content))] = draw.choice((0, 1, 0x7F, 0xFF, draw.randrange(256)))
            path = self.write("changed.h5ad", bytes(content))
            for words in (inspect(path), de(path, scale="counts")):
                done = self.run_cupel(words)
                self.assertIn(done.returncode, (0, *ERRORS, 5, 6), done.stderr[-500:])

    def test_parts_that_are_missing(self):
        whole = GOOD.read_bytes()
        good = self.write("good.csv", cells())
        for old, new, said in ((b"indptr", b"indptq", "indptr"),
                               (b"indices", b"indicez", "indices")):
            path = self.write("part.h5ad", whole.replace(old, new))
            for words in self.every_command(path, good)[1:]:
                self.refused(words, "part.h5ad", said)
        path = self.write("column.h5ad", whole.replace(b"perturbation", b"perturbatiom"))
        for words in self.every_command(path, good)[1:3]:  # score sees other genes first
            self.refused(words, "perturbation", codes=(2, 3))

    def test_column_and_reference(self):
        path = self.write("cells.csv", cells())
        for words in (de(path), edistance(path), score(path, path)):
            wrong = [word if word != "perturbation" or i == 2 else "perturbations"
                     for i, word in enumerate(words)]
            self.refused(wrong, "perturbations", codes=(2, 3))
        for words in (de(path, reference="contrl"), edistance(path, reference="contrl"),
                      score(path, path, reference="contrl")):
            self.refused(words, "contrl", "control", codes=(2, 3))

    def test_values_that_are_no_numbers(self):
        good = self.write("good.csv", cells())
        for name, text in (("nan", "NaN"), ("infinite", "inf"), ("minus", "-inf")):
            path = self.write(name + ".csv", cells([(5, 2, text)]))
            self.accepted(inspect(path))
            for words in (edistance(path), score(path, good), score(good, path)):
                self.refused(words, name + ".csv", codes=(3, 6))
            if name == "nan":
                self.accepted(de(path), "NaN")  # what they touch stays empty, and is said
            else:
                self.refused(de(path), name + ".csv", codes=(3, 6))
        path = self.write("word.csv", cells([(5, 2, "1.2x")]))
        for words in (inspect(path), de(path)):
            self.refused(words, "word.csv:7", "1.2x")

    def test_negative_counts(self):
        path = self.write("negative.csv", cells([(i, j, str(i - 3)) for i in range(12) for j in range(4)]))
        self.refused(de(path, scale="counts"), "negative.csv", codes=(2, 3))

    def test_genes_twice(self):
        text = "%%MatrixMarket matrix coordinate integer general\n3 4 2\n1 1 5\n3 4 2\n"
        folder = self.folder / "mtx"
        folder.mkdir()
        (folder / "matrix.mtx").write_text(text)
        (folder / "genes.tsv").write_text("G1\nG2\nG1\n")
        (folder / "barcodes.csv").write_text("cell,perturbation\na,control\nb,control\nc,A\nd,A\n")
        self.accepted(inspect(folder), "more than once")
        good = self.write("good.csv", cells(genes=["G1", "G2", "G3"]))
        self.refused(score(folder, good), "G1", codes=(3,))

    def test_truth_and_predictions_do_not_fit(self):
        truth = self.write("truth.csv", cells())
        other = self.write("labels.csv", cells(labels=("control", "C", "D")))
        self.refused(score(truth, other), "labels.csv", codes=(3,))
        none = self.write("genes.csv", cells(genes=["H1", "H2", "H3", "H4"]))
        self.refused(score(truth, none), "genes.csv", codes=(3,))

    def table(self):
        return (self.folder / "out.csv").read_text().splitlines()

    def test_order_of_genes_does_not_matter(self):
        truth = self.write("truth.csv", cells())
        rows = [line.split(",") for line in cells([(4, 1, "1.75")]).splitlines()]
        order = [0, 3, 1, 4, 2]
        turned = "".join(",".join(row[i] for i in order) + "\n" for row in rows)
        self.accepted(score(truth, self.write("straight.csv", cells([(4, 1, "1.75")]))))
        straight = self.table()
        self.accepted(score(truth, self.write("turned.csv", turned)), "order")
        self.assertGreater(len(straight), 10)
        self.assertEqual(self.table(), straight)

    def test_one_group_only(self):
        path = self.write("one.csv", cells(labels=("control",)))
        for words in (de(path), edistance(path), score(path, path)):
            self.refused(words, "one.csv", "perturbation", codes=(2, 3))


if __name__ == "__main__":
    cupel.main()
