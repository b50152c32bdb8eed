#!/usr/bin/env python3
"""Writes the reference pages that come from the program: docs/reference/study.md (keys of the study
file), docs/reference/registry.md (baselines, metrics, splits, models) and docs/reference/similarities.md.

usage: make_docs.py PROGRAM [--check]     --check: exit 1 if a page is not up to date
"""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
NOTE = "<!-- Made by tools/make_docs.py from the program; do not edit. -->\n"


def run(program: str, *arguments: str) -> str:
    return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def table(columns: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def registry(program: str) -> str:
    known = json.loads(run(program, "list", "--json"))
    text = "# Predictors, metrics and splits\n\n" + NOTE
    text += "\n## Areas\n\n" + table(["area", "what", "columns"],
                                   [[f"`{a['name']}`", a["title"], ", ".join(a["columns"])] for a in known["areas"]])
    text += "\n## Baselines\nFitted on the training rows only. An oracle looks at test targets, is never a bar and never on by default.\n\n"
    text += table(["area", "name", "rung", "sees", "prediction", "unseen levels", "source"],
                  [[b["area"], f"`{b['name']}`", b["rung"], ", ".join(b["sees"]), b["description"], b["fallback"], b["source"]]
                   for b in known["baselines"]])
    text += "\n## Metrics\n\n"
    text += table(["name", "better", "definition", "source"],
                  [[f"`{m['name']}`", "higher" if m["higher_is_better"] else "lower", m["description"], m["source"]]
                   for m in known["metrics"]])
    text += "\n## Splits\n\n" + table(["scheme", "what"], [[f"`{s['name']}`", s["description"]] for s in known["splits"]])
    text += "\n## Similarities\n\n" + table(["kind", "what"], [[f"`{s['name']}`", s["description"]] for s in known["similarities"]])
    text += "\n## Rules of activity cliffs\n\n" + table(["rule", "pairs", "source"],
                                                     [[f"`{c['name']}`", c["description"], c["source"]] for c in known["cliffs"]])
    text += "\n## Reference models\n\n" + table(["name", "what"], [[f"`{m['name']}`", m["description"]] for m in known["models"]])
    return text


ITEMS = {
    "smiles": "SMILES: `.smi` (`SMILES name`), or a CSV/TSV column `smiles`. What RDKit cannot read is left out and counted.",
    "sequence": "Sequences: FASTA, or a CSV/TSV column `sequence`.",
    "mutations": "Sets of mutations: a CSV/TSV column `mutations`, `mutant` or `variant` (`A23G:K45L`); an empty cell is the wild type.",
    "bits": "Fingerprints: `.fps`, `.npy` (0/1, or uint8 with eight bits a byte), 0/1 columns, or one column `fingerprint` of "
            "hexadecimal digits or of 0s and 1s.",
    "vector": "Vectors: `.npy` (rows are items), or the numeric columns of a CSV/TSV (`--features` names some).",
    "matrix": "Given similarities: a square matrix (`.npy`, CSV), or pairs `i,j,value` (0-based; pairs that are missing are 0).",
}


def similarities(program: str) -> str:
    known = json.loads(run(program, "list", "similarities", "--json"))["similarities"]
    text = "# Similarities\n\n" + NOTE
    text += ("\nFor `cupel similarity`, `cupel overlap` and the splits of items. Larger means more alike. Options are given with\n"
             "`--option key=value`; a name may be written with `-` or `_`. How to use them: "
             "[measure leakage](../how-to/measure_leakage.md).\n\n")
    text += table(["kind", "items", "value", "options", "default threshold", "source"],
                  [[f"`{k['name']}`", k["items"], k["description"], k["options"], f"{k['default_threshold']:g}", k["source"]]
                   for k in known])
    text += "\n## Files of items\nEvery file may be plain, gzip or zstd. Columns are found by their usual names; where that is not\n"
    text += "unambiguous the error says which option names them (`--text-column`, `--id-column`, `--target-column`).\n\n"
    text += table(["items", "files"], [[f"`{form}`", text_] for form, text_ in ITEMS.items()])
    return text


def main() -> int:
    program = sys.argv[1]
    schema = run(program, "schema", "--markdown")
    spectra = run(program, "schema", "spectra", "--markdown")
    pages = {"study.md": schema, "spectrum_study.md": spectra, "registry.md": registry(program),
             "similarities.md": similarities(program)}
    stale = []
    for name, text in pages.items():
        path = ROOT / "docs" / "reference" / name
        if "--check" in sys.argv:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(str(path.relative_to(ROOT)))
        else:
            path.write_text(text, encoding="utf-8")
    for path in stale:
        print(f"{path} is not what the program says: run tools/make_docs.py {program}")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
