"""Molecule files as people send them: every record comes out, read or with the reason why not."""

import csv
import json
import pathlib
import tempfile
import unittest

import cupel_process as cupel

USAGE, INPUT = 2, 3

# (id, SMILES as it stands in the file, what the problem says or "")
ROWS = [
    ("plain", "CCO", ""),
    ("salt", "[Na+].CC(=O)[O-]", ""),
    ("mixture", "CCO.c1ccccc1.Cl", ""),
    ("isotope", "[2H]C([2H])([2H])O", ""),
    ("metal", "[NH3+][Pt-2](Cl)(Cl)[NH3+]", ""),
    ("ten_rings", "C1CC1" * 10, ""),
    ("huge", "C" * 1000, "too large"),
    ("huge_written_short", "[CH3]" * 1500, "too large"),
    ("endless", "C" * 100_001, "characters, more than"),
    ("rings", "C1CC1" * 201, "ring closures"),
    ("deep", "C(" * 5000 + "C" + ")" * 5000, "too large"),
    ("open_ring", "C1CC", "ring 1"),
    ("bracket", "C[NH", "not a valid SMILES"),
    ("valence", "C(C)(C)(C)(C)C", "valence"),
    ("aromatic", "c1cccc1", "kekulize"),
    ("element", "[Xx]", "not a valid SMILES"),
    ("blank", '"  "', "the cell is empty"),
    ("nothing", "", "the cell is empty"),
    ("quoted", '"C(C)O"', ""),
    ("quoted,comma", "CCN", ""),
    ("line\nend", "CCS", ""),
    ("nul", "C\x00C", "no SMILES has at character 2"),
    ("dash", "CC\u2013O", "no SMILES has at character 3"),
    ("wide_blank", "CC\u00a0O", "no SMILES has at character 3"),
    ("two", "CC O", "a blank at character 3"),
    ("broken", '"CC\nO"', "no SMILES has at character 3"),
    ("extension", "CCO |atomProp:0.a.b|", ""),
    ("name", "ethanol", "not a valid SMILES"),
    ("formula", "=1+1", "not a valid SMILES"),
]


def quoted(text):
    return '"' + text + '"' if "," in text or "\n" in text else text


def table(end="\n", bom=b""):
    """The rows, with an empty line, a short, a long and two rows that are not UTF-8 between them."""
    lines = ["id,smiles,y"] + [f"{quoted(name)},{smiles},1" for name, smiles, _ in ROWS]
    lines[5:5] = ["", "short,CC", "long,CC,1,2"]
    data = end.join(lines).encode() + end.encode()
    return bom + data + b"latin\xe9,CCC,1" + end.encode() + b"bad,C\xff\xfeC,1" + end.encode()


N_TABLE = len(ROWS) + 5
N_TABLE_BAD = sum(1 for row in ROWS if row[2]) + 4


def sd_entry(title, element="C ", fields="", end="$$$$\n"):
    return (f"{title}\n  test\n\n  1  0  0  0  0  0  0  0  0  0999 V2000\n    0.0000    0.0000    0.0000 "
            f"{element}  0  0  0  0  0  0  0  0  0  0  0  0\nM  END\n{fields}{end}")


V3000 = """v3000
  test

  0  0  0     0  0            999 V3000
M  V30 BEGIN CTAB
M  V30 COUNTS 2 1 0 0 0
M  V30 BEGIN ATOM
M  V30 1 C 0 0 0 0
M  V30 2 O 1 0 0 0
M  V30 END ATOM
M  V30 BEGIN BOND
M  V30 1 1 1 2
M  V30 END BOND
M  V30 END CTAB
M  END
$$$$
"""
NO_ATOMS = "none\n  test\n\n  0  0  0  0  0  0  0  0  0  0999 V2000\nM  END\n$$$$\n"


