#pragma once
/// Truth and prediction as pseudobulks with the control of the truth on both sides: what the
/// presets of tools that compare mean profiles start from.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "area/perturbation/presets.hpp"
#include "area/perturbation/score_pair.hpp"
#include "cupel/matrix.hpp"

namespace cupel::perturbation {

/// One context. Rows of matrices are the scored perturbations, in the order of `names`.
struct ProfileSides {
  std::string context;
  std::vector<std::string> genes;
  std::vector<std::string> names;
  Matrix<double> truth;     ///< means of the cells
  Matrix<double> variance;  ///< of one cell (n - 1), NaN for one cell
  std::vector<std::uint64_t> n_cells;
  Matrix<double> predicted;
  Matrix<double> predicted_variance;  ///< NaN for profiles of one cell
  std::vector<std::uint64_t> n_predicted;
  std::vector<double> control;
  std::vector<double> control_variance;
  std::uint64_t n_control = 0;
  /// Profiles of the training perturbations (rows; all of the truth where none were named).
  Matrix<double> train;
  std::vector<double> train_mean;  ///< their mean, one weight each

  /// Moments of all cells of the context: for tests of one group against the rest.
  std::vector<double> total_mean;
  std::vector<double> total_variance;
  std::uint64_t n_total = 0;
};

/// Cells of both files as the presets see them: log1p of counts scaled to 10,000 where the file has
/// counts (or what the request's transform says), else as they are. Predictions may be negative.
struct ProfileViews {
  ScorePair pair;
  std::unique_ptr<CellView> truth;
  std::unique_ptr<CellView> predicted;
};

/// Says in `result.conventions` what was done. Perturbations of `request.train` are references:
/// they need no prediction and are not scored. Throws Error{input} as read_pair does, and where a
/// name of `request.train` is unknown or nothing is left to score.
ProfileViews read_views(const ScoreRequest& request, ScoreResult& result, const Context& context);
std::vector<ProfileSides> read_sides(const ScoreRequest& request, const ProfileViews& views,
                                     ScoreResult& result, const Context& context);

/// "transductive" or how many training perturbations the mean profile is of.
std::string train_text(const ScoreRequest& request);

/// Changes against a reference, row by row.
Matrix<double> changes_from(const Matrix<double>& profiles, std::span<const double> reference);
/// The columns `genes`.
Matrix<double> columns_of(const Matrix<double>& x, std::span<const std::uint32_t> genes);

/// One value per scored perturbation, and their mean (NaN left out only if `skip_undefined`).
void add_scores(const ProfileSides& sides, const std::string& metric,
                const std::vector<double>& values, bool skip_undefined, ScoreResult& result);
using RowMetric = std::function<double(std::size_t row)>;
void add_scores(const ProfileSides& sides, const std::string& metric, const RowMetric& value,
                bool skip_undefined, ScoreResult& result);
/// One value over all perturbations of the context.
void add_overall(const ProfileSides& sides, const std::string& metric, double value,
                 ScoreResult& result);

/// The request's option, or the default.
std::string option_of(const ScoreRequest& request, const std::string& key,
                      const std::string& fallback);
/// Throws Error{usage} for an option that is not among `known`.
void check_options(const ScoreRequest& request, const std::vector<std::string>& known);

/// Welch's t of a group against a reference from moments, gene by gene; undefined is 0 with p = 1,
/// as in scanpy (t-test; t-test_overestim_var is the same with the group's n for the reference).
struct MomentTest {
  std::vector<double> statistic;
  std::vector<double> p_value;  ///< 1 where undefined
};
struct Moments {
  std::span<const double> mean;
  std::span<const double> variance;
  double n = 0.0;
};
MomentTest welch_from_moments(const Moments& group, const Moments& reference);

/// Mean and variance of the cells that are in the total but not in the part.
struct RestMoments {
  std::vector<double> mean;
  std::vector<double> variance;
  double n = 0.0;
};
RestMoments rest_of(const Moments& total, const Moments& part);

/// Genes by descending |t| against the control (scanpy's rank_genes_groups with rankby_abs, the
/// list of GEARS); ties in the order of the file.
std::vector<std::uint32_t> ranked_genes(const ProfileSides& sides, std::size_t row);
/// The first k of them that are expressed in the perturbed cells, or neither there nor in the
/// control (GEARS' top_non_dropout_de_20 with k = 20).
std::vector<std::uint32_t> non_dropout_genes(const ProfileSides& sides, std::size_t row,
                                             std::size_t k);

}  // namespace cupel::perturbation
