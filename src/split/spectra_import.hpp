#pragma once
/// Splits and property graphs that SPECTRA tools have left on disk, read without running anything.
///
// clang-format off
/// | layout | files |
/// |---|---|
/// | spectrae | `SP_{lambda}_{repeat}/train.pkl, test.pkl, stats.pkl` (package 1.0) |
/// | spectrae-2.0 | the same folders, with train_IDs.pkl and test_IDs.pkl, whose ids are taken |
/// | paper-lambda | `lambda_*.txt`: lambda, overlap, n; `Train: [...]`; `Test: [...]` |
/// | paper-mutation | `{set}_{lambda}_MUTATION_SPLIT_{repeat}_{TRAIN|TEST}`: sample, phenotype |
/// | cupel | `SP_{lambda}_{repeat}/train.csv, test.csv, split.json` |
// clang-format on
///
/// Pickles are read by src/io/pickle.hpp, which knows plain values only. The tensors of
/// spectrae 2.0
/// (`*.pt`) are refused: they need torch to be read.
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/diagnostics.hpp"

namespace cupel {

struct ImportedSplit {
  double parameter = 0.0;      ///< lambda
  std::string parameter_text;  ///< as the tool wrote it: "0.50"
  std::uint32_t repeat = 0;
  std::vector<std::string> train;  ///< ids in the file's order; indices as decimal text
  std::vector<std::string> test;
  std::vector<std::string> train_phenotype;  ///< mutation sets only, beside train; else empty
  std::vector<std::string> test_phenotype;
  /// What the tool calls cross-split overlap, by the user's own definition; NaN = not stated.
  double stated_overlap = std::numeric_limits<double>::quiet_NaN();
  std::string source;  ///< folder or file
};

struct ImportedSeries {
  std::string layout;  ///< "spectrae", "spectrae-2.0", "paper-lambda", "paper-mutation", "cupel"
  std::vector<ImportedSplit> splits;  ///< by parameter, then repeat
  Diagnostics diagnostics;            ///< folders or files that were left aside, and why
};

/// Reads every split below a folder (itself, or its direct subfolders), or one file of the layouts
/// above. Samples on both sides or twice on one are reported in the diagnostics, and kept as they
/// are. Throws Error{io} if nothing can be opened, Error{input} if there is no split, there are two
/// layouts, or a file is damaged or holds what a safe reader does not read.
ImportedSeries import_spectra_splits(const std::filesystem::path& path, const Context& context);

/// A property graph with its nodes and edges in file order.
struct ImportedGraph {
  std::vector<std::string> ids;  ///< in order of appearance
  struct Edge {
    std::uint32_t a = 0;  ///< place in ids
    std::uint32_t b = 0;
    double value = 1.0;
  };
  std::vector<Edge> edges;
};

/// `*.gexf` as networkx writes it, undirected.
ImportedGraph import_property_graph(const std::filesystem::path& path);

}  // namespace cupel
