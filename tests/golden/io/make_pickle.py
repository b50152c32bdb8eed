#!/usr/bin/env python3
"""Makes pickle.json: pickles of Python and numpy values in all protocols, as hex, with the texts that a
list of ids should give; and pickles that must be refused.  Needs numpy.  python make_pickle.py > pickle.json
Also writes seeds for the fuzzer to a folder given as argument."""
import collections
import json
import os
import pathlib
import pickle
import sys

import numpy as np

SAME = ["a", "a"]
READ = {
    "ints": [0, 1, 255, 256, 65535, 65536, -1, -129, 2147483647, -2147483648, 2**40, -(2**62)],
    "texts": ["N132P", "K156Q:G169V", "", "pr\u00e9cis", "\u03bb", "it's", "x" * 300],
    "tuple": (1, "b", 2.5),
    "short tuples": [],
    "set": {7},
    "frozenset": frozenset({"only"}),
    "floats": [0.1, 1e300, -2.0],
    "shared": [SAME[0], SAME[1], SAME[0]],
    "numpy ints": [np.int64(5), np.int32(-6), np.uint8(7)],
    "numpy array": np.array([3, -1, 2**40], dtype=np.int64),
    "numpy floats": np.array([0.5, 0.25], dtype=np.float32),
    "many": list(range(300)),
}


class Evil:
    def __reduce__(self):
        return (os.system, ("echo read unsafely",))


REFUSED = {
    "call": [Evil()],
    "object": collections.OrderedDict(a=1),
    "complex": [1j],
    "too big": [2**80],
    "matrix": np.zeros((2, 2)),
    "numpy texts": np.array(["a", "b"]),
}


def text_of(value):
    if isinstance(value, str):
        return value
    if isinstance(value, (float, np.floating)):
        text = repr(float(value))
        return {"1e+300": "1e+300", "-2.0": "-2"}.get(text, text)
    return str(int(value))


def main():
    read, refused = [], []
    for protocol in range(6):
        for name, value in READ.items():
            hexed = pickle.dumps(value, protocol=protocol).hex()
            read.append({"name": f"{name}, protocol {protocol}", "hex": hexed, "texts": [text_of(v) for v in value]})
        for name, value in REFUSED.items():
            refused.append({"name": f"{name}, protocol {protocol}", "hex": pickle.dumps(value, protocol=protocol).hex()})
    stats = {"SPECTRA_parameter": 0.5, "train_size": 80, "test_size": 20, "cross_split_overlap": np.float64(0.25)}
    dumped = [pickle.dumps(stats, protocol=p).hex() for p in range(6)]
    json.dump({"read": read, "refused": refused, "stats": dumped}, sys.stdout, indent=0)
    if len(sys.argv) > 1:
        for k, entry in enumerate(read + refused):
            if len(entry["hex"]) < 700 and k % 3 == 0:
                pathlib.Path(sys.argv[1], f"seed{k:03}").write_bytes(bytes.fromhex(entry["hex"]))


if __name__ == "__main__":
    main()
