#!/usr/bin/env python3
"""The transcript runner passes what is right and fails what is wrong."""
import pathlib
import subprocess
import sys
import tempfile

CASES = [
    ("$ echo one; echo two\none\ntwo\n", True),
    ("$ echo one; echo two\none\n", False),
    ("$ echo one; echo two\n...\n", True),
    ("$ echo one; echo two; echo three\none\n...\n", True),
    ("$ echo one; echo two; echo three\n...\ntwo\n...\n", True),
    ("$ echo one; echo two\n...\nfour\n...\n", False),
    ("$ echo took 12 s\ntook ... s\n", True),
    ("$ echo took 12 m\ntook ... s\n", False),
    ("$ echo a.c\na.c\n", True),
    ("$ echo abc\na.c\n", False),
    ("$ exit 3\n[exit 3]\n", True),
    ("$ exit 3\n", False),
    ("$ true\n[exit 3]\n", False),
    ("$ echo a \\\n    b\na b\n", True),
    ("$ echo x > file\n$ cat file\nx\n", True),
]


def main():
    runner = sys.argv[1]
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "case.txt"
        for text, passes in CASES:
            path.write_text(text)
            done = subprocess.run([sys.executable, runner, "--cupel", "/bin/true", str(path)],
                                  stdout=subprocess.PIPE)
            if (done.returncode == 0) != passes:
                wrong += 1
                print("wrong:", repr(text), "should", "pass" if passes else "fail")
        page = pathlib.Path(folder) / "page.md"
        page.write_text("text\n```console\n$ exit 1\n```\n")
        if subprocess.run([sys.executable, runner, "--cupel", "/bin/true", str(page)],
                          stdout=subprocess.PIPE).returncode == 0:
            wrong += 1
            print("wrong: a failing block in a page passed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
