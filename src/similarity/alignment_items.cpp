#include "similarity/alignment_items.hpp"

#include <algorithm>

namespace cupel {

AlignedItems::AlignedItems(const std::vector<std::string>& texts, const AlignmentScoring& scoring) {
  std::array<std::int32_t, kLetters> best{};
  for (std::size_t a = 0; a < kLetters; ++a) {
    const auto row = std::span(scoring.substitution).subspan(a * kLetters, kLetters);
    best[a] = std::max(0, *std::max_element(row.begin(), row.end()));
  }
  for (const auto& text : texts) {
    std::int64_t top = 0;
    for (const char c : text) {
      const auto letter = static_cast<std::uint8_t>(c - 'A');
      letters_.push_back(letter);
      top += best[letter];
    }
    begin_.push_back(letters_.size());
    top_score_.push_back(top);
  }
}

std::string AlignedItems::text(std::size_t i) const {
  std::string text;
  for (std::size_t k = 0; k < length(i); ++k) text += static_cast<char>('A' + letters(i)[k]);
  return text;
}

std::vector<std::uint32_t> by_length(const AlignedItems& items, Range range) {
  std::vector<std::uint32_t> list;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    if (items.length(i) > 0) list.push_back(static_cast<std::uint32_t>(i));
  }
  std::stable_sort(list.begin(), list.end(), [&](std::uint32_t a, std::uint32_t b) {
    return items.length(a) < items.length(b);
  });
  return list;
}

LetterSet letters_of(const AlignedItems& items, std::span<const std::uint32_t> list) {
  LetterSet present{};
  for (const auto item : list) {
    const std::uint8_t* const letters = items.letters(item);
    for (std::size_t k = 0; k < items.length(item); ++k) present[letters[k]] = true;
  }
  return present;
}

void CommonScreen::prepare(const AlignedItems& targets, std::span<const std::uint32_t> group) {
  constexpr std::size_t kLanes = CommonTask::kLanes;
  n_words_ = (targets.length(group.back()) + 63) / 64;
  n_parts_ = (group.size() + kLanes - 1) / kLanes;
  const std::size_t per_part = kLetters * n_words_ * kLanes;
  std::uint64_t* const masks = masks_.get(n_parts_ * per_part);
  std::fill(masks, masks + n_parts_ * per_part, 0);
  for (std::size_t k = 0; k < group.size(); ++k) {
    const std::uint8_t* const letters = targets.letters(group[k]);
    std::uint64_t* const part = masks + k / kLanes * per_part;
    for (std::size_t j = 0; j < targets.length(group[k]); ++j) {
      part[(letters[j] * n_words_ + j / 64) * kLanes + k % kLanes] |= std::uint64_t{1} << (j % 64);
    }
  }
}

std::array<std::uint32_t, CommonScreen::kMostTargets> CommonScreen::common(
    const AlignedItems& queries, std::uint32_t query) {
  constexpr std::size_t kLanes = CommonTask::kLanes;
  std::array<std::uint32_t, kMostTargets> common{};
  for (std::size_t part = 0; part < n_parts_; ++part) {
    kernels_.common({.query = queries.letters(query),
                     .n_query = queries.length(query),
                     .masks = masks_.get(0) + part * kLetters * n_words_ * kLanes,
                     .n_words = n_words_,
                     .work = work_.get(n_words_ * kLanes),
                     .common = common.data() + part * kLanes});
  }
  return common;
}

}  // namespace cupel
