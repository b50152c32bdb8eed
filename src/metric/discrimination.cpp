#include "metric/discrimination.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "base/parallel.hpp"
#include "cupel/error.hpp"
#include "simd/blas.hpp"
#include "simd/distance_kernels.hpp"

namespace cupel {
namespace {

constexpr std::size_t kRowBlock = 64;
constexpr std::size_t kColBlock = 512;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kFloatUnit = 1.0 / 16777216.0;
constexpr double kDoubleUnit = std::numeric_limits<double>::epsilon() / 2.0;

bool is_finite(std::span<const double> values) noexcept {
  return std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
}

/// Sum of term(g) over [0, n) in eight lanes: the same bits wherever it is asked for.
template <typename Term>
double sum_of(std::size_t n, Term term) noexcept {
  double lanes[8] = {};
  std::size_t g = 0;
  for (; g + 8 <= n; g += 8) {
    for (std::size_t l = 0; l < 8; ++l) lanes[l] += term(g + l);
  }
  for (; g < n; ++g) lanes[g % 8] += term(g);
  return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) +
         ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}

/// The same without the terms of `excluded` (ascending).
template <typename Term>
double sum_without(std::size_t n, std::span<const std::uint32_t> excluded, Term term) noexcept {
  double total = 0.0;
  std::size_t begin = 0;
  for (const std::uint32_t gene : excluded) {
    total += sum_of(gene - begin, [&](std::size_t g) { return term(begin + g); });
    begin = gene + std::size_t{1};
  }
  return total + sum_of(n - begin, [&](std::size_t g) { return term(begin + g); });
}

Matrix<double> without_columns(const Matrix<double>& x, std::span<const std::uint32_t> kept) {
  Matrix<double> out(x.rows, kept.size());
  for (std::size_t i = 0; i < x.rows; ++i) {
    for (std::size_t g = 0; g < kept.size(); ++g) out(i, g) = x(i, kept[g]);
  }
  return out;
}

/// Everything that does not depend on the pair.
struct Side {
  const Matrix<double>& x;
  std::vector<double> squares;  ///< per row
};

Side make_side(const Matrix<double>& x) {
  Side side{.x = x, .squares = std::vector<double>(x.rows)};
  for (std::size_t i = 0; i < x.rows; ++i) {
    const auto row = x.row(i);
    side.squares[i] = sum_of(x.cols, [&](std::size_t g) { return row[g] * row[g]; });
  }
  return side;
}

/// Rows as floats around `shift`, padded with zeros; with the sums that turn maxima into distances.
struct FloatRows {
  std::vector<float> values;
  std::vector<double> sum;
  std::vector<double> absolute;

  void fill(const Matrix<double>& x, std::size_t first, std::size_t n,
            std::span<const double> shift, std::size_t stride) {
    values.assign(n * stride, 0.0F);
    sum.assign(n, 0.0);
    absolute.assign(n, 0.0);
    for (std::size_t i = 0; i < n; ++i) fill_row(i, x.row(first + i), shift, stride);
  }
  void fill_row(std::size_t i, std::span<const double> row, std::span<const double> shift,
                std::size_t stride) noexcept {
    float* out = values.data() + i * stride;
    for (std::size_t g = 0; g < row.size(); ++g) out[g] = static_cast<float>(row[g] - shift[g]);
    const auto n = row.size();
    sum[i] = sum_of(n, [&](std::size_t g) { return static_cast<double>(out[g]); });
    absolute[i] = sum_of(n, [&](std::size_t g) { return std::abs(static_cast<double>(out[g])); });
  }
};

/// What the excluded genes of a row take away from its sums with a block of true rows.
struct Correction {
  std::vector<double> absolute;
  std::vector<double> squared;
  std::vector<double> product;
  std::vector<double> squares_of_truth;

  void fill(std::span<const double> row, const Matrix<double>& truth, std::size_t first,
            std::size_t n, std::span<const std::uint32_t> excluded) {
    for (auto* part : {&absolute, &squared, &product, &squares_of_truth}) part->assign(n, 0.0);
    for (const std::uint32_t gene : excluded) {
      for (std::size_t j = 0; j < n; ++j) {
        const double other = truth(first + j, gene);
        absolute[j] += std::abs(row[gene] - other);
        squared[j] += (row[gene] - other) * (row[gene] - other);
        product[j] += row[gene] * other;
        squares_of_truth[j] += other * other;
      }
    }
  }
};

class Discriminator {
 public:
  Discriminator(const Matrix<double>& predicted, const Matrix<double>& truth,
                std::vector<std::vector<std::uint32_t>> excluded,
                std::span<const std::uint32_t> own, std::span<const ProfileDistance> distances,
                double tie_tolerance)
      : predicted_(make_side(predicted)),
        truth_(make_side(truth)),
        excluded_(std::move(excluded)),
        own_(own),
        distances_(distances),
        tie_tolerance_(tie_tolerance),
        results_(distances.size(), std::vector<DiscriminationRow>(predicted.rows)) {}

