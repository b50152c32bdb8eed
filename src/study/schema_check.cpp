// Checks of a study file against the schema, and the conversions of single values.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "study/schema.hpp"

namespace cupel {
namespace {

using Kind = ValueSpec::Kind;

bool takes_scalar(Kind kind) {
  return kind != Kind::list && kind != Kind::table && kind != Kind::section;
}

bool fits_form(const ValueSpec& spec, YamlValue::Kind kind) {
  switch (kind) {
    case YamlValue::Kind::scalar:
      return takes_scalar(spec.kind);
    case YamlValue::Kind::list:
      return spec.kind == Kind::list;
    case YamlValue::Kind::map:
      return spec.kind == Kind::table || spec.kind == Kind::section;
    case YamlValue::Kind::null:
      return false;
  }
  return false;
}

std::string range_text(const ValueSpec& spec) {
  const bool has_low = std::isfinite(spec.minimum);
  const bool has_high = std::isfinite(spec.maximum) && spec.maximum < 4e9;
  if (has_low && has_high) {
    return " from " + format_double(spec.minimum) + " to " + format_double(spec.maximum);
  }
  return has_low ? " from " + format_double(spec.minimum) : "";
}

std::string describe_one(const ValueSpec& spec) {
  switch (spec.kind) {
    case Kind::text:
      return "text";
    case Kind::choice: {
      std::vector<std::string> shown;
      for (const auto& word : spec.allowed) shown.push_back(word.empty() ? "\"\"" : word);
      return shown.size() == 1 ? "`" + shown.front() + "`" : "one of: " + join(shown, ", ");
    }
    case Kind::integer:
      return "a whole number" + range_text(spec);
    case Kind::number:
      return "a number" + range_text(spec);
    case Kind::boolean:
      return "true or false";
    case Kind::duration:
      return "a time such as 90s, 15m, 2h, or a number of seconds";
    case Kind::list:
      return "a list of: " + describe(*spec.item);
    case Kind::table:
      return "a mapping of names to: " + describe(*spec.item);
    case Kind::section:
      return "a mapping (`" + spec.section->name + "`)";
  }
  return "text";
}

class Checker {
 public:
  explicit Checker(const std::string& source) : source_(source) {}

  void section(const YamlValue& value, const SectionSpec& spec, const std::string& path) const {
    for (std::size_t i = 0; i < value.keys.size(); ++i) {
      const YamlKey& key = value.keys[i];
      const KeySpec* known = spec.find(key.text);
      if (known == nullptr && !spec.other_keys) unknown_key(key, spec, path);
      const ValueSpec& expected = known != nullptr ? known->value : *spec.other_keys;
      const std::string key_path = path.empty() ? key.text : path + "." + key.text;
      if (value.items[i].kind == YamlValue::Kind::null) no_value(key, expected, key_path);
      this->value(value.items[i], expected, key_path);
    }
    for (const auto& key : spec.keys) {
      if (!key.required || value.find(key.name) != nullptr) continue;
      fail_input("the key \"" + key.name + "\" is missing" + (path.empty() ? "" : " in " + path),
                 value.where(source_), "add `" + key.name + ":` (" + key.doc + ")");
    }
  }

 private:
  void value(const YamlValue& value, const ValueSpec& spec, const std::string& path) const {
    if (value.kind == YamlValue::Kind::null) {
      no_value({.text = "", .line = value.line, .column = value.column}, spec, path);
    }
    std::vector<const ValueSpec*> forms;
    if (fits_form(spec, value.kind)) forms.push_back(&spec);
    for (const auto& other : spec.alternatives) {
      if (fits_form(other, value.kind)) forms.push_back(&other);
    }
    if (forms.empty()) wrong(value, spec, path);
    // A word and a number look alike to YAML: the first form that takes the value counts.
    const auto taker = std::ranges::find_if(
        forms, [&](const ValueSpec* form) { return takes_scalar(value, *form); });
    const ValueSpec* form = taker == forms.end() ? forms.front() : *taker;
    switch (form->kind) {
      case Kind::section:
        section(value, *form->section, path);
        break;
      case Kind::table:
        for (std::size_t i = 0; i < value.items.size(); ++i) {
          this->value(value.items[i], *form->item, path + "." + value.keys[i].text);
        }
        break;
      case Kind::list:
        for (std::size_t i = 0; i < value.items.size(); ++i) {
          this->value(value.items[i], *form->item, path + "[" + std::to_string(i) + "]");
        }
        break;
      default:
        if (taker == forms.end()) wrong(value, spec, path, form);
    }
  }

