// Sections of a study with tasks (assays) or pairs (activity cliffs): scores per task, scores on
// pairs with the pairs to look at, and the error against the similarity to training.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "report/json_sections.hpp"

namespace cupel::detail {
namespace {

constexpr std::size_t kMostShownPairs = 12;
constexpr std::size_t kMostDrawnBytes = 1'500'000;  // of all pictures of molecules together

Json estimate_json(double value, double low, double high) {
  return {{"value", shortened(value)}, {"low", shortened(low)}, {"high", shortened(high)}};
}

Json estimate_json(const BoundedValue& bounded) {
  return estimate_json(bounded.value, bounded.low, bounded.high);
}

Json estimates_json(const std::vector<BoundedValue>& values) {
  Json array = Json::array();
  for (const auto& value : values) array.push_back(estimate_json(value));
  return array;
}

Rung rung_of(const StudyRun& run, const std::string& name) {
  const PredictorInfo* info = find_info(run, name);
  return info == nullptr ? Rung::model : info->rung;
}

bool is_model(const StudyRun& run, const std::string& name) {
  const PredictorInfo* info = find_info(run, name);
  return info != nullptr && info->is_model;
}

Json table_json(const TaskTable& table) {
  Json predictors = Json::array();
  for (std::size_t p = 0; p < table.predictors.size(); ++p) {
    const TaskPredictor& predictor = table.predictors[p];
    const auto row = table.values.row(p);
    predictors.push_back({{"name", predictor.info.name},
                          {"title", predictor.info.title},
                          {"rung", to_string(predictor.info.rung)},
                          {"is_model", predictor.info.is_model},
                          {"is_published", predictor.is_published},
                          {"mean", estimate_json(predictor.mean, predictor.low, predictor.high)},
                          {"values", shortened(std::vector<double>(row.begin(), row.end()))}});
  }
  return {{"split", table.split},
          {"metric", table.metric},
          {"higher_is_better", table.higher_is_better},
          {"tasks", table.tasks},
          {"n_test", table.n_test},
          {"predictors", predictors}};
}

Json contrast_json(const TaskContrast& contrast) {
  return {{"split", contrast.split},
          {"metric", contrast.metric},
          {"hypothesis", contrast.hypothesis},
          {"model", contrast.model},
          {"against", contrast.against},
          {"is_published", contrast.is_published},
          {"n_tasks", contrast.n_tasks},
          {"n_better", contrast.n_better},
          {"n_worse", contrast.n_worse},
          {"difference", estimate_json(contrast.difference, contrast.low, contrast.high)},
          {"p_value", shortened(contrast.p_value)},
          {"p_adjusted", shortened(contrast.p_adjusted)},
          {"margin", shortened(contrast.margin)},
          {"equivalent", contrast.equivalent},
          {"verdict", to_string(contrast.verdict)},
          {"sentence", contrast.sentence},
          {"recommendation", contrast.recommendation}};
}

Json score_json(const StudyRun& run, const PairScore& score) {
  return {{"split", score.split},
          {"predictor", score.predictor},
          {"title", title_of(run, score.predictor)},
          {"is_model", is_model(run, score.predictor)},
          {"rmse_cliff", estimate_json(score.rmse_cliff)},
          {"rmse_noncliff", estimate_json(score.rmse_noncliff)},
          {"gap", estimate_json(score.gap)},
          {"sign_accuracy", estimate_json(score.sign_accuracy)},
          {"sign_accuracy_to_train", estimate_json(score.sign_accuracy_to_train)},
          {"n_cliff", score.n_cliff},
          {"n_noncliff", score.n_noncliff},
          {"n_pairs", score.n_pairs},
          {"n_pairs_to_train", score.n_pairs_to_train}};
}

// The molecule as written (SMILES), where the sample is about one.
std::string text_of(const Entity& entity, std::uint32_t code) {
  const LabelBlock* smiles = entity.find_label("smiles");
  if (smiles == nullptr || smiles->code[code] == LabelBlock::kUnknown) return {};
  return smiles->levels[smiles->code[code]];
}

// What says nothing in a picture goes: style values that are SVG's own defaults.
std::string compacted(std::string svg) {
  for (const std::string_view idle : {"fill-rule:evenodd;", ";stroke-linecap:butt",
                                      ";stroke-linejoin:miter", ";stroke-opacity:1"}) {
    for (std::size_t at = svg.find(idle); at != std::string::npos; at = svg.find(idle, at)) {
      svg.erase(at, idle.size());
    }
  }
  return svg;
}

Json member_json(const StudyRun& run, std::uint32_t sample, bool is_test, std::size_t& drawn) {
  const Entity& entity = run.data.entities.front();
  const std::uint32_t code = entity.code_of_sample[sample];
  std::string picture = compacted(run.area->depict(run.data, sample));
  if (drawn + picture.size() > kMostDrawnBytes) picture.clear();
  drawn += picture.size();
  return {{"id", entity.ids[code]},
          {"text", text_of(entity, code)},
          {"svg", picture},
          {"target", shortened(run.data.target(sample))},
          {"is_test", is_test}};
}

Json shown_json(const StudyRun& run, const ShownPair& pair, std::size_t& drawn) {
  Json predictions = Json::array();
  for (std::size_t k = 0; k < pair.predictors.size(); ++k) {
    predictions.push_back({{"predictor", pair.predictors[k]},
                           {"title", title_of(run, pair.predictors[k])},
                           {"first", shortened(pair.predicted_first[k])},
                           {"second", shortened(pair.predicted_second[k])}});
  }
  return {{"split", pair.split},
          {"task", pair.task},
          {"first", member_json(run, pair.first, pair.first_is_test, drawn)},
          {"second", member_json(run, pair.second, pair.second_is_test, drawn)},
          {"predictions", predictions}};
}

Json curve_json(const StudyRun& run, const DistanceCurve& curve) {
  return {{"predictor", curve.predictor},
          {"title", title_of(run, curve.predictor)},
          {"is_model", is_model(run, curve.predictor)},
          {"rung", to_string(rung_of(run, curve.predictor))},
          {"rmse", estimates_json(curve.rmse)},
          {"smooth", estimates_json(curve.smooth)},
          {"gain", estimates_json(curve.gain)}};
}

Json distance_json(const StudyRun& run, const DistanceProfile& profile) {
  Json bins = Json::array();
  for (const auto& bin : profile.bins) {
    bins.push_back({{"low", shortened(bin.low)}, {"high", shortened(bin.high)}, {"n", bin.n}});
  }
  Json curves = Json::array();
  for (const auto& curve : profile.curves) curves.push_back(curve_json(run, curve));
  return {{"split", profile.split},
          {"entity", profile.entity},
          {"similarity", profile.similarity},
          {"against", profile.against},
          {"median", shortened(profile.median)},
          {"bins", bins},
          {"grid", shortened(profile.grid)},
          {"curves", curves},
          {"sentences", profile.sentences}};
}

}  // namespace

Json tasks_section(const AuditResults& results) {
  const TaskComparison& tasks = results.tasks;
  if (tasks.tables.empty()) return nullptr;
  Json tables = Json::array();
  for (const auto& table : tasks.tables) tables.push_back(table_json(table));
  Json contrasts = Json::array();
  for (const auto& contrast : tasks.contrasts) contrasts.push_back(contrast_json(contrast));
  return {{"task_title", task_word(results.run.data)},
          {"neighbour", results.run.area->neighbour_baseline()},
          {"tables", tables},
          {"contrasts", contrasts},
          {"sentences", tasks.sentences}};
}

Json pairs_section(const AuditResults& results) {
  const PairComparison& pairs = results.pairs;
  if (pairs.block.empty()) return nullptr;
  Json scores = Json::array();
  for (const auto& score : pairs.scores) scores.push_back(score_json(results.run, score));
  Json shown = Json::array();
  std::size_t drawn = 0;
  for (const auto& pair : pairs.shown) {
    if (shown.size() == kMostShownPairs) break;
    shown.push_back(shown_json(results.run, pair, drawn));
  }
  return {{"block", pairs.block},
          {"rule", pair_rule_words(results.run)},
          {"scores", scores},
          {"shown", shown},
          {"sentences", pairs.sentences}};
}

Json distances_section(const AuditResults& results) {
  Json all = Json::array();
  for (const auto& profile : results.distances) {
    all.push_back(distance_json(results.run, profile));
  }
  return all;
}

}  // namespace cupel::detail
