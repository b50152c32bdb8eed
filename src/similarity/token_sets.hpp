#pragma once
/// Similarities of sets of tokens (k-mers of a sequence, mutations of a variant): how many tokens
/// two sets share, counted through an inverted index (token -> the columns that hold it), so that a
/// row costs as much as there are shared tokens, not as there are columns times tokens.
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "similarity/similarity.hpp"

namespace cupel {

/// A set per item: the numbers of its tokens, ascending, each once.
struct TokenSets {
  std::vector<std::uint64_t> begin{0};  ///< n_items + 1
  std::vector<std::uint32_t> token;
  std::uint32_t n_tokens = 0;  ///< numbers are below this

  [[nodiscard]] std::size_t n_items() const noexcept { return begin.size() - 1; }
  [[nodiscard]] std::uint32_t size(std::size_t item) const noexcept {
    return static_cast<std::uint32_t>(begin[item + 1] - begin[item]);
  }
  [[nodiscard]] std::span<const std::uint32_t> of(std::size_t item) const noexcept {
    return {token.data() + begin[item], size(item)};
  }
  /// Appends a set given in any order, tokens may be repeated; `tokens` is sorted on the way.
  void add(std::vector<std::uint32_t>& tokens);
};

enum class SetMeasure {
  jaccard,      ///< |A n B| / |A u B|
  containment,  ///< |A n B| / min(|A|, |B|), which is symmetric
  share,        ///< 1 if A n B is not empty, else 0
};

/// An empty set is unlike every other set (0); `both_empty` is the value of two empty sets.
struct SetRule {
  std::string kind;
  std::string parameters;
  SetMeasure measure = SetMeasure::jaccard;
  double both_empty = 0.0;
};

double set_similarity(const SetRule& rule, std::uint32_t shared, std::uint32_t size_a,
                      std::uint32_t size_b) noexcept;

/// `cols` absent: among the rows. Both number their tokens alike.
std::unique_ptr<Similarity> make_set_similarity(TokenSets rows, std::optional<TokenSets> cols,
                                                SetRule rule);

}  // namespace cupel
