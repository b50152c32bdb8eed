#pragma once
/// The files of SPECTRA splits: pairs in (what spectrae calls
/// `{name}_precalculated_spectra_properties`), splits out.
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "split/spectra.hpp"

namespace cupel {

/// Lines `i <tab> j <tab> value` (also with commas or blanks): samples from 0, any order. A value
/// may be True or False, and without one the pair is similar. A first line of words is a header.
/// Throws Error{io} if the file cannot be read, Error{input} with file, line and value for a line
/// that is no pair.
std::vector<SpectraPair> read_spectra_pairs(const std::filesystem::path& path,
                                            const Context& context);
/// The same from memory.
std::vector<SpectraPair> parse_spectra_pairs(std::string_view text, const std::string& source,
                                             const Context& context);

/// Samples that are in neither part, for one reason.
struct SpectraLeftOutGroup {
  std::string reason;       ///< "no_edge"
  std::string explanation;  ///< in words
  std::vector<std::uint32_t> samples;
};

/// A split of any variant, as it is written and shown.
struct SpectraRecord {
  std::string variant;
  double parameter = 0.0;
  std::string parameter_text;  ///< as the user wrote it
  std::uint32_t seed = 0;
  double test_size = 0.0;
  std::vector<std::uint32_t> train;  ///< in the variant's order
  std::vector<std::uint32_t> test;
  std::vector<SpectraLeftOutGroup> left_out;  ///< with `train` and `test` all samples, once
  OverlapProfile overlap;
  std::string refusal;  ///< why there is no split; empty = there is one
  // Of cupel's own variant alone:
  double level = OverlapProfile::kNone;      ///< the overlap that was asked for
  std::vector<std::uint32_t> control_train;  ///< same size, same test, at random
  OverlapProfile control_overlap;

  [[nodiscard]] std::size_t n_left_out() const noexcept;
};
SpectraRecord spectra_record(const SpectraGraph& graph, SpectraSplit split,
                             std::string parameter_text);

/// Where a split's graph came from, for its provenance.
struct SpectraInput {
  std::string file;
  std::string sha256;
  std::size_t n_components = 0;
  std::size_t n_cliques = 0;
};

/// `train.csv` and `test.csv` (a sample a line, no header, in the variant's order; with a control
/// also `control_train.csv`) and `split.json` (variant, parameter, seed, sizes, why each other
/// sample was left out, overlap, graph, input). Throws Error{io}.
void write_spectra_split(const std::filesystem::path& folder, const SpectraGraph& graph,
                         const SpectraRecord& record, const SpectraInput& input);

}  // namespace cupel
