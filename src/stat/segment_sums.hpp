#pragma once
/// The inner engine of resample.hpp: statistics of weighted segments for a block of draws.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cupel/matrix.hpp"
#include "stat/resample.hpp"

namespace cupel::detail {

enum class Measure : std::uint8_t { mse, rmse, mae, r2, pearson };
enum class GroupWeight : std::uint8_t { one, unit_a, unit_b };

/// The centre of a segment's values; `scale` is 0 where they are constant up to rounding, else 1.
struct Centre {
  double mean = 0.0;
  double scale = 1.0;
};

/// One way to cut the rows into segments, and what is measured in each.
struct Segmentation {
  std::vector<std::size_t> begin;     ///< n_segments + 1 offsets into what follows
  std::vector<double> truth;          ///< rows ordered by segment
  Matrix<double> predictions;         ///< predictors x rows
  std::vector<std::uint32_t> unit_a;  ///< compact codes
  std::vector<std::uint32_t> unit_b;
  std::vector<std::uint32_t> group;  ///< per segment: unit that weights it; empty for folds
  std::vector<Centre> truth_centre;  ///< per segment
  Matrix<Centre> centre;             ///< segments x predictors; no rows if not needed
  GroupWeight group_weight = GroupWeight::one;
  std::vector<Measure> measures;
  std::vector<std::size_t> outputs;  ///< per measure: index among the statistics asked for
};

/// Weights of a block of draws: units x draws; no rows = all weights are 1.
struct BlockWeights {
  Matrix<double> a;
  Matrix<double> b;
  std::size_t n_draws = 0;
};

struct EngineInput {
  std::vector<Segmentation> segmentations;
  std::size_t n_units_a = 0;
  std::size_t n_units_b = 0;
  std::size_t n_folds = 0;
  std::size_t n_statistics = 0;
  std::size_t n_predictors = 0;
};

/// Cuts the rows as the statistics need it. Segments of groups with fewer than `min_group_rows`
/// rows are left out.
EngineInput prepare_engine(const ResampleRows& rows, const ResampleOptions& options);

/// (statistics * predictors) x draws; NaN = undefined.
Matrix<double> evaluate_block(const EngineInput& input, const BlockWeights& weights);

/// Makes OpenBLAS single-threaded; call before parallel work.
void use_one_blas_thread();

}  // namespace cupel::detail
