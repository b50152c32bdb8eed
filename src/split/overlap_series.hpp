#pragma once
/// cupel's own series of splits of falling overlap, at fixed sizes and with a control.
///
/// Each repeat draws one test set; all its levels share it. A level trains on `n_train` of the
/// other items. The highest level is a random choice among them. To go down, the training items
/// most similar to any test item are shut out one after another, and each is replaced by a random
/// one of those not shut out: overlap falls, sizes stay. Of the chain of splits that this gives,
/// the levels take those whose *measured* overlap is nearest to the one asked for, among the links
/// that are lower than every link before them, so that measured overlap falls strictly from level
/// to level.
///
/// The control of a split has the same test items and as many training items, drawn at random from
/// all others, test-like ones included. Split and control differ in overlap alone: same test rows,
/// same sizes. (SPECTRA's own series shrinks as overlap falls; see docs/explanation.)
///
/// A random test set has similar items everywhere, so that little can be shut out. The test set is
/// therefore made of neighbourhoods (an item drawn at random and those most similar to it). Their
/// size is the smallest of 1, 2, 4, ... (1 = plain random) whose chains span at least 90 % of the
/// widest range of overlap that all repeats can serve; of four draws each repeat takes the one that
/// spans most. Only similarities are looked at, never targets.
///
/// With n items: O(n^2 log n) up to 4,096 items, where all pairs are kept; beyond that the choice
/// rests on about the closest 16 million pairs, and the overlap of every split is still measured on
/// all test x training pairs.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/overlap.hpp"
#include "cupel/split.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

enum class OverlapMeasure {
  nearest_mean,         ///< mean similarity of a test item to its most similar training item
  share_with_neighbour  ///< share of test items with a training item >= threshold
};
std::string_view to_string(OverlapMeasure measure) noexcept;
/// Throws Error{usage} that lists the two.
OverlapMeasure parse_overlap_measure(std::string_view text);

enum class OverlapControl {
  none,
  same_test,  ///< the split's test items, random training items: the drop is due to overlap alone
  random      ///< test and training items both random
};
std::string_view to_string(OverlapControl control) noexcept;
/// "size_matched" is same_test.
OverlapControl parse_overlap_control(std::string_view text);

struct OverlapSeriesOptions {
  std::vector<double> levels;  ///< overlaps wanted; empty: n_levels, evenly spread
  std::uint32_t n_levels = 8;  ///< at most; from a random training set to the lowest overlap
  std::uint32_t repeats = 3;
  OverlapMeasure measure = OverlapMeasure::nearest_mean;
  double threshold = OverlapProfile::kNone;  ///< for share_with_neighbour; also reported
  double test_share = 0.2;                   ///< of items
  /// Of items. Unset: 0.5; with `levels` the most with which shutting out all the others
  /// reaches the lowest of them, at least 0.2.
  std::optional<double> train_share;
  OverlapControl control = OverlapControl::same_test;
  std::size_t keep_all_pairs = 4096;         ///< up to so many items: 24 n^2 bytes
  std::uint64_t closest_pairs = 16'000'000;  ///< kept of more items: 48 bytes each
  std::uint64_t seed = 0;
};

/// Reasons of items that are left out, by `OverlapSplit::reason`.
inline constexpr std::uint8_t kTooSimilarToTest = 1;  ///< shut out to lower the overlap
inline constexpr std::uint8_t kSizeMatched = 2;       ///< only to keep the training size constant
inline constexpr std::uint8_t kNoRows = 3;            ///< weight 0: no part of the series
std::span<const std::string_view> overlap_reasons() noexcept;

struct OverlapSplit {
  std::size_t level_index = 0;  ///< 0 = the highest level
  double level = 0.0;           ///< overlap asked for; `overlap` holds what was reached
  std::uint32_t repeat = 0;
  bool is_control = false;
  std::vector<Role> role;            ///< per item
  std::vector<std::uint8_t> reason;  ///< per item; 0 unless left out
  OverlapProfile overlap;            ///< measured on all test x training pairs
  double train_rows = 0.0;           ///< sum of weights
  double test_rows = 0.0;
};

struct OverlapSeries {
  std::vector<double> levels;  ///< falling
  std::size_t n_test = 0;      ///< items of every split and control
  std::size_t n_train = 0;
  double highest = 0.0;  ///< overlap of a random training set, mean over repeats
  double lowest = 0.0;   ///< lowest overlap that these sizes allow, greatest over repeats
  std::size_t neighbourhood_size = 1;  ///< 1 = test items drawn one by one
  std::vector<OverlapSplit> splits;    ///< by repeat, then level, the control behind its split
};

/// `weights`: rows per item, empty = 1 each; items of weight 0 take no part. Training weights are
/// kept near the mean of the pool by the choice among random replacements. Throws Error{input} that
/// says what is feasible: too few items, a level above a random split's, a level below the lowest
/// that the sizes allow, more levels than distinct overlaps.
OverlapSeries make_overlap_series(const Similarity& similarity, std::span<const double> weights,
                                  const OverlapSeriesOptions& options, const Context& context);

}  // namespace cupel
