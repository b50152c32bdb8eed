// Parses the embedded catalogue with yaml-cpp. The text is part of the program, so that a fault in
// it is a bug, not the user's error.
#include <yaml-cpp/yaml.h>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "data/catalogue.hpp"
#include "data/catalogue_text.hpp"

namespace cupel {
namespace {

std::string text_of(const YAML::Node& node, const char* key) {
  return node[key] ? node[key].as<std::string>() : "";
}

/// "paso:external/file.csv" with the repository's alias in front.
CatalogueSource parse_source(const std::string& text, const YAML::Node& repositories) {
  const std::size_t colon = text.find(':');
  const auto repository = repositories[text.substr(0, colon)].as<std::string>();
  const std::size_t at = repository.find('@');
  return {.repository = repository.substr(0, at),
          .commit = repository.substr(at + 1),
          .path = text.substr(colon + 1)};
}

EntityTableSpec parse_entity_table(const std::string& entity, const YAML::Node& node) {
  EntityTableSpec spec{.entity = entity, .file = {}, .id = {}, .via = {}, .labels = {}};
  for (const auto& item : node) {
    const auto key = item.first.as<std::string>();
    const auto value = item.second.as<std::string>();
    if (key == "file")
      spec.file = value;
    else if (key == "id")
      spec.id = value;
    else if (key == "via")
      spec.via = value;
    else
      spec.labels[key] = value;
  }
  return spec;
}

DataSpec parse_data(const YAML::Node& node) {
  DataSpec spec;
  if (!node) return spec;
  const YAML::Node responses = node["responses"];
  spec.file = text_of(responses, "file");
  if (responses["files"]) {
    spec.files = responses["files"].as<std::map<std::string, std::string>>();
  }
  spec.unit = text_of(responses, "unit");
  spec.columns = responses["columns"].as<std::map<std::string, std::string>>();
  if (const YAML::Node cliffs = node["cliffs"]) {
    spec.cliffs = {.rule = text_of(cliffs, "rule"), .column = text_of(cliffs, "column")};
  }
  if (const YAML::Node profiles = node["profiles"]) {
    spec.profiles.control = text_of(profiles, "control");
    spec.profiles.scale = text_of(profiles, "scale");
    if (profiles["normalize"]) spec.profiles.normalize = text_of(profiles, "normalize");
    if (profiles["log1p"]) spec.profiles.log1p = profiles["log1p"].as<bool>();
    if (profiles["separator"]) spec.profiles.separator = text_of(profiles, "separator");
  }
  if (node["drugs"]) spec.entity_tables.push_back(parse_entity_table("drug", node["drugs"]));
  if (node["cells"]) spec.entity_tables.push_back(parse_entity_table("cell", node["cells"]));
  for (const auto& item : node["features"]) {
    spec.feature_tables.push_back({.entity = text_of(item, "entity"),
                                   .name = text_of(item, "name"),
                                   .file = text_of(item, "file"),
                                   .id = text_of(item, "id"),
                                   .via = text_of(item, "via"),
                                   .columns = text_of(item, "columns"),
                                   .binary = item["binary"] && item["binary"].as<bool>()});
  }
  return spec;
}

struct Parsed {
  std::vector<CatalogueFile> files;
  std::vector<CatalogueEntry> entries;
};

void parse(std::string_view text, Parsed& parsed) {
  const YAML::Node root = YAML::Load(std::string(text));
  for (const auto& item : root["files"]) {
    CatalogueFile file{.name = text_of(item, "name"),
                       .mirror_path = text_of(item, "folder") + "/" + text_of(item, "name"),
                       .sha256 = text_of(item, "sha256"),
                       .bytes = item["bytes"].as<std::uint64_t>(),
                       .sources = {},
                       .recipe = text_of(item, "recipe")};
    for (const auto& source : item["from"]) {
      file.sources.push_back(parse_source(source.as<std::string>(), root["repositories"]));
    }
    parsed.files.push_back(std::move(file));
  }
  for (const auto& item : root["entries"]) {
    parsed.entries.push_back({.name = text_of(item, "name"),
                              .area = text_of(item, "area"),
                              .title = text_of(item, "title"),
                              .description = text_of(item, "description"),
                              .licence = text_of(item, "licence"),
                              .terms = text_of(item, "terms"),
                              .citation = text_of(item, "citation"),
                              .files = item["files"].as<std::vector<std::string>>(),
                              .data = parse_data(item["data"])});
  }
}

const Parsed& parsed_catalogue() {
  static const Parsed parsed = [] {
    try {
      Parsed all;
      parse(detail::catalogue_text(), all);
      parse(detail::catalogue_spectra_text(), all);
      parse(detail::catalogue_potency_text(), all);
      parse(detail::catalogue_perturbation_text(), all);
      return all;
    } catch (const YAML::Exception& error) {
      fail(ErrorKind::internal, std::string("the embedded catalogue is damaged: ") + error.what());
    }
  }();
  return parsed;
}

template <typename Item>
const Item& find_named(const std::vector<Item>& items, std::string_view name, const char* what,
                       const char* hint) {
  std::vector<std::string> names;
  for (const auto& item : items) {
    if (item.name == name) return item;
    names.push_back(item.name);
  }
  const std::string near = nearest_word(name, names);
  fail(ErrorKind::usage,
       std::string("the catalogue has no ") + what + " \"" + std::string(name) + "\"", {},
       (near.empty() ? "" : "did you mean \"" + near + "\"? ") + std::string(hint));
}

}  // namespace

const std::vector<CatalogueEntry>& catalogue() { return parsed_catalogue().entries; }
const std::vector<CatalogueFile>& catalogue_files() { return parsed_catalogue().files; }

const CatalogueEntry& find_entry(std::string_view name) {
  return find_named(catalogue(), name, "data set", "`cupel data list` shows all");
}

const CatalogueFile& find_catalogue_file(std::string_view name) {
  return find_named(catalogue_files(), name, "file", "`cupel data list --files` shows all");
}

}  // namespace cupel
