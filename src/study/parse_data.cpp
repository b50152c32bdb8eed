#include "study/parse_data.hpp"

#include <set>

#include "base/text.hpp"

namespace cupel::detail {
namespace {

std::string option_text(const YamlValue& value) {
  if (value.kind != YamlValue::Kind::list) return value.text;
  std::vector<std::string> words;
  for (const auto& item : value.items) words.push_back(item.text);
  return join(words, ",");
}

class DataReader {
 public:
  DataReader(const Area& area, const std::string& source) : area_(area), source_(source) {}

  DataSpec read(const SectionReader& data) {
    DataSpec out;
    out.catalogue = data.text("catalogue");
    if (out.catalogue.empty() && !data.has("responses")) {
      fail_input("data needs `responses` or `catalogue`", data.yaml().where(source_),
                 "name a file: `responses: {file: responses.csv, columns: {drug: DRUG, cell: "
                 "CELL, target: LN_IC50}}`, or a known set: `catalogue: NAME` "
                 "(`cupel data list`)");
    }
    if (data.has("responses")) {
      const YamlValue table = data.get("responses");
      const SectionReader responses(table, data.section("responses"), source_);
      read_files(responses, out);
      out.columns = text_map(responses.get("columns"));
      check_roles(responses, out.columns);
      out.unit = responses.text("unit");
    }
    read_molecules(data, out);
    read_profiles(data, out);
    if (data.has("drugs")) out.entity_tables.push_back(entity_table(data, "drugs", "drug"));
    if (data.has("cells")) out.entity_tables.push_back(entity_table(data, "cells", "cell"));
    for (const auto& item : data.get("features").items) {
      out.feature_tables.push_back(
          feature_table(SectionReader(item, data.section("features"), source_)));
    }
    out.join = data.text("join") == "leave_out" ? JoinPolicy::leave_out : JoinPolicy::keep;
    const std::string replicates = data.text("replicates");
    out.replicates = replicates == "mean"     ? ReplicatePolicy::mean
                     : replicates == "median" ? ReplicatePolicy::median
                                              : ReplicatePolicy::keep;
    out.drug_fingerprints = data.flag("drug_fingerprints");
    return out;
  }

 private:
  void read_files(const SectionReader& responses, DataSpec& out) const {
    out.file = responses.text("file");
    out.files = text_map(responses.get("files"));
    if (out.file.empty() == out.files.empty()) {
      const bool has_none = out.file.empty();
      fail_input(has_none ? "the key \"file\" is missing in data.responses"
                          : "data.responses has both `file` and `files`",
                 responses.yaml().where(source_),
                 has_none ? "name the file with the samples" : "keep one of them");
    }
    if (!out.files.empty() && !is_potency()) {
      fail_input("several files are for area potency: one per assay", responses.where("files"),
                 "name one `file`");
    }
  }

  /// Every role is one of the area, and what the area needs is there.
  void check_roles(const SectionReader& responses,
                   const std::map<std::string, std::string>& given) const {
    const YamlValue columns = responses.get("columns");
    const auto roles = area_.column_roles();
    std::vector<std::string> names;
    for (const auto& role : roles) names.push_back(role.name);
    for (const auto& key : columns.keys) {
      if (contains(names, key.text)) continue;
      fail_input("area " + std::string(area_.name()) + " has no column role \"" + key.text + "\"",
                 {.file = source_, .row = key.line, .column = key.column},
                 "roles: " + join(names, ", "));
    }
    for (const auto& role : roles) {
      if (!role.required || given.contains(role.name)) continue;
      if (role.name == "smiles" && given.contains("id")) continue;  // features may stand for it
      fail_input("the key \"" + role.name + "\" is missing in data.responses.columns",
                 columns.where(source_), role.name + ": " + role.doc);
    }
  }

  void read_molecules(const SectionReader& data, DataSpec& out) const {
    for (const char* key : {"molecules", "cliffs"}) {
      if (!data.has(key) || is_potency()) continue;
      fail_input(std::string(key) + " has no meaning here: it belongs to area potency",
                 data.where(key), std::string("remove ") + key);
    }
    const YamlValue molecules_value = data.get("molecules");
    const SectionReader molecules(molecules_value, data.section("molecules"), source_);
    out.molecules = {.standardise = molecules.text("standardise"),
                     .radius = molecules.count("radius"),
                     .bits = molecules.count("bits")};
    const YamlValue cliffs_value = data.get("cliffs");
    const SectionReader cliffs(cliffs_value, data.section("cliffs"), source_);
    out.cliffs = {.rule = cliffs.text("rule"), .column = cliffs.text("column")};
  }

