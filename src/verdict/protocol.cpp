#include "verdict/protocol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <set>

#include "metric/metric.hpp"
#include "stat/moments.hpp"
#include "study/sample_scores.hpp"
#include "verdict/claims.hpp"
#include "verdict/profile_checks.hpp"
#include "verdict/sample_evidence.hpp"

namespace cupel {
namespace {

// Predictions and truths of a model's first seed on the rows where it has any.
struct Pairs {
  std::vector<double> truth;
  std::vector<double> prediction;
  std::size_t n_missing = 0;
};

Pairs pairs_of(const SplitResult& split, const Entry& entry) {
  Pairs pairs;
  for (std::size_t i = 0; i < entry.values.size(); ++i) {
    if (std::isnan(entry.values[i])) {
      ++pairs.n_missing;
      continue;
    }
    pairs.truth.push_back(split.truth[i]);
    pairs.prediction.push_back(entry.values[i]);
  }
  return pairs;
}

std::string number(double value) { return fmt::format("{:.4g}", value); }

double share_below(const std::vector<double>& values, double limit) {
  const auto n = std::count_if(values.begin(), values.end(), [&](double v) { return v < limit; });
  return static_cast<double>(n) / static_cast<double>(values.size());
}

class ModelCheck {
 public:
  ModelCheck(const StudyRun& run, const SplitResult& split, const Entry& entry,
             std::vector<ProtocolNote>& notes)
      : run_(run),
        split_(split),
        info_(run.predictors[entry.predictor]->info()),
        pairs_(pairs_of(split, entry)),
        notes_(notes) {}

  void check_all(const Noise& noise) {
    check_missing();
    if (pairs_.truth.size() < 3) return;
    check_constant();
    check_scale();
    if (noise.sd > 0.0) {
      check_error_against(noise);
      check_copies_against(noise);
    }
  }

 private:
  void add(std::string code, Severity severity, std::string title, std::string sentence,
           std::vector<std::pair<std::string, std::string>> evidence, std::string recommendation) {
    evidence.insert(evidence.begin(), {"split", split_.name});
    notes_.push_back({.code = std::move(code),
                      .severity = severity,
                      .model = info_.name,
                      .title = std::move(title),
                      .sentence = std::move(sentence),
                      .evidence = std::move(evidence),
                      .recommendation = std::move(recommendation)});
  }

  void check_missing() {
    if (pairs_.n_missing == 0) return;
    const std::size_t n = pairs_.n_missing + pairs_.truth.size();
    const double share = static_cast<double>(pairs_.n_missing) / static_cast<double>(n);
    add("missing_predictions", share > 0.05 ? Severity::warning : Severity::note,
        "Rows without a prediction",
        fmt::format("{} has no prediction for {} of {} test rows ({:.1f} %); every comparison uses "
                    "only the rows it predicts, for the baselines too.",
                    info_.title, pairs_.n_missing, n, 100.0 * share),
        {{"missing", std::to_string(pairs_.n_missing)}, {"test rows", std::to_string(n)}},
        "Predict every test row: rows that are left out may be the hard ones.");
  }

  void check_constant() {
    const auto [low, high] =
        std::minmax_element(pairs_.prediction.begin(), pairs_.prediction.end());
    if (*low < *high) return;
    add("constant_predictions", Severity::serious, "Constant predictions",
        fmt::format("{} predicts {} for every row of {}.", info_.title, number(*low), split_.name),
        {{"value", number(*low)}}, "Check the column that was read, and the model's training.");
  }

  // A good ranking on a wrong scale: the best straight line from prediction to truth is far from
  // the identity and would remove most of the error.
  void check_scale() {
    const double r = evaluate("pearson", pairs_.truth, pairs_.prediction);
    const double r2 = evaluate("r2", pairs_.truth, pairs_.prediction);
    if (std::isnan(r) || std::isnan(r2) || r < 0.3 || r * r - r2 < 0.15) return;
    // A noisy prediction flattens the line by less than half; another scale or unit does more.
    const double spread = standard_deviation(pairs_.truth);
    const double slope = r * spread / standard_deviation(pairs_.prediction);
    const double shift = std::abs(mean(pairs_.truth) - mean(pairs_.prediction)) / spread;
    if (slope > 0.5 && slope < 2.0 && shift < 0.5) return;
    const auto [low, high] =
        std::minmax_element(pairs_.prediction.begin(), pairs_.prediction.end());
    const auto [truth_low, truth_high] =
        std::minmax_element(pairs_.truth.begin(), pairs_.truth.end());
    const bool squashed = *low > 0.0 && *high < 1.0 && (*truth_low < 0.0 || *truth_high > 1.0);
    std::string sentence = fmt::format(
        "{} ranks well (Pearson {:.3f}) but its values are off scale (R2 {:.3f}, after the best "
        "straight line {:.3f}): predictions span {} to {}, targets {} to {}.",
        info_.title, r, r2, r * r, number(*low), number(*high), number(*truth_low),
        number(*truth_high));
    if (squashed) {
      sentence += " They look like the squashed response 1 / (1 + IC50^-0.1).";
    }
    add("rescaled_predictions", Severity::serious, "Predictions on another scale",
        std::move(sentence),
        {{"pearson", number(r)}, {"r2", number(r2)}, {"r2 after a straight line", number(r * r)}},
        squashed ? "Undo it: ln IC50 = 10 ln(y / (1 - y))."
                 : "Give predictions in the unit of the targets, or say which transform was used.");
  }

