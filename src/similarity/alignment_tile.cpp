#include "similarity/alignment_tile.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

#include "cupel/error.hpp"
#include "similarity/packed_sums.hpp"

namespace cupel {
namespace {

template <typename Lane>
using Kernel = void (*)(const AlignTask<Lane>&) noexcept;

template <typename Lane>
Kernel<Lane> kernel_of(const AlignKernels& kernels, AlignmentMode mode) {
  const bool is_32 = std::is_same_v<Lane, std::int32_t>;
  if constexpr (is_32) {
    if (mode == AlignmentMode::local) return kernels.local32;
    return mode == AlignmentMode::global ? kernels.global32 : kernels.free_ends32;
  } else {
    if (mode == AlignmentMode::local) return kernels.local64;
    return mode == AlignmentMode::global ? kernels.global64 : kernels.free_ends64;
  }
}

/// Upper bound of the identity of two lengths with this many identities or fewer.
double identity_bound(const AlignmentScoring& scoring, std::size_t a, std::size_t b,
                      std::size_t identities) {
  AlignmentSums sums{.identities = static_cast<std::int64_t>(identities)};
  const bool local = scoring.mode == AlignmentMode::local;
  switch (scoring.denominator) {
    case Denominator::aligned:
      return 1.0;
    case Denominator::alignment:
      if (local) return 1.0;
      sums.extra = static_cast<std::int64_t>(std::min(a, b));  // no alignment has fewer columns
      break;
    default:
      break;
  }
  return identity(sums, scoring, a, b);
}

bool bounds_say_something(const AlignmentScoring& scoring) {
  if (scoring.denominator == Denominator::aligned) return false;
  return scoring.denominator != Denominator::alignment || scoring.mode != AlignmentMode::local;
}

class TileRun {
 public:
  TileRun(const AlignmentTile& tile, const AlignmentScoring& scoring, const AlignKernels& kernels,
          const TakeAlignment& take)
      : tile_(tile),
        scoring_(scoring),
        kernels_(kernels),
        take_(take),
        present_(letters_of(tile.queries, tile.query_list)),
        screen_(kernels) {
    for (const auto query : tile.query_list) {
      most_query_score_.push_back(std::max(most_query_score_.empty() ? 0 : most_query_score_.back(),
                                           tile.queries.top_score(query)));
    }
  }

  void run() {
    const std::size_t lanes = kernels_.lanes32;
    for (std::size_t first = 0; first < tile_.target_list.size(); first += lanes) {
      const auto group =
          tile_.target_list.subspan(first, std::min(lanes, tile_.target_list.size() - first));
      const std::size_t n_short = n_queries_of_32_bits(group);
      align_group<std::int32_t>(tile_.query_list.first(n_short), group);
      const auto rest = tile_.query_list.subspan(n_short);
      for (std::size_t k = 0; k < group.size(); k += kernels_.lanes64) {
        align_group<std::int64_t>(rest,
                                  group.subspan(k, std::min(kernels_.lanes64, group.size() - k)));
      }
    }
  }

 private:
  using List = std::span<const std::uint32_t>;

  std::size_t longest(List group) const { return tile_.targets.length(group.back()); }

  std::int64_t most_score(List group) const {
    std::int64_t most = 0;
    for (const auto target : group) most = std::max(most, tile_.targets.top_score(target));
    return most;
  }

  /// For the first `n_queries` of the list.
  PackedSums packing(std::size_t n_queries, List group) const {
    return {scoring_, tile_.queries.length(tile_.query_list[n_queries - 1]), longest(group),
            std::min(most_query_score_[n_queries - 1], most_score(group))};
  }

