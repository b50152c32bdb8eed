"""Runs cupel for the end-to-end tests, and compares what it left."""

import argparse
import pathlib
import subprocess
import sys
import unittest

CUPEL = None  # the program under test, set by main()

# A model as a command: no training, the same prediction for every row, slow enough to be stopped.
CONSTANT_MODEL = """#!/bin/sh
# train test out
sleep 0.05
{ echo row,prediction; tail -n +2 "$2" | cut -d, -f1 | sed 's/$/,1.5/'; } > "$3"
"""


def command(*words):
    return [str(CUPEL), *map(str, words)]


def run(*words, cwd=None, env=None, timeout=120, preexec=None):
    """The finished process, with stdout and stderr as text."""
    return subprocess.run(command(*words), cwd=cwd, env=env, timeout=timeout, preexec_fn=preexec,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          errors="replace", check=False)


def simulate(folder, seed=1, drugs=16, cells=24, folds=3):
    done = run("simulate", "--out", folder, "--seed", seed, "--drugs", drugs, "--cells", cells,
               "--folds", folds)
    if done.returncode != 0:
        raise RuntimeError("cupel simulate failed: " + done.stderr)
    return pathlib.Path(folder) / "study.yaml"


def without_timings(report):
    """The bytes of report.json or report.html before and after the last section, `timings`."""
    begin = report.rindex(b'"timings":{')
    depth = 0
    for end in range(begin, len(report)):
        depth += (report[end:end + 1] == b"{") - (report[end:end + 1] == b"}")
        if depth == 0 and report[end:end + 1] == b"}":
            return report[:begin], report[end + 1:]
    raise ValueError("the section `timings` has no end")


def content(path):
    """What has to be the same in every run: the bytes, but for timings and for the manifest's hash of them."""
    raw = path.read_bytes()
    if path.name in ("report.json", "report.html"):
        return without_timings(raw)
    if path.name == "manifest.json":
        return [line for line in raw.splitlines() if b'"report.' not in line]
    return raw


def outputs(out):
    """{relative name: content} of everything but the store and the commands' working files."""
    out = pathlib.Path(out)
    return {str(p.relative_to(out)): content(p) for p in sorted(out.rglob("*"))
            if p.is_file() and p.relative_to(out).parts[0] not in ("store", "work")
            and ".part-" not in p.name}


def main():
    """unittest.main with --cupel PROGRAM in front."""
    global CUPEL
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--cupel", required=True)
    options, rest = parser.parse_known_args()
    sys.modules["cupel_process"].CUPEL = CUPEL = pathlib.Path(options.cupel).resolve()
    unittest.main(module="__main__", argv=[sys.argv[0], *rest])
