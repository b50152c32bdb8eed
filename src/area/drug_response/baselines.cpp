#include "area/drug_response/baselines.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "area/drug_response/baseline_parts.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel::drug_response {
namespace {

std::vector<BaselineEntry> registry() {
  std::vector<BaselineEntry> all;
  for (auto part : {mean_baselines, additive_baselines, identity_baselines, neighbour_baselines,
                    nearest_baselines}) {
    auto entries = part();
    std::move(entries.begin(), entries.end(), std::back_inserter(all));
  }
  for (auto& entry : all) entry.info.trainable = !entry.info.is_oracle;
  std::stable_sort(all.begin(), all.end(), [](const BaselineEntry& a, const BaselineEntry& b) {
    return std::pair(a.info.is_oracle, a.info.rung) < std::pair(b.info.is_oracle, b.info.rung);
  });
  return all;
}

/// Is "cell.tissue" or "cell.expression" in the data, with a value for at least one entity?
bool has_input(const Dataset& data, const std::string& need) {
  const auto dot = need.find('.');
  const Entity* entity = data.find_entity(need.substr(0, dot));
  if (entity == nullptr) return false;
  const std::string block = need.substr(dot + 1);
  if (const LabelBlock* label = entity->find_label(block)) return !label->levels.empty();
  const FeatureBlock* features = entity->find_features(block);
  return features != nullptr && features->values.cols > 0;
}

}  // namespace

std::vector<PredictorInfo> baseline_catalogue() {
  std::vector<PredictorInfo> infos;
  for (auto& entry : registry()) {
    Options options({}, entry.info.name);
    entry.make(options);
    entry.info.parameters = options.canonical();
    infos.push_back(std::move(entry.info));
  }
  return infos;
}

std::unique_ptr<Predictor> make_baseline(std::string_view name,
                                         const std::map<std::string, std::string>& options,
                                         const Dataset& data, const std::string& as) {
  std::vector<std::string> names;
  for (auto& entry : registry()) {
    names.push_back(entry.info.name);
    if (entry.info.name != name) continue;
    for (auto need : entry.needs) {
      // An option may name another block than the usual one.
      if (const auto given = options.find("features"); given != options.end()) {
        need = need.substr(0, need.find('.') + 1) + given->second;
      }
      if (has_input(data, need)) continue;
      fail_input("baseline " + entry.info.name + " needs " + need + ", which the data do not have",
                 {}, "add the table with that column, or leave the baseline out");
    }
    Options typed(options, entry.info.name);
    FitFunction fit = entry.make(typed);
    typed.finish();
    entry.info.parameters = typed.canonical();
    if (!as.empty()) entry.info.name = as;
    return make_predictor(std::move(entry.info), std::move(fit));
  }
  const std::string near = nearest_word(name, names);
  fail(ErrorKind::usage, "there is no baseline \"" + std::string(name) + "\"", {},
       (near.empty() ? "" : "did you mean \"" + near + "\"? ") + ("known: " + join(names, ", ")));
}

std::vector<std::string> default_baselines(const Dataset& data) {
  std::vector<std::string> names;
  for (const auto& entry : registry()) {
    const bool usable = std::all_of(entry.needs.begin(), entry.needs.end(),
                                    [&](const auto& need) { return has_input(data, need); });
    if (entry.is_default && !entry.info.is_oracle && usable) names.push_back(entry.info.name);
  }
  return names;
}

}  // namespace cupel::drug_response
