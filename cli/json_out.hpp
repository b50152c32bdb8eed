#pragma once
/// The JSON that commands print with --json: one object with `schema` and `version` first.
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/diagnostics.hpp"

namespace cupel::cli {

/// NaN becomes null. Keys stay in the order they were added.
class JsonOut {
 public:
  JsonOut();  ///< a result: starts with "cupel": version
  ~JsonOut();
  JsonOut(JsonOut&&) noexcept;
  JsonOut& operator=(JsonOut&&) noexcept;
  /// A part of a result, without the version.
  static JsonOut part();

  JsonOut& text(std::string_view key, std::string_view value);
  JsonOut& number(std::string_view key, double value);
  JsonOut& numbers(std::string_view key, const std::vector<double>& values);
  JsonOut& boolean(std::string_view key, bool value);
  JsonOut& texts(std::string_view key, const std::vector<std::string>& values);
  JsonOut& object(std::string_view key, const JsonOut& value);
  JsonOut& objects(std::string_view key, const std::vector<JsonOut>& values);
  JsonOut& diagnostics(std::string_view key, const Diagnostics& values);
  [[nodiscard]] std::string dump() const;  ///< indented, with a line end

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cupel::cli
