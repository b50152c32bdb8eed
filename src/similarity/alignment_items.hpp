#pragma once
/// Sequences in the form that the kernels of simd/align_kernels.hpp take.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "simd/align_kernels.hpp"
#include "similarity/alignment.hpp"
#include "similarity/similarity.hpp"

namespace cupel {

/// Sequences of letters A-Z as the kernels want them.
class AlignedItems {
 public:
  AlignedItems(const std::vector<std::string>& texts, const AlignmentScoring& scoring);
  [[nodiscard]] std::size_t size() const noexcept { return begin_.size() - 1; }
  [[nodiscard]] std::size_t length(std::size_t i) const noexcept {
    return begin_[i + 1] - begin_[i];
  }
  [[nodiscard]] const std::uint8_t* letters(std::size_t i) const noexcept {
    return letters_.data() + begin_[i];
  }
  [[nodiscard]] std::string text(std::size_t i) const;
  /// No alignment of the item scores more.
  [[nodiscard]] std::int64_t top_score(std::size_t i) const noexcept { return top_score_[i]; }

 private:
  std::vector<std::uint8_t> letters_;
  std::vector<std::size_t> begin_{0};
  std::vector<std::int64_t> top_score_;
};

/// The items of a range that are not empty, by length, then by number.
std::vector<std::uint32_t> by_length(const AlignedItems& items, Range range);

using LetterSet = std::array<bool, kLetters>;
LetterSet letters_of(const AlignedItems& items, std::span<const std::uint32_t> list);

/// Memory aligned for every kernel.
template <typename T>
class Aligned {
 public:
  T* get(std::size_t n) {
    constexpr std::size_t kPerLine = sizeof(Line) / sizeof(T);
    lines_.resize(std::max(lines_.size(), (n + kPerLine - 1) / kPerLine));
    return reinterpret_cast<T*>(lines_.data());
  }

 private:
  struct alignas(64) Line {
    std::array<unsigned char, 64> bytes;
  };
  std::vector<Line> lines_;
};

/// The profile of a group of targets (AlignTask::profile) for the letters that occur; add[a *
/// kLetters
/// + b] is what a pair adds. The longest target stands last.
template <typename Lane>
const Lane* make_profile(const AlignedItems& targets, std::span<const std::uint32_t> group,
                         const LetterSet& present, const std::array<Lane, kLetters * kLetters>& add,
                         std::size_t lanes, Aligned<Lane>& memory) {
  const std::size_t n_columns = targets.length(group.back());
  Lane* const all = memory.get(n_columns * kLetters * lanes);
  for (std::size_t column = 0; column < n_columns; ++column) {
    for (std::size_t letter = 0; letter < kLetters; ++letter) {
      if (!present[letter]) continue;
      Lane* const cell = all + (column * kLetters + letter) * lanes;
      for (std::size_t k = 0; k < lanes; ++k) {
        const bool inside = k < group.size() && column < targets.length(group[k]);
        cell[k] = inside ? add[letter * kLetters + targets.letters(group[k])[column]] : 0;
      }
    }
  }
  return all;
}

/// The longest common subsequence of a query with each target of a group: no alignment of the pair
/// has more identities.
class CommonScreen {
 public:
  static constexpr std::size_t kMostTargets = 16;
  explicit CommonScreen(const AlignKernels& kernels) : kernels_(kernels) {}
  /// At most kMostTargets, the longest last.
  void prepare(const AlignedItems& targets, std::span<const std::uint32_t> group);
  [[nodiscard]] std::array<std::uint32_t, kMostTargets> common(const AlignedItems& queries,
                                                               std::uint32_t query);

 private:
  const AlignKernels& kernels_;
  Aligned<std::uint64_t> masks_;
  Aligned<std::uint64_t> work_;
  std::size_t n_parts_ = 0;
  std::size_t n_words_ = 0;
};

}  // namespace cupel
