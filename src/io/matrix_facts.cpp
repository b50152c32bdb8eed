#include "io/matrix_facts.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <span>

#include "base/parallel.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{64} << 20;

double median(std::vector<double> values) {
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2.0;
}

// First and one past the last value of a row of the block.
template <typename V>
std::pair<std::size_t, std::size_t> row_range(const CellBlock<V>& block, std::size_t row) {
  if (block.is_sparse) {
    return {static_cast<std::size_t>(block.row_begin[row]),
            static_cast<std::size_t>(block.row_begin[row + 1])};
  }
  return {row * block.n_cols, (row + 1) * block.n_cols};
}

/// One cell: x / sum * target, then log1p, in double; equal shares of cells stay equal numbers.
/// Most values of a cell are the same few small counts, whose results are kept.
template <typename V>
class RowTransform {
 public:
  RowTransform(const CellTransform& transform, double target)
      : target_(target), log1p_(transform.log1p) {}

  void run(std::span<V> values) {
    double sum = 0.0;
    if (target_ > 0.0) {
      for (const V value : values) sum += static_cast<double>(value);
    }
    known_.fill(V{-1});
    for (V& value : values) value = of(value, sum);
  }

 private:
  static constexpr std::size_t kKnown = 64;

  V of(V value, double sum) {
    if (!(value >= V{0} && value < V{kKnown})) return computed(value, sum);
    const auto count = static_cast<std::size_t>(value);
    if (static_cast<V>(count) != value) return computed(value, sum);
    if (known_[count] < V{0}) known_[count] = computed(value, sum);
    return known_[count];
  }
  V computed(V value, double sum) const {
    double result = static_cast<double>(value);
    if (sum != 0.0) result = result / sum * target_;
    return static_cast<V>(log1p_ ? std::log1p(result) : result);
  }

  double target_;
  bool log1p_;
  std::array<V, kKnown> known_{};
};

template <typename V>
void apply_to(const CellTransform& transform, double median_target, CellBlock<V>& block,
              const Context& context) {
  if (transform.is_identity()) return;
  constexpr std::size_t kRows = 256;
  const double target = transform.median_target ? median_target : transform.target_sum;
  parallel_for(context, (block.n_rows + kRows - 1) / kRows, [&](std::size_t part) {
    RowTransform<V> row_transform(transform, target);
    const std::size_t last = std::min(block.n_rows, (part + 1) * kRows);
    for (std::size_t row = part * kRows; row < last; ++row) {
      const auto [begin, end] = row_range(block, row);
      row_transform.run(std::span(block.values).subspan(begin, end - begin));
    }
  });
}

}  // namespace

MatrixFacts measure(const CellMatrix& matrix, std::size_t max_rows, const Context& context) {
  MatrixFacts facts;
  facts.min = std::numeric_limits<double>::infinity();
  facts.max = -facts.min;
  std::vector<double> sums;
  std::vector<double> expm1_sums;
  std::vector<std::uint8_t> seen(matrix.info().cols, 0);
  const auto look = [&](double value, std::size_t column, double& sum, double& expm1_sum) {
    if (std::isnan(value)) {
      ++facts.n_nan;
      return;
    }
    if (std::isinf(value)) {
      ++facts.n_infinite;
      return;
    }
    facts.min = std::min(facts.min, value);
    facts.max = std::max(facts.max, value);
    if (value == 0.0) return;
    ++facts.n_nonzero;
    seen[column] = 1;
    if (value < 0.0) ++facts.n_negative;
    if (std::abs(value - std::round(value)) > 1e-3) ++facts.n_fractional;
    sum += value;
    expm1_sum += std::expm1(value);
  };
  matrix.stream({.memory_bytes = kBlockBytes, .n_rows = max_rows}, context,
                std::function<void(CellBlock<double>&)>([&](CellBlock<double>& block) {
                  for (std::size_t row = 0; row < block.n_rows; ++row) {
                    const auto [begin, end] = row_range(block, row);
                    double sum = 0.0;
                    double expm1_sum = 0.0;
                    for (std::size_t i = begin; i < end; ++i) {
                      look(block.values[i], block.is_sparse ? block.columns[i] : i - begin, sum,
                           expm1_sum);
                    }
                    if (end - begin < block.n_cols) {
                      facts.min = std::min(facts.min, 0.0);
                      facts.max = std::max(facts.max, 0.0);
                    }
                    if (sum == 0.0) ++facts.n_empty_rows;
                    sums.push_back(sum);
                    expm1_sums.push_back(expm1_sum);
                  }
                  facts.n_rows += block.n_rows;
                }));
  if (!std::isfinite(facts.min)) facts.min = facts.max = 0.0;
  for (const auto column : seen) facts.n_empty_columns += column == 0 ? 1 : 0;
  if (!sums.empty()) {
    facts.smallest_row_sum = *std::ranges::min_element(sums);
    facts.largest_row_sum = *std::ranges::max_element(sums);
    facts.smallest_expm1_sum = *std::ranges::min_element(expm1_sums);
    facts.largest_expm1_sum = *std::ranges::max_element(expm1_sums);
    facts.median_row_sum = median(std::move(sums));
    facts.median_expm1_sum = median(std::move(expm1_sums));
  }
  return facts;
}

