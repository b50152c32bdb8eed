#include "similarity/fingerprint.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "cupel/error.hpp"

namespace cupel {
namespace {

/// Far above the rounding of floats as large as the number of bits.
float slack_for(std::size_t n_bits) noexcept {
  return 1.0F / 64.0F + 1e-6F * static_cast<float>(n_bits);
}

/// A fingerprint folded to 512 bits.
using Folded = std::uint32_t[kFoldWords];

void fold(std::span<const std::uint64_t> row, Folded& out) noexcept {
  std::fill(std::begin(out), std::end(out), 0U);
  for (std::size_t w = 0; w < row.size(); ++w) {
    out[w % 8 * 2] |= static_cast<std::uint32_t>(row[w]);
    out[w % 8 * 2 + 1] |= static_cast<std::uint32_t>(row[w] >> 32);
  }
}

std::uint32_t ones_of(const Folded& bits) noexcept {
  std::uint32_t sum = 0;
  for (const std::uint32_t word : bits) sum += static_cast<std::uint32_t>(__builtin_popcount(word));
  return sum;
}

/// Fingerprints, their ones, and their folded form in groups as the screen wants it.
struct Side {
  PackedBits bits;
  std::vector<std::uint32_t> ones;
  std::vector<std::uint32_t> groups;
  std::vector<float> lost;  ///< ones lost in folding
  std::vector<float> size;  ///< ones, or their root for the cosine

  Side(PackedBits from, const BitKernels& kernels) : bits(std::move(from)), ones(bits.rows) {
    kernels.ones(bits.words.data(), bits.rows, bits.n_words, ones.data());
  }

  void add_groups(BitMeasure measure) {
    const std::size_t n_groups = (bits.rows + kFoldLanes - 1) / kFoldLanes;
    groups.assign(n_groups * kFoldWords * kFoldLanes, 0);
    lost.assign(n_groups * kFoldLanes, 0.0F);
    size.assign(n_groups * kFoldLanes, 0.0F);
    for (std::size_t i = 0; i < bits.rows; ++i) {
      Folded folded;
      fold(bits.row(i), folded);
      const std::size_t lane = i % kFoldLanes;
      std::uint32_t* group = groups.data() + i / kFoldLanes * kFoldWords * kFoldLanes;
      for (std::size_t w = 0; w < kFoldWords; ++w) group[w * kFoldLanes + lane] = folded[w];
      lost[i] = static_cast<float>(ones[i] - ones_of(folded));
      const auto count = static_cast<float>(ones[i]);
      size[i] = measure == BitMeasure::cosine ? std::sqrt(count) : count;
    }
  }

  void copy_folded(std::size_t item, std::uint32_t* out) const noexcept {
    const std::uint32_t* group = groups.data() + item / kFoldLanes * kFoldWords * kFoldLanes;
    for (std::size_t w = 0; w < kFoldWords; ++w) out[w] = group[w * kFoldLanes + item % kFoldLanes];
  }
};

/// Values of a row of counts, without branches so that the compiler can vectorise them. Where the
/// denominator is 0, so is the count.
template <BitMeasure kMeasure>
double value_of(double a, double b, double c) noexcept {
  if constexpr (kMeasure == BitMeasure::dice) return 2.0 * c / std::max(a + b, 1.0);
  if constexpr (kMeasure == BitMeasure::cosine) return c / std::sqrt(std::max(a * b, 1.0));
  if constexpr (kMeasure == BitMeasure::euclid) return 2.0 * c - (a + b);
  return c / std::max(a + b - c, 1.0);
}

template <BitMeasure kMeasure>
void fill_row(double a, std::span<const std::uint32_t> common, const std::uint32_t* ones,
              std::span<double> out) noexcept {
  for (std::size_t j = 0; j < common.size(); ++j) {
    // Counts are below 2^31, and conversions from signed integers are one instruction.
    out[j] = value_of<kMeasure>(a, static_cast<std::int32_t>(ones[j]),
                                static_cast<std::int32_t>(common[j]));
  }
}

void fill(BitMeasure measure, double a, std::span<const std::uint32_t> common,
          const std::uint32_t* ones, std::span<double> out) noexcept {
  switch (measure) {
    case BitMeasure::dice:
      return fill_row<BitMeasure::dice>(a, common, ones, out);
    case BitMeasure::cosine:
      return fill_row<BitMeasure::cosine>(a, common, ones, out);
    case BitMeasure::euclid:
      return fill_row<BitMeasure::euclid>(a, common, ones, out);
    case BitMeasure::tanimoto:
      break;
  }
  fill_row<BitMeasure::tanimoto>(a, common, ones, out);
}

/// Appends the items of `cols` whose bit is set in the masks of groups from item `first` on.
void add_passed(std::span<const std::uint16_t> masks, std::size_t first, Range cols,
                std::vector<std::uint32_t>& items) {
  constexpr std::size_t kAtOnce = sizeof(std::uint64_t) / sizeof(std::uint16_t);
  for (std::size_t g = 0; g < masks.size();) {
    if (g + kAtOnce <= masks.size()) {  // few pass: most words are 0
      std::uint64_t word = 0;
      std::memcpy(&word, masks.data() + g, sizeof(word));
      if (word == 0) {
        g += kAtOnce;
        continue;
      }
    }
    for (unsigned left = masks[g]; left != 0; left &= left - 1) {
      const std::size_t item =
          first + g * kFoldLanes + static_cast<std::size_t>(__builtin_ctz(left));
      if (item >= cols.begin && item < cols.end) items.push_back(static_cast<std::uint32_t>(item));
    }
    ++g;
  }
}

class FingerprintSimilarity final : public Similarity {
 public:
  FingerprintSimilarity(PackedBits rows, std::unique_ptr<PackedBits> cols,
                        const FingerprintOptions& options)
      : options_(options),
        kernels_(options.kernels != nullptr ? *options.kernels : bit_kernels()),
        rows_(std::move(rows), kernels_) {
    if (cols != nullptr) {
      if (cols->n_bits != rows_.bits.n_bits) {
        fail_input("the two sets of fingerprints have " + std::to_string(rows_.bits.n_bits) +
                       " and " + std::to_string(cols->n_bits) + " bits",
                   {}, "compute both with the same method and length");
      }
      cols_ = std::make_unique<Side>(std::move(*cols), kernels_);
    }
    rows_.add_groups(options_.measure);
    if (cols_) cols_->add_groups(options_.measure);
  }

