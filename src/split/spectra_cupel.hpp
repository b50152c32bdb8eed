#pragma once
/// cupel's own answer to SPECTRA, over the same pairs: the overlap series at fixed sizes
/// (overlap_series.hpp), addressed by a parameter from 0 to 1.
///
/// Parameter 0 is the highest overlap of the series (random training samples), 1 the lowest; in
/// between overlap falls evenly in 20 steps, as far as the test set can tell so many apart, and the
/// nearest step is taken. Sizes do not change with the parameter, samples without any edge are
/// kept, and each split has a control: the same test, as many training samples at random. Overlap
/// is the share of test samples with a training neighbour for a binary graph, the mean similarity
/// to the nearest training sample for a weighted one.
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "split/spectra_files.hpp"

namespace cupel {

inline constexpr std::string_view kCupelVariant = "cupel";

/// Shares of all samples.
struct CupelSizes {
  double test = 0.2;
  double train = 0.5;
};

/// One series for a seed, one record for each parameter. Throws Error{input} if the samples are too
/// few or too alike for any series (the message says what is feasible).
std::vector<SpectraRecord> make_cupel_splits(const SpectraGraph& graph,
                                             std::span<const double> parameters,
                                             std::span<const std::string> parameter_texts,
                                             std::uint32_t seed, const CupelSizes& sizes,
                                             const Context& context);

}  // namespace cupel
