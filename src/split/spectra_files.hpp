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

/// Where a split's graph came from, for its provenance.
struct SpectraInput {
  std::string file;
  std::string sha256;
  std::size_t n_components = 0;
  std::size_t n_cliques = 0;
};

/// `train.csv` and `test.csv` (a sample a line, no header, in the variant's order) and `split.json`
/// (variant, parameter, seed, sizes, why each other sample was left out, overlap, graph, input).
/// `parameter_text` as the user wrote it. Throws Error{io}.
void write_spectra_split(const std::filesystem::path& folder, const SpectraGraph& graph,
                         const SpectraSplit& split, const OverlapProfile& overlap,
                         const std::string& parameter_text, const SpectraInput& input);

}  // namespace cupel
