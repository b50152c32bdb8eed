#pragma once
/// How much of a test set is already known from training: the sample-level measures of one split.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace cupel {

/// All shares are of the n_test test items; "neighbour" means a training item with similarity >=
/// `threshold`. NaN = not measured.
struct OverlapProfile {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  std::size_t n_train = 0;
  std::size_t n_test = 0;
  double threshold = kNone;
  double share_with_neighbour = kNone;  ///< SPECTRA's cross-split overlap, sample level
  double nearest_mean = kNone;          ///< of each test item's most similar training item
  double nearest_median = kNone;
  double nearest_p90 = kNone;
  double nearest_max = kNone;
  double mean_pair = kNone;  ///< mean similarity over all test x training pairs
  /// Test items by similarity of their nearest training item, in equal bins over [0, 1].
  std::vector<std::uint64_t> nearest_histogram;
};

}  // namespace cupel
