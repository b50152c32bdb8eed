#include "area/potency/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <unordered_map>
#include <utility>

#include "area/join.hpp"
#include "area/potency/checks.hpp"
#include "area/potency/cliff_labels.hpp"
#include "area/potency/ligands.hpp"
#include "area/potency/rows.hpp"
#include "area/potency/samples.hpp"
#include "area/tables.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "cupel/finding.hpp"
#include "simd/packed_bits.hpp"

namespace cupel::potency {
namespace {

using detail::column_of;
using detail::LeftOutRows;
using detail::make_entity;
using detail::make_label;
using detail::TableReader;

void check_spec(const DataSpec& spec) {
  if (spec.file.empty() && spec.files.empty()) {
    fail_input("the study names no samples", {},
               "add data: {responses: {file: molecules.csv, columns: {smiles: .., target: ..}}}");
  }
  for (const auto& table : spec.entity_tables) {
    if (table.entity == "ligand") continue;
    fail_input("a table of potency data must describe \"ligand\", not \"" + table.entity + "\"",
               {.file = table.file});
  }
  for (const auto& table : spec.feature_tables) {
    if (table.entity == "ligand") continue;
    fail_input(
        "a feature table of potency data must describe \"ligand\", not \"" + table.entity + "\"",
        {.file = table.file}, "write entity: ligand");
  }
}

/// The distinct SMILES of the rows, in order, and each row's place among them.
struct Distinct {
  std::vector<std::string> smiles;
  std::vector<std::uint32_t> of_row;
};

Distinct distinct_smiles(const Rows& rows) {
  Distinct out;
  std::unordered_map<std::string, std::uint32_t> place;
  for (const auto& smiles : rows.smiles) {
    const auto [known, is_new] =
        place.try_emplace(smiles, static_cast<std::uint32_t>(out.smiles.size()));
    if (is_new) out.smiles.push_back(smiles);
    out.of_row.push_back(known->second);
  }
  return out;
}

void leave_out_unreadable(Rows& rows, Distinct& distinct, const Molecules& molecules,
                          const SampleTable& samples, LeftOutRows& left_out,
                          Diagnostics& diagnostics) {
  std::vector<std::uint32_t> kept;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string& problem = molecules.problem[distinct.of_row[i]];
    if (problem.empty()) {
      kept.push_back(distinct.of_row[i]);
      continue;
    }
    left_out.add("smiles_unreadable", rows.source[i]);
    diagnostics.add("smiles_unreadable", Severity::warning,
                    "Rows whose SMILES cannot be read were left out.",
                    fmt::format("{}: \"{}\": {}", samples.place(rows.source[i]),
                                rows.smiles[i].substr(0, 80), problem));
  }
  rows.keep_if([&](std::size_t i) { return molecules.problem[distinct.of_row[i]].empty(); });
  distinct.of_row = std::move(kept);
}

/// A ligand without an id of its own is named by its molecule.
void name_ligands(Rows& rows, const Distinct& distinct, const Molecules& molecules, bool has_ids) {
  if (has_ids) return;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows.ligand[i] = molecules.canonical[distinct.of_row[i]];
  }
}

/// Per ligand its molecule, which is that of its first row.
std::vector<std::uint32_t> molecule_of_ligand(const Entity& ligand, const Distinct& distinct,
                                              const Molecules& molecules,
                                              Diagnostics& diagnostics) {
  constexpr std::uint32_t kNone = LabelBlock::kUnknown;
  std::vector<std::uint32_t> out(ligand.ids.size(), kNone);
  for (std::size_t i = 0; i < distinct.of_row.size(); ++i) {
    std::uint32_t& known = out[ligand.code_of_sample[i]];
    const std::uint32_t seen = distinct.of_row[i];
    if (known == kNone) known = seen;
    if (molecules.canonical[known] == molecules.canonical[seen]) continue;
    diagnostics.add(
        "several_molecules", Severity::warning,
        "Ids of a ligand that stand for several molecules; the first one counts.",
        fmt::format("{}: {} and {}", ligand.ids[ligand.code_of_sample[i]],
                    distinct.smiles[known].substr(0, 80), distinct.smiles[seen].substr(0, 80)));
  }
  return out;
}

/// One row per ligand and assay, with the mean or median of its replicates.
void combine_rows(Rows& rows, Distinct& distinct, ReplicatePolicy policy, LeftOutRows& left_out,
                  Diagnostics& diagnostics) {
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    groups[{rows.assay[i], rows.ligand[i]}].push_back(i);
  }
  std::vector<std::uint8_t> keep(rows.size(), 1);
  for (const auto& [key, members] : groups) {
    if (members.size() == 1) continue;
    std::vector<double> values;
    for (const auto i : members) values.push_back(rows.target[i]);
    rows.target[members.front()] = detail::combine_replicates(std::move(values), policy);
    rows.value_nM[members.front()] = kUndefined;  // the combined target speaks for all
    for (std::size_t k = 1; k < members.size(); ++k) keep[members[k]] = 0;
    diagnostics.add("averaged_replicate", Severity::note,
                    "Rows of one ligand in one assay were combined into the first, as the study "
                    "asks.",
                    key.second.substr(0, 80), members.size() - 1);
  }
  std::vector<std::uint32_t> kept;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (keep[i] == 0) left_out.add("averaged_into_first_row", rows.source[i]);
    if (keep[i] != 0 && !distinct.of_row.empty()) kept.push_back(distinct.of_row[i]);
  }
  rows.keep_if([&](std::size_t i) { return keep[i] != 0; });
  distinct.of_row = std::move(kept);
}

