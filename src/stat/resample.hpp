#pragma once
/// The shared paired clustered bootstrap: one set of draws for all predictors and all statistics.
///
/// Rows are (fold, a, b, truth, predictions): a and b are the two crossed units of the data, in
/// drug response the drug and the cell line. A draw gives every *unit* a multinomial count, and a
/// row the count of its unit, or the product of both counts (unit `both`): the pigeonhole bootstrap
/// of Owen 2007, doi:10.1214/07-AOAS122, whose variance errs on the large side. Counts are drawn
/// once for all folds. All predictors see the same counts, so differences are paired.
///
/// Every statistic is a function of weighted sums (w, t, t^2, p, p^2, t p, (t-p)^2, |t-p|) over the
/// rows of a segment: a fold, or a (fold, group). Segments are centred on their own unweighted
/// means before the sums, and all draws of a block come from one matrix product per segment.
/// Cost: O(rows x draws x predictors); the result is the same bits for any number of threads.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"

namespace cupel {

/// Pooled statistics: the value within each fold, then the mean over folds where it is defined.
/// Macro statistics: the value in each (fold, group), then the mean over those that are defined;
/// in a draw a group counts as often as it was drawn.
enum class Statistic : std::uint8_t {
  mse,
  rmse,
  mae,
  r2,
  pearson,
  macro_a_pearson,  ///< per a (drug): over its rows in a fold
  macro_b_pearson,  ///< per b (cell line)
  macro_a_r2,
  macro_b_r2,
};
std::string_view to_string(Statistic statistic) noexcept;
bool higher_is_better(Statistic statistic) noexcept;

enum class ResampleUnit : std::uint8_t { a, b, both };

struct ResampleRows {
  std::span<const double> truth;
  std::span<const std::uint32_t> fold;  ///< any codes; folds without rows do not count
  std::span<const std::uint32_t> unit_a;
  std::span<const std::uint32_t> unit_b;
  /// P spans over the same rows; all values finite (remove incomplete rows with `complete_rows`).
  std::span<const std::span<const double>> predictions;
};

struct ResampleOptions {
  std::vector<Statistic> statistics = {Statistic::mse};
  ResampleUnit unit = ResampleUnit::both;
  std::size_t n_draws = 2000;
  std::uint64_t seed = 0;
  std::size_t min_group_rows = 2;  ///< smaller (fold, group) segments are undefined
  bool jackknife = true;           ///< leave-one-unit-out values, which `bca_interval` needs
};

/// One quantity with all its resampled values; what intervals and tests are made from.
struct Sample {
  double point = 0.0;
  std::vector<double> draws;        ///< NaN = undefined in this draw
  std::vector<double> jackknife_a;  ///< value without unit i of a; empty if a is not resampled
  std::vector<double> jackknife_b;
};

struct Resampled {
  std::vector<Statistic> statistics;
  std::size_t n_predictors = 0;
  std::size_t n_rows = 0;
  std::size_t n_folds = 0;
  std::size_t n_units_a = 0;  ///< distinct units that have rows
  std::size_t n_units_b = 0;
  std::vector<Sample> samples;  ///< statistics x predictors

  /// Throws Error{internal} if the statistic was not asked for.
  [[nodiscard]] const Sample& sample(Statistic statistic, std::size_t predictor) const;
};

/// Throws Error{input} for no rows, Error{internal} for spans of different lengths or a prediction
/// that is not finite.
Resampled resample(const ResampleRows& rows, const ResampleOptions& options,
                   const Context& context);

/// A function of two paired samples, draw by draw: a difference, a ratio, a skill 1 - x / y.
Sample combine(const Sample& x, const Sample& y,
               const std::function<double(double, double)>& function);
/// x - y.
Sample difference(const Sample& x, const Sample& y);

}  // namespace cupel
