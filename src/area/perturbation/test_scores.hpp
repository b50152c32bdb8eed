#pragma once
/// What every look at the noise of a perturbation data set shares: the test rows of a split, how
/// they are scored, halves of the cells as data sets of their own, and intervals over
/// perturbations.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "area/area.hpp"
#include "cupel/context.hpp"
#include "cupel/dataset.hpp"
#include "cupel/finding.hpp"
#include "cupel/matrix.hpp"
#include "cupel/split.hpp"
#include "data/profiles.hpp"
#include "stat/unit_means.hpp"

namespace cupel::perturbation {

/// The metrics of samples, and how one fold's rows are scored (Area::score_samples).
struct Scorer {
  std::span<const SampleMetric> metrics;
  std::function<Matrix<double>(const Dataset& data, const Split& fold,
                               std::span<const std::uint32_t> rows,
                               std::span<const double> prediction)>
      score;
};

/// Test samples of all folds, fold after fold. One sample may be tested in several folds.
struct TestRows {
  std::span<const Split> folds;
  std::span<const std::uint32_t> rows;
  std::span<const std::uint32_t> fold;  ///< per row: index into folds
  [[nodiscard]] std::size_t size() const noexcept { return rows.size(); }
};

/// Test rows x metrics; `prediction` is test rows x n_outputs. Samples whose profile is not finite
/// are neither tested (NaN) nor trained on.
Matrix<double> score_test_rows(const Scorer& scorer, const Dataset& data, const TestRows& test,
                               std::span<const double> prediction);

/// Per sample of the data set: its context and its perturbation. Throw Error{internal} without.
std::span<const std::uint32_t> contexts_of(const Dataset& data);
std::span<const std::uint32_t> perturbations_of(const Dataset& data);
const ProfileData& profiles_of(const Dataset& data);

/// A test row's profile, or a matrix of them, as the flat rows x n_outputs of a prediction.
std::vector<double> gather(const Matrix<double>& of_samples, std::span<const std::uint32_t> rows);
/// The control profile of every row's context.
std::vector<double> controls_of_rows(const Dataset& data, const Matrix<double>& controls,
                                     std::span<const std::uint32_t> rows);

/// One half of the cells taken as the truth, the other as an independent repeat. View 2 s + d of
/// a data set has half d of seed s as its truth.
struct HalfView {
  Dataset truth;                           ///< targets, controls and numbers of cells of this half
  const Matrix<double>* repeat = nullptr;  ///< n_samples x n_genes of the other half
  const Matrix<double>* repeat_controls = nullptr;  ///< n_contexts x n_genes
};
std::size_t n_half_views(const Dataset& data);
HalfView half_view(const Dataset& data, std::size_t index);
/// The controls of all control cells in the place of the half's own.
void use_all_controls(const Dataset& data, HalfView& view);
/// Two biological replicates in the place of the halves.
HalfView replicate_view(const Dataset& data, std::size_t truth, std::size_t repeat);

/// The mean of a row's training samples as a change from the control: those of the row's context
/// where the fold has some, else all. `profiles` is n_samples x n_genes. Test rows x n_genes.
std::vector<double> training_shift(const Dataset& data, const Matrix<double>& profiles,
                                   const Matrix<double>& controls, const TestRows& test);

/// Per metric: 1 where its value depends on the control profile (metrics of changes).
std::vector<std::uint8_t> metrics_using_control(const Scorer& scorer, const Dataset& data,
                                                const TestRows& test);

/// A prediction against the truth of a view. `controls` are those that it was made with, row by
/// row: metrics that use the control see its change from these, on the control of the view.
Matrix<double> score_in_view(const Scorer& scorer, const HalfView& view, const TestRows& test,
                             std::span<const double> prediction, std::span<const double> controls,
                             std::span<const std::uint8_t> uses_control);

/// A mean, or a function of means, with its bootstrap interval over perturbations.
struct Estimate {
  double value = kUndefined;
  double low = kUndefined;
  double high = kUndefined;
  std::size_t n = 0;  ///< rows that count
};

/// Draws of the perturbations of a list of samples; everything compared shares them.
struct PerturbationDraws {
  std::vector<std::uint32_t> unit;  ///< per row
  UnitDraws draws;
  double confidence = 0.95;
};
PerturbationDraws draw_perturbations(const Dataset& data, std::span<const std::uint32_t> rows,
                                     std::size_t n_draws, double confidence, std::uint64_t seed,
                                     const Context& context);

/// `function` of the columns' means over the rows in which every column is defined. The interval
/// is the percentile interval, NaN below three perturbations.
Estimate estimate(const PerturbationDraws& draws, std::span<const std::span<const double>> columns,
                  const std::function<double(std::span<const double>)>& function);
Estimate estimate_mean(const PerturbationDraws& draws, std::span<const double> values);

/// Columns of a matrix as vectors.
std::vector<double> column(const Matrix<double>& matrix, std::size_t j);

}  // namespace cupel::perturbation
