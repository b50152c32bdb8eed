#include "stat/resample.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"
#include "stat/segment_sums.hpp"

namespace cupel {
namespace {

constexpr std::size_t kBlockDraws = 256;

enum class BlockKind : std::uint8_t { point, draws, jackknife_a, jackknife_b };
struct Block {
  BlockKind kind = BlockKind::point;
  std::size_t first = 0;
  std::size_t count = 1;
};

void check_rows(const ResampleRows& rows) {
  const std::size_t n = rows.truth.size();
  if (n == 0) fail_input("there are no test rows to resample");
  const auto require = [&](std::size_t size, const char* what) {
    if (size != n) {
      fail(ErrorKind::internal, std::string("resample: ") + std::to_string(size) + " " + what +
                                    " for " + std::to_string(n) + " rows");
    }
  };
  require(rows.fold.size(), "folds");
  require(rows.unit_a.size(), "units a");
  require(rows.unit_b.size(), "units b");
  const auto is_finite = [](double value) { return std::isfinite(value); };
  if (!std::ranges::all_of(rows.truth, is_finite)) {
    fail(ErrorKind::internal, "resample: a truth is not finite");
  }
  for (const std::span<const double> prediction : rows.predictions) {
    require(prediction.size(), "predictions");
    if (!std::ranges::all_of(prediction, is_finite)) {
      fail(ErrorKind::internal, "resample: a prediction is not finite", {},
           "pass the rows that all predictors have predicted");
    }
  }
}

/// Multinomial counts: n_units draws with replacement, one stream per draw.
Matrix<double> draw_counts(std::size_t n_units, const Block& block, std::uint64_t seed,
                           std::string_view purpose) {
  Matrix<double> counts(n_units, block.count, 0.0);
  for (std::size_t d = 0; d < block.count; ++d) {
    Rng rng(seed, purpose, block.first + d);
    for (std::size_t i = 0; i < n_units; ++i) {
      counts(rng.below(static_cast<std::uint32_t>(n_units)), d) += 1.0;
    }
  }
  return counts;
}

Matrix<double> leave_one_out(std::size_t n_units, const Block& block) {
  Matrix<double> weights(n_units, block.count, 1.0);
  for (std::size_t d = 0; d < block.count; ++d) weights(block.first + d, d) = 0.0;
  return weights;
}

detail::BlockWeights weights_of(const Block& block, const detail::EngineInput& input,
                                const ResampleOptions& options) {
  detail::BlockWeights weights{.n_draws = block.count};
  switch (block.kind) {
    case BlockKind::point:
      break;
    case BlockKind::draws:
      if (options.unit != ResampleUnit::b) {
        weights.a = draw_counts(input.n_units_a, block, options.seed, "bootstrap unit a");
      }
      if (options.unit != ResampleUnit::a) {
        weights.b = draw_counts(input.n_units_b, block, options.seed, "bootstrap unit b");
      }
      break;
    case BlockKind::jackknife_a:
      weights.a = leave_one_out(input.n_units_a, block);
      break;
    case BlockKind::jackknife_b:
      weights.b = leave_one_out(input.n_units_b, block);
      break;
  }
  return weights;
}

void add_blocks(std::vector<Block>& blocks, BlockKind kind, std::size_t n) {
  for (std::size_t first = 0; first < n; first += kBlockDraws) {
    blocks.push_back({kind, first, std::min(kBlockDraws, n - first)});
  }
}

void store(const Block& block, const Matrix<double>& values, std::vector<Sample>& samples) {
  for (std::size_t s = 0; s < samples.size(); ++s) {
    Sample& sample = samples[s];
    double* target = block.kind == BlockKind::point         ? &sample.point
                     : block.kind == BlockKind::draws       ? sample.draws.data()
                     : block.kind == BlockKind::jackknife_a ? sample.jackknife_a.data()
                                                            : sample.jackknife_b.data();
    std::ranges::copy(values.row(s), target + block.first);
  }
}

}  // namespace

std::string_view to_string(Statistic statistic) noexcept {
  switch (statistic) {
    case Statistic::mse:
      return "mse";
    case Statistic::rmse:
      return "rmse";
    case Statistic::mae:
      return "mae";
    case Statistic::r2:
      return "r2";
    case Statistic::pearson:
      return "pearson";
    case Statistic::macro_a_pearson:
      return "macro_a_pearson";
    case Statistic::macro_b_pearson:
      return "macro_b_pearson";
    case Statistic::macro_a_r2:
      return "macro_a_r2";
    case Statistic::macro_b_r2:
      return "macro_b_r2";
  }
  return "unknown";
}

bool higher_is_better(Statistic statistic) noexcept {
  return statistic != Statistic::mse && statistic != Statistic::rmse && statistic != Statistic::mae;
}

const Sample& Resampled::sample(Statistic statistic, std::size_t predictor) const {
  const auto found = std::ranges::find(statistics, statistic);
  if (found == statistics.end() || predictor >= n_predictors) {
    fail(ErrorKind::internal, "statistic " + std::string(to_string(statistic)) +
                                  " was not resampled for predictor " + std::to_string(predictor));
  }
  return samples[static_cast<std::size_t>(found - statistics.begin()) * n_predictors + predictor];
}

Resampled resample(const ResampleRows& rows, const ResampleOptions& options,
                   const Context& context) {
  check_rows(rows);
  detail::use_one_blas_thread();
  const detail::EngineInput input = detail::prepare_engine(rows, options);
  const bool leaves_a = options.jackknife && options.unit != ResampleUnit::b;
  const bool leaves_b = options.jackknife && options.unit != ResampleUnit::a;
  const Sample empty{.draws = std::vector<double>(options.n_draws),
                     .jackknife_a = std::vector<double>(leaves_a ? input.n_units_a : 0),
                     .jackknife_b = std::vector<double>(leaves_b ? input.n_units_b : 0)};
  Resampled out{
      .statistics = options.statistics,
      .n_predictors = rows.predictions.size(),
      .n_rows = rows.truth.size(),
      .n_folds = input.n_folds,
      .n_units_a = input.n_units_a,
      .n_units_b = input.n_units_b,
      .samples = std::vector<Sample>(options.statistics.size() * rows.predictions.size(), empty)};
  std::vector<Block> blocks = {{BlockKind::point, 0, 1}};
  add_blocks(blocks, BlockKind::draws, options.n_draws);
  add_blocks(blocks, BlockKind::jackknife_a, empty.jackknife_a.size());
  add_blocks(blocks, BlockKind::jackknife_b, empty.jackknife_b.size());
  parallel_for(context, blocks.size(), [&](std::size_t i) {
    const detail::BlockWeights weights = weights_of(blocks[i], input, options);
    store(blocks[i], detail::evaluate_block(input, weights), out.samples);
  });
  return out;
}

Sample combine(const Sample& x, const Sample& y,
               const std::function<double(double, double)>& function) {
  const auto each = [&](const std::vector<double>& left, const std::vector<double>& right) {
    if (left.size() != right.size()) {
      fail(ErrorKind::internal, "samples of different resamplings cannot be combined");
    }
    std::vector<double> out(left.size());
    for (std::size_t i = 0; i < left.size(); ++i) out[i] = function(left[i], right[i]);
    return out;
  };
  return {.point = function(x.point, y.point),
          .draws = each(x.draws, y.draws),
          .jackknife_a = each(x.jackknife_a, y.jackknife_a),
          .jackknife_b = each(x.jackknife_b, y.jackknife_b)};
}

Sample difference(const Sample& x, const Sample& y) { return combine(x, y, std::minus<>()); }

}  // namespace cupel
