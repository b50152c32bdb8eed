#include "area/perturbation/effects.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <map>
#include <string>

#include "area/perturbation/ceiling.hpp"

namespace cupel::perturbation {
namespace {

constexpr double kQuantile = 0.975;

double normal_quantile(double share) {
  return boost::math::quantile(boost::math::normal_distribution<double>(), share);
}

/// The change of one sample, or of a sum of samples and controls, with its noise gene by gene.
struct Change {
  std::vector<double> value;
  std::vector<double> noise;

  explicit Change(std::size_t n_genes) : value(n_genes, 0.0), noise(n_genes, 0.0) {}
  void add(double factor, std::span<const double> profile, std::span<const double> variance,
           std::uint64_t n_cells) {
    const auto n = static_cast<double>(n_cells);
    for (std::size_t g = 0; g < value.size(); ++g) {
      value[g] += factor * profile[g];
      noise[g] += factor * factor * variance[g] / n;
    }
  }
};

void add_sample(Change& change, double factor, const Dataset& data, std::uint32_t sample) {
  const ProfileData& profiles = profiles_of(data);
  change.add(factor, data.targets.row(sample), profiles.variance.row(sample),
             profiles.n_cells[sample]);
}
void add_control(Change& change, double factor, const Dataset& data, std::uint32_t context) {
  const ProfileData& profiles = profiles_of(data);
  change.add(factor, profiles.controls.row(context), profiles.control_variance.row(context),
             profiles.n_control_cells[context]);
}
Change change_of(const Dataset& data, std::uint32_t sample) {
  Change change(data.n_outputs());
  add_sample(change, 1.0, data, sample);
  add_control(change, -1.0, data, contexts_of(data)[sample]);
  return change;
}

EffectSize effect_of(const Change& change, const NoiseCorrelation& correlation) {
  double length = 0.0;
  double noise = 0.0;
  double squares = 0.0;
  double along = 0.0;
  for (std::size_t g = 0; g < change.value.size(); ++g) {
    const double d = change.value[g];
    const double s = change.noise[g];
    length += d * d;
    noise += s;
    squares += s * s;
    along += s * d * d;
  }
  EffectSize out{.squared = length - noise, .noise = noise};
  if (!std::isfinite(out.squared)) return EffectSize{};
  const double trace_of_square = correlation.squares * squares;
  // d is measured: <d, V d> is too large by tr(V^2).
  const double variance =
      std::max(2.0 * trace_of_square, 4.0 * correlation.along * along - 2.0 * trace_of_square);
  const double reach = normal_quantile(kQuantile) * std::sqrt(variance);
  out.low = out.squared - reach;
  out.high = out.squared + reach;
  if (noise == 0.0) {
    out.is_learnable = length > 0.0;
    return out;
  }
  const double degrees = noise * noise / trace_of_square;
  const double of_noise =
      noise / degrees *
      boost::math::quantile(boost::math::chi_squared_distribution<double>(degrees), kQuantile);
  out.is_learnable = out.low > 0.0 && length > of_noise;
  return out;
}

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

double responding_t(std::size_t n_genes) {
  return normal_quantile(1.0 - 0.025 / static_cast<double>(std::max<std::size_t>(n_genes, 1)));
}

NoiseCorrelation noise_correlation(const Dataset& data) {
  const ProfileData& profiles = profiles_of(data);
  const std::size_t n_seeds = profiles.halves.size();
  NoiseCorrelation out;
  if (n_seeds < 2) return out;
  const auto context = contexts_of(data);
  const std::size_t n_genes = data.n_outputs();
  double squares = 0.0;
  double along = 0.0;
  double weights = 0.0;
  for (std::uint32_t i = 0; i < data.n_samples(); ++i) {
    const Change change = change_of(data, i);
    Matrix<double> half_difference(n_seeds, n_genes);
    for (std::size_t s = 0; s < n_seeds; ++s) {
      const ProfileHalves& halves = profiles.halves[s];
      for (std::size_t g = 0; g < n_genes; ++g) {
        const double first = halves.profiles[0](i, g) - halves.controls[0](context[i], g);
        const double second = halves.profiles[1](i, g) - halves.controls[1](context[i], g);
        half_difference(s, g) = (first - second) / 2.0;
      }
    }
    double sum = 0.0;
    double projected = 0.0;
    for (std::size_t s = 0; s < n_seeds; ++s) {
      const double p = dot(change.value, half_difference.row(s));
      projected += p * p;
      for (std::size_t t = 0; t < s; ++t) {
        const double product = dot(half_difference.row(s), half_difference.row(t));
        sum += product * product;
      }
    }
    const auto pairs = static_cast<double>(n_seeds * (n_seeds - 1)) / 2.0;
    // The empirical covariance of n cells: tr of its square is too large by (tr)^2 / n.
    const double of_sample = noise_of_sample(profiles, i);
    const double of_control = noise_of_control(profiles, context[i]);
    const double bias =
        of_sample * of_sample / static_cast<double>(profiles.n_cells[i]) +
        of_control * of_control / static_cast<double>(profiles.n_control_cells[context[i]]);
    const double mean_square = sum / pairs - bias;
    double squares_of_diagonal = 0.0;
    double along_diagonal = 0.0;
    for (std::size_t g = 0; g < n_genes; ++g) {
      squares_of_diagonal += change.noise[g] * change.noise[g];
      along_diagonal += change.noise[g] * change.value[g] * change.value[g];
    }
    const double ratio = mean_square / squares_of_diagonal;
    const double ratio_along = projected / static_cast<double>(n_seeds) / along_diagonal;
    if (!std::isfinite(ratio) || !std::isfinite(ratio_along)) continue;
    const auto weight = static_cast<double>(profiles.n_cells[i]);
    squares += weight * ratio;
    along += weight * ratio_along;
    weights += weight;
  }
  if (weights == 0.0) return out;
  out.squares = std::max(1.0, squares / weights);
  out.along = std::max(1.0, along / weights);
  out.is_measured = true;
  return out;
}

std::vector<EffectSize> effect_sizes(const Dataset& data, const NoiseCorrelation& correlation) {
  const ProfileData& profiles = profiles_of(data);
  const double threshold = responding_t(data.n_outputs());
  std::vector<EffectSize> out;
  for (std::uint32_t i = 0; i < data.n_samples(); ++i) {
    EffectSize effect = effect_of(change_of(data, i), correlation);
    if (profiles.t_statistic.rows == data.n_samples()) {
      effect.n_responding = static_cast<std::size_t>(std::ranges::count_if(
          profiles.t_statistic.row(i), [&](double t) { return std::abs(t) > threshold; }));
    }
    out.push_back(effect);
  }
  return out;
}

std::vector<Interaction> interactions(const Dataset& data, const NoiseCorrelation& correlation) {
  const ProfileData& profiles = profiles_of(data);
  const auto perturbation = perturbations_of(data);
  const auto context = contexts_of(data);
  // (context, name of a single) -> sample
  std::map<std::pair<std::uint32_t, std::string>, std::uint32_t> singles;
  for (std::uint32_t i = 0; i < data.n_samples(); ++i) {
    const auto& members = profiles.members[perturbation[i]];
    if (members.size() == 1) singles.emplace(std::pair{context[i], members[0]}, i);
  }
  std::vector<Interaction> out;
  for (std::uint32_t i = 0; i < data.n_samples(); ++i) {
    const auto& members = profiles.members[perturbation[i]];
    if (members.size() < 2) continue;
    Interaction interaction{.sample = i};
    for (const auto& name : members) {
      const auto found = singles.find({context[i], name});
      if (found != singles.end()) interaction.members.push_back(found->second);
    }
    if (interaction.members.size() != members.size()) continue;
    // x_ab - x_a - x_b + x_c: the control enters once for every member but one.
    Change change(data.n_outputs());
    add_sample(change, 1.0, data, i);
    for (const auto member : interaction.members) add_sample(change, -1.0, data, member);
    add_control(change, static_cast<double>(members.size()) - 1.0, data, context[i]);
    const EffectSize deviation = effect_of(change, correlation);
    const EffectSize effect = effect_of(change_of(data, i), correlation);
    interaction.squared = deviation.squared;
    interaction.low = deviation.low;
    interaction.high = deviation.high;
    interaction.is_beyond_noise = deviation.is_learnable;
    if (effect.is_learnable) interaction.relative = deviation.squared / effect.squared;
    out.push_back(std::move(interaction));
  }
  return out;
}

}  // namespace cupel::perturbation
