#pragma once
// Perturbed cells in memory: profiles with known effects and a known noise, halves included.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "area/perturbation/test_scores.hpp"
#include "base/random.hpp"
#include "data/profiles.hpp"

namespace cupel::test {

struct ToySample {
  std::string perturbation;  ///< "A", "A+B"
  std::string context = "k562";
  std::vector<double> effect;               ///< true change per gene
  std::vector<std::uint32_t> targets = {};  ///< genes
  std::uint32_t n_cells = 40;
};

struct ProfileToy {
  std::size_t n_genes = 50;
  std::uint32_t n_control_cells = 40;
  double sd = 0.5;         ///< of one cell and gene
  double shared_sd = 0.0;  ///< of a cell's own offset that all of its genes have: they correlate
  std::uint32_t n_seeds = 3;
  std::uint64_t seed = 1;
};

namespace detail_profiles {

struct Group {
  std::vector<double> mean;
  std::vector<double> variance;
  std::vector<std::array<std::vector<double>, 2>> halves;  // per seed
};

inline std::vector<double> mean_of(const std::vector<std::vector<double>>& cells,
                                   std::span<const std::uint32_t> which, std::size_t n_genes) {
  std::vector<double> mean(n_genes, 0.0);
  for (const auto i : which) {
    for (std::size_t g = 0; g < n_genes; ++g) mean[g] += cells[i][g];
  }
  for (double& value : mean) value /= static_cast<double>(which.size());
  return mean;
}

inline Group measure(const ProfileToy& toy, const std::vector<double>& truth, std::uint32_t n_cells,
                     Rng& rng) {
  std::vector<std::vector<double>> cells;
  for (std::uint32_t i = 0; i < n_cells; ++i) {
    const double offset = toy.shared_sd * rng.normal();
    cells.push_back(truth);
    for (double& value : cells.back()) value += offset + toy.sd * rng.normal();
  }
  std::vector<std::uint32_t> order(n_cells);
  std::iota(order.begin(), order.end(), 0U);
  Group group{.mean = mean_of(cells, order, toy.n_genes),
              .variance = std::vector<double>(toy.n_genes, 0.0),
              .halves = {}};
  for (const auto& values : cells) {
    for (std::size_t g = 0; g < toy.n_genes; ++g) {
      group.variance[g] += (values[g] - group.mean[g]) * (values[g] - group.mean[g]) /
                           (static_cast<double>(n_cells) - 1.0);
    }
  }
  for (std::uint32_t s = 0; s < toy.n_seeds; ++s) {
    rng.shuffle(std::span(order));
    const auto half = std::span<const std::uint32_t>(order);
    group.halves.push_back({mean_of(cells, half.first(n_cells / 2), toy.n_genes),
                            mean_of(cells, half.subspan(n_cells / 2, n_cells / 2), toy.n_genes)});
  }
  return group;
}

inline std::vector<std::string> parts(const std::string& label) {
  std::vector<std::string> out(1);
  for (const char c : label) {
    if (c == '+') {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  std::ranges::sort(out);
  return out;
}

inline Entity entity(const std::string& name, const std::vector<std::string>& labels) {
  Entity out;
  out.name = name;
  const std::set<std::string> ids(labels.begin(), labels.end());
  out.ids.assign(ids.begin(), ids.end());
  for (const auto& label : labels) {
    out.code_of_sample.push_back(
        static_cast<std::uint32_t>(std::ranges::lower_bound(out.ids, label) - out.ids.begin()));
  }
  return out;
}

}  // namespace detail_profiles

inline Dataset toy_profiles(const std::vector<ToySample>& samples, const ProfileToy& toy = {}) {
  using namespace detail_profiles;
  Dataset data;
  data.area = "perturbation";
  std::vector<std::string> perturbations;
  std::vector<std::string> contexts;
  for (const auto& sample : samples) {
    perturbations.push_back(sample.perturbation);
    contexts.push_back(sample.context);
  }
  data.entities = {entity("perturbation", perturbations), entity("context", contexts)};
  const std::size_t n_contexts = data.entities[1].ids.size();
  auto profiles = std::make_shared<ProfileData>();
  for (std::size_t g = 0; g < toy.n_genes; ++g) profiles->genes.push_back("g" + std::to_string(g));
  data.output_names = profiles->genes;
  profiles->control = "control";
  data.targets = Matrix<double>(samples.size(), toy.n_genes);
  profiles->variance = data.targets;
  profiles->t_statistic = data.targets;
  profiles->controls = Matrix<double>(n_contexts, toy.n_genes);
  profiles->control_variance = profiles->controls;
  profiles->halves.resize(toy.n_seeds);
  for (auto& halves : profiles->halves) {
    halves.profiles = {data.targets, data.targets};
    halves.controls = {profiles->controls, profiles->controls};
  }
  Rng rng(toy.seed, "toy_profiles");
  const auto put = [&](const Group& group, std::size_t row, Matrix<double>& mean,
                       Matrix<double>& variance, auto&& half_matrix) {
    std::ranges::copy(group.mean, mean.row(row).begin());
    std::ranges::copy(group.variance, variance.row(row).begin());
    for (std::size_t s = 0; s < toy.n_seeds; ++s) {
      for (const std::size_t h : {0U, 1U}) {
        std::ranges::copy(group.halves[s][h], half_matrix(s, h).row(row).begin());
      }
    }
  };
  std::vector<std::vector<double>> basal;
  for (std::size_t c = 0; c < n_contexts; ++c) {
    basal.emplace_back(toy.n_genes);
    for (double& value : basal.back()) value = 2.0 + rng.uniform();
    profiles->n_control_cells.push_back(toy.n_control_cells);
    put(measure(toy, basal.back(), toy.n_control_cells, rng), c, profiles->controls,
        profiles->control_variance, [&](std::size_t s, std::size_t h) -> Matrix<double>& {
          return profiles->halves[s].controls[h];
        });
  }
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::size_t context = data.entities[1].code_of_sample[i];
    std::vector<double> truth = basal[context];
    for (std::size_t g = 0; g < samples[i].effect.size(); ++g) truth[g] += samples[i].effect[g];
    profiles->n_cells.push_back(samples[i].n_cells);
    put(measure(toy, truth, samples[i].n_cells, rng), i, data.targets, profiles->variance,
        [&](std::size_t s, std::size_t h) -> Matrix<double>& {
          return profiles->halves[s].profiles[h];
        });
    profiles->target_genes.push_back(samples[i].targets);
    for (std::size_t g = 0; g < toy.n_genes; ++g) {
      profiles->t_statistic(i, g) =
          (data.targets(i, g) - profiles->controls(context, g)) /
          std::sqrt(profiles->variance(i, g) / samples[i].n_cells +
                    profiles->control_variance(context, g) / toy.n_control_cells);
    }
  }
  for (const auto& id : data.entities[0].ids) profiles->members.push_back(parts(id));
  data.profiles = std::move(profiles);
  return data;
}

/// Effects of every sample drawn anew: `size` is the standard deviation per gene.
inline std::vector<ToySample> random_effects(std::size_t n, std::size_t n_genes, double size,
                                             double shared = 0.0, std::uint64_t seed = 7) {
  Rng rng(seed, "toy_effects");
  std::vector<double> shift(n_genes);
  for (double& value : shift) value = shared * rng.normal();
  std::vector<ToySample> out;
  for (std::size_t i = 0; i < n; ++i) {
    ToySample sample{.perturbation = "P" + std::to_string(100 + i), .effect = shift};
    for (double& value : sample.effect) value += size * rng.normal();
    out.push_back(std::move(sample));
  }
  return out;
}

/// The first `n_train` samples are trained on, the others tested.
inline Split toy_split(const Dataset& data, std::size_t n_train) {
  Split split;
  split.name = "unseen";
  split.reasons = {""};
  split.reason.assign(data.n_samples(), 0);
  split.role.assign(data.n_samples(), Role::test);
  std::fill_n(split.role.begin(), n_train, Role::train);
  return split;
}

/// mse (of profiles), pearson_delta (of changes from the control), discrimination_l2 (of profiles).
inline perturbation::Scorer toy_scorer() {
  static const std::vector<SampleMetric> kMetrics{
      {"mse", "MSE", "", false, 0.0},
      {"pearson_delta", "Pearson of changes", "", true, 1.0},
      {"discrimination_l2", "Discrimination", "", true, 1.0}};
  return {.metrics = kMetrics,
          .score = [](const Dataset& data, const Split&, std::span<const std::uint32_t> rows,
                      std::span<const double> prediction) {
            const std::size_t n = data.n_outputs();
            Matrix<double> out(rows.size(), 3, kUndefined);
            const auto squares = [&](std::size_t i, std::uint32_t row) {
              double sum = 0.0;
              for (std::size_t g = 0; g < n; ++g) {
                const double d = prediction[i * n + g] - data.targets(row, g);
                sum += d * d;
              }
              return sum;
            };
            const auto context = data.entity("context").code_of_sample;
            for (std::size_t i = 0; i < rows.size(); ++i) {
              out(i, 0) = squares(i, rows[i]) / static_cast<double>(n);
              double a = 0.0;
              double b = 0.0;
              double aa = 0.0;
              double bb = 0.0;
              double ab = 0.0;
              for (std::size_t g = 0; g < n; ++g) {
                const double control = data.profiles->controls(context[rows[i]], g);
                const double x = data.targets(rows[i], g) - control;
                const double y = prediction[i * n + g] - control;
                a += x;
                b += y;
                aa += x * x;
                bb += y * y;
                ab += x * y;
              }
              const auto count = static_cast<double>(n);
              out(i, 1) =
                  (ab - a * b / count) / std::sqrt((aa - a * a / count) * (bb - b * b / count));
              double farther = 0.0;
              for (const auto other : rows) {
                if (other != rows[i] && squares(i, other) > squares(i, rows[i])) farther += 1.0;
              }
              if (rows.size() > 1) out(i, 2) = farther / static_cast<double>(rows.size() - 1);
            }
            return out;
          }};
}

}  // namespace cupel::test
