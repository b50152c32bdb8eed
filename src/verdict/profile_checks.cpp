#include "verdict/profile_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "study/sample_scores.hpp"
#include "verdict/sample_evidence.hpp"

namespace cupel {
namespace {

class ProfileCheck {
 public:
  ProfileCheck(const StudyRun& run, const SplitResult& split, const Entry& entry,
               std::vector<ProtocolNote>& notes)
      : run_(run),
        split_(split),
        entry_(entry),
        info_(run.predictors[entry.predictor]->info()),
        notes_(notes) {}

  void check_all() {
    check_missing();
    check_undefined();
    check_same_for_all();
  }

 private:
  [[nodiscard]] std::span<const double> profile(std::size_t i) const {
    const std::size_t n = run_.data.n_outputs();
    return {entry_.values.data() + i * n, n};
  }

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
    std::size_t n_missing = 0;
    std::size_t n_partial = 0;
    for (std::size_t i = 0; i < split_.rows.size(); ++i) {
      const auto values = profile(i);
      const auto n = static_cast<std::size_t>(
          std::ranges::count_if(values, [](double v) { return std::isnan(v); }));
      n_missing += n == values.size() ? 1 : 0;
      n_partial += n > 0 && n < values.size() ? 1 : 0;
    }
    const std::size_t n = split_.rows.size();
    const double share = static_cast<double>(n_missing) / static_cast<double>(n);
    if (n_missing > 0) {
      add("missing_predictions", share > 0.05 ? Severity::warning : Severity::note,
          "Profiles without a prediction",
          fmt::format(
              "{} has no prediction for {} of {} test profiles ({:.1f} %); every comparison "
              "uses only those it predicts, for the baselines too.",
              info_.title, n_missing, n, 100.0 * share),
          {{"missing", std::to_string(n_missing)}, {"test profiles", std::to_string(n)}},
          "Predict every test profile: those that are left out may be the hard ones.");
    }
    if (n_partial > 0) {
      add("missing_genes", Severity::warning, "Genes without a prediction",
          fmt::format("{} lacks some genes in {} of {} test profiles: these are not scored.",
                      info_.title, n_partial, n),
          {{"profiles", std::to_string(n_partial)}},
          "Predict all genes of the data; a gene that is left out may be a hard one.");
    }
  }

  void check_undefined() {
    const auto primary = find_sample_metric(*run_.area, run_.study.primary_metric);
    if (!primary) return;
    std::size_t n_undefined = 0;
    std::size_t n = 0;
    for (std::size_t i = 0; i < split_.rows.size(); ++i) {
      const bool counts = std::ranges::any_of(split_.entries, [&](const Entry& other) {
        return !std::isnan(other.metrics(i, *primary));
      });
      if (!counts || std::ranges::all_of(profile(i), [](double v) { return std::isnan(v); }))
        continue;
      ++n;
      n_undefined += std::isnan(entry_.metrics(i, *primary)) ? 1 : 0;
    }
    if (n_undefined == 0) return;
    const bool is_all = n_undefined == n;
    add("metric_undefined", Severity::warning, "The metric has no value",
        fmt::format("{} of {} is undefined on {} of {} test profiles of {}: {}.",
                    run_.area->sample_metrics()[*primary].title, info_.title,
                    is_all ? "all" : std::to_string(n_undefined), n, split_.name,
                    is_all ? "it cannot be judged by it"
                           : "it is judged on the others, and so are the baselines beside it"),
        {{"undefined", std::to_string(n_undefined)}, {"test profiles", std::to_string(n)}},
        "A prediction that equals the reference has no direction; predict a change, or judge by "
        "an error (primary_metric).");
  }

  // One profile per context whatever the perturbation: nothing about it is used.
  void check_same_for_all() {
    const Entity& context = run_.data.entities.back();
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> first;  // fold, context -> row
    std::size_t n_compared = 0;
    for (std::size_t i = 0; i < split_.rows.size(); ++i) {
      const auto values = profile(i);
      if (std::ranges::all_of(values, [](double v) { return std::isnan(v); })) continue;
      const std::uint32_t code =
          run_.data.entities.size() > 1 ? context.code_of_sample[split_.rows[i]] : 0;
      const auto [known, is_new] = first.try_emplace({split_.fold[i], code}, i);
      if (is_new) continue;
      ++n_compared;
      const auto other = profile(known->second);
      for (std::size_t g = 0; g < values.size(); ++g) {
        if (!(std::abs(values[g] - other[g]) <= 1e-12 * (1.0 + std::abs(other[g])))) return;
      }
    }
    if (n_compared == 0) return;
    add("same_for_all_perturbations", Severity::serious, "One profile for all perturbations",
        fmt::format("{} predicts the same profile for every perturbation of {} (within a context "
                    "and fold): its predictions say nothing about any one of them.",
                    info_.title, split_.name),
        {{"profiles compared", std::to_string(n_compared)}},
        "Check which perturbation the model was asked for, and that its output depends on it.");
  }

  const StudyRun& run_;
  const SplitResult& split_;
  const Entry& entry_;
  const PredictorInfo& info_;
  std::vector<ProtocolNote>& notes_;
};

}  // namespace

void check_profiles(const StudyRun& run, const SplitResult& split, const Entry& entry,
                    std::vector<ProtocolNote>& notes) {
  ProfileCheck(run, split, entry, notes).check_all();
}

ProtocolNote few_levels(const SplitResult& split, const Entity& entity, std::size_t n_levels) {
  const bool is_given = n_levels < kFewestResampledLevels;
  return {.code = "few_units",
          .severity = Severity::warning,
          .title = "Few " + entity.name + "s in the test set",
          .sentence =
              is_given
                  ? fmt::format("The test profiles of {} come from {} {}{}: intervals take them "
                                "as given, and say nothing about other {}s.",
                                split.name, n_levels, entity.name, n_levels == 1 ? "" : "s",
                                entity.name)
                  : fmt::format("The test profiles of {} hold {} {}s only: intervals that "
                                "resample them are too narrow.",
                                split.name, n_levels, entity.name),
          .evidence = {{"split", split.name}, {entity.name + "s", std::to_string(n_levels)}},
          .recommendation = "Measure more " + entity.name + "s, or claim no more than these."};
}

}  // namespace cupel