/// Bits of a table stay packed, as those that are computed.
void pack(FeatureBlock& block) {
  if (!block.binary) return;
  auto bits = std::make_shared<PackedBits>(block.values.rows, block.values.cols);
  for (std::size_t i = 0; i < block.values.rows; ++i) {
    for (std::size_t j = 0; j < block.values.cols; ++j) {
      if (block.values(i, j) != 0.0F) bits->set(i, j);
    }
  }
  block.bits = std::move(bits);
  block.values = {};
}

void join_tables(Dataset& data, const DataSpec& spec, const Table& samples, TableReader& reader,
                 const Context& context) {
  Entity& ligand = data.entities.front();
  const auto keys = [&](const auto& item) {
    return detail::join_keys(ligand, data.source_row, samples, item.via, data.diagnostics);
  };
  for (const auto& item : spec.entity_tables) {
    const Table& table = reader.read("ligand table", item.file);
    detail::add_labels(
        ligand, table, item,
        detail::join_table(table, item.id, keys(item), "ligand_table", data.diagnostics));
  }
  for (const auto& item : spec.feature_tables) {
    context.report({.task = "reading " + item.file});
    const Table& table = reader.read("ligand " + item.name, item.file);
    const auto join =
        detail::join_table(table, item.id, keys(item), "ligand_" + item.name, data.diagnostics);
    std::erase_if(ligand.features,
                  [&](const FeatureBlock& block) { return block.name == item.name; });
    detail::add_features(ligand, table, item, join, data.diagnostics);
    pack(ligand.features.back());
    if (join.n_joined == ligand.ids.size()) continue;
    data.diagnostics.add("unjoined_ligand_" + item.name, Severity::warning,
                         "Ligands without a line in " + item.file + " have no such features.", {},
                         ligand.ids.size() - join.n_joined);
  }
}

void add_assays(Dataset& data, const Rows& rows) {
  Entity assay = make_entity("assay", rows.assay);
  if (assay.ids.size() > 1) data.entities.push_back(std::move(assay));
}

}  // namespace

std::span<const ColumnRole> column_roles() noexcept {
  static const std::array<ColumnRole, 7> kRoles{{
      {.name = "smiles", .doc = "the molecule as SMILES"},
      {.name = "target", .doc = "measured potency"},
      {.name = "assay",
       .doc = "what it was measured on, where there are several",
       .required = false},
      {.name = "id", .doc = "id of the ligand; default: its molecule", .required = false},
      {.name = "time", .doc = "when it was made, for splits by time", .required = false},
      {.name = "relation", .doc = "< or > where the value is a limit", .required = false},
      {.name = "value_nM",
       .doc = "the value in nM, for cliff rules that compare linear values",
       .required = false},
  }};
  return kRoles;
}

LoadedData load_potency(const DataSpec& given, const std::string& base_folder,
                        const CatalogueOptions& catalogue, const Context& context) {
  const DataSpec spec = apply_catalogue(given);
  check_spec(spec);
  TableReader reader(base_folder, catalogue, context);
  context.report({.task = "reading samples"});
  SampleTable samples = read_samples(spec, reader);

  LoadedData loaded;
  Dataset& data = loaded.data;
  data.area = "potency";
  data.name = !spec.catalogue.empty() ? spec.catalogue : samples.files.front();
  data.target_name = column_of(spec, "target");
  data.n_source_rows = samples.table.n_rows;
  LeftOutRows left_out;
  Rows rows = usable_rows(samples, spec, left_out, data.diagnostics);
  data.unit = is_concentration(spec.unit) ? "-log10 M" : spec.unit;

  const bool has_molecules = !rows.smiles.empty();
  Distinct distinct;
  Molecules molecules;
  if (has_molecules) {
    context.report({.task = "reading molecules"});
    distinct = distinct_smiles(rows);
    molecules = describe_molecules(distinct.smiles, spec.molecules, context);
    leave_out_unreadable(rows, distinct, molecules, samples, left_out, data.diagnostics);
    name_ligands(rows, distinct, molecules, spec.columns.contains("id"));
  }
  if (spec.replicates != ReplicatePolicy::keep) {
    combine_rows(rows, distinct, spec.replicates, left_out, data.diagnostics);
  }
  data.left_out = std::move(left_out.items);
  data.entities = {make_entity("ligand", rows.ligand)};
  add_assays(data, rows);
  data.source_row = rows.source;
  data.targets = Matrix<double>(rows.size(), 1);
  data.targets.values = rows.target;
  check_shape(data, samples.table.source);
  if (has_molecules) {
    Entity& ligand = data.entities.front();
    const auto molecule = molecule_of_ligand(ligand, distinct, molecules, data.diagnostics);
    std::vector<std::string> written;
    for (const auto m : molecule) written.push_back(distinct.smiles[m]);
    ligand.labels.push_back(make_label("smiles", written));
    add_molecules(ligand, molecules, molecule);
  }
  join_tables(data, spec, samples.table, reader, context);
  check_values(data, spec.unit, samples);
  add_censored(data, rows);
  add_cliffs(data, rows, spec.cliffs, samples, context);
  loaded.inputs = reader.inputs();
  data.sha256 = reader.sha256();
  loaded.samples = std::move(samples.table);
  return loaded;
}

}  // namespace cupel::potency
