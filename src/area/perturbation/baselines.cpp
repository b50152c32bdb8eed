#include "area/perturbation/baselines.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "area/perturbation/baseline_parts.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel::perturbation {
namespace {

std::vector<BaselineEntry> registry() {
  std::vector<BaselineEntry> all;
  for (auto part : {mean_baselines, additive_baselines, embedding_baselines, oracle_baselines}) {
    auto entries = part();
    std::move(entries.begin(), entries.end(), std::back_inserter(all));
  }
  for (auto& entry : all) entry.info.trainable = !entry.info.is_oracle;
  std::stable_sort(all.begin(), all.end(), [](const BaselineEntry& a, const BaselineEntry& b) {
    return std::pair(a.info.is_oracle, a.info.rung) < std::pair(b.info.is_oracle, b.info.rung);
  });
  return all;
}

bool is_default(const BaselineEntry& entry, const Dataset& data) {
  return entry.is_default && entry.is_default(data);
}

std::unique_ptr<Predictor> make(BaselineEntry entry,
                                const std::map<std::string, std::string>& options,
                                const Dataset& data) {
  if (entry.check) entry.check(data);
  Options typed(options, entry.info.name);
  FitFunction fit = entry.make(typed);
  typed.finish();
  entry.info.parameters = typed.canonical();
  return make_predictor(std::move(entry.info), std::move(fit));
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
    auto predictor_entry = std::move(entry);
    if (!as.empty()) predictor_entry.info.name = as;
    return make(std::move(predictor_entry), options, data);
  }
  const std::string near = nearest_word(name, names);
  fail(ErrorKind::usage, "there is no baseline \"" + std::string(name) + "\"", {},
       (near.empty() ? "" : "did you mean \"" + near + "\"? ") + ("known: " + join(names, ", ")));
}

std::vector<std::string> default_baselines(const Dataset& data) {
  std::vector<std::string> names;
  for (const auto& entry : registry()) {
    if (is_default(entry, data)) names.push_back(entry.info.name);
  }
  return names;
}

std::vector<LeftOutBaseline> left_out_baselines(const Dataset& data) {
  std::vector<LeftOutBaseline> out;
  for (const auto& entry : registry()) {
    if (is_default(entry, data) || entry.left_out_because.empty()) continue;
    out.push_back({entry.info.name, entry.info.title, entry.left_out_because});
  }
  return out;
}

std::unique_ptr<Predictor> make_reference(std::string_view kind, const std::string& name,
                                          const std::vector<std::string>& features,
                                          const std::map<std::string, std::string>& options,
                                          const Dataset& data, const std::string& title) {
  auto entries = embedding_baselines();
  const auto found =
      std::ranges::find_if(entries, [&](const auto& entry) { return entry.info.name == kind; });
  if (found == entries.end()) {
    fail(ErrorKind::usage, "there is no reference model \"" + std::string(kind) + "\"", {},
         "linear, ridge or knn");
  }
  if (features.size() > 1) {
    fail(ErrorKind::usage, "a reference model of this area reads one embedding", {},
         "join the tables, or make one model of each");
  }
  std::map<std::string, std::string> given = options;
  if (!features.empty()) {
    const std::string& word = features.front();
    const auto dot = word.find('.');
    given.emplace(kind == "linear" ? "perturbations" : "features",
                  dot == std::string::npos ? word : word.substr(dot + 1));
  }
  found->info.name = name.empty() ? std::string(kind) : name;
  if (!title.empty()) found->info.title = title;
  found->info.rung = Rung::model;
  found->info.is_model = true;
  found->info.trainable = true;
  return make(std::move(*found), given, data);
}

}  // namespace cupel::perturbation
