#include "area/perturbation/cell_eval2_expression.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cupel/error.hpp"
#include "metric/profile_metrics.hpp"

namespace cupel::perturbation::cell_eval2 {
namespace {

constexpr double kNotDefined = std::numeric_limits<double>::quiet_NaN();

using ProfileMetric = double (*)(Profile, Profile);

std::vector<double> each(ProfileMetric metric, const Matrix<double>& truth,
                         const Matrix<double>& predicted) {
  std::vector<double> values;
  for (std::size_t p = 0; p < truth.rows; ++p) {
    values.push_back(metric(truth.row(p), predicted.row(p)));
  }
  return values;
}

Matrix<double> changes(const Matrix<double>& rows, std::span<const double> control) {
  Matrix<double> out = rows;
  for (std::size_t p = 0; p < rows.rows; ++p) {
    for (std::size_t j = 0; j < rows.cols; ++j) out(p, j) -= control[j];
  }
  return out;
}

std::span<const double> control_of_predicted(const Expression& e) {
  return e.predicted_control.empty() ? e.control : e.predicted_control;
}

bool is_constant(std::span<const double> values) {
  return std::ranges::all_of(values, [&](double v) { return v == values.front(); });
}

double square_sum(std::span<const double> a, std::span<const double> b) {
  double sum = 0.0;
  for (std::size_t j = 0; j < a.size(); ++j) sum += (a[j] - b[j]) * (a[j] - b[j]);
  return sum;
}

/// (|a - b|^2 - noise - own gene's square) / genes left.
double per_gene(std::span<const double> a, std::span<const double> b, double noise,
                std::optional<std::uint32_t> own) {
  double sum = square_sum(a, b) - noise;
  auto n = static_cast<double>(a.size());
  if (own) {
    sum -= (a[*own] - b[*own]) * (a[*own] - b[*own]);
    n -= 1.0;
  }
  return n > 0.0 ? sum / n : kNotDefined;
}

/// 1 / number of genes that count for a perturbation.
std::vector<double> row_weights(const Expression& e) {
  std::vector<double> weights;
  for (const auto& own : e.own_gene) {
    const double n = static_cast<double>(e.truth.mean.cols) - (own ? 1.0 : 0.0);
    weights.push_back(n > 0.0 ? 1.0 / n : 0.0);
  }
  return weights;
}

/// Weighted sum of squares of the predicted profiles around their mean over perturbations; a
/// perturbation says nothing about its own gene.
double spread(const Expression& e, std::span<const double> weights) {
  const Matrix<double>& rows = e.predicted.mean;
  double total = 0.0;
  for (std::size_t j = 0; j < rows.cols; ++j) {
    double mean = 0.0;
    for (std::size_t p = 0; p < rows.rows; ++p) mean += rows(p, j);
    mean /= static_cast<double>(rows.rows);
    double first = 0.0;
    double second = 0.0;
    double weight = 0.0;
    std::size_t n = 0;
    for (std::size_t p = 0; p < rows.rows; ++p) {
      if (e.own_gene[p] == j) continue;
      const double deviation = rows(p, j) - mean;
      first += weights[p] * deviation;
      second += weights[p] * deviation * deviation;
      weight += weights[p];
      ++n;
    }
    if (n >= 2 && weight > 0.0) total += std::max(0.0, second - first * first / weight);
  }
  return total;
}

std::vector<double> unbiased(const Expression& e, std::span<const double> claimed) {
  std::vector<double> values;
  for (std::size_t p = 0; p < e.truth.mean.rows; ++p) {
    values.push_back(per_gene(e.predicted.mean.row(p), e.truth.mean.row(p),
                              claimed[p] + e.truth.noise[p], e.own_gene[p]));
  }
  return values;
}

}  // namespace

std::vector<double> mae(const Expression& e) {
  return each(profile::mae, e.truth.mean, e.predicted.mean);
}

std::vector<double> mse(const Expression& e) {
  return each(profile::mse, e.truth.mean, e.predicted.mean);
}

std::vector<double> delta_mae(const Expression& e) {
  return each(profile::mae, changes(e.truth.mean, e.control),
              changes(e.predicted.mean, control_of_predicted(e)));
}

std::vector<double> delta_mse(const Expression& e) {
  return each(profile::mse, changes(e.truth.mean, e.control),
              changes(e.predicted.mean, control_of_predicted(e)));
}

std::vector<double> delta_pearson(const Expression& e) {
  const auto truth = changes(e.truth.mean, e.control);
  const auto predicted = changes(e.predicted.mean, control_of_predicted(e));
  std::vector<double> values;
  for (std::size_t p = 0; p < truth.rows; ++p) {
    if (truth.cols < 2 || is_constant(truth.row(p))) {
      values.push_back(kNotDefined);
      continue;
    }
    const double r = profile::pearson(truth.row(p), predicted.row(p));
    values.push_back(is_constant(predicted.row(p)) || !std::isfinite(r) ? -1.0 : r);
  }
  return values;
}

std::vector<double> mse_unbiased(const Expression& e) { return unbiased(e, e.predicted.noise); }

std::vector<double> mse_unbiased_capped(const Expression& e) {
  std::vector<double> claimed;
  for (std::size_t p = 0; p < e.truth.noise.size(); ++p) {
    claimed.push_back(std::min(e.predicted.noise[p], e.truth.noise[p]));
  }
  const auto weights = row_weights(e);
  const double claim = std::inner_product(claimed.begin(), claimed.end(), weights.begin(), 0.0);
  if (claim > 0.0) {
    const double share = std::min(1.0, spread(e, weights) / claim);
    for (double& value : claimed) value *= share;
  }
  return unbiased(e, claimed);
}

std::vector<double> distance_unbiased(const Expression& e) {
  std::vector<double> values;
  for (std::size_t p = 0; p < e.truth.mean.rows; ++p) {
    values.push_back(per_gene(e.truth.mean.row(p), e.control, e.truth.noise[p] + e.control_noise,
                              e.own_gene[p]));
  }
  return values;
}

std::vector<double> real_mass_ratio(const Expression& e) {
  std::vector<double> values;
  for (std::size_t p = 0; p < e.truth.mean.rows; ++p) {
    double mass = 0.0;
    for (const double value : e.truth.mean.row(p)) mass += std::expm1(value);
    values.push_back(mass / e.mass_target);
  }
  return values;
}

double mse_unbiased_capped_norm(std::span<const double> capped, std::span<const double> distance) {
  double error = 0.0;
  double size = 0.0;
  std::size_t n = 0;
  for (std::size_t p = 0; p < capped.size(); ++p) {
    if (!std::isfinite(capped[p]) || !std::isfinite(distance[p])) continue;
    error += capped[p];
    size += distance[p];
    ++n;
  }
  return n > 0 && size > 0.0 ? error / size : kNotDefined;
}

std::vector<double> discrimination(const Expression& e, ProfileDistance distance,
                                   const Context& context) {
  std::vector<std::uint32_t> panel;
  for (const auto& own : e.own_gene) {
    if (own) panel.push_back(*own);
  }
  std::ranges::sort(panel);
  const auto repeated = std::ranges::unique(panel);
  panel.erase(repeated.begin(), repeated.end());
  if (panel.size() == e.truth.mean.cols) {
    fail_input("every gene is the target of a perturbation, so discrimination has nothing left", {},
               "--options target_genes=none keeps them");
  }
  const auto rows = discriminate(
      changes(e.predicted.mean, control_of_predicted(e)), changes(e.truth.mean, e.control),
      {.distance = distance, .panel = panel, .excluded = {}, .own = {}}, context);
  std::vector<double> scores;
  for (const auto& row : rows) scores.push_back(row.n_others == 0 ? 1.0 : row.score());
  return scores;
}

}  // namespace cupel::perturbation::cell_eval2