  [[nodiscard]] std::string_view kind() const noexcept override { return options_.kind; }
  [[nodiscard]] std::string parameters() const override { return options_.parameters; }
  [[nodiscard]] std::size_t n_rows() const noexcept override { return rows_.bits.rows; }
  [[nodiscard]] std::size_t n_cols() const noexcept override { return cols().bits.rows; }
  [[nodiscard]] bool is_symmetric() const noexcept override { return cols_ == nullptr; }
  [[nodiscard]] std::string instruction_set() const override {
    return std::string(to_string(kernels_.set));
  }
  [[nodiscard]] bool screens() const noexcept override { return true; }

  void values(Range rows, Range cols, std::span<double> out) const override {
    std::vector<std::uint32_t> common(rows.size() * cols.size());
    kernels_.common(rows_.bits.row(rows.begin).data(), rows.size(),
                    this->cols().bits.row(cols.begin).data(), cols.size(), rows_.bits.n_words,
                    common.data());
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      const std::size_t first = (i - rows.begin) * cols.size();
      const std::span counts(common.data() + first, cols.size());
      fill(options_.measure, rows_.ones[i], counts, this->cols().ones.data() + cols.begin,
           out.subspan(first, cols.size()));
    }
  }

  void at_least(Range rows, Range cols, double threshold, std::vector<Hit>& out) const override {
    const std::vector<double> thresholds(rows.size(), threshold);
    at_least_each(rows, cols, thresholds, out);
  }

  void at_least_each(Range rows, Range cols, std::span<const double> thresholds,
                     std::vector<Hit>& out) const override;

 private:
  /// What the screen and the exact test need of one row.
  struct RowTest {
    float slope = 0.0F;
    float need = 0.0F;
    double threshold = 0.0;
  };

  [[nodiscard]] const Side& cols() const noexcept { return cols_ ? *cols_ : rows_; }

  [[nodiscard]] RowTest row_test(std::size_t row, double threshold) const noexcept {
    const double t = std::clamp(threshold, 0.0, 2.0);  // every value is at least 0 and at most 1
    const double a = rows_.ones[row];
    RowTest test{.threshold = threshold};
    const float slack = slack_for(rows_.bits.n_bits);
    if (options_.measure == BitMeasure::euclid) {  // 2 c >= a + b + threshold
      const double lowest = -2.0 * static_cast<double>(rows_.bits.n_bits);
      test.slope = 0.5F;
      test.need = static_cast<float>(0.5 * (a + std::clamp(threshold, lowest, 1.0))) - slack;
    } else if (a == 0.0 && threshold > 0.0) {
      test.need = std::numeric_limits<float>::infinity();  // similar to nothing
    } else if (options_.measure == BitMeasure::cosine) {
      test.slope = static_cast<float>(t * std::sqrt(a));
      test.need = -slack;
    } else {
      const double slope = options_.measure == BitMeasure::dice ? t / 2.0 : t / (1.0 + t);
      test.slope = static_cast<float>(slope);
      test.need = static_cast<float>(slope * a) - slack;
    }
    return test;
  }

  void add_hits(std::size_t row, const RowTest& test, std::span<const std::uint32_t> candidates,
                std::vector<std::uint32_t>& counts, std::vector<Hit>& out) const;
  void add_hits_of_all(std::size_t row, const RowTest& test, Range cols,
                       std::vector<std::uint32_t>& counts, std::vector<Hit>& out) const;

