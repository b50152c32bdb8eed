#pragma once
/// The one description of the study file's keys. From it come the checks of a file, the defaults,
/// the JSON Schema (`cupel schema`) and the reference page (`cupel schema --markdown`).
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "study/yaml_value.hpp"

namespace cupel {

struct SectionSpec;

/// What a value may be. `alternatives` are other forms, told apart by being a scalar, a list or a
/// mapping.
struct ValueSpec {
  enum class Kind { text, choice, integer, number, boolean, duration, list, table, section };
  Kind kind = Kind::text;
  std::vector<std::string> allowed;                           ///< choice
  double minimum = -std::numeric_limits<double>::infinity();  ///< integer, number, duration
  double maximum = std::numeric_limits<double>::infinity();
  std::shared_ptr<const ValueSpec> item;       ///< list: of each element; table: of each value
  std::shared_ptr<const SectionSpec> section;  ///< section
  std::vector<ValueSpec> alternatives;
};

struct KeySpec {
  std::string name;
  ValueSpec value;
  std::string default_yaml;  ///< as it would be written in the file; "" = no default
  std::string doc;           ///< one sentence
  bool required = false;
};

struct SectionSpec {
  std::string name;  ///< "splits[]", as shown in the reference
  std::string doc;
  std::vector<KeySpec> keys;
  std::optional<ValueSpec> other_keys;  ///< keys that are free to choose, if any
  std::string other_doc;

  [[nodiscard]] const KeySpec* find(std::string_view key) const noexcept;
};

/// The whole study file.
const SectionSpec& study_schema();

/// Throws Error{input} with the place at the first thing that does not fit: an unknown key (with
/// the nearest known one), a missing one, a wrong form or value (with what is allowed).
void check_against_schema(const YamlValue& value, const SectionSpec& schema,
                          const std::string& source);

/// "a whole number from 1", "one of: keep, leave_out", ...
std::string describe(const ValueSpec& spec);

/// JSON Schema, draft 2020-12.
std::string schema_as_json();
/// docs/reference/study.md.
std::string schema_as_markdown();
/// The same for another kind of study file: `name` as in "cupel study".
std::string schema_as_json(const SectionSpec& schema, const std::string& name);
/// Its sections below `head`.
std::string schema_as_markdown(const SectionSpec& schema, const std::string& head);

/// "2h", "90s", "15m", "1d" or a number of seconds; nullopt if it is none of these.
std::optional<double> parse_duration(std::string_view text);
std::optional<double> parse_number(std::string_view text);
std::optional<bool> parse_boolean(std::string_view text);

}  // namespace cupel
