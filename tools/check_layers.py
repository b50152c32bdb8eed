#!/usr/bin/env python3
"""Checks what may include what: a module includes only itself and modules below it, and
third-party headers stand only in .cpp files. Exit 1 and a list when it does not hold."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LAYERS = ["base", "simd", "io", "data", "stat", "similarity", "split", "model", "metric", "area",
          "study", "verdict", "report"]
HEAVY = re.compile(r'#include <(Eigen|nlohmann/json\.hpp|yaml-cpp|GraphMol|DataStructs|RDGeneral|xgboost|CLI|'
                   r'openssl|sqlite3|zstd|zlib|libdeflate|cblas|boost|fast_float|fmt|edlib|parasail|hdf5|H5|blosc|lzf|toml\+\+)[./>]')
INCLUDE = re.compile(r'#include "([^"]+)"')


def module_of(path: pathlib.Path) -> str:
    return path.relative_to(ROOT / "src").parts[0]


def main() -> int:
    problems = []
    for path in sorted((ROOT / "src").rglob("*.[ch]pp")):
        module = module_of(path)
        if module not in LAYERS:
            problems.append(f"{path.relative_to(ROOT)}: folder src/{module} is not in the list of layers")
            continue
        text = path.read_text(encoding="utf-8")
        for target in INCLUDE.findall(text):
            first = target.split("/")[0]
            if first == "cupel":
                continue
            if first not in LAYERS:
                problems.append(f'{path.relative_to(ROOT)}: include "{target}" by its path below src/')
            elif LAYERS.index(first) > LAYERS.index(module):
                problems.append(f"{path.relative_to(ROOT)}: {module} includes {first}, which lies above it")
        if path.suffix == ".hpp" and HEAVY.search(text):
            problems.append(f"{path.relative_to(ROOT)}: a third-party header in a header")
    for path in sorted((ROOT / "include").rglob("*.hpp")):
        for target in INCLUDE.findall(path.read_text(encoding="utf-8")):
            if not target.startswith("cupel/"):
                problems.append(f"{path.relative_to(ROOT)}: public headers include only public headers")
    print("\n".join(problems) if problems else "layers: every include points downwards")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