std::string_view to_string(Scale scale) noexcept {
  switch (scale) {
    case Scale::unknown:
      return "unknown";
    case Scale::counts:
      return "counts";
    case Scale::normalized:
      return "normalized";
    case Scale::log1p:
      return "log1p";
  }
  return "?";
}

Scale parse_scale(std::string_view text) {
  for (const Scale scale : {Scale::counts, Scale::normalized, Scale::log1p}) {
    if (to_string(scale) == text) return scale;
  }
  fail(ErrorKind::usage, "\"" + std::string(text) + "\" is no scale", {},
       "counts, normalized (scaled, not logarithmic) or log1p");
}

ScaleGuess looks_like(const MatrixFacts& facts) {
  if (facts.n_nonzero == 0) return {Scale::unknown, "all values are zero"};
  if (facts.n_negative > 0) {
    return {Scale::unknown, std::to_string(facts.n_negative) + " values are negative"};
  }
  if (facts.n_nan + facts.n_infinite > 0) {
    return {Scale::unknown,
            std::to_string(facts.n_nan + facts.n_infinite) + " values are not finite"};
  }
  if (facts.n_fractional == 0) return {Scale::counts, "all values are whole numbers"};
  if (facts.max >= 15.0) {
    return {Scale::normalized, "values are fractional and reach " + format_double(facts.max)};
  }
  return {Scale::log1p,
          "values are fractional, none is negative, the largest is " + format_double(facts.max)};
}

std::string CellTransform::text() const {
  std::string words;
  if (median_target) words = "normalize_total median";
  if (!median_target && target_sum > 0.0) words = "normalize_total " + format_double(target_sum);
  if (log1p) words += words.empty() ? "log1p" : ", log1p";
  return words.empty() ? "none" : words;
}

CellTransform parse_transform(std::string_view normalize, bool log1p) {
  CellTransform transform{.log1p = log1p};
  if (normalize.empty() || normalize == "none") return transform;
  if (normalize == "median") {
    transform.median_target = true;
    return transform;
  }
  double target = 0.0;
  const char* end = normalize.data() + normalize.size();
  const auto read = std::from_chars(normalize.data(), end, target);
  if (read.ec != std::errc{} || read.ptr != end || !(target > 0.0) || !std::isfinite(target)) {
    fail(ErrorKind::usage, "\"" + std::string(normalize) + "\" is no sum to scale cells to", {},
         "none, median, or a number such as 10000");
  }
  transform.target_sum = target;
  return transform;
}

void apply(const CellTransform& transform, double median, CellBlock<float>& block,
           const Context& context) {
  apply_to(transform, median, block, context);
}
void apply(const CellTransform& transform, double median, CellBlock<double>& block,
           const Context& context) {
  apply_to(transform, median, block, context);
}

double median_sum(const CellMatrix& matrix, const Context& context) {
  std::vector<double> sums;
  matrix.stream({.memory_bytes = kBlockBytes}, context,
                std::function<void(CellBlock<double>&)>([&](CellBlock<double>& block) {
                  for (std::size_t row = 0; row < block.n_rows; ++row) {
                    const auto [begin, end] = row_range(block, row);
                    double sum = 0.0;
                    for (std::size_t i = begin; i < end; ++i) sum += block.values[i];
                    if (sum > 0.0) sums.push_back(sum);
                  }
                }));
  return median(std::move(sums));
}

}  // namespace cupel
