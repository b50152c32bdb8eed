#include "verdict/pair_scores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include "stat/interval.hpp"
#include "stat/tests.hpp"
#include "stat/unit_means.hpp"
#include "verdict/judge.hpp"
#include "verdict/pair_items.hpp"

namespace cupel {
namespace {

using detail::PairItems;

constexpr std::size_t kShown = 12;
// Fewer pairs within the test set than this, and pairs to training decide on the order.
constexpr std::size_t kEnoughPairs = 20;

enum Quantity : std::size_t { kCliff, kNoncliff, kSign, kSignToTrain, kQuantities };

// The samples of one group of predictors, per quantity and predictor.
struct GroupSamples {
  std::vector<std::size_t> predictors;
  std::array<std::vector<Sample>, kQuantities> samples;
  std::array<std::size_t, kQuantities> n_items{};
  std::size_t n_rows = 0;
  std::size_t n_units = 0;

  [[nodiscard]] std::optional<std::size_t> find(const StudyRun& run,
                                                const std::string& name) const {
    for (std::size_t i = 0; i < predictors.size(); ++i) {
      if (run.predictors[predictors[i]]->info().name == name) return i;
    }
    return std::nullopt;
  }
};

// Entries of the same predictor are its seeds: their samples are averaged.
GroupSamples sample_group(const StudyRun& run, const SplitResult& split, const EntryGroup& group,
                          const PairBlock& block, const Context& context) {
  const PairItems items = detail::make_pair_items(run, split, group, block);
  GroupSamples out{.n_rows = items.n_rows, .n_units = items.n_units};
  const UnitDraws draws = draw_units(items.n_units, run.study.statistics.draws, run.study.seed,
                                     "bootstrap unit a", context);
  std::map<std::size_t, std::vector<std::size_t>> seeds;
  for (std::size_t e = 0; e < group.entries.size(); ++e) {
    seeds[group.entries[e]->predictor].push_back(e);
  }
  for (const auto& [predictor, entries] : seeds) out.predictors.push_back(predictor);
  const std::array<const UnitItems*, kQuantities> all{&items.cliff, &items.noncliff, &items.sign,
                                                      &items.sign_to_train};
  for (std::size_t q = 0; q < kQuantities; ++q) {
    const MeanKind kind = q == kCliff || q == kNoncliff ? MeanKind::root_mean : MeanKind::mean;
    out.n_items[q] = all[q]->size();
    const std::vector<Sample> of_entries = resample_means(*all[q], draws, kind, context);
    for (const auto& [predictor, entries] : seeds) {
      std::vector<const Sample*> of_seeds;
      for (const std::size_t e : entries) of_seeds.push_back(&of_entries[e]);
      out.samples[q].push_back(mean_sample(of_seeds));
    }
  }
  return out;
}

BoundedValue bounded(const Sample& sample, double confidence) {
  const Bounds range = interval(sample, confidence);
  return {sample.point, range.low, range.high};
}

PairScore score_of(const StudyRun& run, const SplitResult& split, const GroupSamples& group,
                   std::size_t i) {
  const double confidence = run.study.statistics.confidence;
  const auto value = [&](std::size_t q) { return bounded(group.samples[q][i], confidence); };
  return {
      .split = split.name,
      .predictor = run.predictors[group.predictors[i]]->info().name,
      .rmse_cliff = value(kCliff),
      .rmse_noncliff = value(kNoncliff),
      .gap = bounded(difference(group.samples[kCliff][i], group.samples[kNoncliff][i]), confidence),
      .sign_accuracy = value(kSign),
      .sign_accuracy_to_train = value(kSignToTrain),
      .n_cliff = group.n_items[kCliff],
      .n_noncliff = group.n_items[kNoncliff],
      .n_pairs = group.n_items[kSign],
      .n_pairs_to_train = group.n_items[kSignToTrain]};
}

// What decides on a claim about pairs, before Holm's correction.
struct Claim {
  Finding finding;
  std::size_t n_pairs = 0;
  bool to_train = false;
  BoundedValue order;  // gain in sign accuracy
};

std::optional<Claim> make_claim(const StudyRun& run, const SplitResult& split,
                                const GroupSamples& group, std::size_t model,
                                const Hypothesis& hypothesis, const std::string& block) {
  const std::string against = run.area->neighbour_baseline();
  const auto bar = group.find(run, against);
  if (!bar || std::isnan(group.samples[kCliff][model].point)) return std::nullopt;
  const double confidence = run.study.statistics.confidence;
  const Sample error = difference(group.samples[kCliff][*bar], group.samples[kCliff][model]);
  const bool to_train = group.n_items[kSign] < kEnoughPairs;
  const auto& signs = group.samples[to_train ? kSignToTrain : kSign];
  const Sample order = difference(signs[model], signs[*bar]);
  const Bounds range = interval(error, confidence);
  Claim claim{.n_pairs = group.n_items[to_train ? kSignToTrain : kSign],
              .to_train = to_train,
              .order = bounded(order, confidence)};
  const double p_error = p_value_zero(error);
  const bool both = error.point > 0.0 && order.point > 0.0;
  claim.finding = {.hypothesis = hypothesis.id,
                   .predictor = run.predictors[group.predictors[model]]->info().name,
                   .against = against,
                   .split = split.name,
                   .metric = "rmse_" + block,
                   .unit = run.data.entities.front().name,
                   .estimate = error.point,
                   .low = range.low,
                   .high = range.high,
                   .margin = margin_of(run.study.margin, false, group.samples[kCliff][*bar].point),
                   .p_value = both ? std::max(p_error, p_value_zero(order)) : p_error,
                   .minimum_detectable =
                       minimum_detectable_difference(standard_error(error.draws), 1.0 - confidence),
                   .n_rows = group.n_items[kCliff],
                   .n_units = group.n_units};
  return claim;
}

const std::string& title_of(const StudyRun& run, const std::string& name) {
  for (const auto& predictor : run.predictors) {
    if (predictor->info().name == name) return predictor->info().title;
  }
  return name;
}

std::string sentence_of(const StudyRun& run, const Claim& claim, const std::string& block) {
  const Finding& finding = claim.finding;
  const std::string model = title_of(run, finding.predictor);
  const std::string bar = title_of(run, finding.against);
  const std::string numbers = fmt::format(
      "RMSE on {} compounds: gain {:+.3g} [{:.3g}, {:.3g}], margin {:.2g}; order of {} {} pairs{}: "
      "gain {:+.1f} [{:.1f}, {:.1f}] percentage points",
      block, finding.estimate, finding.low, finding.high, finding.margin, claim.n_pairs, block,
      claim.to_train ? " of a test and a training compound" : "", 100.0 * claim.order.value,
      100.0 * claim.order.low, 100.0 * claim.order.high);
  switch (finding.verdict) {
    case Verdict::learned:
      return fmt::format("{} knows {}s that {} does not: better in both error and order ({}).",
                         model, block, bar, numbers);
    case Verdict::worse:
      return fmt::format("{} is worse than {} on {}s ({}).", model, bar, block, numbers);
    case Verdict::not_shown:
      return fmt::format(
          "{} is not shown to know {}s: it does not beat {} in both error and order "
          "({}).",
          model, block, bar, numbers);
    case Verdict::cannot_tell:
      return fmt::format("{} cannot be told from {} on {}s ({}).", model, bar, block, numbers);
  }
  return {};
}

std::string recommendation_of(const StudyRun& run, const Claim& claim, const std::string& block) {
  const Finding& finding = claim.finding;
  const std::string bar = title_of(run, finding.against);
  switch (finding.verdict) {
    case Verdict::learned:
      return fmt::format(
          "Report error on {0} compounds and order of {0} pairs beside those of {1}.", block, bar);
    case Verdict::worse:
      return fmt::format("Do not rank close analogues by this model: {} does it better.", bar);
    case Verdict::not_shown:
      return fmt::format(
          "Do not claim that the model resolves {0}s. Report {1} beside it; to learn "
          "{0}s, training needs pairs that differ.",
          block, bar);
    case Verdict::cannot_tell:
      return fmt::format(
          "Add {} compounds to the test set (there are {}), or accept that only gains "
          "above {:.2g} can be seen.",
          block, finding.n_rows, finding.minimum_detectable);
  }
  return {};
}

void judge_claims(const StudyRun& run, const std::string& block, std::vector<Claim>& claims) {
  std::vector<double> p_values;
  for (const Claim& claim : claims) p_values.push_back(claim.finding.p_value);
  const std::vector<double> adjusted = holm(p_values);
  for (std::size_t i = 0; i < claims.size(); ++i) {
    Finding& finding = claims[i].finding;
    finding.p_adjusted = adjusted[i];
    finding.verdict = decide_pairs(finding, claims[i].order, run.study.statistics.confidence);
    finding.sentence = sentence_of(run, claims[i], block);
    finding.recommendation = recommendation_of(run, claims[i], block);
  }
}

Finding untested(const StudyRun& run, const Hypothesis& hypothesis, const PredictorInfo& model) {
  return {.hypothesis = hypothesis.id,
          .predictor = model.name,
          .metric = run.study.primary_metric,
          .sentence = "No split of this study on which " + model.title +
                      " has predictions has the pairs, or the neighbour baseline, that test it.",
          .recommendation = "To test it, " + hypothesis.remedy + "."};
}

// Mean over the seeds of every predictor to show: all models, the neighbour baseline, and the
// baseline with the lowest error on compounds of pairs.
std::vector<std::size_t> predictors_to_show(const StudyRun& run, const SplitResult& split,
                                            const std::vector<PairScore>& scores) {
  const PairScore* best = nullptr;
  for (const PairScore& score : scores) {
    const auto found = std::ranges::find_if(run.predictors, [&](const auto& predictor) {
      return predictor->info().name == score.predictor;
    });
    if (score.split != split.name || (*found)->info().is_model || (*found)->info().is_oracle) {
      continue;
    }
    if (std::isnan(score.rmse_cliff.value)) continue;
    if (best == nullptr || score.rmse_cliff.value < best->rmse_cliff.value) best = &score;
  }
  std::vector<std::size_t> shown;
  for (std::size_t p = 0; p < run.predictors.size(); ++p) {
    const PredictorInfo& info = run.predictors[p]->info();
    const bool has_values = std::ranges::any_of(
        split.entries, [&](const Entry& entry) { return entry.predictor == p; });
    if (has_values && (info.is_model || info.name == run.area->neighbour_baseline() ||
                       (best != nullptr && info.name == best->predictor))) {
      shown.push_back(p);
    }
  }
  return shown;
}

double mean_prediction(const SplitResult& split, std::size_t predictor,
                       std::optional<std::size_t> position) {
  if (!position) return kUndefined;
  double sum = 0.0;
  double n = 0.0;
  for (const Entry& entry : split.entries) {
    if (entry.predictor != predictor) continue;
    sum += entry.values[*position];
    n += 1.0;
  }
  return n > 0.0 ? sum / n : kUndefined;
}

struct Candidate {
  std::size_t fold = 0;
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  std::optional<std::size_t> row_first;  // position in the split's rows
  std::optional<std::size_t> row_second;
  double size = 0.0;
};

// Pairs with a compound in the test set and the other in test or training, largest first.
std::vector<Candidate> candidates(const StudyRun& run, const SplitResult& split,
                                  const PairBlock& block) {
  std::vector<Candidate> all;
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  for (std::size_t f = 0; f < split.folds.size(); ++f) {
    const auto position = detail::positions_in_fold(run.data, split, f);
    for (std::size_t k = 0; k < block.size(); ++k) {
      std::uint32_t a = block.first[k];
      std::uint32_t b = block.second[k];
      if (run.data.target(a) < run.data.target(b)) std::swap(a, b);
      const auto is_known = [&](std::uint32_t sample) {
        return position[sample].has_value() || split.folds[f].role[sample] == Role::train;
      };
      if (!(position[a] || position[b]) || !is_known(a) || !is_known(b)) continue;
      if (!seen.emplace(a, b).second) continue;
      all.push_back({f, a, b, position[a], position[b], run.data.target(a) - run.data.target(b)});
    }
  }
  std::ranges::stable_sort(all, std::greater<>(), &Candidate::size);
  return all;
}

// The largest of each task first, then the second ones, ...; every compound once.
std::vector<ShownPair> pairs_to_show(const StudyRun& run, const SplitResult& split,
                                     const PairBlock& block, const std::vector<PairScore>& scores) {
  const std::vector<Candidate> all = candidates(run, split, block);
  std::map<std::string, std::size_t> taken;
  std::set<std::uint32_t> used;
  std::vector<const Candidate*> chosen;
  for (std::size_t round = 0; round < kShown && chosen.size() < kShown; ++round) {
    for (const Candidate& one : all) {
      if (chosen.size() == kShown) break;
      std::size_t& n = taken[split.folds[one.fold].task];
      if (n > round || used.contains(one.first) || used.contains(one.second)) continue;
      used.insert({one.first, one.second});
      chosen.push_back(&one);
      ++n;
    }
  }
  const std::vector<std::size_t> predictors = predictors_to_show(run, split, scores);
  std::vector<ShownPair> shown;
  for (const Candidate* one : chosen) {
    ShownPair pair{.split = split.name,
                   .task = split.folds[one->fold].task,
                   .first = one->first,
                   .second = one->second,
                   .first_is_test = one->row_first.has_value(),
                   .second_is_test = one->row_second.has_value()};
    for (const std::size_t p : predictors) {
      pair.predictors.push_back(run.predictors[p]->info().name);
      pair.predicted_first.push_back(mean_prediction(split, p, one->row_first));
      pair.predicted_second.push_back(mean_prediction(split, p, one->row_second));
    }
    shown.push_back(std::move(pair));
  }
  return shown;
}

// What to remember of a split: how much harder the compounds of pairs are, and who orders pairs.
void add_sentences(const StudyRun& run, const SplitResult& split, PairComparison& out) {
  const std::string bar = run.area->neighbour_baseline();
  const PairScore* best = nullptr;
  const PairScore* neighbour = nullptr;
  for (const PairScore& score : out.scores) {
    if (score.split != split.name || std::isnan(score.rmse_cliff.value)) continue;
    if (score.predictor == bar) neighbour = &score;
    if (best == nullptr || score.rmse_cliff.value < best->rmse_cliff.value) best = &score;
  }
  if (best == nullptr) return;
  out.sentences.push_back(fmt::format(
      "{}: {} of {} test compounds are in {} pairs ({} pairs within the test set, {} of "
      "a test and a training compound).",
      split.name, best->n_cliff, best->n_cliff + best->n_noncliff, out.block, best->n_pairs,
      best->n_pairs_to_train));
  const auto describe = [&](const PairScore& score) {
    return fmt::format(
        "{} has RMSE {:.3f} on {} compounds and {:.3f} on the others (gap {:+.3f} "
        "[{:.3f}, {:.3f}]), and orders {:.0f} % of the pairs within the test set and "
        "{:.0f} % of those to training.",
        title_of(run, score.predictor), score.rmse_cliff.value, out.block,
        score.rmse_noncliff.value, score.gap.value, score.gap.low, score.gap.high,
        100.0 * score.sign_accuracy.value, 100.0 * score.sign_accuracy_to_train.value);
  };
  if (neighbour != nullptr) out.sentences.push_back(describe(*neighbour));
  if (best != neighbour) out.sentences.push_back(describe(*best));
}

}  // namespace

Verdict decide_pairs(const Finding& error, const BoundedValue& order, double confidence) {
  const Verdict by_error =
      decide(error.estimate, error.low, error.high, error.p_adjusted, error.margin, confidence);
  if (by_error == Verdict::cannot_tell || by_error == Verdict::worse) return by_error;
  if (by_error == Verdict::not_shown || order.high <= 0.0) return Verdict::not_shown;
  return order.low > 0.0 ? Verdict::learned : Verdict::cannot_tell;
}

PairComparison compare_pairs(const StudyRun& run, const Context& context) {
  PairComparison out;
  if (run.data.pairs.empty()) return out;
  const PairBlock& block = run.data.pairs.front();
  out.block = block.name;
  std::vector<Claim> claims;
  std::set<std::pair<std::string, std::string>> tested;  // hypothesis, model
  for (const auto& split : run.splits) {
    std::set<std::size_t> scored;
    for (const EntryGroup& group : group_entries(run, split)) {
      const GroupSamples samples = sample_group(run, split, group, block, context);
      for (std::size_t i = 0; i < samples.predictors.size(); ++i) {
        if (!scored.insert(samples.predictors[i]).second) continue;
        out.scores.push_back(score_of(run, split, samples, i));
        if (!run.predictors[samples.predictors[i]]->info().is_model) continue;
        for (const auto& hypothesis : run.area->hypotheses()) {
          if (!hypothesis.about_pairs || !tests(hypothesis, split)) continue;
          auto claim = make_claim(run, split, samples, i, hypothesis, block.name);
          if (!claim) continue;
          tested.emplace(hypothesis.id, claim->finding.predictor);
          claims.push_back(std::move(*claim));
        }
      }
      context.check_cancelled();
    }
    for (auto& pair : pairs_to_show(run, split, block, out.scores)) {
      out.shown.push_back(std::move(pair));
    }
    add_sentences(run, split, out);
  }
  judge_claims(run, block.name, claims);
  for (Claim& claim : claims) out.findings.push_back(std::move(claim.finding));
  for (const auto& hypothesis : run.area->hypotheses()) {
    if (!hypothesis.about_pairs) continue;
    for (const auto& predictor : run.predictors) {
      if (!predictor->info().is_model || tested.contains({hypothesis.id, predictor->info().name})) {
        continue;
      }
      out.findings.push_back(untested(run, hypothesis, predictor->info()));
    }
  }
  return out;
}

}  // namespace cupel
