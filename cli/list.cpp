// cupel list: the registries.
#include <algorithm>
#include <memory>

#include "area/area.hpp"
#include "area/drug_response/baselines.hpp"
#include "area/perturbation/baselines.hpp"
#include "area/perturbation/presets.hpp"
#include "area/perturbation/splits.hpp"
#include "area/potency/baselines.hpp"
#include "area/potency/cliffs.hpp"
#include "area/potency/split_schemes.hpp"
#include "area/potency/splits.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "json_out.hpp"
#include "metric/metric.hpp"
#include "similarity/kinds.hpp"
#include "split/item_methods.hpp"
#include "split/make.hpp"

namespace cupel::cli {
namespace {

struct Item {
  std::string name;
  std::string description;
  JsonOut json = JsonOut::part();
};

std::vector<std::string> words(const Information& information) {
  return {information.begin(), information.end()};
}

std::vector<Item> area_items() {
  std::vector<Item> items;
  for (const Area* area : areas()) {
    std::vector<std::string> roles;
    for (const auto& role : area->column_roles()) {
      roles.push_back(role.required ? role.name : "[" + role.name + "]");
    }
    Item item{.name = std::string(area->name()),
              .description = std::string(area->title()) + "; columns: " + join(roles, ", ")};
    item.json.text("name", area->name()).text("title", area->title()).texts("columns", roles);
    items.push_back(std::move(item));
  }
  return items;
}

std::vector<Item> baselines(const std::string& area, const std::vector<PredictorInfo>& catalogue) {
  std::vector<Item> items;
  for (const auto& info : catalogue) {
    Item item{.name = info.name, .description = info.description};
    item.json.text("area", area);
    item.json.text("name", info.name).text("title", info.title);
    item.json.text("rung", to_string(info.rung)).texts("sees", words(info.sees));
    item.json.text("description", info.description).text("fallback", info.fallback);
    item.json.text("source", info.source).text("parameters", info.parameters);
    items.push_back(std::move(item));
  }
  return items;
}

std::vector<Item> metric_items() {
  std::vector<Item> items;
  for (const auto& info : metrics()) {
    Item item{.name = info.name, .description = info.description};
    item.json.text("name", info.name).text("title", info.title);
    item.json.text("description", info.description).text("source", info.source);
    item.json.boolean("higher_is_better", info.higher_is_better);
    item.json.boolean("needs_labels", info.needs_labels);
    items.push_back(std::move(item));
  }
  return items;
}

std::vector<Item> named(const std::vector<std::pair<std::string, std::string>>& all) {
  std::vector<Item> items;
  for (const auto& [name, description] : all) {
    Item item{.name = name, .description = description};
    item.json.text("name", name).text("description", description);
    items.push_back(std::move(item));
  }
  return items;
}

bool matches(const std::string& wanted, const std::string& area) {
  return wanted.empty() || wanted == area;
}

/// Schemes of one area, or of all and of items without an area.
std::vector<Item> splits(const std::string& area) {
  static const std::map<std::string, std::string> kMeaning{
      {"mixed", "Pairs are dealt to folds: every drug and cell line is known from training"},
      {"cancer_blind", "Cell lines of the test set are unseen in training"},
      {"drug_blind", "Drugs (compounds) of the test set are unseen in training"},
      {"both_blind", "Neither drug nor cell line of a test row is seen in training"},
      {"tissue_blind", "Tissues of the test set are unseen in training"},
      {"overlap",
       "A series: unseen drugs or cell lines that are less and less similar to training, at fixed "
       "sizes, with a random control"},
      {"file", "Roles or folds as given in a file or a column"}};
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& scheme : split_schemes()) {
    const auto meaning = kMeaning.find(scheme);
    all.emplace_back(scheme, meaning == kMeaning.end() ? "" : meaning->second);
  }
  all.emplace_back(
      "pairs",
      "Rows about two entities: the similarity across parts is kept low on both sides at "
      "once (as DataSAIL's C2)");
  for (const auto& method : item_methods()) {
    all.emplace_back(
        method.name,
        method.description + (method.promises.empty() ? "" : "; promises: " + method.promises));
  }
  for (const auto& scheme : potency::schemes()) {
    const bool is_known = std::any_of(all.begin(), all.end(),
                                      [&](const auto& one) { return one.first == scheme.name; });
    if (!is_known) all.emplace_back(scheme.name, "Molecules: " + scheme.description);
  }
  for (const auto& [name, meaning] : perturbation::perturbation_split_meanings()) {
    const bool is_known =
        std::ranges::any_of(all, [&](const auto& one) { return one.first == name; });
    if (!is_known) all.emplace_back(name, "Profiles: " + meaning);
  }
  if (area == "perturbation") return named(perturbation::perturbation_split_meanings());
  all.emplace_back("given", "Molecules: roles or folds of a column or file, within every assay");
  if (!area.empty()) {
    const auto wanted = area == "potency" ? potency::potency_split_schemes()
                                          : std::vector<std::string>(split_schemes());
    std::erase_if(all, [&](const auto& one) {
      return std::find(wanted.begin(), wanted.end(), one.first) == wanted.end();
    });
  }
  return named(all);
}

std::vector<Item> models(const std::string& area) {
  std::vector<Item> items =
      named({{"ridge", "Ridge regression on the features of drug and cell line, or of ligands"},
             {"xgboost", "Gradient boosting on the features of drug and cell line, or of ligands"},
             {"mlp", "Multilayer perceptron on the features of drug and cell line, or of ligands"},
             {"forest", "potency: random forest on the features of ligands"},
             {"knn", "potency: nearest neighbours by the features of ligands"}});
  if (area == "perturbation") {
    return named({{"linear", "Bilinear model of genes and perturbations (Ahlmann-Eltze)"},
                  {"ridge", "Ridge regression on an embedding of the perturbation"},
                  {"knn", "Mean response of the perturbations with the nearest embeddings"}});
  }
  if (area == "drug_response") {
    std::erase_if(items,
                  [](const Item& item) { return item.description.starts_with("potency: "); });
  }
  return items;
}

std::vector<Item> cliffs() {
  std::vector<Item> items;
  for (const auto& rule : potency::cliff_rules()) {
    Item item{.name = rule.name, .description = rule.description};
    item.json.text("name", rule.name).text("description", rule.description);
    item.json.text("source", rule.source);
    items.push_back(std::move(item));
  }
  return items;
}

std::vector<Item> similarities() {
  std::vector<Item> items;
  for (const auto& kind : similarity_kinds()) {
    Item item{.name = kind.name, .description = kind.description};
    item.json.text("name", kind.name).text("items", to_string(kind.form));
    item.json.text("description", kind.description).text("options", kind.options);
    item.json.number("default_threshold", kind.default_threshold).text("source", kind.source);
    items.push_back(std::move(item));
  }
  return items;
}

std::vector<Item> presets() {
  std::vector<Item> items;
  for (const auto& preset : perturbation::presets()) {
    std::vector<std::string> metrics;
    for (const auto& metric : preset.metrics) metrics.push_back(metric.name);
    Item item{.name = preset.name, .description = preset.summary};
    item.json.text("name", preset.name).text("title", preset.title);
    item.json.text("description", preset.summary).text("source", preset.source);
    item.json.texts("metrics", metrics).texts("options", preset.option_help);
    items.push_back(std::move(item));
  }
  return items;
}

std::string table(const std::string& title, const std::vector<Item>& items) {
  std::size_t width = 0;
  for (const auto& item : items) width = std::max(width, item.name.size());
  std::string out = title + "\n";
  for (const auto& item : items) {
    out +=
        "  " + item.name + std::string(width - item.name.size() + 2, ' ') + item.description + "\n";
  }
  return out;
}

}  // namespace

