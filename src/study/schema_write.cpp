// The schema as JSON Schema (draft 2020-12) and as the reference page.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "study/schema.hpp"

namespace cupel {
namespace {

using Json = nlohmann::ordered_json;
using Kind = ValueSpec::Kind;

Json json_of(const SectionSpec& section);

Json whole(double value) {
  if (std::floor(value) == value && std::fabs(value) < 1e15) {
    return static_cast<std::int64_t>(value);
  }
  return value;
}

Json json_of_form(const ValueSpec& spec) {
  Json out = Json::object();
  switch (spec.kind) {
    // An editor types YAML before it looks here: the text NO arrives as a boolean, 1e3 as a number.
    case Kind::text:
      out["type"] = {"string", "number", "boolean"};
      break;
    case Kind::choice:
      out["enum"] = spec.allowed;
      break;
    case Kind::integer:
    case Kind::number:
      out["type"] = spec.kind == Kind::integer ? "integer" : "number";
      if (std::isfinite(spec.minimum)) out["minimum"] = whole(spec.minimum);
      if (std::isfinite(spec.maximum)) out["maximum"] = whole(spec.maximum);
      break;
    case Kind::boolean:
      out["type"] = "boolean";
      break;
    case Kind::duration:
      out["type"] = {"string", "number"};
      out["pattern"] = "^[0-9.]+(e[+-]?[0-9]+)? *[smhd]?$";
      break;
    case Kind::list:
      out["type"] = "array";
      out["items"] = Json::object();
      break;
    case Kind::table:
      out["type"] = "object";
      out["additionalProperties"] = Json::object();
      break;
    case Kind::section:
      return json_of(*spec.section);
  }
  return out;
}

Json json_of(const ValueSpec& spec) {
  const auto form = [](const ValueSpec& one) {
    Json out = json_of_form(one);
    if (one.kind == Kind::list) out["items"] = json_of(*one.item);
    if (one.kind == Kind::table) out["additionalProperties"] = json_of(*one.item);
    return out;
  };
  if (spec.alternatives.empty()) return form(spec);
  Json any = Json::array({form(spec)});
  for (const auto& other : spec.alternatives) any.push_back(form(other));
  return Json{{"anyOf", any}};
}

/// The default as JSON: only what reads the same in both, else left to the description.
Json default_of(const KeySpec& key) {
  if (const auto flag = parse_boolean(key.default_yaml)) return *flag;
  if (key.value.kind == Kind::integer || key.value.kind == Kind::number) {
    if (const auto value = parse_number(key.default_yaml)) return whole(*value);
  }
  if (key.value.kind == Kind::list || key.default_yaml == "{}") return {};
  return key.default_yaml.empty() ? Json() : Json(key.default_yaml);
}

Json json_of(const SectionSpec& section) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const auto& key : section.keys) {
    Json value = json_of(key.value);
    value["description"] = key.doc;
    if (Json given = default_of(key); !given.is_null()) value["default"] = std::move(given);
    properties[key.name] = std::move(value);
    if (key.required) required.push_back(key.name);
  }
  Json out{{"type", "object"}, {"description", section.doc}, {"properties", properties}};
  if (!required.empty()) out["required"] = required;
  if (section.other_keys) {
    out["additionalProperties"] = json_of(*section.other_keys);
  } else {
    out["additionalProperties"] = false;
  }
  return out;
}

void collect(const ValueSpec& spec, std::vector<const SectionSpec*>& found);

void collect(const SectionSpec& section, std::vector<const SectionSpec*>& found) {
  found.push_back(&section);
  for (const auto& key : section.keys) collect(key.value, found);
}

void collect(const ValueSpec& spec, std::vector<const SectionSpec*>& found) {
  if (spec.section) collect(*spec.section, found);
  if (spec.item) collect(*spec.item, found);
  for (const auto& other : spec.alternatives) collect(other, found);
}

std::string escape_cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string markdown_table(const SectionSpec& section) {
  std::string out = "| key | value | default | meaning |\n|---|---|---|---|\n";
  for (const auto& key : section.keys) {
    const std::string given = key.required               ? "required"
                              : key.default_yaml.empty() ? ""
                                                         : "`" + key.default_yaml + "`";
    out += "| `" + key.name + "` | " + escape_cell(describe(key.value)) + " | " +
           escape_cell(given) + " | " + escape_cell(key.doc) + " |\n";
  }
  if (section.other_keys) {
    out += "| *any* | " + escape_cell(describe(*section.other_keys)) + " | | " +
           escape_cell(section.other_doc) + " |\n";
  }
  return out;
}

}  // namespace

std::string schema_as_json(const SectionSpec& schema, const std::string& name) {
  std::string urn = name;
  std::ranges::replace(urn, ' ', ':');
  Json out{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
           {"$id", "urn:" + urn + ":" + std::string(version())},
           {"title", name}};
  out.update(json_of(schema));
  return out.dump(2) + "\n";
}

std::string schema_as_json() { return schema_as_json(study_schema(), "cupel study"); }

std::string schema_as_markdown(const SectionSpec& schema, const std::string& head) {
  std::string out = head;
  std::vector<const SectionSpec*> sections;
  collect(schema, sections);
  for (const SectionSpec* section : sections) {
    out += "\n## `" + section->name + "`\n\n" + section->doc + "\n\n" + markdown_table(*section);
  }
  return out;
}

std::string schema_as_markdown() {
  return schema_as_markdown(
      study_schema(),
      "# The study file\n\n"
      "<!-- Written by `cupel schema --markdown`; do not edit. -->\n\n"
      "A study is one YAML file. Values are read as this page says and never guessed: a column "
      "named\n`NO`, `1e3` or `on` stays that text. Paths are relative to the study file; "
      "`catalogue:NAME` is a file\nof the catalogue (`cupel data list`). An unknown key is an "
      "error. `cupel schema` prints the same as\nJSON Schema for editors.\n");
}

}  // namespace cupel
