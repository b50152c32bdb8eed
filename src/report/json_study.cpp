// Sections about what went in: data, splits, predictors, metrics, protocol.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "data/profiles.hpp"
#include "metric/metric.hpp"
#include "report/json_sections.hpp"
#include "simd/packed_bits.hpp"
#include "study/sample_scores.hpp"
#include "study/score.hpp"

namespace cupel::detail {
namespace {

constexpr std::size_t kHistogramBins = 60;
constexpr std::size_t kMaxRowExamples = 20;

Json histogram(const Dataset& data) {
  const auto [low, high] =
      std::minmax_element(data.targets.values.begin(), data.targets.values.end());
  std::vector<double> edges;
  std::vector<std::size_t> counts(kHistogramBins, 0);
  const double range = *high > *low ? *high - *low : 1.0;  // all the same: the first bin
  const double width = range / static_cast<double>(kHistogramBins);
  for (std::size_t i = 0; i <= kHistogramBins; ++i) {
    edges.push_back(*low + width * static_cast<double>(i));
  }
  for (const double value : data.targets.values) {
    const auto bin = static_cast<std::size_t>((value - *low) / width);
    ++counts[std::min(bin, kHistogramBins - 1)];
  }
  return {{"edges", shortened(edges)}, {"counts", counts}};
}

std::size_t count_present(const FeatureBlock& block) {
  return static_cast<std::size_t>(std::count(block.present.begin(), block.present.end(), 1));
}

Json entity_json(const Entity& entity) {
  Json features = Json::array();
  for (const auto& block : entity.features) {
    features.push_back({{"name", block.name},
                        {"n_features", block.bits ? block.bits->n_bits : block.values.cols},
                        {"n_present", count_present(block)}});
  }
  Json labels = Json::array();
  for (const auto& label : entity.labels) {
    const auto n_known =
        std::count_if(label.code.begin(), label.code.end(),
                      [](std::uint32_t code) { return code != LabelBlock::kUnknown; });
    labels.push_back(
        {{"name", label.name}, {"n_levels", label.levels.size()}, {"n_known", n_known}});
  }
  return {
      {"name", entity.name}, {"n", entity.ids.size()}, {"features", features}, {"labels", labels}};
}

Json fold_json(const Split& fold) {
  std::vector<std::size_t> by_reason(fold.reasons.size(), 0);
  for (std::size_t i = 0; i < fold.role.size(); ++i) {
    if (fold.role[i] == Role::left_out && i < fold.reason.size()) ++by_reason[fold.reason[i]];
  }
  Json left_out = Json::array();
  for (std::size_t k = 0; k < by_reason.size(); ++k) {
    if (by_reason[k] > 0) left_out.push_back({{"reason", fold.reasons[k]}, {"n", by_reason[k]}});
  }
  return {{"fold", fold.fold},
          {"repeat", fold.repeat},
          {"task", fold.task},
          {"seed", fold.seed},
          {"sha256", fold.sha256()},
          {"n_train", fold.count(Role::train)},
          {"n_validation", fold.count(Role::validation)},
          {"n_test", fold.count(Role::test)},
          {"n_left_out", fold.count(Role::left_out)},
          {"left_out", left_out}};
}

std::string describe_blindness(const Dataset& data, const std::vector<std::string>& blind_to) {
  if (blind_to.empty() && data.find_entity("drug") != nullptr) {
    return "Every drug and line of the test rows is known from training.";
  }
  if (blind_to.empty()) {
    return "Training and test share " + plural_of(data.entities.front().name) + ".";
  }
  std::string text = "Training never saw the test rows' ";
  for (std::size_t i = 0; i < blind_to.size(); ++i) {
    text += (i == 0 ? "" : " nor ") + blind_to[i];
  }
  return text + " (measured on the rows).";
}

Json notes_json(const StudyRun& run, std::size_t predictor) {
  Json notes = Json::array();
  for (const auto& note : run.notes) {
    if (note.predictor != predictor) continue;
    for (const auto& item : note.diagnostics.all()) {
      notes.push_back({{"split", note.split},
                       {"code", item.code},
                       {"severity", to_string(item.severity)},
                       {"message", item.message},
                       {"count", item.count},
                       {"examples", item.examples}});
    }
  }
  return notes;
}

// Between entities of one sample each lies all the variance there is: that says nothing.
std::vector<VarianceShare> shown_shares(const Dataset& data) {
  const bool is_plain =
      std::none_of(data.entities.begin(), data.entities.end(),
                   [&](const Entity& entity) { return is_one_per_sample(data, entity); });
  const auto all = variance_shares(data);
  if (is_plain) return all;
  std::vector<VarianceShare> shown;
  double rest = 1.0;
  for (std::size_t e = 0; e < data.entities.size(); ++e) {
    if (is_one_per_sample(data, data.entities[e])) continue;
    shown.push_back(all[e]);
    rest -= all[e].share;
  }
  if (!shown.empty()) shown.push_back({"within", rest});
  return shown;
}

Json profiles_json(const StudyRun& run) {
  if (!run.data.profiles) return nullptr;
  const ProfileData& profiles = *run.data.profiles;
  const ProfileSpec& spec = run.study.data.profiles;
  const auto sum = [](const std::vector<std::uint64_t>& n) {
    return std::accumulate(n.begin(), n.end(), std::uint64_t{0});
  };
  std::vector<std::uint64_t> sorted = profiles.n_cells;
  std::ranges::sort(sorted);
  const auto at = [&](double share) {
    return sorted.empty()
               ? 0
               : sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
  };
  return {{"n_genes", run.data.n_outputs()},
          {"n_cells", sum(profiles.n_cells)},
          {"n_control_cells", sum(profiles.n_control_cells)},
          {"cells_per_profile", {{"least", at(0.0)}, {"median", at(0.5)}, {"most", at(1.0)}}},
          {"control", profiles.control},
          {"pseudobulk", profiles.pseudobulk},
          {"min_cells", spec.min_cells},
          {"genes", spec.genes}};
}

}  // namespace

double shortened(double value) {
  if (!std::isfinite(value)) return value;
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.7g", value);
  return std::strtod(buffer, nullptr);
}

Json shortened(const std::vector<double>& values) {
  Json array = Json::array();
  for (const double value : values) array.push_back(shortened(value));
  return array;
}

const Evidence* evidence_of(const AuditResults& results, const std::string& split,
                            std::size_t predictor) {
  for (const auto& evidence : results.evidence) {
    if (evidence.split->name == split && evidence.holds(predictor)) {
      return &evidence;
    }
  }
  return nullptr;
}

bool is_one_per_sample(const Dataset& data, const Entity& entity) {
  return 2 * entity.ids.size() > data.n_samples();
}

Json data_section(const AuditResults& results) {
  const Dataset& data = results.run.data;
  Json entities = Json::array();
  for (const auto& entity : data.entities) entities.push_back(entity_json(entity));
  Json left_out = Json::array();
  for (const auto& reason : data.left_out) {
    auto examples = reason.source_rows;
    if (examples.size() > kMaxRowExamples) examples.resize(kMaxRowExamples);
    left_out.push_back(
        {{"reason", reason.reason}, {"n", reason.source_rows.size()}, {"examples", examples}});
  }
  Json variance = Json::array();
  for (const auto& share : shown_shares(data)) {
    variance.push_back({{"component", share.component}, {"share", share.share}});
  }
  Json inputs = Json::array();
  for (const auto& input : results.run.inputs) {
    inputs.push_back({{"role", input.role},
                      {"file", input.file},
                      {"sha256", input.sha256},
                      {"bytes", input.bytes}});
  }
  const Noise& noise = results.noise;
  return {{"name", data.name},
          {"sha256", data.sha256},
          {"target_name", data.target_name},
          {"unit", data.unit},
          {"n_source_rows", data.n_source_rows},
          {"n_samples", data.n_samples()},
          {"entities", entities},
          {"left_out", left_out},
          {"variance", variance},
          {"replicates",
           {{"n_pairs", noise.n_groups},
            {"n_rows", noise.n_rows},
            {"noise_sd", noise.sd},
            {"ceiling_r2", noise.ceiling_r2},
            {"ceiling_rmse", noise.sd}}},
          {"histogram", histogram(data)},
          {"profiles", profiles_json(results.run)},
          {"inputs", inputs}};
}

Json diagnostics_section(const AuditResults& results) {
  Json all = Json::array();
  for (const auto& item : results.run.data.diagnostics.all()) {
    all.push_back({{"code", item.code},
                   {"severity", to_string(item.severity)},
                   {"message", item.message},
                   {"count", item.count},
                   {"examples", item.examples}});
  }
  return all;
}

Json splits_section(const AuditResults& results) {
  Json all = Json::array();
  for (const auto& split : results.run.splits) {
    Json folds = Json::array();
    for (const auto& fold : split.folds) folds.push_back(fold_json(fold));
    all.push_back({{"name", split.name},
                   {"scheme", split.folds.front().scheme},
                   {"blind_to", split.blind_to},
                   {"description", describe_blindness(results.run.data, split.blind_to)},
                   {"folds", folds}});
  }
  return all;
}

Json predictors_section(const AuditResults& results) {
  const StudyRun& run = results.run;
  Json all = Json::array();
  std::set<std::string> done;
  const auto add = [&](const PredictorInfo& info, const Json& notes, bool is_published) {
    if (!done.insert(info.name).second) return;
    all.push_back({{"name", info.name},
                   {"title", info.title},
                   {"rung", to_string(info.rung)},
                   {"sees", info.sees},
                   {"is_model", info.is_model},
                   {"is_published", is_published},
                   {"is_oracle", info.is_oracle},
                   {"trainable", info.trainable},
                   {"twin_of", info.twin_of},
                   {"description", info.description},
                   {"fallback", info.fallback},
                   {"source", info.source},
                   {"parameters", info.parameters},
                   {"diagnostics", notes}});
  };
  for (std::size_t p = 0; p < run.predictors.size(); ++p) {
    add(run.predictors[p]->info(), notes_json(run, p), false);
  }
  for (const auto& published : run.published) add(published.info, Json::array(), true);
  return all;
}

Json metrics_section(const AuditResults& results) {
  std::set<std::string> used;
  for (const auto& score : results.scores) used.insert(score.metric);
  for (const auto& table : results.tasks.tables) used.insert(table.metric);
  Json all = Json::array();
  if (has_vector_targets(results.run)) {
    for (const auto& metric : results.run.area->sample_metrics()) {
      all.push_back({{"name", metric.name},
                     {"title", metric.title},
                     {"higher_is_better", metric.higher_is_better},
                     {"description", metric.description},
                     {"source", ""}});
    }
    return all;
  }
  const auto add = [&](const MetricInfo& info, const std::string& suffix,
                       const std::string& words) {
    if (!used.contains(info.name + suffix)) return;
    all.push_back({{"name", info.name + suffix},
                   {"title", info.title + words},
                   {"higher_is_better", info.higher_is_better},
                   {"description", info.description},
                   {"source", info.source}});
  };
  for (const auto& info : metrics()) {
    add(info, "", "");
    for (const auto& entity : results.run.data.entities) {
      add(info, "_minus_" + entity.name + "_mean", " after removing the " + entity.name + " mean");
    }
    add(info, "_minus_additive", " after removing both means");
    for (const auto& label : results.run.data.sample_labels) {
      for (const auto& level : label.levels) add(info, "_" + level, level_words(level));
    }
  }
  return all;
}

Json protocol_section(const AuditResults& results) {
  Json all = Json::array();
  for (const auto& note : results.protocol) {
    Json evidence = Json::object();
    for (const auto& [key, value] : note.evidence) evidence[key] = value;
    all.push_back({{"code", note.code},
                   {"severity", to_string(note.severity)},
                   {"model", note.model},
                   {"title", note.title},
                   {"sentence", note.sentence},
                   {"evidence", evidence},
                   {"recommendation", note.recommendation}});
  }
  return all;
}

}  // namespace cupel::detail
