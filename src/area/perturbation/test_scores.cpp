#include "area/perturbation/test_scores.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cupel/error.hpp"
#include "stat/interval.hpp"

namespace cupel::perturbation {
namespace {

constexpr std::size_t kFewestUnits = 3;  // perturbations below which no interval is given

bool is_finite(std::span<const double> values) {
  return std::ranges::all_of(values, [](double v) { return std::isfinite(v); });
}

/// Halves of one cell and replicates without controls are not.
bool is_defined(const Dataset& data, std::size_t sample) {
  return is_finite(data.targets.row(sample)) &&
         is_finite(profiles_of(data).controls.row(contexts_of(data)[sample]));
}

/// Samples without a profile train nothing.
Split without_undefined(const Dataset& data, const Split& fold) {
  Split out = fold;
  for (std::size_t i = 0; i < out.role.size(); ++i) {
    if (out.role[i] != Role::test && !is_defined(data, i)) out.role[i] = Role::left_out;
  }
  return out;
}

std::shared_ptr<ProfileData> without_halves(const ProfileData& all) {
  auto out = std::make_shared<ProfileData>();
  out->genes = all.genes;
  out->control = all.control;
  out->pseudobulk = all.pseudobulk;
  out->n_cells = all.n_cells;
  out->n_control_cells = all.n_control_cells;
  out->variance = all.variance;
  out->control_variance = all.control_variance;
  out->target_genes = all.target_genes;
  out->members = all.members;
  out->t_statistic = all.t_statistic;
  return out;
}

/// Positions of the rows of every fold, in order.
std::vector<std::vector<std::size_t>> positions_by_fold(const TestRows& test) {
  std::vector<std::vector<std::size_t>> out(test.folds.size());
  for (std::size_t i = 0; i < test.size(); ++i) out.at(test.fold[i]).push_back(i);
  return out;
}

}  // namespace

const ProfileData& profiles_of(const Dataset& data) {
  if (data.profiles == nullptr) fail(ErrorKind::internal, "the data set has no profiles");
  return *data.profiles;
}
std::span<const std::uint32_t> contexts_of(const Dataset& data) {
  return data.entity("context").code_of_sample;
}
std::span<const std::uint32_t> perturbations_of(const Dataset& data) {
  return data.entity("perturbation").code_of_sample;
}

std::vector<double> gather(const Matrix<double>& of_samples, std::span<const std::uint32_t> rows) {
  std::vector<double> out;
  out.reserve(rows.size() * of_samples.cols);
  for (const auto row : rows) {
    const auto values = of_samples.row(row);
    out.insert(out.end(), values.begin(), values.end());
  }
  return out;
}

std::vector<double> controls_of_rows(const Dataset& data, const Matrix<double>& controls,
                                     std::span<const std::uint32_t> rows) {
  const auto context = contexts_of(data);
  std::vector<std::uint32_t> of_row;
  of_row.reserve(rows.size());
  for (const auto row : rows) of_row.push_back(context[row]);
  return gather(controls, of_row);
}

Matrix<double> score_test_rows(const Scorer& scorer, const Dataset& data, const TestRows& test,
                               std::span<const double> prediction) {
  const std::size_t n_genes = data.n_outputs();
  Matrix<double> out(test.size(), scorer.metrics.size(), kUndefined);
  const auto by_fold = positions_by_fold(test);
  for (std::size_t f = 0; f < by_fold.size(); ++f) {
    if (by_fold[f].empty()) continue;
    std::vector<std::uint32_t> rows;
    std::vector<double> values;
    values.reserve(by_fold[f].size() * n_genes);
    std::vector<std::size_t> kept;
    for (const auto i : by_fold[f]) {
      if (!is_defined(data, test.rows[i])) continue;
      kept.push_back(i);
      rows.push_back(test.rows[i]);
      const auto row = prediction.subspan(i * n_genes, n_genes);
      values.insert(values.end(), row.begin(), row.end());
    }
    const Matrix<double> scores =
        is_finite(data.targets.values) && is_finite(profiles_of(data).controls.values)
            ? scorer.score(data, test.folds[f], rows, values)
            : scorer.score(data, without_undefined(data, test.folds[f]), rows, values);
    for (std::size_t k = 0; k < kept.size(); ++k) {
      std::ranges::copy(scores.row(k), out.row(kept[k]).begin());
    }
  }
  return out;
}

std::size_t n_half_views(const Dataset& data) { return 2 * profiles_of(data).halves.size(); }

HalfView half_view(const Dataset& data, std::size_t index) {
  const ProfileData& all = profiles_of(data);
  const ProfileHalves& halves = all.halves.at(index / 2);
  const std::size_t own = index % 2;
  auto part = without_halves(all);
  part->controls = halves.controls[own];
  for (auto& n : part->n_cells) n /= 2;
  for (auto& n : part->n_control_cells) n /= 2;
  HalfView view{.truth = data,
                .repeat = &halves.profiles[1 - own],
                .repeat_controls = &halves.controls[1 - own]};
  view.truth.targets = halves.profiles[own];
  view.truth.profiles = std::move(part);
  return view;
}

void use_all_controls(const Dataset& data, HalfView& view) {
  auto profiles = std::make_shared<ProfileData>(profiles_of(view.truth));
  profiles->controls = profiles_of(data).controls;
  profiles->n_control_cells = profiles_of(data).n_control_cells;
  view.truth.profiles = std::move(profiles);
}

HalfView replicate_view(const Dataset& data, std::size_t truth, std::size_t repeat) {
  const ProfileData& all = profiles_of(data);
  const ProfileReplicate& here = all.replicates.at(truth);
  const ProfileReplicate& there = all.replicates.at(repeat);
  auto part = without_halves(all);
  part->controls = here.controls;
  part->n_cells = here.n_cells;
  part->n_control_cells = here.n_control_cells;
  HalfView view{.truth = data, .repeat = &there.profiles, .repeat_controls = &there.controls};
  view.truth.targets = here.profiles;
  view.truth.profiles = std::move(part);
  return view;
}

std::vector<double> training_shift(const Dataset& data, const Matrix<double>& profiles,
                                   const Matrix<double>& controls, const TestRows& test) {
  const std::size_t n_genes = data.n_outputs();
  const auto context = contexts_of(data);
  const std::size_t n_contexts = controls.rows;
  std::vector<double> out(test.size() * n_genes, kUndefined);
  const auto by_fold = positions_by_fold(test);
  for (std::size_t f = 0; f < by_fold.size(); ++f) {
    if (by_fold[f].empty()) continue;
    // One row per context, and one for all of them.
    Matrix<double> sum(n_contexts + 1, n_genes, 0.0);
    std::vector<double> n(n_contexts + 1, 0.0);
    for (const auto row : test.folds[f].rows(Role::train)) {
      const auto profile = profiles.row(row);
      if (!is_finite(profile)) continue;
      const auto control = controls.row(context[row]);
      for (const std::size_t part : {std::size_t{context[row]}, n_contexts}) {
        n[part] += 1.0;
        for (std::size_t g = 0; g < n_genes; ++g) sum(part, g) += profile[g] - control[g];
      }
    }
    for (const auto i : by_fold[f]) {
      const std::size_t own = context[test.rows[i]];
      const std::size_t part = n[own] > 0.0 ? own : n_contexts;
      if (n[part] == 0.0) continue;
      for (std::size_t g = 0; g < n_genes; ++g) out[i * n_genes + g] = sum(part, g) / n[part];
    }
  }
  return out;
}

std::vector<std::uint8_t> metrics_using_control(const Scorer& scorer, const Dataset& data,
                                                const TestRows& test) {
  // Any prediction will do that is neither the truth nor the control.
  auto prediction = gather(data.targets, test.rows);
  for (std::size_t i = 0; i < prediction.size(); ++i) {
    prediction[i] = 0.7 * prediction[i] + 0.1 * std::sin(2.3 * static_cast<double>(i));
  }
  const Matrix<double> before = score_test_rows(scorer, data, test, prediction);
  Dataset moved = data;
  auto profiles = std::make_shared<ProfileData>(profiles_of(data));
  for (std::size_t i = 0; i < profiles->controls.values.size(); ++i) {
    // Neither constant nor proportional to anything; as large as a strong response.
    profiles->controls.values[i] += 0.3 * std::cos(1.7 * static_cast<double>(i));
  }
  moved.profiles = std::move(profiles);
  const Matrix<double> after = score_test_rows(scorer, moved, test, prediction);
  std::vector<std::uint8_t> out(scorer.metrics.size(), 0);
  for (std::size_t i = 0; i < before.rows; ++i) {
    for (std::size_t m = 0; m < before.cols; ++m) {
      const double a = before(i, m);
      const double b = after(i, m);
      if (std::isnan(a) || std::isnan(b)) continue;
      if (std::abs(a - b) > 1e-9 * (1.0 + std::abs(a))) out[m] = 1;
    }
  }
  return out;
}

Matrix<double> score_in_view(const Scorer& scorer, const HalfView& view, const TestRows& test,
                             std::span<const double> prediction, std::span<const double> controls,
                             std::span<const std::uint8_t> uses_control) {
  Matrix<double> out = score_test_rows(scorer, view.truth, test, prediction);
  if (std::ranges::none_of(uses_control, [](std::uint8_t uses) { return uses != 0; })) return out;
  const auto here = controls_of_rows(view.truth, profiles_of(view.truth).controls, test.rows);
  std::vector<double> moved(prediction.begin(), prediction.end());
  for (std::size_t i = 0; i < moved.size(); ++i) moved[i] += here[i] - controls[i];
  const Matrix<double> of_changes = score_test_rows(scorer, view.truth, test, moved);
  for (std::size_t i = 0; i < out.rows; ++i) {
    for (std::size_t m = 0; m < out.cols; ++m) {
      if (uses_control[m] != 0) out(i, m) = of_changes(i, m);
    }
  }
  return out;
}

PerturbationDraws draw_perturbations(const Dataset& data, std::span<const std::uint32_t> rows,
                                     std::size_t n_draws, double confidence, std::uint64_t seed,
                                     const Context& context) {
  const auto of_sample = perturbations_of(data);
  std::vector<std::uint32_t> codes;
  codes.reserve(rows.size());
  for (const auto row : rows) codes.push_back(of_sample[row]);
  CompactCodes compact = compact_codes(codes);
  PerturbationDraws out{.unit = std::move(compact.code), .draws = {}, .confidence = confidence};
  if (!compact.level.empty()) {
    out.draws = draw_units(compact.level.size(), n_draws, seed, "perturbations", context);
  }
  return out;
}

Estimate estimate(const PerturbationDraws& draws, std::span<const std::span<const double>> columns,
                  const std::function<double(std::span<const double>)>& function) {
  std::vector<std::size_t> complete;
  std::vector<std::uint8_t> has_unit(draws.draws.n_units, 0);
  for (std::size_t i = 0; i < draws.unit.size(); ++i) {
    const auto is_defined = [i](std::span<const double> values) {
      return std::isfinite(values[i]);
    };
    if (!std::ranges::all_of(columns, is_defined)) continue;
    complete.push_back(i);
    has_unit[draws.unit[i]] = 1;
  }
  Estimate out{.n = complete.size()};
  if (complete.empty()) return out;
  std::vector<double> means(columns.size());
  const auto weighted = [&](const std::function<double(std::size_t)>& weight) {
    std::ranges::fill(means, 0.0);
    double total = 0.0;
    for (const auto i : complete) {
      const double w = weight(i);
      if (w == 0.0) continue;
      total += w;
      for (std::size_t k = 0; k < columns.size(); ++k) means[k] += w * columns[k][i];
    }
    if (total == 0.0) return kUndefined;
    for (double& value : means) value /= total;
    return function(means);
  };
  out.value = weighted([](std::size_t) { return 1.0; });
  if (static_cast<std::size_t>(std::ranges::count(has_unit, 1)) < kFewestUnits) return out;
  std::vector<double> values;
  values.reserve(draws.draws.n_draws());
  for (std::size_t d = 0; d < draws.draws.n_draws(); ++d) {
    const auto counts = draws.draws.counts.row(d);
    values.push_back(
        weighted([&](std::size_t i) { return static_cast<double>(counts[draws.unit[i]]); }));
  }
  const Interval interval = percentile_interval(values, draws.confidence);
  out.low = interval.low;
  out.high = interval.high;
  return out;
}

Estimate estimate_mean(const PerturbationDraws& draws, std::span<const double> values) {
  const std::span<const double> columns[] = {values};
  return estimate(draws, columns, [](std::span<const double> means) { return means[0]; });
}

std::vector<double> column(const Matrix<double>& matrix, std::size_t j) {
  std::vector<double> out(matrix.rows);
  for (std::size_t i = 0; i < matrix.rows; ++i) out[i] = matrix(i, j);
  return out;
}

}  // namespace cupel::perturbation
