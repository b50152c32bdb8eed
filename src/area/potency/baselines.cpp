#include "area/potency/baselines.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "area/potency/baseline_parts.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel::potency {
namespace {

std::vector<BaselineEntry> registry() {
  std::vector<BaselineEntry> all;
  for (auto part : {simple_baselines, neighbour_baselines, learner_baselines}) {
    auto entries = part();
    std::move(entries.begin(), entries.end(), std::back_inserter(all));
  }
  for (auto& entry : all) entry.info.trainable = true;
  std::stable_sort(all.begin(), all.end(), [](const BaselineEntry& a, const BaselineEntry& b) {
    return a.info.rung < b.info.rung;
  });
  return all;
}

bool has_features(const Dataset& data, const std::string& block) {
  const Entity* ligand = data.find_entity("ligand");
  const FeatureBlock* features = ligand == nullptr ? nullptr : ligand->find_features(block);
  return features != nullptr && (features->bits != nullptr || features->values.cols > 0);
}

bool has_input(const Dataset& data, const std::string& need) {
  const Entity* ligand = data.find_entity("ligand");
  const LabelBlock* label = ligand == nullptr ? nullptr : ligand->find_label(need);
  return label != nullptr ? !label->levels.empty() : has_features(data, need);
}

[[noreturn]] void refuse_name(const std::string& what, const std::string& name,
                              const std::vector<std::string>& names) {
  const std::string near = nearest_word(name, names);
  fail(ErrorKind::usage, "there is no " + what + " \"" + name + "\"", {},
       (near.empty() ? "" : "did you mean \"" + near + "\"? ") + ("known: " + join(names, ", ")));
}

// ---- reference models -----------------------------------------------------------------------

struct ReferenceKind {
  const char* kind;
  const char* description;
  const char* source;
  FitLigands (*make)(Options&, bool bits);
};

constexpr ReferenceKind kReferences[] = {
    {"ridge", "ridge regression, penalty by leave-one-out error",
     "Hoerl & Kennard 1970, doi:10.1080/00401706.1970.10488634",
     [](Options& options, bool) { return ridge_learner(options); }},
    {"forest", "mean of 500 regression trees on bootstrap samples",
     "Breiman 2001, doi:10.1023/A:1010933404324",
     [](Options& options, bool) { return forest_learner(options); }},
    {"xgboost", "boosted regression trees",
     "XGBoost (Chen & Guestrin 2016, doi:10.1145/2939672.2939785)",
     [](Options& options, bool) { return boosting_learner(options); }},
    {"knn", "mean of the k nearest training ligands, all ties included",
     "nearest neighbour rule, Cover & Hart 1967, doi:10.1109/TIT.1967.1053964",
     [](Options& options, bool bits) { return knn_learner(options, bits); }},
    {"mlp", "multilayer perceptron", "Rumelhart, Hinton & Williams 1986, doi:10.1038/323533a0",
     [](Options& options, bool) { return network_learner(options); }},
};

/// The block, if the data have it.
std::string find_block(const std::string& model, const std::string& block, const Dataset& data) {
  if (has_features(data, block)) return block;
  std::vector<std::string> known;
  for (const auto& features : data.entity("ligand").features) {
    known.push_back("ligand." + features.name);
  }
  refuse_name("block of features for " + model, "ligand." + block, known);
}

}  // namespace

std::vector<std::string> reference_blocks(const std::vector<std::string>& features) {
  if (features.empty()) return {"fingerprint"};
  const std::string prefix = "ligand.";
  std::vector<std::string> blocks;
  for (const auto& feature : features) {
    blocks.push_back(feature.starts_with(prefix) ? feature.substr(prefix.size()) : feature);
  }
  return blocks;
}

std::vector<std::string> default_baselines(const Dataset& data) {
  std::vector<std::string> names;
  for (const auto& entry : registry()) {
    const bool usable = std::all_of(entry.needs.begin(), entry.needs.end(),
                                    [&](const auto& need) { return has_input(data, need); });
    if (entry.is_default && usable) names.push_back(entry.info.name);
  }
  return names;
}

std::unique_ptr<Predictor> make_baseline(const std::string& name,
                                         const std::map<std::string, std::string>& options,
                                         const Dataset& data, const std::string& as) {
  std::vector<std::string> names;
  for (auto& entry : registry()) {
    names.push_back(entry.info.name);
    if (entry.info.name != name) continue;
    Options typed(options, name);
    FitFunction fit = entry.make(typed, entry.info);
    typed.finish();
    for (auto need : entry.needs) {
      if (const auto given = options.find("features"); given != options.end()) need = given->second;
      if (has_input(data, need)) continue;
      fail_input(
          "baseline " + name + " needs the ligands' " + need + ", which the data do not have", {},
          "give a column with SMILES, or leave the baseline out");
    }
    entry.info.parameters = typed.canonical();
    if (!as.empty()) entry.info.name = as;
    return make_predictor(std::move(entry.info), std::move(fit));
  }
  refuse_name("baseline", name, names);
}

std::unique_ptr<Predictor> make_reference(const std::string& reference, const std::string& name,
                                          const std::vector<std::string>& features,
                                          const std::map<std::string, std::string>& options,
                                          const Dataset& data, const std::string& title) {
  std::vector<std::string> kinds;
  for (const auto& candidate : kReferences) {
    kinds.emplace_back(candidate.kind);
    if (candidate.kind != reference) continue;
    std::vector<std::string> names;
    for (const auto& block : reference_blocks(features))
      names.push_back(find_block(name, block, data));
    Options typed(options, name);
    const bool bits = data.entity("ligand").find_features(names.front())->bits != nullptr;
    FitLigands learner = candidate.make(typed, bits && names.size() == 1);
    typed.finish();
    PredictorInfo info{
        .name = name,
        .title = title.empty() ? name : title,
        .rung = Rung::model,
        .sees = {"targets"},
        .is_model = true,
        .trainable = true,
        .description = std::string(candidate.description) + ", on " + join(names, " and "),
        .fallback = "the training mean for a ligand without features",
        .source = candidate.source};
    for (const auto& block : names) {
      const bool numbers = block == "physchem" || block == "size";
      info.sees.insert(numbers ? block : "fingerprint");
      if (reference == std::string("knn")) info.sees.insert("neighbours");
    }
    info.parameters =
        "kind=" + reference + " features=" + join(names, ",") + " " + typed.canonical();
    return make_predictor(std::move(info), fit_on(names, std::move(learner)));
  }
  refuse_name("reference model", reference, kinds);
}

std::vector<PredictorInfo> baseline_catalogue() {
  std::vector<PredictorInfo> infos;
  for (auto& entry : registry()) {
    Options options({}, entry.info.name);
    (void)entry.make(options, entry.info);
    entry.info.parameters = options.canonical();
    infos.push_back(std::move(entry.info));
  }
  return infos;
}

std::vector<BaselineDoc> baseline_docs() {
  std::vector<BaselineDoc> docs;
  for (const auto& entry : registry()) docs.push_back({entry.info.name, entry.info.description});
  return docs;
}

}  // namespace cupel::potency
