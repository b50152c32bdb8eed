#!/usr/bin/env python3
"""Runs console transcripts and compares what the commands print.

    run_transcripts.py --cupel BINARY FILE [FILE ...]

FILE is a .txt transcript, or a Markdown page whose ```console blocks are transcripts:

    $ command                 run by /bin/bash in the transcript's folder, stdout and stderr together
    expected line             `...` stands for any text within a line
    ...                       a line of its own stands for any lines
    [exit 3]                  exit code, 0 if not stated

In a block without expected lines only the exit code counts. A long command goes on after a line
that ends with a backslash, or in lines that start with "> ". Lines before the first `$` and
lines that start with "# " are ignored. A Markdown block after `<!-- not run -->` is skipped. All blocks of one file run one
after another in one empty folder; `cupel` is the binary, $SOURCE the source folder.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile


def blocks_of(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".md":
        return [(1, text.splitlines())]
    blocks, current, start, skip = [], None, 0, False
    for number, line in enumerate(text.splitlines(), 1):
        if current is None:
            if line.strip() == "<!-- not run -->":
                skip = True
            elif line.startswith("```console"):
                current, start = [], number + 1
            elif line.strip():
                skip = False
        elif line.startswith("```"):
            if not skip:
                blocks.append((start, current))
            current, skip = None, False
        else:
            current.append(line)
    return blocks


def steps_of(start, lines):
    """(line, command, expected lines, exit code) of every command."""
    steps = []
    in_command = False
    for number, line in enumerate(lines, start):
        if line.startswith("$ "):
            steps.append([number, line[2:], [], 0])
            in_command = True
        elif not steps or line.startswith("# "):
            continue
        elif in_command and (line.startswith("> ") or steps[-1][1].endswith("\\")):
            steps[-1][1] += "\n" + (line[2:] if line.startswith("> ") else line)
        elif re.fullmatch(r"\[exit \d+\]", line):
            steps[-1][3] = int(line[6:-1])
            in_command = False
        else:
            steps[-1][2].append(line)
            in_command = False
    for step in steps:
        while step[2] and not step[2][-1].strip():
            step[2].pop()
    return steps


def line_matches(expected, line):
    pattern = ".*".join(re.escape(part) for part in expected.rstrip().split("..."))
    return re.fullmatch(pattern, line.rstrip()) is not None


def matches(expected, printed):
    """Glob over lines: `...` alone stands for any number of them."""
    reachable = {0}
    for wanted in expected:
        following = set()
        if wanted.strip() == "...":
            following = set(range(min(reachable), len(printed) + 1))
        else:
            for i in reachable:
                if i < len(printed) and line_matches(wanted, printed[i]):
                    following.add(i + 1)
        if not following:
            return False
        reachable = following
    return len(printed) in reachable


def run_file(path, cupel, source, timeout):
    failures = 0
    with tempfile.TemporaryDirectory(prefix="cupel_transcript_") as folder:
        tools = pathlib.Path(folder) / ".bin"
        tools.mkdir()
        (tools / "cupel").symlink_to(cupel)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CUPEL_")}
        if "CUPEL_MIRROR" in os.environ:
            environment["CUPEL_MIRROR"] = os.environ["CUPEL_MIRROR"]
        environment.update(PATH=f"{tools}:{environment['PATH']}", SOURCE=str(source),
                           LC_ALL="C.UTF-8", NO_COLOR="1")
        for start, lines in blocks_of(path):
            for number, command, expected, code in steps_of(start, lines):
                try:
                    done = subprocess.run(["/bin/bash", "-c", command], cwd=folder,
                                          env=environment, stdin=subprocess.DEVNULL,
                                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                          timeout=timeout)
                    printed = done.stdout.decode("utf-8", "replace").splitlines()
                    got = done.returncode
                except subprocess.TimeoutExpired:
                    printed, got = [f"(stopped after {timeout} s)"], -1
                if got == code and (not expected or matches(expected, printed)):
                    continue
                failures += 1
                print(f"{path}:{number}: $ {command}")
                print(f"  exit code {got}, expected {code}")
                print("  expected:", *("    " + line for line in expected), sep="\n")
                print("  printed:", *("    " + line for line in printed[:60]), sep="\n")
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cupel", required=True, type=pathlib.Path)
    parser.add_argument("--source", type=pathlib.Path, default=pathlib.Path("."))
    parser.add_argument("--timeout", type=float, default=600)
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    failures = sum(run_file(path, arguments.cupel.resolve(), arguments.source.resolve(),
                            arguments.timeout)
                   for path in arguments.files)
    print("ok" if failures == 0 else f"{failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