  std::vector<std::vector<DiscriminationRow>> run(const Context& context) {
    parallel_for(context, predicted_.x.rows, [&](std::size_t i) { start_row(i); });
    const bool needs_sums = std::ranges::count(distances_, ProfileDistance::l1) > 0;
    const bool needs_products =
        std::ranges::any_of(distances_, [](auto d) { return d != ProfileDistance::l1; });
    if (needs_sums) make_shift();
    const std::size_t n_row_blocks = (predicted_.x.rows + kRowBlock - 1) / kRowBlock;
    for (std::size_t first = 0; first < truth_.x.rows; first += kColBlock) {
      const std::size_t n_cols = std::min(kColBlock, truth_.x.rows - first);
      FloatRows cols;
      if (needs_sums) cols.fill(truth_.x, first, n_cols, shift_, stride());
      parallel_for(context, n_row_blocks, [&](std::size_t block) {
        compare(block * kRowBlock, first, n_cols, needs_sums, needs_products, cols);
      });
    }
    return std::move(results_);
  }

 private:
  [[nodiscard]] std::size_t stride() const noexcept {
    return (truth_.x.cols + kDistanceLanes - 1) / kDistanceLanes * kDistanceLanes;
  }
  [[nodiscard]] std::span<const std::uint32_t> excluded(std::size_t i) const noexcept {
    if (excluded_.empty()) return {};
    return excluded_[i];
  }
  [[nodiscard]] std::size_t own(std::size_t i) const noexcept { return own_.empty() ? i : own_[i]; }

  /// Manhattan distances do not change with a common shift; floats around the mean lose less.
  void make_shift() {
    shift_.assign(truth_.x.cols, 0.0);
    for (std::size_t i = 0; i < truth_.x.rows; ++i) {
      const auto row = truth_.x.row(i);
      for (std::size_t g = 0; g < row.size(); ++g) shift_[g] += row[g];
    }
    for (double& value : shift_) value /= static_cast<double>(truth_.x.rows);
  }

  void start_row(std::size_t i) {
    const bool is_defined = is_finite(predicted_.x.row(i));
    for (std::size_t d = 0; d < distances_.size(); ++d) {
      DiscriminationRow& row = results_[d][i];
      row.n_others = static_cast<std::uint32_t>(truth_.x.rows - 1);
      row.own_distance = is_defined ? profile_distance(distances_[d], predicted_.x.row(i),
                                                       truth_.x.row(own(i)), excluded(i))
                                    : kNaN;
    }
  }

  void compare(std::size_t first_row, std::size_t first_col, std::size_t n_cols, bool needs_sums,
               bool needs_products, const FloatRows& cols) {
    const std::size_t n_rows = std::min(kRowBlock, predicted_.x.rows - first_row);
    const std::size_t n_genes = truth_.x.cols;
    std::vector<double> sums;
    std::vector<double> products;
    FloatRows rows;
    if (needs_sums) {
      rows.fill(predicted_.x, first_row, n_rows, shift_, stride());
      sums.resize(n_rows * n_cols);
      distance_kernels().max_sums({.rows = rows.values.data(),
                                   .n_rows = n_rows,
                                   .cols = cols.values.data(),
                                   .n_cols = n_cols,
                                   .n = stride(),
                                   .sums = sums.data()});
    }
    if (needs_products && n_genes > 0) {
      products.resize(n_rows * n_cols);
      blas::multiply(n_rows, n_cols, n_genes, 1.0, predicted_.x.row(first_row).data(), false,
                     truth_.x.row(first_col).data(), true, 0.0, products.data());
    }
    Correction correction;
    for (std::size_t r = 0; r < n_rows; ++r) {
      const std::size_t i = first_row + r;
      correction.fill(predicted_.x.row(i), truth_.x, first_col, n_cols, excluded(i));
      for (std::size_t d = 0; d < distances_.size(); ++d) {
        if (!std::isfinite(results_[d][i].own_distance)) continue;
        for (std::size_t j = 0; j < n_cols; ++j) {
          if (first_col + j == own(i)) continue;
          const std::size_t pair = r * n_cols + j;
          Bounded estimate;
          if (distances_[d] == ProfileDistance::l1) {
            estimate.value = 2.0 * sums[pair] - rows.sum[r] - cols.sum[j] - correction.absolute[j];
            // Twice the error of the sums of maxima, and the rounding to float of both rows.
            estimate.error =
                (2.0 * kMaxSumError + 4.0 * kFloatUnit) * (rows.absolute[r] + cols.absolute[j]);
          } else {
            const double product = n_genes == 0 ? 0.0 : products[pair];
            estimate = distances_[d] == ProfileDistance::l2
                           ? euclidean(product, i, first_col + j, correction.squared[j])
                           : cosine(product - correction.product[j], i, first_col + j,
                                    correction.squares_of_truth[j]);
          }
          count(results_[d][i], distances_[d], estimate, i, first_col + j);
        }
      }
    }
  }