  FingerprintOptions options_;
  const BitKernels& kernels_;
  Side rows_;
  std::unique_ptr<Side> cols_;
};

void FingerprintSimilarity::at_least_each(Range rows, Range cols,
                                          std::span<const double> thresholds,
                                          std::vector<Hit>& out) const {
  const Side& items = this->cols();
  const Range groups{cols.begin / kFoldLanes, (cols.end + kFoldLanes - 1) / kFoldLanes};
  std::vector<RowTest> tests(rows.size());
  std::vector<float> need(rows.size());
  std::vector<float> slope(rows.size());
  std::vector<std::uint32_t> folded(rows.size() * kFoldWords);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows_.copy_folded(rows.begin + i, folded.data() + i * kFoldWords);
    tests[i] = row_test(rows.begin + i, thresholds[i]);
    slope[i] = tests[i].slope;
    need[i] = tests[i].need;
  }
  std::vector<std::uint16_t> passed(rows.size() * groups.size());
  kernels_.screen({.rows = folded.data(),
                   .row_need = need.data(),
                   .row_slope = slope.data(),
                   .row_lost = rows_.lost.data() + rows.begin,
                   .n_rows = rows.size(),
                   .groups = items.groups.data() + groups.begin * kFoldWords * kFoldLanes,
                   .col_lost = items.lost.data() + groups.begin * kFoldLanes,
                   .col_factor = items.size.data() + groups.begin * kFoldLanes,
                   .n_groups = groups.size(),
                   .passed = passed.data()});
  std::vector<std::uint32_t> candidates;
  std::vector<std::uint32_t> counts;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    candidates.clear();
    add_passed({passed.data() + i * groups.size(), groups.size()}, groups.begin * kFoldLanes, cols,
               candidates);
    if (candidates.size() * 3 > cols.size()) {
      add_hits_of_all(rows.begin + i, tests[i], cols, counts, out);
    } else {
      add_hits(rows.begin + i, tests[i], candidates, counts, out);
    }
  }
}

void FingerprintSimilarity::add_hits(std::size_t row, const RowTest& test,
                                     std::span<const std::uint32_t> candidates,
                                     std::vector<std::uint32_t>& counts,
                                     std::vector<Hit>& out) const {
  counts.resize(candidates.size());
  kernels_.common_of_list(rows_.bits.row(row).data(), cols().bits.words.data(), rows_.bits.n_words,
                          candidates.data(), candidates.size(), counts.data());
  for (std::size_t k = 0; k < candidates.size(); ++k) {
    const std::uint32_t col = candidates[k];
    if (static_cast<float>(counts[k]) < test.need + test.slope * cols().size[col]) continue;
    const double value =
        bit_similarity(options_.measure, rows_.ones[row], cols().ones[col], counts[k]);
    if (value >= test.threshold) out.push_back({static_cast<std::uint32_t>(row), col, value});
  }
}

void FingerprintSimilarity::add_hits_of_all(std::size_t row, const RowTest& test, Range cols,
                                            std::vector<std::uint32_t>& counts,
                                            std::vector<Hit>& out) const {
  const Side& items = this->cols();
  counts.resize(cols.size());
  kernels_.common(rows_.bits.row(row).data(), 1, items.bits.row(cols.begin).data(), cols.size(),
                  rows_.bits.n_words, counts.data());
  for (std::size_t k = 0; k < cols.size(); ++k) {
    const std::size_t col = cols.begin + k;
    if (static_cast<float>(counts[k]) < test.need + test.slope * items.size[col]) continue;
    const double value =
        bit_similarity(options_.measure, rows_.ones[row], items.ones[col], counts[k]);
    if (value >= test.threshold) {
      out.push_back({static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(col), value});
    }
  }
}

}  // namespace

std::string_view to_string(BitMeasure measure) noexcept {
  switch (measure) {
    case BitMeasure::dice:
      return "dice";
    case BitMeasure::cosine:
      return "cosine";
    case BitMeasure::euclid:
      return "euclid";
    case BitMeasure::tanimoto:
      break;
  }
  return "tanimoto";
}

double bit_similarity(BitMeasure measure, std::uint32_t ones_x, std::uint32_t ones_y,
                      std::uint32_t common) noexcept {
  const double a = ones_x;
  const double b = ones_y;
  const double c = common;
  switch (measure) {
    case BitMeasure::dice:
      return value_of<BitMeasure::dice>(a, b, c);
    case BitMeasure::cosine:
      return value_of<BitMeasure::cosine>(a, b, c);
    case BitMeasure::euclid:
      return value_of<BitMeasure::euclid>(a, b, c);
    case BitMeasure::tanimoto:
      break;
  }
  return value_of<BitMeasure::tanimoto>(a, b, c);
}

std::unique_ptr<Similarity> fingerprint_similarity(PackedBits rows,
                                                   std::unique_ptr<PackedBits> cols,
                                                   const FingerprintOptions& options) {
  return std::make_unique<FingerprintSimilarity>(std::move(rows), std::move(cols), options);
}

}  // namespace cupel