  void read_profiles(const SectionReader& data, DataSpec& out) const {
    if (!is_perturbation()) {
      if (!data.has("profiles")) return;
      fail_input("profiles has no meaning here: it belongs to area perturbation",
                 data.where("profiles"), "remove profiles, or write `area: perturbation`");
    }
    for (const char* key : {"drugs", "cells", "replicates", "drug_fingerprints"}) {
      if (!data.has(key)) continue;
      fail_input(std::string(key) + " has no meaning here: profiles are of perturbations",
                 data.where(key), std::string("remove ") + key);
    }
    if (!data.has("profiles")) {
      if (!out.catalogue.empty()) return;  // the entry says it
      fail_input("the key \"profiles\" is missing in data", data.yaml().where(source_),
                 "say at least which cells are the control, and what the values are: `profiles: "
                 "{control: control, scale: log1p}` (`cupel inspect FILE` shows both)");
    }
    const YamlValue value = data.get("profiles");
    const SectionReader in(value, data.section("profiles"), source_);
    check_profile_keys(in, !out.catalogue.empty());
    out.profiles = {.control = in.text("control"),
                    .matrix = in.text("matrix"),
                    .scale = in.text("scale"),
                    .normalize = in.text("normalize"),
                    .log1p = in.flag("log1p"),
                    .pseudobulk = in.text("pseudobulk"),
                    .bulk_target = in.number("bulk_target"),
                    .separator = in.text("separator"),
                    .guide_map = in.text("guide_map"),
                    .min_cells = in.count("min_cells"),
                    .genes = in.text("genes"),
                    .halves = in.count("halves")};
  }

  /// What is never guessed is stated: by the study, or by the entry of the catalogue.
  void check_profile_keys(const SectionReader& in, bool has_entry) const {
    for (const char* key : {"control", "scale"}) {
      if (has_entry || in.has(key)) continue;
      fail_input("the key \"" + std::string(key) + "\" is missing in data.profiles",
                 in.yaml().where(source_),
                 std::string(key) == "control"
                     ? "name the label of the unperturbed cells: `control: non-targeting`"
                     : "say what the values are: `scale: counts`, `log1p` or `normalized` (`cupel "
                       "inspect FILE` shows what they look like)");
    }
    for (const char* key : {"normalize", "log1p"}) {
      if (!has_entry || in.has("scale") || !in.has(key)) continue;
      fail_input(std::string(key) + " beside `catalogue` needs `scale`: the entry has its own",
                 in.where(key), "add `scale`, or remove " + std::string(key));
    }
    if (has_entry && in.has("separator") && !in.has("control")) {
      fail_input("separator beside `catalogue` needs `control`: the entry has its own",
                 in.where("separator"), "add `control`, or remove separator");
    }
  }

  EntityTableSpec entity_table(const SectionReader& data, const std::string& key,
                               const std::string& entity) const {
    const YamlValue value = data.get(key);
    EntityTableSpec out;
    out.entity = entity;
    out.labels = text_map(value);
    out.file = out.labels.extract("file").mapped();
    out.id = out.labels.extract("id").mapped();
    if (auto via = out.labels.extract("via")) out.via = via.mapped();
    return out;
  }

  FeatureTableSpec feature_table(const SectionReader& table) {
    const std::string view = table.text("entity") + "." + table.text("name");
    if (!views_.insert(view).second) {
      fail_input("the view \"" + view + "\" is given twice", table.where("name"),
                 "give each feature table of an entity its own name");
    }
    return {.entity = table.text("entity"),
            .name = table.text("name"),
            .file = table.text("file"),
            .id = table.text("id"),
            .via = table.text("via"),
            .columns = table.text("columns"),
            .binary = table.flag("binary")};
  }

  [[nodiscard]] bool is_potency() const { return area_.name() == "potency"; }
  [[nodiscard]] bool is_perturbation() const { return area_.name() == "perturbation"; }

  const Area& area_;
  const std::string& source_;
  std::set<std::string> views_;
};

}  // namespace

std::map<std::string, std::string> text_map(const YamlValue& value) {
  std::map<std::string, std::string> out;
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    out[value.keys[i].text] = option_text(value.items[i]);
  }
  return out;
}

DataSpec read_data(const SectionReader& data, const Area& area, const std::string& source) {
  return DataReader(area, source).read(data);
}

}  // namespace cupel::detail