  struct Bounded {
    double value = 0.0;
    double error = std::numeric_limits<double>::infinity();
  };

  /// Squared distance; the error bound of a sum of products is n units of the product of the norms.
  [[nodiscard]] Bounded euclidean(double product, std::size_t i, std::size_t j,
                                  double excluded) const noexcept {
    const double squares = predicted_.squares[i] + truth_.squares[j];
    return {.value = squares - 2.0 * product - excluded,
            .error = 3.0 * (static_cast<double>(truth_.x.cols) + 8.0) * kDoubleUnit * squares};
  }

  [[nodiscard]] Bounded cosine(double product, std::size_t i, std::size_t j,
                               double excluded) const noexcept {
    double mine = predicted_.squares[i];
    const auto row = predicted_.x.row(i);
    for (const std::uint32_t gene : this->excluded(i)) mine -= row[gene] * row[gene];
    const double other = truth_.squares[j] - excluded;
    // Where the excluded genes are nearly all there is, the differences say little.
    if (!(mine > 1e-3 * predicted_.squares[i]) || !(other > 1e-3 * truth_.squares[j])) return {};
    return {.value = 1.0 - product / std::sqrt(mine * other),
            .error = 4e3 * (static_cast<double>(truth_.x.cols) + 8.0) * kDoubleUnit *
                     (this->excluded(i).empty() ? 1e-3 : 1.0)};
  }

  void count(DiscriminationRow& row, ProfileDistance distance, Bounded estimate, std::size_t i,
             std::size_t j) const {
    const double tie =
        distance == ProfileDistance::cosine ? tie_tolerance_ : tie_tolerance_ * row.own_distance;
    const double low = row.own_distance - tie;
    const double high = row.own_distance + tie;
    const bool is_squared = distance == ProfileDistance::l2;
    if (estimate.value - estimate.error > (is_squared ? high * high : high)) return;
    if (low > 0.0 && estimate.value + estimate.error < (is_squared ? low * low : low)) {
      ++row.n_closer;
      return;
    }
    const double exact =
        profile_distance(distance, predicted_.x.row(i), truth_.x.row(j), excluded(i));
    if (exact < low) {
      ++row.n_closer;
    } else if (exact <= high) {
      ++row.n_equal;
      row.n_equal_before += j < own(i) ? 1 : 0;
    }
  }

  Side predicted_;
  Side truth_;
  std::vector<std::vector<std::uint32_t>> excluded_;
  std::span<const std::uint32_t> own_;
  std::span<const ProfileDistance> distances_;
  double tie_tolerance_;
  std::vector<double> shift_;
  std::vector<std::vector<DiscriminationRow>> results_;
};

void check(const Matrix<double>& predicted, const Matrix<double>& truth,
           const DiscriminationOptions& options) {
  const auto bad = [](const std::string& what) { fail(ErrorKind::input, what); };
  if (predicted.cols != truth.cols) bad("predicted and true profiles have different genes");
  if (options.own.empty() && predicted.rows > truth.rows) {
    bad("more predicted than true profiles");
  }
  if (!options.own.empty() && options.own.size() != predicted.rows) {
    bad("one true profile per predicted profile is needed");
  }
  for (const std::uint32_t row : options.own) {
    if (row >= truth.rows) bad("a predicted profile has no true profile");
  }
  if (!options.excluded.empty() && options.excluded.size() != predicted.rows) {
    bad("one list of excluded genes per predicted profile is needed");
  }
  if (!is_finite(truth.values)) {
    fail(ErrorKind::input, "a true profile has values that are not finite", {},
         "leave out the genes or perturbations without a profile");
  }
}

/// Numbers of the kept columns, and the excluded genes among them, ascending.
struct Columns {
  std::vector<std::uint32_t> kept;
  std::vector<std::vector<std::uint32_t>> excluded;
};

Columns make_columns(std::size_t n_genes, const DiscriminationOptions& options) {
  std::vector<std::uint8_t> is_left_out(n_genes, 0);
  for (const std::uint32_t gene : options.panel) is_left_out.at(gene) = 1;
  Columns columns;
  std::vector<std::uint32_t> number(n_genes, 0);
  for (std::uint32_t g = 0; g < n_genes; ++g) {
    number[g] = static_cast<std::uint32_t>(columns.kept.size());
    if (is_left_out[g] == 0) columns.kept.push_back(g);
  }
  for (const auto& genes : options.excluded) {
    auto& mine = columns.excluded.emplace_back();
    for (const std::uint32_t gene : genes) {
      if (is_left_out.at(gene) == 0) mine.push_back(number[gene]);
    }
    std::ranges::sort(mine);
    mine.erase(std::ranges::unique(mine).begin(), mine.end());
  }
  return columns;
}

}  // namespace

