#include "similarity/token_sets.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace cupel {
namespace {

/// For every token the items that hold it, ascending.
template <typename Item>
struct InvertedIndex {
  std::vector<std::uint64_t> begin;
  std::vector<Item> item;

  explicit InvertedIndex(const TokenSets& sets)
      : begin(std::size_t{sets.n_tokens} + 1, 0), item(sets.token.size()) {
    for (const auto token : sets.token) ++begin[token + 1];
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    std::vector<std::uint64_t> next(begin.begin(), begin.end() - 1);
    for (std::size_t i = 0; i < sets.n_items(); ++i) {
      for (const auto token : sets.of(i)) item[next[token]++] = static_cast<Item>(i);
    }
  }
};

/// `Count` holds the size of every row, `Item` the number of every column: small ones halve the
/// memory that a row goes through.
template <typename Count, typename Item>
class SetSimilarity final : public Similarity {
 public:
  SetSimilarity(TokenSets rows, std::optional<TokenSets> cols, SetRule rule)
      : rows_(std::move(rows)),
        own_cols_(std::move(cols)),
        rule_(std::move(rule)),
        index_(cols_()) {
    for (std::size_t j = 0; j < n_cols(); ++j) {
      if (cols_().size(j) == 0) empty_cols_.push_back(static_cast<std::uint32_t>(j));
    }
  }

  std::string_view kind() const noexcept override { return rule_.kind; }
  std::string parameters() const override { return rule_.parameters; }
  std::size_t n_rows() const noexcept override { return rows_.n_items(); }
  std::size_t n_cols() const noexcept override { return cols_().n_items(); }
  bool is_symmetric() const noexcept override { return !own_cols_.has_value(); }
  TileShape tile_shape() const noexcept override { return {.rows = 32, .cols = 16384}; }

  void values(Range rows, Range cols, std::span<double> out) const override {
    std::vector<Count> shared(cols.size());
    std::size_t k = 0;
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      std::fill(shared.begin(), shared.end(), Count{0});
      count_shared(i, cols, shared.data());
      for (std::size_t j = 0; j < cols.size(); ++j, ++k)
        out[k] = value(i, cols.begin + j, shared[j]);
    }
  }

  void at_least(Range rows, Range cols, double threshold, std::vector<Hit>& out) const override {
    if (threshold <= 0.0) {
      Similarity::at_least(rows, cols, threshold, out);
      return;
    }
    // Padded to whole blocks of the scan below.
    std::vector<Count> shared((cols.size() + kBlock - 1) / kBlock * kBlock);
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      if (rows_.size(i) == 0) {
        add_empty_pairs(i, cols, threshold, out);
        continue;
      }
      std::fill(shared.begin(), shared.end(), Count{0});
      count_shared(i, cols, shared.data());
      const Count fewest = fewest_shared(i, threshold);
      for (std::size_t block = 0; block < shared.size(); block += kBlock) {
        if (!any_at_least(shared.data() + block, fewest)) continue;
        const std::size_t end = std::min(block + kBlock, cols.size());
        for (std::size_t j = block; j < end; ++j) {
          if (shared[j] < fewest) continue;
          const double similarity = value(i, cols.begin + j, shared[j]);
          if (similarity >= threshold) add_hit(i, cols.begin + j, similarity, out);
        }
      }
    }
  }

 private:
  static constexpr std::size_t kBlock = 64;

  const TokenSets& cols_() const noexcept { return own_cols_ ? *own_cols_ : rows_; }

  double value(std::size_t i, std::size_t j, std::uint32_t shared) const noexcept {
    return set_similarity(rule_, shared, rows_.size(i), cols_().size(j));
  }

  static void add_hit(std::size_t i, std::size_t j, double value, std::vector<Hit>& out) {
    out.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j), value});
  }

  void add_empty_pairs(std::size_t i, Range cols, double threshold, std::vector<Hit>& out) const {
    if (rule_.both_empty < threshold) return;
    for (const auto j : empty_cols_) {
      if (j >= cols.begin && j < cols.end) add_hit(i, j, rule_.both_empty, out);
    }
  }

  /// shared[j - cols.begin] += |row i n column j|.
  void count_shared(std::size_t i, Range cols, Count* shared) const noexcept {
    for (const auto token : rows_.of(i)) {
      if (token >= cols_().n_tokens) continue;
      const Item* const first = index_.item.data() + index_.begin[token];
      const Item* last = index_.item.data() + index_.begin[token + 1];
      if (cols.end < n_cols()) last = std::lower_bound(first, last, cols.end);
      // From the end, because the columns of a symmetric tile begin late; four at a time where the
      // first of them shows that all belong.
      for (; last - first >= 4 && *(last - 4) >= cols.begin; last -= 4) {
        ++shared[*(last - 1) - cols.begin];
        ++shared[*(last - 2) - cols.begin];
        ++shared[*(last - 3) - cols.begin];
        ++shared[*(last - 4) - cols.begin];
      }
      while (last != first && *(last - 1) >= cols.begin) ++shared[*--last - cols.begin];
    }
  }

  /// A lower bound of the shared tokens of a pair at the threshold: |A u B| >= |A|. One less than
  /// the real bound, so that rounding cannot lose a pair.
  Count fewest_shared(std::size_t i, double threshold) const noexcept {
    if (rule_.measure != SetMeasure::jaccard) return 1;
    const double bound = std::floor(threshold * rows_.size(i)) - 1.0;
    return static_cast<Count>(
        std::clamp(bound, 1.0, static_cast<double>(std::numeric_limits<Count>::max())));
  }

  static bool any_at_least(const Count* shared, Count fewest) noexcept {
    unsigned any = 0;
    for (std::size_t k = 0; k < kBlock; ++k) any |= shared[k] >= fewest ? 1U : 0U;
    return any != 0;
  }

  TokenSets rows_;
  std::optional<TokenSets> own_cols_;
  SetRule rule_;
  InvertedIndex<Item> index_;
  std::vector<std::uint32_t> empty_cols_;
};

