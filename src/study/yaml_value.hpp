#pragma once
/// YAML as a plain tree of texts with their places. Nothing is typed here: what `NO`, `1e3` or
/// `on` mean is for the schema to say. Anchors and aliases are resolved by copying, within limits.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/error.hpp"

namespace cupel {

struct YamlKey {
  std::string text;
  std::size_t line = 0;  ///< 1-based
  std::size_t column = 0;
};

struct YamlValue {
  enum class Kind { null, scalar, list, map };
  Kind kind = Kind::null;
  std::string text;              ///< scalar
  std::vector<YamlValue> items;  ///< list: the elements; map: the values
  std::vector<YamlKey> keys;     ///< map: one key per item
  std::size_t line = 0;          ///< 1-based; 0 = not from a file (a default)
  std::size_t column = 0;

  /// The value of `key`, or nullptr. Precondition: none; not a map = nullptr.
  [[nodiscard]] const YamlValue* find(std::string_view key) const noexcept;
  [[nodiscard]] Where where(const std::string& source) const {
    return {.file = source, .row = line, .column = column};
  }
};

/// Parses one YAML document. Throws Error{input} with line and column for a syntax error, a
/// duplicated key, a key that is not a scalar, more than one document, or a document that is too
/// deep (64 levels) or too large (200,000 values after aliases).
YamlValue parse_yaml(std::string_view text, const std::string& source);

}  // namespace cupel
