#!/usr/bin/env python3
"""Lets spectrae 1.0.3 write its own folders for a graph of 40 samples, for the import's test:
python make_folder.py spectrae_folder"""
import contextlib
import io
import os
import sys

from spectrae_reference import make_pairs, write_pairs


def main(folder):
    from spectrae import Spectra, SpectraDataset

    class Numbers(SpectraDataset):
        parse = lambda self, _: list(range(40))
        sample_to_index = lambda self, idx: idx
        __len__ = lambda self: 40
        __getitem__ = lambda self, idx: idx

    class Listed(Spectra):
        spectra_properties = None
        cross_split_overlap = lambda self, train, test: len(test) / (len(train) + len(test))

    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    with contextlib.redirect_stdout(io.StringIO()):
        write_pairs("set_precalculated_spectra_properties", make_pairs(40, 11, 5, 700, 20000))
        spectra = Listed(Numbers(None, "set"), binary=True)
        spectra.load_spectra_precalculated_spectra_properties("set")
        spectra.generate_spectra_splits(["0.00", "0.50"], 2, [42, 44])


if __name__ == "__main__":
    main(sys.argv[1])
