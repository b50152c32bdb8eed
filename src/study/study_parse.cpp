#include "study/study_parse.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <iterator>

#include "area/area.hpp"
#include "base/text.hpp"
#include "study/parse_data.hpp"
#include "study/parse_splits.hpp"
#include "study/schema.hpp"
#include "study/section_reader.hpp"

namespace cupel {
namespace {

using detail::SectionReader;
using detail::text_map;

class StudyReader {
 public:
  StudyReader(const YamlValue& root, const std::string& source)
      : source_(source), root_(root, study_schema(), source_) {}

  Study read() {
    study_.source = source_;
    study_.title = root_.text("title");
    study_.area = root_.text("area");
    area_ = &find_area(study_.area);
    study_.seed = root_.whole("seed");
    read_primary_metric();
    const YamlValue data = root_.get("data");
    study_.data = detail::read_data({data, root_.section("data"), source_}, *area_, source_);
    read_splits();
    read_models();
    read_published();
    read_baselines();
    read_judgement();
    read_twins();
    read_learning_curve();
    check_unused_columns();
    return std::move(study_);
  }

 private:
  [[nodiscard]] bool is_potency() const { return area_->name() == "potency"; }
  [[nodiscard]] bool has_profiles() const { return !area_->sample_metrics().empty(); }

  // Where targets are vectors: a metric of samples, by default the area's first.
  void read_primary_metric() {
    study_.primary_metric = root_.text("primary_metric");
    if (!has_profiles()) return;
    std::vector<std::string> names;
    for (const auto& metric : area_->sample_metrics()) names.push_back(metric.name);
    if (!root_.has("primary_metric")) study_.primary_metric = names.front();
    if (contains(names, study_.primary_metric)) return;
    const std::string near = nearest_word(study_.primary_metric, names);
    fail_input(
        "area " + study_.area + " has no metric \"" + study_.primary_metric + "\"",
        root_.where("primary_metric"),
        (near.empty() ? "" : "did you mean \"" + near + "\"? ") + "metrics: " + join(names, ", "));
  }

  // ---- splits
  void read_splits() {
    const YamlValue value = root_.get("splits");
    if (value.items.empty()) {
      fail_input("splits is empty: there is nothing to test on", value.where(source_),
                 "remove the key to get `" + area_->default_scheme() +
                     "`, or write `splits: [{scheme: " + area_->default_scheme() + "}]`");
    }
    for (const auto& item : value.items) {
      const SectionReader in(item, root_.section("splits"), source_);
      study_.splits.push_back(detail::read_split(in, split_names_, source_));
      if (!root_.has("splits")) {
        study_.splits.back().scheme = study_.splits.back().name = area_->default_scheme();
      }
      check_scheme(in, study_.splits.back().scheme);
      split_names_.push_back(study_.splits.back().name);
    }
  }

  /// The schema knows the schemes of all areas; this area may not.
  void check_scheme(const SectionReader& in, const std::string& scheme) const {
    auto known = area_->split_schemes();
    if (scheme == "file" || contains(known, scheme)) return;
    const std::string near = nearest_word(scheme, known);
    fail_input(
        "area " + study_.area + " has no split scheme \"" + scheme + "\"", in.where("scheme"),
        (near.empty() ? "" : "did you mean \"" + near + "\"? ") + "schemes: " + join(known, ", "));
  }

  // ---- models
  void read_models() {
    const YamlValue models = root_.get("models");
    for (std::size_t i = 0; i < models.items.size(); ++i) {
      const YamlKey& key = models.keys[i];
      const Where where{.file = source_, .row = key.line, .column = key.column};
      const SectionReader in(models.items[i], root_.section("models"), source_);
      const ModelSpec spec = model(key.text, where, in);
      if (!in.has("columns_as_models")) {
        add_model(spec, where);
        continue;
      }
      for (const auto& column : wide_columns(in)) {
        ModelSpec one = spec;
        one.column = column;
        if (column != "*") one.name = column;
        one.title = in.has("title") ? spec.title + ": " + column : column;
        add_model(one, in.where("columns_as_models"));
      }
    }
  }

  void add_model(const ModelSpec& spec, const Where& where) {
    detail::check_name(spec.name, where);
    for (const auto& known : study_.models) {
      if (known.name == spec.name) {
        fail_input("two models are named \"" + spec.name + "\"", where, "rename one of them");
      }
    }
    study_.models.push_back(spec);
  }