Run define_list(Arguments& arguments) {
  auto what = std::make_shared<std::string>();
  auto area = std::make_shared<std::string>();
  arguments.example("cupel list baselines");
  arguments.example("cupel list splits --area potency");
  arguments.example("cupel list --json");
  arguments.positional(
      "WHAT", *what,
      "areas, baselines, metrics, splits, similarities, models, cliffs or presets (default: "
      "all)",
      false,
      {"areas", "baselines", "metrics", "splits", "similarities", "models", "cliffs", "presets"});
  arguments.option("--area", *area, "Only the baselines, splits and models of this area",
                   {.allowed = {"drug_response", "potency", "perturbation"}});
  return [what, area](Session& session) {
    JsonOut json;
    std::string text;
    const auto add = [&](const std::string& name, std::vector<Item> items) {
      if (!what->empty() && *what != name) return;
      text += (text.empty() ? "" : "\n") + table(name, items);
      std::vector<JsonOut> all;
      for (auto& item : items) all.push_back(std::move(item.json));
      json.objects(name, all);
    };
    add("areas", area_items());
    std::vector<Item> all_baselines;
    if (matches(*area, "drug_response")) {
      all_baselines = baselines("drug_response", drug_response::baseline_catalogue());
    }
    if (matches(*area, "potency")) {
      for (auto& item : baselines("potency", potency::baseline_catalogue())) {
        if (area->empty()) item.description = "potency: " + item.description;
        all_baselines.push_back(std::move(item));
      }
    }
    if (matches(*area, "perturbation")) {
      for (auto& item : baselines("perturbation", perturbation::baseline_catalogue())) {
        if (area->empty()) item.description = "perturbation: " + item.description;
        all_baselines.push_back(std::move(item));
      }
    }
    add("baselines", std::move(all_baselines));
    add("metrics", metric_items());
    add("splits", splits(*area));
    add("similarities", similarities());
    add("models", models(*area));
    add("cliffs", cliffs());
    add("presets", presets());
    session.print(session.json ? json.dump() : text);
    return 0;
  };
}

}  // namespace cupel::cli