class HostileMolecules(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def put(self, name, data):
        (self.folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())

    def run_json(self, *words, code=0):
        done = cupel.run(*words, "--json", cwd=self.folder)
        self.assertEqual(done.returncode, code, done.stderr + done.stdout)
        return json.loads(done.stdout)

    def rows(self, name):
        with (self.folder / name).open(encoding="latin-1", newline="") as file:
            return list(csv.DictReader(line.replace("\0", "") for line in file))

    def molecules(self, name, *words):
        """The row of every record, after the counts were compared with them."""
        result = self.run_json("molecules", name, "--out", "out.csv", "--problems", "bad.csv", *words)
        rows, bad = self.rows("out.csv"), self.rows("bad.csv")
        self.assertEqual([int(row["row"]) for row in rows], list(range(len(rows))))
        self.assertEqual([row["row"] for row in bad], [row["row"] for row in rows if row["problem"]])
        self.assertEqual(result["rows"], len(rows))
        self.assertEqual(result["problems"], len(bad))
        self.assertEqual(sum(reason["count"] for reason in result["reasons"]), len(bad))
        for row in rows:
            self.assertNotEqual(bool(row["canonical"]), bool(row["problem"]), row["id"])
        return rows

    def check_table(self, name, *words):
        rows = self.molecules(name, *words)
        self.assertEqual(len(rows), N_TABLE)
        self.assertEqual(sum(1 for row in rows if row["problem"]), N_TABLE_BAD)
        by_id = {row["id"].replace("\r\n", "\n"): row for row in rows}
        for identity, _, problem in ROWS:
            self.assertIn(problem.lower(), by_id[identity]["problem"].lower(), identity)
        self.assertIn("2 cells", by_id["short"]["problem"])
        self.assertIn("4 cells", by_id["long"]["problem"])
        self.assertEqual(by_id["latin\xe9"]["canonical"], "CCC")
        self.assertIn("no SMILES has", by_id["bad"]["problem"])
        return by_id

    def test_every_row_of_a_table_comes_out(self):
        self.put("t.csv", table())
        by_id = self.check_table("t.csv")
        self.assertEqual(by_id["salt"]["parent"], "CC(=O)O")
        self.assertEqual(by_id["isotope"]["parent"], "CO")
        self.assertEqual(by_id["quoted"]["canonical"], "CCO")

    def test_windows_line_ends_and_byte_order_mark_change_nothing(self):
        self.put("t.csv", table())
        plain = self.check_table("t.csv")
        self.put("w.csv", table("\r\n", b"\xef\xbb\xbf"))
        windows = self.check_table("w.csv")
        self.assertEqual([row["canonical"] for row in plain.values()],
                         [row["canonical"] for row in windows.values()])

    def test_every_scheme_and_kind_keeps_the_rows(self):
        self.put("t.csv", table())
        for scheme in ("largest", "neutral", "parent"):
            self.check_table("t.csv", "--standardise", scheme, "--scaffold")
        for kind in ("ecfp", "maccs", "atom_pair", "rdkit", "physchem", "rdkit2d"):
            result = self.run_json("fingerprint", "t.csv", "--kind", kind, "--out", "f.csv")
            self.assertEqual(result["rows"], N_TABLE)
            self.assertEqual(result["problems"], N_TABLE_BAD)
            self.assertEqual(len(self.rows("f.csv")), N_TABLE)

    def test_strict_names_the_first_bad_row(self):
        self.put("t.csv", table())
        done = cupel.run("molecules", "t.csv", "--strict", cwd=self.folder)
        self.assertEqual(done.returncode, INPUT)
        self.assertIn("t.csv:6", done.stderr)
        self.assertIn(f"{N_TABLE_BAD - 1} more records are bad", done.stderr)

    def check_refused(self, data, *expected, words=()):
        self.put("t.csv", data)
        done = cupel.run("molecules", "t.csv", "--out", "none.csv", *words, cwd=self.folder)
        self.assertEqual(done.returncode, INPUT, done.stderr)
        for text in expected:
            self.assertIn(text, done.stderr)
        self.assertFalse((self.folder / "none.csv").exists())

    def test_tables_that_do_not_say_what_is_meant_are_refused(self):
        self.check_refused("smiles,y,smiles\nC,1,N\n", 'several columns are named "smiles"', "rename")
        self.check_refused("id,smiles,id\n1,C,2\n", 'several columns are named "id"')
        self.check_refused("smiles,y,y\nC,1,2\n", 'several columns are named "y"',
                           words=("--columns", "target=y"))
        self.check_refused("a,b\n1,2\n", "no column is named smiles", "there are: a, b")
        self.check_refused("smiles\nC\n\"CC\nN\n", "a quoted cell is not closed", "t.csv:3")
        self.check_refused("", "the table is empty")
        self.check_refused("\n\n", "the table is empty")

    def test_a_table_without_rows_has_no_records(self):
        self.put("t.csv", "smiles,y\n\n")
        self.assertEqual(self.molecules("t.csv"), [])

    def test_every_entry_of_an_sd_file_comes_out(self):
        text = (sd_entry("first", fields="> <v>\n1\n\n") + V3000 + NO_ATOMS + "$$$$\n"
                + sd_entry("element", "Qq") + sd_entry("open", end="") + sd_entry("lost")
                + sd_entry("value", fields="> <v>\nM  END\n\n") + sd_entry("unended", "N ", end=""))
        self.put("s.sdf", text)
        rows = self.molecules("s.sdf")
        self.assertEqual([row["id"] for row in rows],
                         ["first", "v3000", "none", "", "element", "open", "value", "unended"])
        self.assertEqual([row["canonical"] for row in rows], ["C", "CO", "", "", "", "", "C", "N"])
        self.assertEqual(rows[2]["problem"], "no atoms")
        self.assertEqual(rows[3]["problem"], "the entry is empty")
        self.assertIn("another follows before the line $$$$", rows[5]["problem"])
        self.put("w.sdf", text.replace("\n", "\r\n"))
        self.assertEqual([row["problem"] for row in self.molecules("w.sdf")],
                         [row["problem"] for row in rows])

    def test_an_sd_file_cut_anywhere_loses_at_most_the_entry_that_is_cut(self):
        text = sd_entry("a") + V3000 + sd_entry("c", "N ", fields="> <v>\n1\n\n")
        ends = [len(sd_entry("a")), len(sd_entry("a")) + len(V3000), len(text)]
        for cut in range(1, len(text), 17):
            self.put("s.sdf", text[:cut])
            rows = self.molecules("s.sdf")
            n_whole = sum(1 for end in ends if end <= cut)
            self.assertIn(len(rows), (n_whole, n_whole + 1))
            self.assertEqual([row["canonical"] for row in rows[:n_whole]], ["C", "CO", "N"][:n_whole])
            for row in rows[n_whole:]:  # cut: the molecule if all of it is there, else the reason
                self.assertIn(row["canonical"], ("", ["C", "CO", "N"][n_whole]))


if __name__ == "__main__":
    cupel.main()
