#include "area/perturbation/labels.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel::perturbation {
namespace {

/// Parts at every separator, the longest that fits first.
std::vector<std::string> split_members(std::string_view label,
                                       const std::vector<std::string>& separators) {
  std::vector<std::string> parts;
  std::string part;
  for (std::size_t at = 0; at < label.size();) {
    std::size_t length = 0;
    for (const auto& separator : separators) {
      if (label.substr(at).starts_with(separator)) length = std::max(length, separator.size());
    }
    if (length == 0) {
      part += label[at++];
      continue;
    }
    parts.push_back(std::move(part));
    part.clear();
    at += length;
  }
  parts.push_back(std::move(part));
  return parts;
}

}  // namespace

std::vector<std::string> parse_separators(std::string_view text) {
  std::vector<std::string> separators;
  std::string word;
  for (const char c : text) {
    if (c != ' ') {
      word += c;
    } else if (!word.empty()) {
      separators.push_back(std::exchange(word, {}));
    }
  }
  if (!word.empty()) separators.push_back(std::move(word));
  return separators;
}

ParsedLabel parse_label(std::string_view label, const LabelRules& rules) {
  using Kind = ParsedLabel::Kind;
  ParsedLabel parsed;
  const auto whole = trimmed(label);
  if (whole.empty()) return parsed;
  if (whole == rules.control) {
    parsed.kind = Kind::control;
    return parsed;
  }
  // A guide may hold the separator in its name: the whole label is looked up first.
  std::vector<std::string> parts{std::string(whole)};
  if (!rules.guide_target.contains(parts.front())) parts = split_members(whole, rules.separators);
  for (const auto& part : parts) {
    std::string member(trimmed(part));
    if (member.empty() || member == rules.control) continue;
    if (!rules.guide_target.empty()) {
      const auto found = rules.guide_target.find(member);
      if (found == rules.guide_target.end()) {
        parsed.kind = Kind::unmapped;
        parsed.unmapped = std::move(member);
        parsed.members.clear();
        return parsed;
      }
      member = found->second;
      if (member.empty() || member == rules.control) continue;
    }
    parsed.members.push_back(std::move(member));
  }
  std::sort(parsed.members.begin(), parsed.members.end());
  parsed.members.erase(std::unique(parsed.members.begin(), parsed.members.end()),
                       parsed.members.end());
  parsed.kind = parsed.members.empty() ? Kind::control : Kind::perturbed;
  parsed.id = join(parsed.members, "+");
  return parsed;
}

std::map<std::string, std::string> guide_targets(const Table& table) {
  if (table.columns.size() < 2) {
    fail_input("a map of guides needs the columns guide and target", {.file = table.source});
  }
  const bool named = table.find("guide") != nullptr && table.find("target") != nullptr;
  const Column& guides = named ? table.at("guide") : table.columns[0];
  const Column& targets = named ? table.at("target") : table.columns[1];
  std::map<std::string, std::string> map;
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    if (guides.is_missing(row)) continue;
    const std::string guide(trimmed(guides.as_text(row)));
    const std::string target =
        targets.is_missing(row) ? "" : std::string(trimmed(targets.as_text(row)));
    const auto [place, added] = map.emplace(guide, target);
    if (added || place->second == target) continue;
    fail_input("the guide has two targets, \"" + place->second + "\" and \"" + target + "\"",
               {.file = table.source, .row = table.line(row), .value = guide});
  }
  return map;
}

ParsedColumn parse_column(const Categories& labels, const LabelRules& rules,
                          const std::string& source) {
  std::vector<ParsedLabel> parsed;
  std::map<std::string, std::uint32_t> id_code;
  for (const auto& level : labels.levels) {
    parsed.push_back(parse_label(level, rules));
    if (parsed.back().kind == ParsedLabel::Kind::perturbed) id_code.emplace(parsed.back().id, 0);
  }
  std::vector<std::uint64_t> n_of_level(labels.levels.size(), 0);
  for (const auto code : labels.code) {
    if (code != Categories::kMissing) ++n_of_level[code];
  }
  for (auto& [id, code] : id_code) code = Categories::kMissing;
  for (std::size_t l = 0; l < parsed.size(); ++l) {
    if (parsed[l].kind == ParsedLabel::Kind::perturbed && n_of_level[l] > 0) {
      id_code.at(parsed[l].id) = 0;
    }
  }
  std::erase_if(id_code, [](const auto& item) { return item.second == Categories::kMissing; });

  ParsedColumn column;
  for (auto& [id, code] : id_code) {
    code = static_cast<std::uint32_t>(column.ids.size());
    column.ids.push_back(id);
  }
  column.members.resize(column.ids.size());
  column.written.resize(column.ids.size());
  std::vector<std::uint32_t> code_of_level(parsed.size(), ParsedColumn::kMissing);
  for (std::size_t l = 0; l < parsed.size(); ++l) {
    if (n_of_level[l] == 0) continue;
    switch (parsed[l].kind) {
      case ParsedLabel::Kind::missing:
        column.n_missing += n_of_level[l];
        break;
      case ParsedLabel::Kind::unmapped:
        column.n_unmapped += n_of_level[l];
        column.unmapped.push_back(parsed[l].unmapped);
        break;
      case ParsedLabel::Kind::control:
        code_of_level[l] = ParsedColumn::kControl;
        column.n_control += n_of_level[l];
        break;
      case ParsedLabel::Kind::perturbed: {
        const auto code = id_code.at(parsed[l].id);
        code_of_level[l] = code;
        column.members[code] = parsed[l].members;
        column.written[code].push_back(labels.levels[l]);
        break;
      }
    }
  }
  column.code.reserve(labels.code.size());
  for (const auto code : labels.code) {
    column.n_missing += code == Categories::kMissing ? 1 : 0;
    column.code.push_back(code == Categories::kMissing ? ParsedColumn::kMissing
                                                       : code_of_level[code]);
  }
  for (auto& written : column.written) std::sort(written.begin(), written.end());
  if (column.n_control > 0) return column;
  std::vector<std::string> some(
      labels.levels.begin(), labels.levels.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                         labels.levels.size(), std::size_t{12})));
  const std::string near = nearest_word(rules.control, labels.levels);
  fail_input(
      "no cell is labelled \"" + rules.control + "\", the control, in the column " + labels.name,
      {.file = source, .column_name = labels.name, .value = rules.control},
      (near.empty() ? "" : "did you mean \"" + near + "\"? ") + "labels: " + join(some, ", ") +
          (some.size() < labels.levels.size() ? ", ..." : ""));
}

}  // namespace cupel::perturbation
