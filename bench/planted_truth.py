#!/usr/bin/env python3
"""Audits simulated studies of known truth and counts the right verdicts per model.

    bench/planted_truth.py --cupel build/release/cupel [--seeds 20] [--first 1] [--at-least 19]

Prints a line per seed, what was wrong with its numbers, and the count per model. Exit code 1 if any
model was judged rightly for fewer than --at-least seeds.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "cli"))
import planted_truth  # noqa: E402


def audit(cupel, seed, folder, sizes):
    subprocess.run([cupel, "simulate", "--out", folder, "--seed", str(seed), "--quiet", *sizes],
                   check=True, stdout=subprocess.DEVNULL)
    out = pathlib.Path(folder) / "report"
    subprocess.run([cupel, "audit", pathlib.Path(folder) / "study.yaml", "--out", out, "--quiet"],
                   check=True, stdout=subprocess.DEVNULL)
    return json.loads((out / "report.json").read_text())


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cupel", default=str(ROOT / "build" / "release" / "cupel"))
    parser.add_argument("--seeds", type=int, default=20, help="how many (default 20)")
    parser.add_argument("--first", type=int, default=1, help="first seed (default 1)")
    parser.add_argument("--at-least", type=int, default=None,
                        help="right seeds that every model needs (default: 95 %% of the seeds)")
    parser.add_argument("--sizes", nargs="*", default=[],
                        help="flags for cupel simulate, as in: --sizes=--drugs=30 (default: its own)")
    options = parser.parse_args()
    needed = options.at_least if options.at_least is not None else -(-95 * options.seeds // 100)
    right = dict.fromkeys(planted_truth.MODELS, 0)
    print("seed  " + "  ".join(f"{model:<10}" for model in right) + "  seconds")
    for seed in range(options.first, options.first + options.seeds):
        start = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            report = audit(options.cupel, seed, folder, options.sizes)
        wrong = planted_truth.faults(report)
        for model, problems in wrong.items():
            right[model] += not problems
        print(f"{seed:>4}  " + "  ".join(f"{'WRONG' if wrong[model] else 'right':<10}" for model in right) +
              f"  {time.monotonic() - start:.1f}", flush=True)
        for model, problems in wrong.items():
            for problem in problems:
                print(f"      {model}: {problem}", flush=True)
    print("right " + "  ".join(f"{n:>2} of {options.seeds:<4}" for n in right.values()))
    failed = [model for model, n in right.items() if n < needed]
    if failed:
        print(f"fewer than {needed} of {options.seeds} right: " + ", ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
