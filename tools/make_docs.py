#!/usr/bin/env python3
"""Writes the reference pages that come from the program: docs/reference/study.md (keys of the study
file) and docs/reference/registry.md (baselines, metrics, splits, models).

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
    text += "\n## Baselines\nFitted on the training rows only. An oracle looks at test targets, is never a bar and never on by default.\n\n"
    text += table(["name", "rung", "sees", "prediction", "unseen levels", "source"],
                  [[f"`{b['name']}`", b["rung"], ", ".join(b["sees"]), b["description"], b["fallback"], b["source"]]
                   for b in known["baselines"]])
    text += "\n## Metrics\n\n"
    text += table(["name", "better", "definition", "source"],
                  [[f"`{m['name']}`", "higher" if m["higher_is_better"] else "lower", m["description"], m["source"]]
                   for m in known["metrics"]])
    text += "\n## Splits\n\n" + table(["scheme", "what"], [[f"`{s['name']}`", s["description"]] for s in known["splits"]])
    text += "\n## Similarities\n\n" + table(["kind", "what"], [[f"`{s['name']}`", s["description"]] for s in known["similarities"]])
    text += "\n## Reference models\n\n" + table(["name", "what"], [[f"`{m['name']}`", m["description"]] for m in known["models"]])
    return text


def main() -> int:
    program = sys.argv[1]
    schema = run(program, "schema", "--markdown")
    pages = {"study.md": schema, "registry.md": registry(program)}
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
