#pragma once
/// The kinds of rules behind find_cliffs: each finds its pairs among molecules that were all read
/// and have a potency.
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "area/potency/cliffs.hpp"
#include "base/options.hpp"
#include "simd/packed_bits.hpp"
#include "similarity/similarity.hpp"

namespace cupel::potency {

inline constexpr unsigned kEcfpRadius = 2;
inline constexpr std::size_t kEcfpBits = 1024;

/// What a rule works on. Indices of pairs are into these.
struct CliffInput {
  std::vector<std::string> smiles;
  std::vector<double> value_nM;     ///< > 0
  std::vector<double> log10_value;  ///< of value_nM
  PackedBits ecfp;                  ///< kEcfpRadius, kEcfpBits
  PackedBits scaffold;              ///< ECFP of the scaffolds; no bits for rules without
  [[nodiscard]] double log_difference(std::uint32_t i, std::uint32_t j) const noexcept;
};

/// The pairs, ordered; the rest as in Cliffs.
struct CliffFinding {
  std::vector<CliffPair> pairs;
  std::vector<std::pair<std::string, std::uint64_t>> counts;
  std::optional<double> limit;
};

/// Differences of logarithms within this of a limit are on it.
inline constexpr double kLogTie = 1e-9;

/// ECFP Tanimoto of all molecules. O(n).
std::unique_ptr<Similarity> ecfp_similarity(const CliffInput& input, unsigned radius,
                                            std::size_t n_bits, const Context& context);

/// |difference| / (1 - min(similarity, cap)); 0 for equal potencies.
double sali_of(double log_difference, double similarity, double cap) noexcept;

CliffFinding find_structural(const CliffInput& input, Options& options, const Context& context);
CliffFinding find_matched(const CliffInput& input, Options& options, const Context& context);
CliffFinding find_sali(const CliffInput& input, Options& options, const Context& context);
CliffFinding find_sas(const CliffInput& input, Options& options, const Context& context);

}  // namespace cupel::potency
