"""spectrae 1.0.3 on a FASTA file, stage by stage: CPU seconds as one JSON line.

  python peer_spectrae.py proteins.fasta THRESHOLD kmer|align N_PARAMETERS FOLDER

The property is as cheap as Python makes it: Jaccard of 3-mer sets that are built once (kmer), or the
identity of SPECTRA's scripts by Biopython (align). The overlap of train and test, which the user has to
write and which costs O(n^4) in the package's tutorials, is left out: 0 for every split.
Needs spectrae==1.0.3 (pip install --no-deps; torch is not imported), networkx, numpy, scipy,
scikit-learn, pandas, tqdm; biopython for align.
"""
import contextlib
import json
import os
import resource
import sys
import time

import spectrae


def read_fasta(path):
    texts = []
    with open(path, encoding="ascii") as lines:
        for line in lines:
            if line.startswith(">"):
                texts.append("")
            else:
                texts[-1] += line.strip()
    return texts


class Proteins(spectrae.SpectraDataset):
    def __init__(self, path, align):
        self.align = align
        super().__init__(path, "proteins")

    def parse(self, path):
        texts = read_fasta(path)
        if self.align:
            return texts
        return [frozenset(text[i:i + 3] for i in range(len(text) - 2)) for text in texts]

    def sample_to_index(self, sample):
        return self.samples.index(sample)

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index):
        return self.samples[index]


class Kmer(spectrae.Spectra):
    threshold = 0.0

    def spectra_properties(self, a, b):
        shared = len(a & b)
        union = len(a) + len(b) - shared
        return int(union > 0 and shared / union >= self.threshold)

    def cross_split_overlap(self, train, test):
        return 0.0


class Align(Kmer):
    def __init__(self, *arguments, **named):
        from Bio import Align as BioAlign
        self.aligner = BioAlign.PairwiseAligner()
        self.aligner.match_score, self.aligner.mismatch_score = 1, -2
        self.aligner.gap_score = -2.5
        super().__init__(*arguments, **named)

    def spectra_properties(self, a, b):
        top, bottom = (first := self.aligner.align(a, b)[0])[0], first[1]
        differing = sum(x != y for x, y in zip(top, bottom))
        return int(1 - differing / len(top) >= self.threshold)


def main():
    path, threshold, kind, n_parameters, folder = sys.argv[1:]
    data = Proteins(os.path.abspath(path), kind == "align")
    os.chdir(folder)
    spectra = (Align if kind == "align" else Kmer)(data, binary=True)
    spectra.threshold = float(threshold)
    costs = {"n": len(data)}
    with open(os.devnull, "w") as null, contextlib.redirect_stdout(null), contextlib.redirect_stderr(null):
        started = time.process_time()
        spectra.pre_calculate_spectra_properties("proteins")
        costs["pairwise_cpu_s"] = time.process_time() - started
        started = time.process_time()
        spectra.construct_spectra_graph()
        costs["graph_cpu_s"] = time.process_time() - started
        costs["edges"] = spectra.SPG.number_of_edges()
        costs["nodes_kept"] = spectra.SPG.number_of_nodes()
        started = time.process_time()
        count = int(n_parameters)
        parameters = [f"{i / max(1, count - 1):.2f}" for i in range(count)]
        spectra.generate_spectra_splits(parameters, 3, [42, 44, 46])
        costs["splits_cpu_s"] = time.process_time() - started
    costs["n_splits"] = 3 * count
    costs["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(costs))


if __name__ == "__main__":
    main()