std::uint32_t largest(const TokenSets& sets) {
  std::uint32_t most = 0;
  for (std::size_t i = 0; i < sets.n_items(); ++i) most = std::max(most, sets.size(i));
  return most;
}

}  // namespace

void TokenSets::add(std::vector<std::uint32_t>& tokens) {
  if (!std::is_sorted(tokens.begin(), tokens.end())) std::sort(tokens.begin(), tokens.end());
  tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
  token.insert(token.end(), tokens.begin(), tokens.end());
  begin.push_back(token.size());
  if (!tokens.empty()) n_tokens = std::max(n_tokens, tokens.back() + 1);
}

double set_similarity(const SetRule& rule, std::uint32_t shared, std::uint32_t size_a,
                      std::uint32_t size_b) noexcept {
  if (size_a == 0 && size_b == 0) return rule.both_empty;
  if (shared == 0) return 0.0;
  switch (rule.measure) {
    case SetMeasure::jaccard:
      return static_cast<double>(shared) /
             static_cast<double>(std::uint64_t{size_a} + size_b - shared);
    case SetMeasure::containment:
      return static_cast<double>(shared) / static_cast<double>(std::min(size_a, size_b));
    case SetMeasure::share:
      return 1.0;
  }
  return 0.0;
}

std::unique_ptr<Similarity> make_set_similarity(TokenSets rows, std::optional<TokenSets> cols,
                                                SetRule rule) {
  constexpr std::uint32_t kMost = std::numeric_limits<std::uint16_t>::max();
  const std::size_t n_cols = cols ? cols->n_items() : rows.n_items();
  const auto make = [&]<typename Count, typename Item>(Count, Item) -> std::unique_ptr<Similarity> {
    return std::make_unique<SetSimilarity<Count, Item>>(std::move(rows), std::move(cols),
                                                        std::move(rule));
  };
  const bool small_sets = largest(rows) <= kMost;
  if (n_cols <= kMost) {
    return small_sets ? make(std::uint16_t{}, std::uint16_t{})
                      : make(std::uint32_t{}, std::uint16_t{});
  }
  return small_sets ? make(std::uint16_t{}, std::uint32_t{})
                    : make(std::uint32_t{}, std::uint32_t{});
}

}  // namespace cupel