std::string_view to_string(ProfileDistance distance) noexcept {
  switch (distance) {
    case ProfileDistance::l1:
      return "l1";
    case ProfileDistance::l2:
      return "l2";
    case ProfileDistance::cosine:
      break;
  }
  return "cosine";
}

double DiscriminationRow::mid_rank() const noexcept {
  return std::isfinite(own_distance) ? n_closer + 0.5 * n_equal : kNaN;
}
double DiscriminationRow::score() const noexcept {
  return n_others == 0 ? kNaN : 1.0 - mid_rank() / n_others;
}
double DiscriminationRow::score_over_n() const noexcept {
  return 1.0 - mid_rank() / (n_others + 1.0);
}
double DiscriminationRow::position_score() const noexcept {
  if (!std::isfinite(own_distance)) return kNaN;
  return 1.0 - (n_closer + n_equal_before) / (n_others + 1.0);
}
double DiscriminationRow::share_farther() const noexcept { return lowest_score(); }
double DiscriminationRow::lowest_score() const noexcept {
  if (!std::isfinite(own_distance) || n_others == 0) return kNaN;
  return static_cast<double>(n_others - n_closer - n_equal) / n_others;
}
double DiscriminationRow::highest_score() const noexcept {
  if (!std::isfinite(own_distance) || n_others == 0) return kNaN;
  return static_cast<double>(n_others - n_closer) / n_others;
}

double profile_distance(ProfileDistance distance, std::span<const double> a,
                        std::span<const double> b, std::span<const std::uint32_t> excluded) {
  const std::size_t n = a.size();
  if (distance == ProfileDistance::l1) {
    return sum_without(n, excluded, [&](std::size_t g) { return std::abs(a[g] - b[g]); });
  }
  if (distance == ProfileDistance::l2) {
    return std::sqrt(
        sum_without(n, excluded, [&](std::size_t g) { return (a[g] - b[g]) * (a[g] - b[g]); }));
  }
  const double aa = sum_without(n, excluded, [&](std::size_t g) { return a[g] * a[g]; });
  const double bb = sum_without(n, excluded, [&](std::size_t g) { return b[g] * b[g]; });
  const double ab = sum_without(n, excluded, [&](std::size_t g) { return a[g] * b[g]; });
  return aa == 0.0 || bb == 0.0 ? 1.0 : 1.0 - ab / std::sqrt(aa) / std::sqrt(bb);
}

std::vector<std::vector<DiscriminationRow>> discriminate(const Matrix<double>& predicted,
                                                         const Matrix<double>& truth,
                                                         std::span<const ProfileDistance> distances,
                                                         const DiscriminationOptions& options,
                                                         const Context& context) {
  check(predicted, truth, options);
  if (predicted.rows == 0) return std::vector<std::vector<DiscriminationRow>>(distances.size());
  Columns columns = make_columns(truth.cols, options);
  if (options.panel.empty()) {
    return Discriminator(predicted, truth, std::move(columns.excluded), options.own, distances,
                         options.tie_tolerance)
        .run(context);
  }
  const Matrix<double> p = without_columns(predicted, columns.kept);
  const Matrix<double> t = without_columns(truth, columns.kept);
  return Discriminator(p, t, std::move(columns.excluded), options.own, distances,
                       options.tie_tolerance)
      .run(context);
}

std::vector<DiscriminationRow> discriminate(const Matrix<double>& predicted,
                                            const Matrix<double>& truth,
                                            const DiscriminationOptions& options,
                                            const Context& context) {
  const ProfileDistance distance = options.distance;
  return discriminate(predicted, truth, {&distance, 1}, options, context).front();
}

}  // namespace cupel
