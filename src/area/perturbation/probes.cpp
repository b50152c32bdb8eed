#include "area/perturbation/probes.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/random.hpp"

namespace cupel::perturbation {
namespace {

constexpr double kWorstShare = 0.2;

/// Rows of one fold and context exchange their changes along one cycle: no row keeps its own where
/// there are two. Cycles are drawn (Sattolo), so that no order of the rows matters.
std::vector<std::size_t> shuffled_partners(const Dataset& data, const TestRows& test,
                                           std::uint64_t seed) {
  const auto context = contexts_of(data);
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < test.size(); ++i) {
    groups[{test.fold[i], context[test.rows[i]]}].push_back(i);
  }
  std::vector<std::size_t> partner(test.size());
  Rng rng(seed, "probe_shuffle");
  for (const auto& [key, members] : groups) {
    auto order = members;
    for (std::size_t i = order.size(); i > 1; --i) {
      std::swap(order[i - 1], order[rng.below(static_cast<std::uint32_t>(i - 1))]);
    }
    for (std::size_t i = 0; i < members.size(); ++i) partner[members[i]] = order[i];
  }
  return partner;
}

/// Usual change of targeted genes in the training samples of a fold.
struct TargetChange {
  std::map<std::uint32_t, double> of_gene;
  double of_all = kUndefined;
};

TargetChange target_changes(const Dataset& data, const Split& fold) {
  const ProfileData& profiles = profiles_of(data);
  const auto context = contexts_of(data);
  std::map<std::uint32_t, std::pair<double, double>> sums;
  double sum = 0.0;
  double n = 0.0;
  for (const auto row : fold.rows(Role::train)) {
    for (const auto gene : profiles.target_genes[row]) {
      const double change = data.targets(row, gene) - profiles.controls(context[row], gene);
      auto& entry = sums[gene];
      entry.first += change;
      entry.second += 1.0;
      sum += change;
      n += 1.0;
    }
  }
  TargetChange out;
  for (const auto& [gene, entry] : sums) out.of_gene[gene] = entry.first / entry.second;
  if (n > 0.0) out.of_all = sum / n;
  return out;
}

void spike_targets(const Dataset& data, const TestRows& test, std::vector<double>& prediction) {
  const ProfileData& profiles = profiles_of(data);
  const auto context = contexts_of(data);
  const std::size_t n_genes = data.n_outputs();
  std::vector<TargetChange> of_fold;
  for (const auto& fold : test.folds) of_fold.push_back(target_changes(data, fold));
  for (std::size_t i = 0; i < test.size(); ++i) {
    const auto row = test.rows[i];
    const TargetChange& usual = of_fold[test.fold[i]];
    for (const auto gene : profiles.target_genes[row]) {
      const auto known = usual.of_gene.find(gene);
      const double change = known == usual.of_gene.end() ? usual.of_all : known->second;
      if (std::isnan(change)) continue;
      prediction[i * n_genes + gene] = profiles.controls(context[row], gene) + change;
    }
  }
}

void add_noise(const Probe& probe, const Dataset& data, const TestRows& test,
               std::span<const double> controls, std::uint64_t seed,
               std::vector<double>& prediction) {
  const ProfileData& profiles = profiles_of(data);
  const std::size_t n_genes = data.n_outputs();
  for (std::size_t i = 0; i < test.size(); ++i) {
    const auto row = test.rows[i];
    Rng rng(seed, "probe_noise", i);
    double effect = 0.0;
    for (std::size_t g = 0; g < n_genes; ++g) {
      const double change = prediction[i * n_genes + g] - controls[i * n_genes + g];
      effect += change * change;
    }
    const double sd_of_effect = std::sqrt(effect / static_cast<double>(n_genes));
    for (std::size_t g = 0; g < n_genes; ++g) {
      const double sd =
          probe.kind == ProbeKind::noise_of_effect
              ? sd_of_effect
              : std::sqrt(profiles.variance(row, g) / static_cast<double>(profiles.n_cells[row]));
      prediction[i * n_genes + g] += sd * rng.normal();
    }
  }
}

/// The rows with the lowest fifth of the primary metric.
std::vector<std::size_t> worst_rows(std::span<const double> primary, bool higher_is_better) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < primary.size(); ++i) {
    if (!std::isnan(primary[i])) order.push_back(i);
  }
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return higher_is_better ? primary[a] < primary[b] : primary[a] > primary[b];
  });
  order.resize(static_cast<std::size_t>(kWorstShare * static_cast<double>(order.size())));
  return order;
}

}  // namespace