  std::vector<std::string> wide_columns(const SectionReader& in) const {
    if (!in.has("predictions")) {
      fail_input("columns_as_models belongs to `predictions`", in.where("columns_as_models"));
    }
    if (in.has("column")) {
      fail_input("give `column` or `columns_as_models`, not both", in.where("column"));
    }
    if (in.has("claims")) {
      fail_input("claims cannot be given for several models at once", in.where("claims"),
                 "declare the claimed model on its own, with `column`");
    }
    const YamlValue value = in.get("columns_as_models");
    if (value.kind == YamlValue::Kind::scalar) return {"*"};
    if (value.items.empty()) {
      fail_input("columns_as_models is empty", value.where(source_), "name columns, or `all`");
    }
    return in.texts("columns_as_models");
  }

  ModelSpec model(const std::string& name, const Where& where, const SectionReader& in) {
    ModelSpec out;
    out.name = name;
    out.title = in.has("title") ? in.text("title") : name;
    out.kind = model_kind(name, where, in);
    out.predictions = in.text("predictions");
    out.columns = text_map(in.get("columns"));
    out.column = in.has("column") ? in.text("column") : "prediction";
    if (auto column = out.columns.extract("prediction")) {
      if (in.has("column") && column.mapped() != out.column) {
        fail_input("`column` and `columns.prediction` name different columns", in.where("column"));
      }
      out.column = column.mapped();
    }
    if (!is_potency() && !has_profiles() &&
        out.columns.contains("drug") != out.columns.contains("cell")) {
      fail_input("columns needs both drug and cell, or row", in.where("columns"));
    }
    if (has_profiles()) check_profile_model(name, in);
    out.command = in.text("command");
    out.timeout_s = in.number("timeout");
    out.seeds = in.count("seeds");
    out.reference = in.text("reference");
    out.features = in.texts("features");
    out.options = text_map(in.get("options"));
    out.sees = in.texts("sees");
    out.splits = split_list(in, "splits");
    out.selected_on = in.text("selected_on");
    for (const auto& item : in.get("claims").items) {
      out.claims.push_back(claim(SectionReader(item, in.section("claims"), source_)));
    }
    return out;
  }

  void check_profile_model(const std::string& name, const SectionReader& in) const {
    for (const char* key : {"column", "columns_as_models", "command"}) {
      if (!in.has(key)) continue;
      fail_input("models." + name + "." + key + " has no meaning here: the targets are profiles",
                 in.where(key),
                 "name a file of predicted profiles or cells: `predictions: FILE.h5ad`");
    }
  }

  ModelKind model_kind(const std::string& name, const Where& where, const SectionReader& in) const {
    const bool ready = in.has("predictions");
    const bool command = in.has("command");
    const bool reference = in.has("reference");
    if (static_cast<int>(ready) + static_cast<int>(command) + static_cast<int>(reference) != 1) {
      fail_input("model \"" + name + "\" needs exactly one of predictions, command and reference",
                 where);
    }
    const auto only_for = [&](bool allowed, std::string_view kind,
                              std::initializer_list<const char*> keys) {
      for (const char* key : keys) {
        if (allowed || !in.has(key)) continue;
        fail_input("models." + name + "." + key + " has no meaning here", in.where(key),
                   "it belongs to a model with `" + std::string(kind) + "`");
      }
    };
    only_for(ready, "predictions", {"column", "columns", "columns_as_models"});
    only_for(command, "command", {"timeout"});
    only_for(command || reference, "command` or `reference", {"seeds"});
    only_for(reference, "reference", {"features"});
    only_for(reference || (ready && has_profiles()), "reference", {"options"});
    if (command) {
      check_command(in);
      return ModelKind::command;
    }
    return ready ? ModelKind::predictions : ModelKind::reference;
  }

  static void check_command(const SectionReader& in) {
    const std::string command = in.text("command");
    for (const char* word : {"{train}", "{test}", "{out}"}) {
      if (command.find(word) != std::string::npos) continue;
      fail_input(std::string("the command does not use ") + word, in.where("command"),
                 "for example: command: \"python train.py --train {train} --test {test} --out "
                 "{out} --seed {seed}\"");
    }
    if (in.count("seeds") > 1 && command.find("{seed}") == std::string::npos) {
      fail_input("several seeds are asked for, but the command does not use {seed}",
                 in.where("seeds"), "pass {seed} to the program, or remove `seeds`");
    }
  }

