#include "similarity/edit_distance.hpp"

#include <edlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>

#include "cupel/error.hpp"

namespace cupel {
namespace {

class TextSimilarity : public Similarity {
 public:
  TextSimilarity(std::vector<std::string> rows, const std::vector<std::string>* cols,
                 std::string parameters)
      : rows_(std::move(rows)), parameters_(std::move(parameters)) {
    if (cols) own_cols_ = *cols;
  }
  std::string parameters() const override { return parameters_; }
  std::size_t n_rows() const noexcept override { return rows_.size(); }
  std::size_t n_cols() const noexcept override { return cols().size(); }
  bool is_symmetric() const noexcept override { return !own_cols_.has_value(); }
  void values(Range rows, Range cols_range, std::span<double> out) const override {
    std::size_t k = 0;
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      for (std::size_t j = cols_range.begin; j < cols_range.end; ++j, ++k) {
        out[k] = value(rows_[i], cols()[j]);
      }
    }
  }

 protected:
  virtual double value(const std::string& a, const std::string& b) const = 0;
  const std::vector<std::string>& cols() const noexcept { return own_cols_ ? *own_cols_ : rows_; }
  std::vector<std::string> rows_;
  std::optional<std::vector<std::string>> own_cols_;
  std::string parameters_;
};

double share_of_equal(std::size_t distance, std::size_t length) noexcept {
  if (length == 0) return 1.0;
  return 1.0 - static_cast<double>(distance) / static_cast<double>(length);
}

class Hamming final : public TextSimilarity {
 public:
  using TextSimilarity::TextSimilarity;
  std::string_view kind() const noexcept override { return "hamming"; }

 protected:
  double value(const std::string& a, const std::string& b) const override {
    if (a.size() != b.size()) return 0.0;
    std::size_t distance = 0;
    for (std::size_t k = 0; k < a.size(); ++k) distance += a[k] != b[k] ? 1 : 0;
    return share_of_equal(distance, a.size());
  }
};

/// How often each letter stands in a text, letters taken modulo 32 and counts up to 255: an edit
/// changes at most two counts by one, a substitution one up and one down. So with d1 = sum of
/// differences, at least (d1 + difference of lengths) / 2 edits lie between two texts.
using LetterCounts = std::array<std::uint8_t, 32>;

std::vector<LetterCounts> count_letters(const std::vector<std::string>& texts) {
  std::vector<LetterCounts> counts(texts.size(), LetterCounts{});
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (const char letter : texts[i]) {
      std::uint8_t& count = counts[i][static_cast<unsigned char>(letter) % 32U];
      if (count < 255) ++count;
    }
  }
  return counts;
}

std::uint32_t sum_of_differences(const LetterCounts& a, const LetterCounts& b) noexcept {
  std::uint32_t sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    sum += static_cast<std::uint32_t>(std::abs(int{a[k]} - int{b[k]}));
  }
  return sum;
}

class Edit final : public TextSimilarity {
 public:
  Edit(std::vector<std::string> rows, const std::vector<std::string>* cols, std::string parameters)
      : TextSimilarity(std::move(rows), cols, std::move(parameters)),
        row_counts_(count_letters(rows_)) {
    if (own_cols_) col_counts_ = count_letters(*own_cols_);
  }
  std::string_view kind() const noexcept override { return "edit"; }
  TileShape tile_shape() const noexcept override { return {.rows = 16, .cols = 256}; }

  void at_least(Range rows, Range cols_range, double threshold,
                std::vector<Hit>& out) const override {
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      for (std::size_t j = cols_range.begin; j < cols_range.end; ++j) {
        const std::string& a = rows_[i];
        const std::string& b = cols()[j];
        // Distances beyond this are below the threshold; one more, so that rounding loses none.
        const double length = static_cast<double>(std::max(a.size(), b.size()));
        const double furthest = std::floor((1.0 - threshold) * length) + 1.0;
        const double by_length =
            std::abs(static_cast<double>(a.size()) - static_cast<double>(b.size()));
        if (furthest < by_length) continue;
        const double by_letters = sum_of_differences(row_counts_[i], col_counts(j));
        if (2.0 * furthest < by_letters + (is_short(a) && is_short(b) ? by_length : 0.0)) continue;
        const auto limit = static_cast<int>(std::min(furthest, length));
        const int distance = levenshtein(a, b, limit);
        if (distance < 0) continue;
        const double similarity =
            share_of_equal(static_cast<std::size_t>(distance), std::max(a.size(), b.size()));
        if (similarity >= threshold) {
          out.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j), similarity});
        }
      }
    }
  }

 protected:
  /// -1 if it is above the limit; a limit of -1 is none.
  static int levenshtein(const std::string& a, const std::string& b, int limit) {
    const EdlibAlignResult result =
        edlibAlign(a.data(), static_cast<int>(a.size()), b.data(), static_cast<int>(b.size()),
                   edlibNewAlignConfig(limit, EDLIB_MODE_NW, EDLIB_TASK_DISTANCE, nullptr, 0));
    const int distance = result.editDistance;
    const bool failed = result.status != EDLIB_STATUS_OK;
    edlibFreeAlignResult(result);
    if (failed) fail(ErrorKind::internal, "edlib could not align two sequences");
    return distance;
  }

  const LetterCounts& col_counts(std::size_t j) const noexcept {
    return own_cols_ ? col_counts_[j] : row_counts_[j];
  }
  /// No count of letters can have met its limit.
  static bool is_short(const std::string& text) noexcept { return text.size() <= 255; }

  double value(const std::string& a, const std::string& b) const override {
    if (a.empty() || b.empty()) return share_of_equal(a.size() + b.size(), a.size() + b.size());
    return share_of_equal(static_cast<std::size_t>(levenshtein(a, b, -1)),
                          std::max(a.size(), b.size()));
  }

  std::vector<LetterCounts> row_counts_;
  std::vector<LetterCounts> col_counts_;
};

void require_equal_lengths(const std::vector<std::string>& rows,
                           const std::vector<std::string>* cols) {
  if (rows.empty()) return;
  const std::size_t length = rows.front().size();
  const auto check = [&](const std::vector<std::string>& texts) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (texts[i].size() == length) continue;
      fail_input("sequences of unequal length have no Hamming distance: item " +
                     std::to_string(i + 1) + " has " + std::to_string(texts[i].size()) +
                     " letters, the first one " + std::to_string(length),
                 {.value = texts[i].substr(0, 60)},
                 "align them first, use the kind edit or global-identity, or give the option "
                 "unequal=zero");
    }
  };
  check(rows);
  if (cols) check(*cols);
}

}  // namespace

std::unique_ptr<Similarity> make_hamming(std::vector<std::string> rows,
                                         const std::vector<std::string>* cols,
                                         UnequalLengths unequal, std::string parameters) {
  if (unequal == UnequalLengths::error) require_equal_lengths(rows, cols);
  return std::make_unique<Hamming>(std::move(rows), cols, std::move(parameters));
}

std::unique_ptr<Similarity> make_edit(std::vector<std::string> rows,
                                      const std::vector<std::string>* cols,
                                      std::string parameters) {
  return std::make_unique<Edit>(std::move(rows), cols, std::move(parameters));
}

}  // namespace cupel