std::span<const Probe> probes() {
  static const std::vector<Probe> kProbes{
      {"scale_0.5", "changes x 0.5", ProbeKind::scale, 0.5, "halving every predicted change"},
      {"scale_2", "changes x 2", ProbeKind::scale, 2.0, "doubling every predicted change"},
      {"scale_5", "changes x 5", ProbeKind::scale, 5.0,
       "multiplying every predicted change by five"},
      {"shuffled_labels", "labels shuffled", ProbeKind::shuffle, 1.0,
       "handing every prediction to another perturbation"},
      {"noise", "noise of measurement added", ProbeKind::noise, 1.0,
       "adding noise as large as the measurement error"},
      {"noise_of_effect", "noise as large as the change", ProbeKind::noise_of_effect, 1.0,
       "adding noise as large as the predicted change"},
      {"control", "control pasted", ProbeKind::control, 1.0,
       "predicting the unperturbed control instead"},
      {"spiked_targets", "target genes set", ProbeKind::spike_targets, 1.0,
       "setting only the targeted genes to their usual change"},
      {"worst_left_out", "worst fifth left out", ProbeKind::leave_out_worst, 1.0,
       "leaving out the worst fifth of the perturbations, if what is missing were dropped,"},
  };
  return kProbes;
}

std::vector<double> manipulate(const Probe& probe, const Dataset& data, const TestRows& test,
                               std::span<const double> prediction, std::uint64_t seed) {
  const auto controls = controls_of_rows(data, profiles_of(data).controls, test.rows);
  std::vector<double> out(prediction.begin(), prediction.end());
  const std::size_t n_genes = data.n_outputs();
  switch (probe.kind) {
    case ProbeKind::scale:
      for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = controls[i] + probe.factor * (prediction[i] - controls[i]);
      }
      break;
    case ProbeKind::shuffle: {
      const auto partner = shuffled_partners(data, test, seed);
      for (std::size_t i = 0; i < test.size(); ++i) {
        for (std::size_t g = 0; g < n_genes; ++g) {
          const std::size_t from = partner[i] * n_genes + g;
          out[i * n_genes + g] = controls[i * n_genes + g] + prediction[from] - controls[from];
        }
      }
      break;
    }
    case ProbeKind::noise:
    case ProbeKind::noise_of_effect:
      add_noise(probe, data, test, controls, seed, out);
      break;
    case ProbeKind::control:
      out = controls;
      break;
    case ProbeKind::spike_targets:
      spike_targets(data, test, out);
      break;
    case ProbeKind::leave_out_worst:
      break;
  }
  return out;
}

ProbedPredictor probe_predictor(const Scorer& scorer, const Dataset& data, const TestRows& test,
                                std::span<const double> prediction, std::size_t primary,
                                const PerturbationDraws& draws, std::uint64_t seed) {
  const std::size_t n_genes = data.n_outputs();
  const Matrix<double> before = score_test_rows(scorer, data, test, prediction);
  ProbedPredictor out;
  for (std::size_t m = 0; m < scorer.metrics.size(); ++m) {
    out.value.push_back(estimate_mean(draws, column(before, m)));
  }
  for (const auto& probe : probes()) {
    ProbeResponse response{.probe = probe.name};
    Matrix<double> after = before;
    if (probe.kind == ProbeKind::leave_out_worst) {
      for (const auto i :
           worst_rows(column(before, primary), scorer.metrics[primary].higher_is_better)) {
        std::ranges::fill(after.row(i), kUndefined);
        ++response.n_changed;
      }
    } else {
      const auto changed = manipulate(probe, data, test, prediction, seed);
      for (std::size_t i = 0; i < test.size(); ++i) {
        const auto a = std::span(changed).subspan(i * n_genes, n_genes);
        const auto b = prediction.subspan(i * n_genes, n_genes);
        response.n_changed += std::ranges::equal(a, b) ? 0 : 1;
      }
      after = score_test_rows(scorer, data, test, changed);
    }
    for (std::size_t m = 0; m < scorer.metrics.size(); ++m) {
      const double sign = scorer.metrics[m].higher_is_better ? 1.0 : -1.0;
      const auto old_values = column(before, m);
      const auto new_values = column(after, m);
      response.value.push_back(estimate_mean(draws, new_values));
      if (probe.kind == ProbeKind::leave_out_worst) {
        response.gain.push_back({.value = sign * (response.value.back().value - out.value[m].value),
                                 .n = response.value.back().n});
        continue;
      }
      const std::span<const double> columns[] = {old_values, new_values};
      response.gain.push_back(estimate(draws, columns, [sign](std::span<const double> means) {
        // Rounding is no gain.
        const double gain = sign * (means[1] - means[0]);
        return std::abs(gain) <= 1e-9 * (std::abs(means[0]) + std::abs(means[1])) ? 0.0 : gain;
      }));
    }
    out.responses.push_back(std::move(response));
  }
  return out;
}

}  // namespace cupel::perturbation
