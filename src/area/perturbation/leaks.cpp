#include "area/perturbation/leaks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "area/perturbation/ceiling.hpp"
#include "area/perturbation/effects.hpp"
#include "area/perturbation/test_scores.hpp"
#include "base/text.hpp"
#include "simd/blas.hpp"

namespace cupel::perturbation {
namespace {

constexpr double kNearCopy = 0.9;        // cosine from which two responses are nearly the same
constexpr std::uint64_t kFewCells = 30;  // below it, a mean profile is mostly noise
constexpr std::size_t kExamples = 8;

std::string name_of(const Dataset& data, std::uint32_t sample) {
  const Entity& perturbation = data.entity("perturbation");
  const Entity& context = data.entity("context");
  std::string name = perturbation.ids[perturbation.code_of_sample[sample]];
  if (context.ids.size() > 1) name += " in " + context.ids[context.code_of_sample[sample]];
  return name;
}

std::string listed(const std::vector<std::string>& names) {
  const std::size_t n = std::min(names.size(), kExamples);
  std::string text = join(std::span(names).first(n), ", ");
  if (names.size() > n) text += fmt::format(" and {} more", names.size() - n);
  return text;
}

std::string plural(std::size_t n, const std::string& one, const std::string& many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

std::vector<std::uint32_t> trained_rows(const Split& fold) {
  auto rows = fold.rows(Role::train);
  const auto validation = fold.rows(Role::validation);
  rows.insert(rows.end(), validation.begin(), validation.end());
  std::ranges::sort(rows);
  return rows;
}

/// The checks of the folds of one split, note by note.
class Checks {
 public:
  Checks(const Dataset& data, std::span<const Split> folds) : data_(data), folds_(folds) {}

  std::vector<ProtocolNote> run() {
    check_controls();
    check_same_samples();
    check_same_targets();
    check_combinations();
    check_contexts();
    check_near_copies();
    check_cells();
    return std::move(notes_);
  }

 private:
  void add(std::string code, Severity severity, std::string title, std::string sentence,
           std::vector<std::pair<std::string, std::string>> evidence, std::string recommendation) {
    evidence.insert(evidence.begin(), {"split", folds_.front().name});
    notes_.push_back({.code = std::move(code),
                      .severity = severity,
                      .model = {},
                      .title = std::move(title),
                      .sentence = std::move(sentence),
                      .evidence = std::move(evidence),
                      .recommendation = std::move(recommendation)});
  }

  void check_controls() {
    const auto context = contexts_of(data_);
    std::set<std::uint32_t> shared;
    for (const auto& fold : folds_) {
      std::set<std::uint32_t> trained;
      for (const auto row : trained_rows(fold)) trained.insert(context[row]);
      for (const auto row : fold.rows(Role::test)) {
        if (trained.contains(context[row])) shared.insert(context[row]);
      }
    }
    if (shared.empty()) return;
    add("shared_controls", Severity::note, "Training and test share the control cells",
        fmt::format("Changes of training and test perturbations are taken from the same control "
                    "cells in {}. This is the convention of the field; the noise of the controls "
                    "is then part of every measured change, and all changes look more alike than "
                    "they are.",
                    plural(shared.size(), "context", "contexts")),
        {{"contexts", std::to_string(shared.size())}},
        "Read the noise ceiling, where each half of the cells has its own controls.");
  }

  void check_same_samples() {
    const auto context = contexts_of(data_);
    const auto perturbation = perturbations_of(data_);
    std::vector<std::string> names;
    for (const auto& fold : folds_) {
      std::set<std::pair<std::uint32_t, std::uint32_t>> trained;
      for (const auto row : trained_rows(fold)) {
        trained.emplace(perturbation[row], context[row]);
      }
      for (const auto row : fold.rows(Role::test)) {
        if (trained.contains({perturbation[row], context[row]})) {
          names.push_back(name_of(data_, row));
        }
      }
    }
    if (names.empty()) return;
    add("sample_on_both_sides", Severity::serious, "Tested perturbations are trained on",
        fmt::format("{} trained on in the same context: {}. The order of the members of a "
                    "combination makes no difference.",
                    plural(names.size(), "tested sample is", "tested samples are"), listed(names)),
        {{"test samples", std::to_string(names.size())}},
        "Keep every perturbation of a context on one side.");
  }

  void check_same_targets() {
    const ProfileData& profiles = profiles_of(data_);
    const auto perturbation = perturbations_of(data_);
    std::vector<std::string> names;
    for (const auto& fold : folds_) {
      std::map<std::vector<std::uint32_t>, std::uint32_t> trained;
      std::set<std::uint32_t> trained_labels;
      for (const auto row : trained_rows(fold)) {
        trained_labels.insert(perturbation[row]);
        if (!profiles.target_genes[row].empty()) {
          trained.emplace(profiles.target_genes[row], row);
        }
      }
      for (const auto row : fold.rows(Role::test)) {
        if (trained_labels.contains(perturbation[row])) continue;
        // Only where the targets say all of the perturbation: combinations may have members that
        // are not among the genes.
        const auto& targets = profiles.target_genes[row];
        if (targets.size() != profiles.members[perturbation[row]].size()) continue;
        const auto found = trained.find(targets);
        if (found == trained.end()) continue;
        const auto other = found->second;
        if (profiles.members[perturbation[other]].size() != targets.size()) continue;
        names.push_back(name_of(data_, row) + " (trained: " + name_of(data_, other) + ")");
      }
    }
    if (names.empty()) return;
    add("same_target_trained", Severity::serious, "Another label of the same target is trained on",
        fmt::format("{} aimed at the same genes as a training perturbation of another label: {}.",
                    plural(names.size(), "tested sample is", "tested samples are"), listed(names)),
        {{"test samples", std::to_string(names.size())}},
        "Give guides their target (guide_map), so that guides of one target stay together.");
  }

  void check_combinations() {
    std::array<std::size_t, 3> n{};  // none, some, all members seen
    for (const auto& fold : folds_) {
      for (const auto& seen : seen_members(data_, fold, fold.rows(Role::test))) {
        if (!seen) continue;
        ++n[seen->n_seen == 0 ? 0 : seen->n_seen < seen->n_members ? 1 : 2];
      }
    }
    if (n[0] + n[1] + n[2] == 0) return;
    add("combination_members", Severity::note, "What is known of tested combinations",
        fmt::format("Of {}, {} all members in training as single perturbations, {} some, {} none. "
                    "Where all are known, adding up the single responses is the baseline to beat; "
                    "where none is known, the combination is as new as an unseen perturbation.",
                    plural(n[0] + n[1] + n[2], "tested combination", "tested combinations"),
                    n[2] == 1 ? "1 has" : fmt::format("{} have", n[2]), n[1], n[0]),
        {{"all members seen", std::to_string(n[2])},
         {"some seen", std::to_string(n[1])},
         {"none seen", std::to_string(n[0])}},
        "Read the scores by the number of members seen.");
  }

  void check_contexts() {
    const Entity& context = data_.entity("context");
    if (context.ids.size() < 2) return;
    std::set<std::uint32_t> seen;
    std::set<std::uint32_t> unseen;
    for (const auto& fold : folds_) {
      std::set<std::uint32_t> trained;
      for (const auto row : trained_rows(fold)) trained.insert(context.code_of_sample[row]);
      for (const auto row : fold.rows(Role::test)) {
        const auto code = context.code_of_sample[row];
        (trained.contains(code) ? seen : unseen).insert(code);
      }
    }
    std::vector<std::string> names;
    for (const auto code : unseen) names.push_back(context.ids[code]);
    add("contexts_on_both_sides", Severity::note, "Which contexts are new",
        unseen.empty()
            ? "Every tested context also has training perturbations: nothing is said of how "
              "models carry over to a new context."
            : fmt::format("{} tested with no perturbation of {} in training ({}); the control "
                          "cells of a new context are known to every predictor.",
                          plural(unseen.size(), "context is", "contexts are"),
                          unseen.size() == 1 ? "it" : "them", listed(names)),
        {{"contexts seen in training", std::to_string(seen.size())},
         {"new contexts", std::to_string(unseen.size())}},
        unseen.empty() ? "Add a split blind to the context if models are to be used there." : "");
  }

  void check_near_copies() {
    std::vector<std::string> names;
    std::size_t n_test = 0;
    const auto effects = effect_sizes(data_, noise_correlation(data_));
    for (const auto& fold : folds_) {
      n_test += fold.count(Role::test);
      for (const auto& copy : near_copies(data_, effects, fold, kNearCopy)) {
        names.push_back(fmt::format("{} like {} ({:.2f})", name_of(data_, copy.test),
                                    name_of(data_, copy.train), copy.cosine));
      }
    }
    if (names.empty()) return;
    add("near_copy_trained", Severity::warning, "Tested responses have near copies in training",
        fmt::format("For {} of {} a training perturbation of the same context has nearly the same "
                    "response (cosine above {} once noise is taken off): {}. A model can do well "
                    "there by copying, whatever it knows of the target.",
                    names.size(), plural(n_test, "tested sample", "tested samples"), kNearCopy,
                    listed(names)),
        {{"test samples", std::to_string(n_test)},
         {"with a near copy", std::to_string(names.size())}},
        "Look at the spectrum over perturbations (scheme overlap), which takes such pairs apart.");
  }

  void check_cells() {
    const ProfileData& profiles = profiles_of(data_);
    const auto context = contexts_of(data_);
    std::set<std::uint32_t> few;
    std::set<std::uint32_t> thin_contexts;
    for (const auto& fold : folds_) {
      for (const auto row : fold.rows(Role::test)) {
        if (profiles.n_cells[row] < kFewCells) few.insert(row);
        if (profiles.n_control_cells[context[row]] < profiles.n_cells[row]) {
          thin_contexts.insert(context[row]);
        }
      }
    }
    if (!few.empty()) {
      std::vector<std::string> names;
      for (const auto row : few) {
        names.push_back(fmt::format("{} ({})", name_of(data_, row), profiles.n_cells[row]));
      }
      add("few_cells", Severity::warning, "Tested perturbations with few cells",
          fmt::format("{} fewer than {} cells: {}. Much of what is measured there is noise.",
                      plural(few.size(), "tested sample has", "tested samples have"), kFewCells,
                      listed(names)),
          {{"test samples", std::to_string(few.size())}},
          "Raise min_cells, or read these perturbations only beside their ceiling.");
    }
    if (thin_contexts.empty()) return;
    std::vector<std::string> names;
    for (const auto code : thin_contexts) names.push_back(data_.entity("context").ids[code]);
    add("one_control_for_little", Severity::warning, "Fewer control cells than perturbed cells",
        fmt::format("In {} a tested perturbation has more cells than the control: most of the "
                    "noise of its change is that of the control, which all changes share.",
                    listed(names)),
        {{"contexts", std::to_string(thin_contexts.size())}},
        "Measure more control cells, or pool the controls of alike contexts.");
  }

  const Dataset& data_;
  std::span<const Split> folds_;
  std::vector<ProtocolNote> notes_;
};

}  // namespace

std::vector<std::optional<SeenMembers>> seen_members(const Dataset& data, const Split& fold,
                                                     std::span<const std::uint32_t> rows) {
  const ProfileData& profiles = profiles_of(data);
  const auto perturbation = perturbations_of(data);
  std::set<std::string> singles;
  for (const auto row : fold.rows(Role::train)) {
    const auto& members = profiles.members[perturbation[row]];
    if (members.size() == 1) singles.insert(members[0]);
  }
  std::vector<std::optional<SeenMembers>> out;
  for (const auto row : rows) {
    const auto& members = profiles.members[perturbation[row]];
    if (members.size() < 2) {
      out.emplace_back();
      continue;
    }
    SeenMembers seen{.n_members = members.size()};
    for (const auto& member : members) seen.n_seen += singles.contains(member) ? 1 : 0;
    out.emplace_back(seen);
  }
  return out;
}

std::vector<NearCopy> near_copies(const Dataset& data, std::span<const EffectSize> effects,
                                  const Split& fold, double threshold) {
  const ProfileData& profiles = profiles_of(data);
  const auto context = contexts_of(data);
  // Changes of the samples of one context, and their inner products.
  const auto changes = [&](std::span<const std::uint32_t> samples) {
    Matrix<double> out(samples.size(), data.n_outputs());
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const auto control = profiles.controls.row(context[samples[i]]);
      for (std::size_t g = 0; g < out.cols; ++g) {
        out(i, g) = data.targets(samples[i], g) - control[g];
      }
    }
    return out;
  };
  const auto length_of = [](std::span<const double> row) {
    return std::sqrt(std::inner_product(row.begin(), row.end(), row.begin(), 0.0));
  };
  std::map<std::uint32_t, std::vector<std::uint32_t>> trained;
  std::map<std::uint32_t, std::vector<std::uint32_t>> tested;
  for (const auto row : trained_rows(fold)) {
    if (effects[row].is_learnable) trained[context[row]].push_back(row);
  }
  for (const auto row : fold.rows(Role::test)) {
    if (effects[row].is_learnable) tested[context[row]].push_back(row);
  }
  std::vector<NearCopy> out;
  for (const auto& [where, rows] : tested) {
    const auto& others = trained[where];
    if (others.empty()) continue;
    const Matrix<double> own = changes(rows);
    const Matrix<double> there = changes(others);
    Matrix<double> inner(rows.size(), others.size());
    blas::multiply(rows.size(), others.size(), data.n_outputs(), 1.0, own.values.data(), false,
                   there.values.data(), true, 0.0, inner.values.data());
    const double noise = noise_of_control(profiles, where);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      NearCopy nearest{.test = rows[i], .cosine = threshold};
      std::size_t found = others.size();
      for (std::size_t j = 0; j < others.size(); ++j) {
        if (others[j] == rows[i]) continue;
        const double lengths = std::sqrt(effects[rows[i]].squared * effects[others[j]].squared);
        const double cosine = std::min(1.0, (inner(i, j) - noise) / lengths);
        if (cosine < nearest.cosine || (found < others.size() && cosine == nearest.cosine)) {
          continue;
        }
        nearest.cosine = cosine;
        found = j;
      }
      if (found == others.size()) continue;
      nearest.train = others[found];
      nearest.measured = inner(i, found) / (length_of(there.row(found)) * length_of(own.row(i)));
      out.push_back(nearest);
    }
  }
  std::ranges::sort(out, {}, &NearCopy::test);
  return out;
}

std::vector<ProtocolNote> check_protocol(const Dataset& data, std::span<const Split> folds) {
  if (folds.empty() || data.profiles == nullptr) return {};
  return Checks(data, folds).run();
}

}  // namespace cupel::perturbation
