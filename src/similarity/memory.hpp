#pragma once
/// How much memory a request may take, and how much it will: asked before it starts.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

struct MemoryLimit {
  std::uint64_t bytes = 0;  ///< for the result and what it needs on the way; 0 = default_bytes()

  /// Half of the memory of the machine, or of the control group if that is less.
  static std::uint64_t default_bytes();
  [[nodiscard]] std::uint64_t in_force() const { return bytes != 0 ? bytes : default_bytes(); }
};

/// How many pairs reach a threshold, from all pairs of some randomly drawn rows.
struct PairEstimate {
  double threshold = 0.0;
  double n_pairs = 0.0;         ///< expected; row < col only for a symmetric similarity
  double standard_error = 0.0;  ///< of n_pairs; 0 if all rows were looked at
  std::size_t sampled_rows = 0;
  double all_pairs = 0.0;
  std::vector<double> above;  ///< above[b]: expected pairs with value >= bin_low(b)

  [[nodiscard]] double bin_low(std::size_t bin) const noexcept;
  /// The lowest threshold on a grid of 1/1000 of the range up to 1 with at most `n` expected pairs.
  [[nodiscard]] double threshold_for(double n) const noexcept;
};

/// Looks at all pairs of min(n, clamp(n / 100, 32, 256)) rows drawn by the context's seed.
PairEstimate estimate_pairs(const Similarity& similarity, double threshold, const Context& context);

/// Throws Error{input} if all pairs at `bytes_per_pair` would not fit and the estimated number does
/// not fit either. Costs nothing where even all pairs fit.
void check_fits(const Similarity& similarity, double threshold, double bytes_per_pair,
                const MemoryLimit& limit, const Context& context);

/// Called while pairs come in: throws the same error once `n_pairs` are more than fit.
void check_still_fits(std::uint64_t n_pairs, double bytes_per_pair, const MemoryLimit& limit,
                      double threshold);

}  // namespace cupel
