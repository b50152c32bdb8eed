#include "area/perturbation/cell_groups.hpp"

#include <algorithm>
#include <map>

namespace cupel::perturbation {
namespace {

void report_cells(const ParsedColumn& labels, std::uint64_t n_without_context,
                  Diagnostics& diagnostics) {
  if (labels.n_missing > 0) {
    diagnostics.add("cell_without_label", Severity::warning,
                    "Cells without a perturbation label take no part.", {},
                    static_cast<std::size_t>(labels.n_missing));
  }
  if (labels.n_unmapped > 0) {
    std::string some;
    for (std::size_t i = 0; i < std::min<std::size_t>(labels.unmapped.size(), 5); ++i) {
      some += (i == 0 ? "" : ", ") + labels.unmapped[i];
    }
    diagnostics.add("guide_without_target", Severity::warning,
                    "Cells whose guide the map of guides does not know take no part.", some,
                    static_cast<std::size_t>(labels.n_unmapped));
  }
  if (n_without_context > 0) {
    diagnostics.add("cell_without_context", Severity::warning,
                    "Cells without a context take no part.", {},
                    static_cast<std::size_t>(n_without_context));
  }
  for (std::size_t i = 0; i < labels.ids.size(); ++i) {
    if (labels.written[i].size() < 2 || labels.members[i].size() < 2) continue;
    std::string words;
    for (const auto& label : labels.written[i]) words += (words.empty() ? "" : " | ") + label;
    diagnostics.add("one_combination_two_labels", Severity::note,
                    "Labels that mean one combination were joined.", words);
  }
}

/// Contexts that have cells, sorted, with their codes.
Categories contexts_of(const CellFile& cells, const std::string& column) {
  if (column.empty()) {
    return {.name = "context",
            .levels = {"all"},
            .code = std::vector<std::uint32_t>(cells.n_cells(), 0)};
  }
  Categories given = cells.obs_categories(column);
  std::map<std::string, std::uint32_t> sorted;
  for (const auto code : given.code) {
    if (code != Categories::kMissing && !given.levels[code].empty()) {
      sorted.emplace(given.levels[code], 0);
    }
  }
  Categories out{.name = column};
  for (auto& [level, code] : sorted) {
    code = static_cast<std::uint32_t>(out.levels.size());
    out.levels.push_back(level);
  }
  for (const auto code : given.code) {
    const bool known = code != Categories::kMissing && !given.levels[code].empty();
    out.code.push_back(known ? sorted.at(given.levels[code]) : Categories::kMissing);
  }
  return out;
}

}  // namespace

SampleGroups sample_groups(const CellFile& cells, const std::string& perturbation_column,
                           const std::string& context_column, const LabelRules& rules,
                           Diagnostics& diagnostics) {
  SampleGroups out;
  out.labels = parse_column(cells.obs_categories(perturbation_column), rules, cells.source());
  Categories contexts = contexts_of(cells, context_column);
  out.contexts = std::move(contexts.levels);
  const std::size_t n_contexts = out.contexts.size();
  out.n_control.assign(n_contexts, 0);
  std::vector<std::uint64_t> n_cells(out.labels.ids.size() * n_contexts, 0);
  std::uint64_t n_without_context = 0;
  for (std::size_t cell = 0; cell < contexts.code.size(); ++cell) {
    const auto label = out.labels.code[cell];
    const auto context = contexts.code[cell];
    if (label == ParsedColumn::kMissing) continue;
    if (context == Categories::kMissing) {
      ++n_without_context;
    } else if (label == ParsedColumn::kControl) {
      ++out.n_control[context];
    } else {
      ++n_cells[label * n_contexts + context];
    }
  }
  std::vector<std::uint32_t> group_of(n_cells.size(), CellGroups::kNoGroup);
  for (std::uint32_t i = 0; i < n_cells.size(); ++i) {
    if (n_cells[i] == 0) continue;
    group_of[i] = static_cast<std::uint32_t>(n_contexts + out.groups.size());
    out.groups.push_back({.perturbation = static_cast<std::uint32_t>(i / n_contexts),
                          .context = static_cast<std::uint32_t>(i % n_contexts),
                          .n_cells = n_cells[i]});
  }
  out.code.assign(contexts.code.size(), CellGroups::kNoGroup);
  for (std::size_t cell = 0; cell < contexts.code.size(); ++cell) {
    const auto label = out.labels.code[cell];
    const auto context = contexts.code[cell];
    if (label == ParsedColumn::kMissing || context == Categories::kMissing) continue;
    out.code[cell] =
        label == ParsedColumn::kControl ? context : group_of[label * n_contexts + context];
  }
  report_cells(out.labels, n_without_context, diagnostics);
  return out;
}

}  // namespace cupel::perturbation