  ClaimSpec claim(const SectionReader& in) const {
    ClaimSpec out;
    out.metric = in.text("metric");
    out.value = in.number("value");
    out.split = in.text("split");
    if (!out.split.empty()) check_split(out.split, in.where("split"));
    if (out.split.empty() && study_.splits.size() == 1) out.split = study_.splits.front().name;
    check_folds(out.split, in.where("split"));
    if (in.has("fold")) out.fold = in.count("fold");
    out.tolerance = in.number("tolerance");
    return out;
  }

  // ---- printed scores
  void read_published() {
    if (has_profiles() && root_.has("published")) {
      fail_input("published scores belong to areas whose targets are numbers",
                 root_.where("published"), "give the predictions of the model");
    }
    for (const auto& item : root_.get("published").items) {
      const SectionReader in(item, root_.section("published"), source_);
      PublishedSpec out{.file = in.text("file"),
                        .split = in.text("split"),
                        .task = in.text("task"),
                        .metrics = text_map(in.get("metrics")),
                        .only = in.texts("only"),
                        .sees = in.texts("sees"),
                        .source = in.text("source")};
      const YamlValue model = in.get("model");
      out.model = model.kind == YamlValue::Kind::list ? in.texts("model")
                                                      : std::vector<std::string>{model.text};
      if (out.model.empty()) fail_input("published[].model is empty", in.where("model"));
      if (out.metrics.empty()) {
        fail_input("published[].metrics is empty", in.where("metrics"),
                   "for example metrics: {rmse: RMSE}");
      }
      if (out.split.empty() && study_.splits.size() == 1) out.split = study_.splits.front().name;
      if (out.split.empty()) {
        fail_input("published scores need the name of their split: the study has several",
                   item.where(source_), "splits: " + join(split_names_, ", "));
      }
      check_split(out.split, in.where("split"));
      check_folds(out.split, in.where("split"));
      study_.published.push_back(std::move(out));
    }
  }

  // ---- baselines and the rest
  void read_baselines() {
    const YamlValue value = root_.get("baselines");
    if (value.kind == YamlValue::Kind::scalar) {
      study_.default_baselines = value.text == "default";
      return;
    }
    if (value.kind == YamlValue::Kind::list) {
      study_.default_baselines = false;
      for (const auto& item : value.items) add_baseline(item);
      return;
    }
    const SectionReader in(value, root_.section("baselines"), source_);
    study_.default_baselines = in.flag("default");
    for (const auto& item : in.get("add").items) add_baseline(item);
    study_.exclude_baselines = in.texts("exclude");
  }

  void add_baseline(const YamlValue& item) {
    if (item.kind == YamlValue::Kind::scalar && item.text == "default") {
      study_.default_baselines = true;
      return;
    }
    BaselineSpec out{.name = item.text, .options = {}, .as = {}};
    if (item.kind == YamlValue::Kind::map) {
      if (item.keys.size() != 1) {
        fail_input("a baseline with options is written {name: {option: value}}",
                   item.where(source_), "put each baseline in its own list entry");
      }
      out.name = item.keys.front().text;
      out.options = text_map(item.items.front());
      if (auto as = out.options.extract("as")) out.as = as.mapped();
    }
    study_.baselines.push_back(std::move(out));
  }

  void read_judgement() {
    const YamlValue margin_value = root_.get("margin");
    const SectionReader margin(margin_value, root_.section("margin"), source_);
    study_.margin = {.metric = margin.text("metric"),
                     .value = margin.number("value"),
                     .relative = margin.flag("relative")};
    const YamlValue statistics_value = root_.get("statistics");
    const SectionReader statistics(statistics_value, root_.section("statistics"), source_);
    study_.statistics = {.draws = statistics.count("draws"),
                         .confidence = statistics.number("confidence"),
                         .unit = statistics.text("unit")};
    const YamlValue binarise_value = root_.get("binarise");
    const bool is_none = binarise_value.kind == YamlValue::Kind::scalar;
    if ((is_potency() || has_profiles()) && root_.has("binarise") && !is_none) {
      fail_input("binarise belongs to area drug_response", binarise_value.where(source_),
                 "remove it, or write `binarise: none`");
    }
    if (is_none || is_potency() || has_profiles()) {
      study_.binarise.rule = "none";
      return;
    }
    const SectionReader binarise(binarise_value, root_.section("binarise"), source_);
    study_.binarise = {.rule = binarise.text("rule"), .threshold = binarise.number("threshold")};
    if ((study_.binarise.rule == "threshold") != binarise.has("threshold")) {
      fail_input("rule `threshold` and the key `threshold` belong together",
                 binarise_value.where(source_),
                 "write {rule: threshold, threshold: -1.5}, or another rule without it");
    }
  }

