#include "base/options.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

[[noreturn]] void refuse(const std::string& learner, const std::string& name,
                         const std::string& value, const std::string& allowed) {
  fail(ErrorKind::usage, learner + ": option " + name + " cannot be \"" + value + "\"", {},
       "give " + allowed);
}

double parse_number(const std::string& learner, const std::string& name, std::string_view text,
                    double low, double high) {
  double value = 0.0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = result.ec == std::errc{} && result.ptr == text.data() + text.size();
  if (!whole || !std::isfinite(value) || value < low || value > high) {
    refuse(learner, name, std::string(text),
           "a number from " + format_double(low) + " to " + format_double(high));
  }
  return value;
}

std::uint32_t parse_count(const std::string& learner, const std::string& name,
                          std::string_view text, std::uint32_t low, std::uint32_t high) {
  std::uint32_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = result.ec == std::errc{} && result.ptr == text.data() + text.size();
  if (!whole || value < low || value > high) {
    refuse(learner, name, std::string(text),
           "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  }
  return value;
}

std::vector<std::string> cut_at_commas(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const auto comma = text.find(',');
    auto part = text.substr(0, comma);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    parts.emplace_back(part);
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

template <typename T>
std::string list_text(const std::vector<T>& values) {
  std::vector<std::string> words;
  for (const auto value : values) words.push_back(format_double(static_cast<double>(value)));
  return join(words, ",");
}

}  // namespace

Options::Options(std::map<std::string, std::string> values, std::string learner)
    : values_(std::move(values)), learner_(std::move(learner)) {}

const std::string* Options::find(const std::string& name) {
  in_force_[name];
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

double Options::number(const std::string& name, double fallback, double low, double high) {
  const auto* text = find(name);
  const double value = text ? parse_number(learner_, name, *text, low, high) : fallback;
  in_force_[name] = format_double(value);
  return value;
}

std::uint32_t Options::count(const std::string& name, std::uint32_t fallback, std::uint32_t low,
                             std::uint32_t high) {
  const auto* text = find(name);
  const std::uint32_t value = text ? parse_count(learner_, name, *text, low, high) : fallback;
  in_force_[name] = std::to_string(value);
  return value;
}

std::string Options::choice(const std::string& name, const std::string& fallback,
                            const std::vector<std::string>& allowed) {
  const auto* text = find(name);
  const std::string value = text ? *text : fallback;
  if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
    refuse(learner_, name, value, "one of: " + join(allowed, ", "));
  }
  in_force_[name] = value;
  return value;
}

std::vector<double> Options::numbers(const std::string& name, std::vector<double> fallback,
                                     double low, double high) {
  if (const auto* text = find(name)) {
    fallback.clear();
    for (const auto& part : cut_at_commas(*text)) {
      fallback.push_back(parse_number(learner_, name, part, low, high));
    }
  }
  in_force_[name] = list_text(fallback);
  return fallback;
}

std::vector<std::uint32_t> Options::counts(const std::string& name,
                                           std::vector<std::uint32_t> fallback, std::uint32_t low,
                                           std::uint32_t high) {
  if (const auto* text = find(name)) {
    fallback.clear();
    for (const auto& part : cut_at_commas(*text)) {
      fallback.push_back(parse_count(learner_, name, part, low, high));
    }
  }
  in_force_[name] = list_text(fallback);
  return fallback;
}

void Options::finish() const {
  std::vector<std::string> known;
  for (const auto& [name, value] : in_force_) known.push_back(name);
  for (const auto& [name, value] : values_) {
    if (in_force_.contains(name)) continue;
    const std::string near = nearest_word(name, known);
    std::string hint =
        known.empty() ? learner_ + " has no options" : "its options are: " + join(known, ", ");
    if (!near.empty()) hint = "did you mean \"" + near + "\"? " + hint;
    fail(ErrorKind::usage, learner_ + " has no option \"" + name + "\"", {}, hint);
  }
}

std::string Options::canonical(std::string_view separator) const {
  std::vector<std::string> words;
  for (const auto& [name, value] : in_force_) words.push_back(name + "=" + value);
  return join(words, separator);
}

}  // namespace cupel
