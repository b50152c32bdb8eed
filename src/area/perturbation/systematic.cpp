#include "area/perturbation/systematic.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "area/perturbation/ceiling.hpp"
#include "base/parallel.hpp"

namespace cupel::perturbation {
namespace {

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

double cosine(std::span<const double> a, std::span<const double> b) {
  const double norms = std::sqrt(dot(a, a) * dot(b, b));
  return norms > 0.0 ? dot(a, b) / norms : kUndefined;
}

/// Changes of the samples, and their sum over those that are defined.
struct Changes {
  Matrix<double> of_sample;
  std::vector<double> sum;
  double n = 0.0;
};

Changes changes_of(const Matrix<double>& profiles, std::span<const double> control,
                   std::span<const std::uint32_t> samples) {
  Changes out{.of_sample = Matrix<double>(samples.size(), profiles.cols),
              .sum = std::vector<double>(profiles.cols, 0.0)};
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto profile = profiles.row(samples[i]);
    const auto change = out.of_sample.row(i);
    bool is_defined = true;
    for (std::size_t g = 0; g < profile.size(); ++g) {
      change[g] = profile[g] - control[g];
      is_defined = is_defined && !std::isnan(change[g]);
    }
    if (!is_defined) {
      std::ranges::fill(change, kUndefined);
      continue;
    }
    out.n += 1.0;
    for (std::size_t g = 0; g < profile.size(); ++g) out.sum[g] += change[g];
  }
  return out;
}

std::vector<double> cosines_of_halves(const ProfileData& profiles, std::uint32_t context,
                                      std::span<const std::uint32_t> samples,
                                      const Context& of_run) {
  Matrix<double> cosines(2 * profiles.halves.size(), samples.size(), kUndefined);
  parallel_for(of_run, cosines.rows, [&](std::size_t view) {
    const auto& halves = profiles.halves[view / 2];
    const std::size_t half = view % 2;
    const Changes own =
        changes_of(halves.profiles[half], halves.controls[half].row(context), samples);
    const Changes other =
        changes_of(halves.profiles[1 - half], halves.controls[1 - half].row(context), samples);
    std::vector<double> others(profiles.genes.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
      for (std::size_t g = 0; g < others.size(); ++g) {
        others[g] = other.sum[g] - other.of_sample(i, g);
      }
      cosines(view, i) = cosine(own.of_sample.row(i), others);
    }
  });
  std::vector<double> sum(samples.size(), 0.0);
  std::vector<double> n(samples.size(), 0.0);
  for (std::size_t view = 0; view < cosines.rows; ++view) {
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (std::isnan(cosines(view, i))) continue;
      sum[i] += cosines(view, i);
      n[i] += 1.0;
    }
  }
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = n[i] > 0.0 ? sum[i] / n[i] : kUndefined;
  return sum;
}

SystematicVariation of_context(const Dataset& data, std::uint32_t context,
                               std::span<const std::uint32_t> samples,
                               const PerturbationDraws& draws, const Context& of_run) {
  const ProfileData& profiles = profiles_of(data);
  const Changes changes = changes_of(data.targets, profiles.controls.row(context), samples);
  const auto n = static_cast<double>(samples.size());
  std::vector<double> cosines;
  double squared = 0.0;
  double noise = 0.0;
  double noise_of_samples = 0.0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto change = changes.of_sample.row(i);
    cosines.push_back(cosine(change, changes.sum));
    squared += dot(change, change);
    noise_of_samples += noise_of_sample(profiles, samples[i]);
  }
  const double control = noise_of_control(profiles, context);
  noise = noise_of_samples + n * control;
  const double of_mean = dot(changes.sum, changes.sum) / (n * n);
  SystematicVariation out{.context = context, .n_perturbations = samples.size()};
  out.cosine = estimate_mean(draws, cosines);
  if (!profiles.halves.empty()) {
    out.cosine_of_halves =
        estimate_mean(draws, cosines_of_halves(profiles, context, samples, of_run));
  }
  if (squared > 0.0) out.share = n * of_mean / squared;
  const double true_mean = of_mean - noise_of_samples / (n * n) - control;
  const double true_squared = (squared - noise) / n;
  if (true_squared > 0.0) out.share_beyond_noise = std::clamp(true_mean / true_squared, 0.0, 1.0);
  return out;
}

}  // namespace

std::vector<SystematicVariation> systematic_variation(const Dataset& data, std::size_t n_draws,
                                                      double confidence, std::uint64_t seed,
                                                      const Context& context) {
  const auto of_sample = contexts_of(data);
  std::vector<std::vector<std::uint32_t>> by_context(data.entity("context").ids.size());
  for (std::uint32_t i = 0; i < data.n_samples(); ++i) by_context[of_sample[i]].push_back(i);
  std::vector<SystematicVariation> out;
  for (std::uint32_t c = 0; c < by_context.size(); ++c) {
    if (by_context[c].size() < 2) continue;
    const auto draws = draw_perturbations(data, by_context[c], n_draws, confidence, seed, context);
    out.push_back(of_context(data, c, by_context[c], draws, context));
  }
  return out;
}

}  // namespace cupel::perturbation