  void read_twins() {
    const YamlValue value = root_.get("twins");
    if (value.kind == YamlValue::Kind::scalar || (has_profiles() && !root_.has("twins"))) {
      study_.twins.draws = 0;
      return;
    }
    if (has_profiles()) {
      fail_input("twins are not made of models of profiles", value.where(source_),
                 "remove `twins`");
    }
    const SectionReader in(value, root_.section("twins"), source_);
    const TwinSpec usual = area_->default_twins();
    study_.twins = {.draws = in.count("draws"),
                    .kinds = in.has("kinds") ? in.texts("kinds") : usual.kinds,
                    .modes = in.has("modes") ? in.texts("modes") : usual.modes,
                    .splits = fold_list(in, "splits"),
                    .folds = in.count("folds")};
    const auto known = area_->twin_modes();
    for (const auto& mode : study_.twins.modes) {
      if (contains(known, mode)) continue;
      fail_input("twin mode \"" + mode + "\" has no meaning in area " + study_.area,
                 in.where("modes"), "modes: " + join(known, ", "));
    }
  }

  void read_learning_curve() {
    const YamlValue value = root_.get("learning_curve");
    if (value.kind == YamlValue::Kind::scalar) {
      study_.learning_curve.sizes = 0;
      return;
    }
    const SectionReader in(value, root_.section("learning_curve"), source_);
    study_.learning_curve = {.over = in.texts("over"),
                             .sizes = in.count("sizes"),
                             .repeats = in.count("repeats"),
                             .predictors = in.texts("predictors"),
                             .splits = fold_list(in, "splits")};
  }

  // ---- checks between sections
  std::vector<std::string> split_list(const SectionReader& in, std::string_view key) const {
    for (const auto& item : in.get(key).items) check_split(item.text, item.where(source_));
    return in.texts(key);
  }

  /// Splits with folds: an overlap series has none.
  std::vector<std::string> fold_list(const SectionReader& in, std::string_view key) const {
    for (const auto& item : in.get(key).items) check_folds(item.text, item.where(source_));
    return split_list(in, key);
  }

  void check_folds(const std::string& name, const Where& where) const {
    for (const auto& spec : study_.splits) {
      if (spec.name != name || spec.scheme != "overlap") continue;
      fail_input("\"" + name + "\" is an overlap series: it has levels, no folds", where,
                 "name a split of another scheme");
    }
  }

  void check_split(const std::string& name, const Where& where) const {
    if (std::count(split_names_.begin(), split_names_.end(), name) > 0) return;
    const std::string near = nearest_word(name, split_names_);
    fail_input("there is no split \"" + name + "\"", where,
               (near.empty() ? "" : "did you mean \"" + near + "\"? ") +
                   "splits: " + join(split_names_, ", "));
  }

  /// `only_folds` and friends are checked where they stand; a catalogue entry fills the columns.
  void check_unused_columns() const {
    for (const auto& spec : study_.splits) {
      for (const auto& column : {spec.fold_column, spec.role_column}) {
        const auto used = study_.data.columns.find("target");
        if (column.empty() || used == study_.data.columns.end() || used->second != column) continue;
        fail_input(
            "split \"" + spec.name + "\" takes its folds from the target column \"" + column + "\"",
            {.file = source_});
      }
    }
  }

  std::string source_;
  SectionReader root_;
  Study study_;
  const Area* area_ = nullptr;
  std::vector<std::string> split_names_;
};

}  // namespace

Study parse_study(std::string_view yaml, const std::string& source,
                  const std::string& base_folder) {
  const YamlValue root = parse_yaml(yaml, source);
  check_against_schema(root, study_schema(), source);
  Study study = StudyReader(root, source).read();
  study.base_folder = base_folder;
  return study;
}

Study read_study(const std::filesystem::path& path) {
  if (path == "-") {
    const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
    return parse_study(text, "standard input", ".");
  }
  std::error_code ignored;
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path, ignored)) {
    fail(ErrorKind::io, "cannot open the study file for reading", {.file = path.string()},
         "check the name; `cupel demo` shows a study that works");
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::filesystem::path folder = path.parent_path();
  return parse_study(text, path.string(), folder.empty() ? "." : folder.string());
}

}  // namespace cupel
