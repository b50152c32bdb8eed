#pragma once
/// Metrics on activity cliffs: errors on the compounds of cliff pairs and on all others (van
/// Tilborg et al. 2022, doi:10.1021/acs.jcim.2c01073), and the order predicted within pairs. Plain
/// functions: a mean that hides undefined values must be the caller's own decision.
#include <cstddef>
#include <cstdint>
#include <span>

namespace cupel {

struct PairOrder {
  double accuracy = 0.0;        ///< (right + tied / 2) / n_pairs; NaN without pairs
  std::size_t n_pairs = 0;      ///< pairs that were judged
  std::size_t n_tied = 0;       ///< of these, with equal predictions
  std::size_t n_undefined = 0;  ///< left out: a value not finite, or equal truths
};

/// How often the larger of two is predicted larger: for each pair k, whether truth[first[k]] -
/// truth[second[k]] and the same difference of the predictions have one sign. Equal predictions
/// count half. Pairs with a truth or a prediction that is NaN or infinite, and pairs of equal
/// truth, have no answer: they are left out and counted. Indices are into `truth` and `prediction`,
/// which have equal length; for a pair of a test and a training compound put the known value in
/// `prediction`. O(pairs). Throws Error{internal} for spans of different lengths or an index out of
/// range.
PairOrder pair_order(std::span<const double> truth, std::span<const double> prediction,
                     std::span<const std::uint32_t> first, std::span<const std::uint32_t> second);

/// pair_order(...).accuracy
double sign_accuracy(std::span<const double> truth, std::span<const double> prediction,
                     std::span<const std::uint32_t> first, std::span<const std::uint32_t> second);

struct CliffErrors {
  double rmse_cliff = 0.0;     ///< over rows with a flag; NaN without one
  double rmse_noncliff = 0.0;  ///< over rows without
  double gap = 0.0;            ///< rmse_cliff - rmse_noncliff; NaN if either is
  std::size_t n_cliff = 0;
  std::size_t n_noncliff = 0;
  std::size_t n_undefined = 0;  ///< rows left out: a truth or a prediction not finite
};

/// Throws Error{internal} for spans of different lengths.
CliffErrors cliff_errors(std::span<const double> truth, std::span<const double> prediction,
                         std::span<const std::uint8_t> is_cliff);

}  // namespace cupel
