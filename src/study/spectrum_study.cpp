#include "study/spectrum_study.hpp"

#include <fstream>
#include <iostream>
#include <iterator>

#include "cupel/error.hpp"
#include "study/section_reader.hpp"
#include "study/spectrum_schema.hpp"

namespace cupel {
namespace {

using detail::SectionReader;

class Reader {
 public:
  Reader(const YamlValue& root, const std::string& source)
      : source_(source), root_(root, detail::spectrum_schema(), source_) {}

  SpectrumStudy read() {
    study_.source = source_;
    study_.title = root_.text("title");
    study_.seed = root_.whole("seed");
    study_.metric = root_.text("metric");
    study_.axis = root_.text("axis");
    study_.baselines = root_.texts("baselines");
    read_items();
    read_similarity();
    read_series();
    read_models();
    if (root_.has("published")) read_published();
    read_statistics();
    return std::move(study_);
  }

 private:
  /// A section that may be absent: an empty mapping then, so that defaults hold.
  YamlValue part(const std::string& key) const {
    YamlValue value = root_.get(key);
    if (value.kind == YamlValue::Kind::null) value.kind = YamlValue::Kind::map;
    return value;
  }

  void read_items() {
    const YamlValue value = part("items");
    const SectionReader items(value, root_.section("items"), source_);
    auto& out = study_.items;
    out.file = items.text("file");
    out.has_header = items.flag("header");
    out.id = items.text("id");
    out.text = items.text("text");
    out.target = items.text("target");
    out.features = items.texts("features");
    if (items.has("targets")) {
      const YamlValue inner = items.get("targets");
      const SectionReader targets(inner, items.section("targets"), source_);
      out.target_file = targets.text("file");
      out.target_has_header = targets.flag("header");
      out.target_id = targets.text("id");
      out.target = targets.text("target");
    }
  }

  void read_similarity() {
    const YamlValue value = part("similarity");
    const SectionReader similarity(value, root_.section("similarity"), source_);
    study_.kind = similarity.text("kind");
    if (similarity.has("threshold")) study_.threshold = similarity.number("threshold");
    const YamlValue options = similarity.get("options");
    for (std::size_t i = 0; i < options.items.size(); ++i) {
      study_.kind_options[options.keys[i].text] = options.items[i].text;
    }
  }

  void read_series() {
    const YamlValue value = part("series");
    const SectionReader series(value, root_.section("series"), source_);
    auto& out = study_.series;
    out.folder = series.text("folder");
    out.variant = series.text("variant");
    if (!out.folder.empty() && !out.variant.empty()) {
      fail_input("a series is either read (`folder`) or made (`variant`)", series.where("variant"),
                 "leave one of them out");
    }
    for (const auto& item : series.get("lambdas").items) {
      out.lambdas.push_back(parse_number(item.text).value_or(0.0));
    }
    for (const auto& item : series.get("levels").items) {
      out.levels.push_back(parse_number(item.text).value_or(0.0));
    }
    out.repeats = series.count("repeats");
    out.test_share = series.number("test_share");
    out.has_controls = series.flag("controls");
    study_.items.only_in_series =
        study_.items.target_file.empty() && study_.items.target.empty() && !out.folder.empty();
  }

  void read_models() {
    const YamlValue models = root_.get("models");
    for (std::size_t i = 0; i < models.items.size(); ++i) {
      const SectionReader model(models.items[i], root_.section("models"), source_);
      ModelSpec spec{.name = models.keys[i].text, .title = model.text("title")};
      if (model.has("command") == model.has("predictions")) {
        fail_input("a model has either a command or predictions", models.items[i].where(source_),
                   "give one of `command:` and `predictions:`");
      }
      if (model.has("command")) {
        spec.kind = ModelKind::command;
        spec.command = model.text("command");
        spec.timeout_s = model.number("timeout");
      } else {
        spec.predictions = model.text("predictions");
        spec.column = model.text("column");
        spec.columns["id"] = model.text("id");
      }
      study_.models.push_back(std::move(spec));
    }
  }

  void read_published() {
    const YamlValue value = root_.get("published");
    const SectionReader published(value, root_.section("published"), source_);
    study_.published = {.file = published.text("file"),
                        .x = published.text("x"),
                        .value = published.text("value"),
                        .model = published.text("model")};
  }

  void read_statistics() {
    const YamlValue value = part("statistics");
    const SectionReader statistics(value, root_.section("statistics"), source_);
    study_.draws = statistics.count("draws");
    study_.confidence = statistics.number("confidence");
    study_.margin = statistics.number("margin");
    study_.margin_is_relative = statistics.flag("relative");
  }

  std::string source_;
  SectionReader root_;
  SpectrumStudy study_;
};

}  // namespace

SpectrumStudy parse_spectrum_study(std::string_view yaml, const std::string& source,
                                   const std::string& base_folder) {
  const YamlValue root = parse_yaml(yaml, source);
  check_against_schema(root, detail::spectrum_schema(), source);
  SpectrumStudy study = Reader(root, source).read();
  study.base_folder = base_folder;
  return study;
}

SpectrumStudy read_spectrum_study(const std::filesystem::path& path) {
  if (path == "-") {
    const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
    return parse_spectrum_study(text, "standard input", ".");
  }
  std::error_code ignored;
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path, ignored)) {
    fail(ErrorKind::io, "cannot open the study file for reading", {.file = path.string()},
         "check the name; examples/spectra_rif.yaml is one that works");
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::filesystem::path folder = path.parent_path();
  return parse_spectrum_study(text, path.string(), folder.empty() ? "." : folder.string());
}

std::string spectrum_schema_as_json() {
  return schema_as_json(detail::spectrum_schema(), "cupel spectrum");
}

std::string spectrum_schema_as_markdown() {
  return schema_as_markdown(
      detail::spectrum_schema(),
      "# The study file of `cupel spectra`\n\n"
      "<!-- Written by `cupel schema spectra --markdown`; do not edit. -->\n\n"
      "One YAML file, read as [that of an audit](study.md): nothing is guessed, an unknown key is "
      "an error,\npaths are relative to the file, `catalogue:NAME` is a file of the catalogue.\n");
}

}  // namespace cupel
