#pragma once
// Reads as much of web/src/report_types.ts as says which keys the page expects, and compares.
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>

namespace cupel::contract {

using Json = nlohmann::json;

inline std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// As much of a TypeScript type as says which keys an object has.
struct Shape {
  std::map<std::string, Shape> keys;  ///< empty: no object, or one with any keys
  std::string name;                   ///< or the interface that describes it
};

/// Reads `export interface NAME { key: type; ... }` with nested object types; skips all else.
class Interfaces {
 public:
  explicit Interfaces(std::string text) : text_(std::move(text)) {
    const std::string start = "export interface ";
    while ((at_ = text_.find(start, at_)) != std::string::npos) {
      at_ += start.size();
      const std::string name = word();
      skip_to('{');
      known_[name] = object();
    }
  }

  [[nodiscard]] const Shape& get(const std::string& name) const { return known_.at(name); }
  [[nodiscard]] bool has(const std::string& name) const { return known_.contains(name); }

 private:
  void skip_blanks() {
    while (at_ < text_.size()) {
      if (text_.compare(at_, 2, "//") == 0) {
        at_ = text_.find('\n', at_);
      } else if (std::isspace(static_cast<unsigned char>(text_[at_])) == 0) {
        return;
      } else {
        ++at_;
      }
    }
  }
  void skip_to(char wanted) {
    skip_blanks();
    if (text_.at(at_) != wanted) throw std::runtime_error("unexpected: " + text_.substr(at_, 40));
    ++at_;
  }
  std::string word() {
    skip_blanks();
    const std::size_t begin = at_;
    while (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_') ++at_;
    return text_.substr(begin, at_ - begin);
  }

  /// After its opening brace, to its closing one.
  Shape object() {
    Shape shape;
    for (skip_blanks(); text_.at(at_) != '}'; skip_blanks()) {
      if (text_[at_] == '[') {  // [key: string]: any keys
        at_ = text_.find(']', at_) + 1;
        skip_to(':');
        type();
        continue;
      }
      const std::string key = word();
      skip_to(':');
      shape.keys[key] = type();
    }
    ++at_;
    return shape;
  }

  /// To the end of the property: a semicolon, or the brace that closes the object.
  Shape type() {
    Shape shape;
    for (skip_blanks(); text_.at(at_) != ';' && text_[at_] != '}'; skip_blanks()) {
      if (text_[at_] == '{') {
        ++at_;
        shape = object();
      } else if (const std::string name = word(); name.empty()) {
        ++at_;
      } else if (std::isupper(static_cast<unsigned char>(name.front())) != 0) {
        shape.name = name;
      }
    }
    if (text_[at_] == ';') ++at_;
    return shape;
  }

  std::string text_;
  std::size_t at_ = 0;
  std::map<std::string, Shape> known_;
};

/// Keys that only one side has, as "page wants splits.name" or "engine alone has splits.name".
inline void compare(const Interfaces& interfaces, const Shape& shape, const Json& value,
                    const std::string& path, std::set<std::string>& problems) {
  if (!shape.name.empty() && interfaces.has(shape.name)) {
    compare(interfaces, interfaces.get(shape.name), value, path, problems);
  } else if (value.is_array()) {
    for (const auto& item : value) compare(interfaces, shape, item, path, problems);
  } else if (value.is_object() && !shape.keys.empty()) {
    for (const auto& [key, inner] : shape.keys) {
      const std::string at = path.empty() ? key : path + "." + key;
      if (!value.contains(key)) {
        problems.insert("page wants " + at);
      } else {
        compare(interfaces, inner, value.at(key), at, problems);
      }
    }
    for (const auto& item : value.items()) {
      if (!shape.keys.contains(item.key())) {
        problems.insert("engine alone has " + path + "." + item.key());
      }
    }
  }
}

}  // namespace cupel::contract