  /// True for lists and mappings, which are looked into instead.
  static bool takes_scalar(const YamlValue& value, const ValueSpec& form) {
    const auto in_range = [&](std::optional<double> x) {
      return x && *x >= form.minimum && *x <= form.maximum;
    };
    switch (form.kind) {
      case Kind::choice:
        return std::ranges::find(form.allowed, value.text) != form.allowed.end();
      case Kind::integer: {
        const auto x = parse_number(value.text);
        return in_range(x) && std::floor(*x) == *x;
      }
      case Kind::number:
        return in_range(parse_number(value.text));
      case Kind::boolean:
        return parse_boolean(value.text).has_value();
      case Kind::duration:
        return in_range(parse_duration(value.text));
      default:
        return true;
    }
  }

  [[noreturn]] void no_value(const YamlKey& key, const ValueSpec& spec,
                             const std::string& path) const {
    fail_input(path + " has no value", {.file = source_, .row = key.line, .column = key.column},
               "expected " + describe(spec) +
                   "; remove the key to get the default; the words null and ~ mean \"no value\" "
                   "in YAML, quote them if they are meant");
  }

  [[noreturn]] void unknown_key(const YamlKey& key, const SectionSpec& spec,
                                const std::string& path) const {
    std::vector<std::string> names;
    for (const auto& known : spec.keys) names.push_back(known.name);
    const std::string near = nearest_word(key.text, names);
    fail_input(
        "unknown key \"" + key.text + "\"" + (path.empty() ? "" : " in " + path),
        {.file = source_, .row = key.line, .column = key.column},
        (near.empty() ? "" : "did you mean \"" + near + "\"? ") + "keys: " + join(names, ", "));
  }

  [[noreturn]] void wrong(const YamlValue& value, const ValueSpec& spec, const std::string& path,
                          const ValueSpec* form = nullptr) const {
    Where where = value.where(source_);
    if (value.kind == YamlValue::Kind::list || value.kind == YamlValue::Kind::map) {
      const bool is_list = value.kind == YamlValue::Kind::list;
      fail_input(path + " cannot be " + (is_list ? "a list" : "a mapping") + "; it has to be " +
                     describe(spec),
                 where);
    }
    where.value = value.text.substr(0, 80);
    std::string hint;
    if (form != nullptr && form->kind == Kind::choice) {
      const std::string near = nearest_word(lower(value.text), form->allowed);
      if (!near.empty()) hint = "did you mean \"" + near + "\"?";
    }
    fail_input(path + " has to be " + describe(spec), where, hint);
  }

  const std::string& source_;
};

}  // namespace

std::string describe(const ValueSpec& spec) {
  std::string out = describe_one(spec);
  for (const auto& other : spec.alternatives) out += ", or " + describe_one(other);
  return out;
}

void check_against_schema(const YamlValue& value, const SectionSpec& schema,
                          const std::string& source) {
  if (value.kind != YamlValue::Kind::map) {
    fail_input("the file has to be a mapping of keys to values", value.where(source),
               "start with `data:`; `cupel schema --markdown` lists the keys");
  }
  Checker(source).section(value, schema, "");
}

std::optional<double> parse_number(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0.0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || result.ec != std::errc{} || result.ptr != text.data() + text.size() ||
      !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

std::optional<bool> parse_boolean(std::string_view text) {
  const std::string word = lower(text);
  if (word == "true") return true;
  if (word == "false") return false;
  return std::nullopt;
}

std::optional<double> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  double scale = 1.0;
  static constexpr std::array<std::pair<char, double>, 4> kUnits{
      {{'s', 1.0}, {'m', 60.0}, {'h', 3600.0}, {'d', 86400.0}}};
  for (const auto& [unit, seconds] : kUnits) {
    if (text.back() != unit) continue;
    scale = seconds;
    text.remove_suffix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    break;
  }
  const auto value = parse_number(text);
  if (!value) return std::nullopt;
  return *value * scale;
}

}  // namespace cupel
