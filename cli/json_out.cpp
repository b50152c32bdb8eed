#include "json_out.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace cupel::cli {

using Json = nlohmann::ordered_json;

struct JsonOut::State {
  Json json = Json::object();
};

JsonOut::JsonOut() : state_(std::make_unique<State>()) { text("cupel", version()); }
JsonOut::~JsonOut() = default;
JsonOut::JsonOut(JsonOut&&) noexcept = default;
JsonOut& JsonOut::operator=(JsonOut&&) noexcept = default;

JsonOut JsonOut::part() {
  JsonOut out;
  out.state_->json = Json::object();
  return out;
}

JsonOut& JsonOut::text(std::string_view key, std::string_view value) {
  state_->json[std::string(key)] = std::string(value);
  return *this;
}

namespace {

/// NaN and infinities are null, whole numbers are integers.
Json json_number(double value) {
  if (!std::isfinite(value)) return nullptr;
  if (std::floor(value) == value && std::fabs(value) < 9e15)
    return static_cast<std::int64_t>(value);
  return value;
}

}  // namespace

JsonOut& JsonOut::number(std::string_view key, double value) {
  state_->json[std::string(key)] = json_number(value);
  return *this;
}

JsonOut& JsonOut::numbers(std::string_view key, const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) list.push_back(json_number(value));
  state_->json[std::string(key)] = std::move(list);
  return *this;
}

JsonOut& JsonOut::boolean(std::string_view key, bool value) {
  state_->json[std::string(key)] = value;
  return *this;
}

JsonOut& JsonOut::texts(std::string_view key, const std::vector<std::string>& values) {
  state_->json[std::string(key)] = values;
  return *this;
}

JsonOut& JsonOut::object(std::string_view key, const JsonOut& value) {
  state_->json[std::string(key)] = value.state_->json;
  return *this;
}

JsonOut& JsonOut::objects(std::string_view key, const std::vector<JsonOut>& values) {
  Json list = Json::array();
  for (const auto& value : values) list.push_back(value.state_->json);
  state_->json[std::string(key)] = std::move(list);
  return *this;
}

JsonOut& JsonOut::diagnostics(std::string_view key, const Diagnostics& values) {
  std::vector<JsonOut> items;
  for (const auto& item : values.all()) {
    JsonOut one = part();
    one.text("code", item.code).text("severity", to_string(item.severity));
    one.text("message", item.message).number("count", static_cast<double>(item.count));
    one.texts("examples", item.examples);
    items.push_back(std::move(one));
  }
  return objects(key, items);
}

std::string JsonOut::dump() const {
  return state_->json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace cupel::cli