  // Mean squared error against the noise variance: a chi-squared upper limit of the former below
  // the latter cannot happen to a predictor that did not see the test values.
  void check_error_against(const Noise& noise) {
    const double mse = evaluate("mse", pairs_.truth, pairs_.prediction);
    const auto n = static_cast<double>(pairs_.truth.size());
    const boost::math::chi_squared law(std::min(n, 2000.0));
    const double upper = mse * std::min(n, 2000.0) / boost::math::quantile(law, 0.001);
    const double noise_low =
        noise.sd * noise.sd *
        std::max(0.0, 1.0 - 3.1 * std::sqrt(2.0 / static_cast<double>(noise.n_groups)));
    if (upper >= noise_low) return;
    add("better_than_noise", Severity::serious, "Better than the measurement allows",
        fmt::format("{} has an RMSE of {:.3g} on {}, below the noise of a single measurement "
                    "({:.3g}, from {} repeated pairs): it has seen test values.",
                    info_.title, std::sqrt(mse), split_.name, noise.sd, noise.n_groups),
        {{"rmse", number(std::sqrt(mse))},
         {"noise sd", number(noise.sd)},
         {"repeated pairs", std::to_string(noise.n_groups)}},
        "Look for test rows, or replicates of them, in the training data.");
  }

  // Residuals closer to zero than repeated measurements are to each other: copied values.
  void check_copies_against(const Noise& noise) {
    if (noise.errors.size() < 50) return;
    const double limit = 0.1 * noise.sd;
    std::vector<double> residuals;
    for (std::size_t i = 0; i < pairs_.truth.size(); ++i) {
      residuals.push_back(std::abs(pairs_.truth[i] - pairs_.prediction[i]));
    }
    const double seen = share_below(residuals, limit);
    const boost::math::normal normal;
    const double gauss = 2.0 * boost::math::cdf(normal, 0.1) - 1.0;
    const double replicate = share_below(noise.errors, limit);
    const auto n_noise = static_cast<double>(noise.errors.size());
    // Upper 99.9 % limit of the replicates' share, plus one point of slack.
    const double allowed =
        std::max(gauss, replicate + 3.1 * std::sqrt(std::max(replicate, 0.02) / n_noise)) + 0.01;
    const double error = std::sqrt(allowed / static_cast<double>(residuals.size()));
    if (seen < allowed + 4.0 * error) return;
    add("copied_test_rows", Severity::serious, "Test values copied",
        fmt::format("{:.1f} % of {}'s predictions on {} lie within a tenth of the noise of the "
                    "measured value; of repeated measurements only {:.1f} % do. It was trained on "
                    "some of these rows.",
                    100.0 * seen, info_.title, split_.name, 100.0 * replicate),
        {{"share within 0.1 noise sd", number(seen)},
         {"share among replicates", number(replicate)},
         {"repeated pairs", std::to_string(noise.n_groups)}},
        "Remove test rows, and other measurements of the same pairs, from the training data.");
  }

