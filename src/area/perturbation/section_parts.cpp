#include "area/perturbation/section_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace cupel::perturbation {

AreaSection named_section(std::string id, std::string title) {
  AreaSection section;
  section.id = std::move(id);
  section.title = std::move(title);
  return section;
}

std::string number(double value, int digits) {
  if (!std::isfinite(value)) return "not defined";
  return fmt::format("{:.{}g}", value, digits);
}

std::string interval_text(const Estimate& value, int digits) {
  if (!std::isfinite(value.low) || !std::isfinite(value.high)) return {};
  return fmt::format("{:.{}g} to {:.{}g}", value.low, digits, value.high, digits);
}

std::string with_interval(const Estimate& value, int digits) {
  const std::string interval = interval_text(value, digits);
  return number(value.value, digits) + (interval.empty() ? "" : " (" + interval + ")");
}

std::string cell(double value) { return std::isfinite(value) ? format_double(value) : ""; }

std::string listed(std::span<const std::string> names, std::size_t most) {
  const bool has_commas = std::ranges::any_of(
      names, [](const std::string& name) { return name.find(',') != std::string::npos; });
  const auto shown = names.first(std::min(most, names.size()));
  std::string text = join(shown, has_commas ? "; " : ", ");
  if (names.size() > most) text += fmt::format(" and {} more", names.size() - most);
  return text;
}

std::string counted(std::size_t n, const std::string& one, const std::string& many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

}  // namespace cupel::perturbation
