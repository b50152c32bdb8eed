// Feature tables of perturbations and of genes.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "area/join.hpp"
#include "area/perturbation/labels.hpp"
#include "area/perturbation/profile_parts.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel::perturbation {
namespace {

/// Row of the table by key; the first of repeated keys counts.
std::unordered_map<std::string, std::uint32_t> rows_by_key(
    const Table& table, const std::string& column,
    const std::function<std::string(const std::string&)>& key_of, Diagnostics& diagnostics) {
  const Column& ids = table.at(column);
  std::unordered_map<std::string, std::uint32_t> rows;
  for (std::uint32_t row = 0; row < table.n_rows; ++row) {
    const std::string key = key_of(detail::id_at(ids, row));
    if (key.empty()) continue;
    if (!rows.emplace(key, row).second) {
      diagnostics.add("repeated_feature_id", Severity::warning,
                      "Ids that a feature table holds twice; the first line counts.", key);
    }
  }
  return rows;
}

detail::Join join_names(std::span<const std::string> names,
                        const std::unordered_map<std::string, std::uint32_t>& rows) {
  detail::Join join;
  for (const auto& name : names) {
    const auto found = rows.find(name);
    join.row_of_id.push_back(found == rows.end() ? detail::Join::kNoRow : found->second);
    join.n_joined += found == rows.end() ? 0 : 1;
  }
  return join;
}

void report_unjoined(const std::string& what, std::span<const std::string> names,
                     const detail::Join& join, const std::string& file, Diagnostics& diagnostics) {
  if (join.n_joined == 0) {
    fail_input("the table joins with no " + what + " of the data", {.file = file},
               names.empty() ? "" : "the data name them like \"" + names.front() + "\"");
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (join.row_of_id[i] != detail::Join::kNoRow) continue;
    diagnostics.add("unjoined_" + what, Severity::warning,
                    fmt::format("{} of {} {}s have no line in {}.", names.size() - join.n_joined,
                                names.size(), what, file),
                    names[i]);
  }
}

/// Views of genes: of the outputs as they are, of a perturbation as the mean of its members.
void join_genes(Dataset& data, ProfileData& profiles, const FeatureTableSpec& spec,
                const Table& table) {
  const auto rows =
      rows_by_key(table, spec.id, [](const std::string& id) { return id; }, data.diagnostics);
  std::vector<std::string> names = profiles.genes;
  for (const auto& members : profiles.members)
    names.insert(names.end(), members.begin(), members.end());
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  Entity genes{.name = "gene", .ids = names};
  const auto join = join_names(genes.ids, rows);
  report_unjoined("gene", genes.ids, join, spec.file, data.diagnostics);
  detail::add_features(genes, table, spec, join, data.diagnostics);
  const FeatureBlock& block = genes.features.back();
  const auto row_of = [&](const std::string& name) {
    return static_cast<std::size_t>(std::ranges::lower_bound(names, name) - names.begin());
  };
  FeatureBlock outputs{.name = block.name, .feature_names = block.feature_names};
  outputs.values = Matrix<float>(profiles.genes.size(), block.values.cols, 0.0F);
  for (std::size_t j = 0; j < profiles.genes.size(); ++j) {
    const auto from = block.values.row(row_of(profiles.genes[j]));
    std::ranges::copy(from, outputs.values.row(j).begin());
    outputs.present.push_back(block.present[row_of(profiles.genes[j])]);
  }
  profiles.gene_features.push_back(std::move(outputs));

  Entity& perturbation = data.entities.front();
  FeatureBlock means{.name = block.name, .feature_names = block.feature_names};
  means.values = Matrix<float>(perturbation.ids.size(), block.values.cols, 0.0F);
  for (std::size_t p = 0; p < perturbation.ids.size(); ++p) {
    const auto& members = profiles.members[p];
    const bool known = std::ranges::all_of(
        members, [&](const auto& member) { return block.present[row_of(member)] != 0; });
    means.present.push_back(known ? 1 : 0);
    if (!known) continue;
    for (const auto& member : members) {
      for (std::size_t k = 0; k < block.values.cols; ++k) {
        means.values(p, k) += block.values(row_of(member), k) / static_cast<float>(members.size());
      }
    }
  }
  perturbation.features.push_back(std::move(means));
}

}  // namespace

void join_features(Dataset& data, ProfileData& profiles, const DataSpec& spec,
                   detail::TableReader& reader) {
  const LabelRules rules{.control = spec.profiles.control,
                         .separators = parse_separators(spec.profiles.separator)};
  for (FeatureTableSpec item : spec.feature_tables) {
    if (item.entity != "perturbation" && item.entity != "gene") {
      fail_input(
          "a feature table must describe \"perturbation\" or \"gene\", not \"" + item.entity + "\"",
          {.file = item.file});
    }
    if (!item.id.empty()) reader.mark_text(item.file, item.id);
    const Table& table = reader.read(item.entity + " " + item.name, item.file);
    if (item.id.empty()) item.id = table.columns.front().name;
    if (item.entity == "gene") {
      join_genes(data, profiles, item, table);
      continue;
    }
    Entity& perturbation = data.entities.front();
    const auto rows = rows_by_key(
        table, item.id, [&](const std::string& id) { return parse_label(id, rules).id; },
        data.diagnostics);
    const auto join = join_names(perturbation.ids, rows);
    report_unjoined("perturbation", perturbation.ids, join, item.file, data.diagnostics);
    detail::add_features(perturbation, table, item, join, data.diagnostics);
  }
}

}  // namespace cupel::perturbation
