#pragma once
/// Typed access to one section of a study file that was checked against the schema.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/error.hpp"
#include "study/schema.hpp"

namespace cupel::detail {

/// Reads the keys of one checked section; what is not given has the schema's default.
class SectionReader {
 public:
  SectionReader(const YamlValue& value, const SectionSpec& spec, const std::string& source)
      : value_(value), spec_(spec), source_(source) {}

  [[nodiscard]] bool has(std::string_view key) const { return value_.find(key) != nullptr; }
  [[nodiscard]] const YamlValue& yaml() const { return value_; }
  [[nodiscard]] Where where(std::string_view key) const {
    const YamlValue* given = value_.find(key);
    return (given != nullptr ? *given : value_).where(source_);
  }

  [[nodiscard]] std::string text(std::string_view key) const { return get(key).text; }
  [[nodiscard]] double number(std::string_view key) const {
    const ValueSpec& spec = key_spec(key).value;
    const std::string given = get(key).text;
    return (spec.kind == ValueSpec::Kind::duration ? parse_duration(given) : parse_number(given))
        .value_or(0.0);
  }
  [[nodiscard]] std::uint64_t whole(std::string_view key) const {
    return static_cast<std::uint64_t>(number(key));
  }
  [[nodiscard]] std::uint32_t count(std::string_view key) const {
    return static_cast<std::uint32_t>(number(key));
  }
  [[nodiscard]] bool flag(std::string_view key) const {
    return parse_boolean(get(key).text).value_or(false);
  }
  [[nodiscard]] std::vector<std::string> texts(std::string_view key) const {
    std::vector<std::string> out;
    for (const auto& item : get(key).items) out.push_back(item.text);
    return out;
  }
  /// The value as given, or the default; null if there is neither.
  [[nodiscard]] YamlValue get(std::string_view key) const {
    const KeySpec& known = key_spec(key);
    if (const YamlValue* given = value_.find(key)) return *given;
    if (known.default_yaml.empty()) return {};
    YamlValue value = parse_yaml(known.default_yaml, "default of " + known.name);
    value.line = value_.line;
    value.column = value_.column;
    return value;
  }
  /// The sub-section of `key` (of its elements, for a list or table of sections).
  [[nodiscard]] const SectionSpec& section(std::string_view key) const {
    const ValueSpec* spec = &key_spec(key).value;
    for (const auto& other : spec->alternatives) {
      if (other.section) spec = &other;
    }
    while (spec->item) spec = spec->item.get();
    if (!spec->section) fail(ErrorKind::internal, "not a section: " + std::string(key));
    return *spec->section;
  }

 private:
  const KeySpec& key_spec(std::string_view key) const {
    const KeySpec* known = spec_.find(key);
    if (known == nullptr) fail(ErrorKind::internal, "not in the schema: " + std::string(key));
    return *known;
  }

  const YamlValue& value_;
  const SectionSpec& spec_;
  const std::string& source_;
};

}  // namespace cupel::detail