  std::size_t n_queries_of_32_bits(List group) const {
    std::size_t low = 0;
    std::size_t high = tile_.query_list.size();
    while (low < high) {
      const std::size_t middle = (low + high + 1) / 2;
      if (packing(middle, group).fits32()) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  template <typename Lane>
  void align_group(List queries, List group) {
    if (queries.empty()) return;
    const std::size_t n_queries =
        static_cast<std::size_t>(queries.data() + queries.size() - tile_.query_list.data());
    const PackedSums sums = packing(n_queries, group);
    if (!sums.fits64()) {
      fail(ErrorKind::numeric,
           "sequences of " + std::to_string(tile_.queries.length(queries.back())) + " and " +
               std::to_string(longest(group)) + " letters are too long for an exact alignment",
           {}, "use kmer-jaccard or minhash-jaccard for sequences of this length");
    }
    const bool is_32 = std::is_same_v<Lane, std::int32_t>;
    const std::size_t lanes = is_32 ? kernels_.lanes32 : kernels_.lanes64;
    const bool screened = tile_.at_least && bounds_say_something(scoring_);
    if (screened) screen_.prepare(tile_.targets, group);
    bool has_profile = false;
    AlignTask<Lane> task{.n_columns = longest(group),
                         .open = static_cast<Lane>(sums.gap_open()),
                         .extend = static_cast<Lane>(sums.gap_extend())};
    alignas(64) std::array<Lane, 64 / sizeof(Lane)> lengths{};
    alignas(64) std::array<Lane, 64 / sizeof(Lane)> best{};
    for (std::size_t k = 0; k < group.size(); ++k) {
      lengths[k] = static_cast<Lane>(tile_.targets.length(group[k]));
    }
    task.lengths = lengths.data();
    task.best = best.data();
    const auto kernel = kernel_of<Lane>(kernels_, scoring_.mode);
    for (const auto query : queries) {
      if (screened && is_below(query, group)) continue;
      if (!has_profile) task.profile = profile<Lane>(sums, group, lanes);
      has_profile = true;
      task.query = tile_.queries.letters(query);
      task.n_query = tile_.queries.length(query);
      task.work = work_of<Lane>().get(2 * task.n_query * lanes);
      kernel(task);
      for (std::size_t k = 0; k < group.size(); ++k) take_(query, group[k], sums.unpacked(best[k]));
    }
  }

  template <typename Lane>
  Aligned<Lane>& work_of() {
    if constexpr (std::is_same_v<Lane, std::int32_t>) return work32_;
    if constexpr (std::is_same_v<Lane, std::int64_t>) return work64_;
  }

  template <typename Lane>
  Aligned<Lane>& profile_of() {
    if constexpr (std::is_same_v<Lane, std::int32_t>) return profile32_;
    if constexpr (std::is_same_v<Lane, std::int64_t>) return profile64_;
  }

  template <typename Lane>
  const Lane* profile(const PackedSums& sums, List group, std::size_t lanes) {
    const std::int64_t tilt = scoring_.mode == AlignmentMode::local ? 0 : 2 * sums.gap_extend();
    std::array<Lane, kLetters * kLetters> add{};
    for (std::size_t a = 0; a < kLetters; ++a) {
      for (std::size_t b = 0; b < kLetters; ++b) {
        add[a * kLetters + b] =
            static_cast<Lane>(sums.pair(scoring_.substitution[a * kLetters + b], a == b) + tilt);
      }
    }
    return make_profile<Lane>(tile_.targets, group, present_, add, lanes, profile_of<Lane>());
  }

  /// No pair of the query with the group reaches the threshold.
  bool is_below(std::uint32_t query, List group) {
    const std::size_t length = tile_.queries.length(query);
    const auto within = [&](std::uint32_t target, std::size_t identities) {
      return identity_bound(scoring_, length, tile_.targets.length(target), identities) >=
             *tile_.at_least;
    };
    const bool by_length = std::any_of(group.begin(), group.end(), [&](auto target) {
      return within(target, std::min(length, tile_.targets.length(target)));
    });
    if (!by_length) return true;
    const auto common = screen_.common(tile_.queries, query);
    for (std::size_t k = 0; k < group.size(); ++k) {
      if (within(group[k], common[k])) return false;
    }
    return true;
  }

  const AlignmentTile& tile_;
  const AlignmentScoring& scoring_;
  const AlignKernels& kernels_;
  const TakeAlignment& take_;
  LetterSet present_;                           ///< in a query of the tile
  std::vector<std::int64_t> most_query_score_;  ///< of the queries up to here
  Aligned<std::int32_t> profile32_;
  Aligned<std::int64_t> profile64_;
  Aligned<std::int32_t> work32_;
  Aligned<std::int64_t> work64_;
  CommonScreen screen_;
};

}  // namespace

void align_tile(const AlignmentTile& tile, const AlignmentScoring& scoring,
                const AlignKernels& kernels, const TakeAlignment& take) {
  if (tile.query_list.empty() || tile.target_list.empty()) return;
  TileRun(tile, scoring, kernels, take).run();
}

}  // namespace cupel