  const StudyRun& run_;
  const SplitResult& split_;
  const PredictorInfo& info_;
  Pairs pairs_;
  std::vector<ProtocolNote>& notes_;
};

// Mean 0 and standard deviation 1 within every group, over training and test rows together.
void check_normalised_targets(const StudyRun& run, std::vector<ProtocolNote>& notes) {
  for (const auto& entity : run.data.entities) {
    std::vector<double> n(entity.ids.size(), 0.0);
    std::vector<double> sum(entity.ids.size(), 0.0);
    std::vector<double> squares(entity.ids.size(), 0.0);
    for (std::size_t i = 0; i < run.data.n_samples(); ++i) {
      const std::uint32_t k = entity.code_of_sample[i];
      n[k] += 1.0;
      sum[k] += run.data.target(i);
      squares[k] += run.data.target(i) * run.data.target(i);
    }
    std::size_t n_groups = 0;
    std::size_t n_standard = 0;
    for (std::size_t k = 0; k < n.size(); ++k) {
      if (n[k] < 5.0) continue;
      ++n_groups;
      const double mean = sum[k] / n[k];
      const double variance = squares[k] / n[k] - mean * mean;
      if (std::abs(mean) < 1e-3 && std::abs(variance - 1.0) < 0.5 / n[k] + 2e-2) ++n_standard;
    }
    if (n_groups < 2 || static_cast<double>(n_standard) < 0.9 * static_cast<double>(n_groups))
      continue;
    notes.push_back(
        {.code = "normalised_targets",
         .severity = Severity::serious,
         .title = "Targets standardised with the test rows",
         .sentence =
             fmt::format("The targets have mean 0 and variance 1 within {} of {} {}s over all "
                         "rows: mean and scale were taken from training and test rows together.",
                         n_standard, n_groups, entity.name),
         .evidence = {{"groups", std::to_string(n_groups)},
                      {"standardised", std::to_string(n_standard)}},
         .recommendation =
             "Give the targets as measured; standardise inside the model, from training rows."});
  }
}

void check_normalised_features(const StudyRun& run, std::vector<ProtocolNote>& notes) {
  for (const auto& entity : run.data.entities) {
    for (const auto& block : entity.features) {
      std::size_t n_standard = 0;
      std::size_t n_present = 0;
      for (const auto flag : block.present) n_present += flag;
      if (block.binary || block.values.cols == 0 || n_present < 20) continue;
      for (std::size_t j = 0; j < block.values.cols; ++j) {
        double sum = 0.0;
        double squares = 0.0;
        for (std::size_t i = 0; i < block.values.rows; ++i) {
          if (block.present[i] == 0) continue;
          const double value = block.values(i, j);
          sum += value;
          squares += value * value;
        }
        const double mean = sum / static_cast<double>(n_present);
        const double variance = squares / static_cast<double>(n_present) - mean * mean;
        if (std::abs(mean) < 2e-3 && std::abs(variance - 1.0) < 2e-2) ++n_standard;
      }
      if (static_cast<double>(n_standard) < 0.9 * static_cast<double>(block.values.cols)) continue;
      notes.push_back({.code = "normalised_features",
                       .severity = Severity::note,
                       .title = "Features standardised over all entities",
                       .sentence = fmt::format(
                           "{} of {} features of {}.{} have mean 0 and variance 1 over all {}s, "
                           "test ones included.",
                           n_standard, block.values.cols, entity.name, block.name, entity.name),
                       .evidence = {{"features", std::to_string(block.values.cols)},
                                    {"standardised", std::to_string(n_standard)}},
                       .recommendation = "Mild, as no target is involved; for a strict test "
                                         "standardise from training entities."});
    }
  }
}

void check_units(const StudyRun& run, std::vector<ProtocolNote>& notes) {
  constexpr std::size_t kFewUnits = 10;
  for (const auto& split : run.splits) {
    const bool folds_are_tasks = !split.folds.empty() && !split.folds.front().task.empty();
    for (const auto& entity : run.data.entities) {
      // Tasks are given then, and only what they are about is resampled.
      if (folds_are_tasks && &entity != &run.data.entities.front()) continue;
      std::set<std::uint32_t> units;
      for (const std::uint32_t row : split.rows) units.insert(entity.code_of_sample[row]);
      if (units.size() >= kFewUnits) continue;
      if (has_vector_targets(run)) {
        if (entity.ids.size() > 1) notes.push_back(few_levels(split, entity, units.size()));
        continue;
      }
      notes.push_back(
          {.code = "few_units",
           .severity = Severity::warning,
           .title = "Few " + entity.name + "s in the test set",
           .sentence =
               fmt::format("The test rows of {} hold {} {}s only: intervals that resample {}s "
                           "are too narrow below about {}.",
                           split.name, units.size(), entity.name, entity.name, kFewUnits),
           .evidence = {{"split", split.name}, {entity.name + "s", std::to_string(units.size())}},
           .recommendation = "Use more folds, or a larger data set."});
    }
  }
}

}  // namespace

std::vector<ProtocolNote> check_protocol(const StudyRun& run, const Noise& noise) {
  std::vector<ProtocolNote> notes = run.protocol;
  const bool has_vectors = has_vector_targets(run);
  for (const auto& split : run.splits) {
    for (const auto& note : run.area->check_protocol(run.data, split.folds)) notes.push_back(note);
    std::set<std::size_t> seen;
    for (const auto& entry : split.entries) {
      if (!run.predictors[entry.predictor]->info().is_model) continue;
      if (!seen.insert(entry.predictor).second) continue;
      if (has_vectors) {
        check_profiles(run, split, entry, notes);
      } else {
        ModelCheck(run, split, entry, notes).check_all(noise);
      }
    }
  }
  if (!has_vectors) check_normalised_targets(run, notes);
  check_normalised_features(run, notes);
  check_units(run, notes);
  check_claims(run, notes);
  std::stable_sort(notes.begin(), notes.end(), [](const ProtocolNote& a, const ProtocolNote& b) {
    return a.severity > b.severity;
  });
  return notes;
}

}  // namespace cupel
