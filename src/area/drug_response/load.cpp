#include "area/drug_response/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <utility>

#include "area/drug_response/checks.hpp"
#include "area/join.hpp"
#include "area/tables.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "cupel/finding.hpp"
#include "io/rdkit_fingerprint.hpp"

namespace cupel {
namespace {

using detail::column_of;
using detail::combine_replicates;
using detail::id_at;
using detail::join_keys;
using detail::LeftOutRows;
using detail::make_entity;
using detail::TableReader;
using detail::target_at;

/// The usable rows, with their ids as text.
struct Rows {
  std::vector<std::uint64_t> source;
  std::vector<std::string> drug;
  std::vector<std::string> cell;
  std::vector<double> target;

  template <typename Keep>
  void keep_if(Keep keep) {
    Rows kept;
    for (std::size_t i = 0; i < source.size(); ++i) {
      if (!keep(i)) continue;
      kept.source.push_back(source[i]);
      kept.drug.push_back(std::move(drug[i]));
      kept.cell.push_back(std::move(cell[i]));
      kept.target.push_back(target[i]);
    }
    *this = std::move(kept);
  }
};

std::string_view message_of(std::string_view reason) {
  if (reason == "drug_missing") return "Rows without a drug id were left out.";
  if (reason == "cell_missing") return "Rows without a cell-line id were left out.";
  if (reason == "target_missing") return "Rows without a response were left out.";
  if (reason == "target_not_finite") return "Rows with an infinite response were left out.";
  return "Rows whose response is not a number were left out.";
}

Rows usable_rows(const Table& table, const DataSpec& spec, LeftOutRows& left_out,
                 Diagnostics& diagnostics) {
  const Column& drugs = table.at(column_of(spec, "drug"));
  const Column& cells = table.at(column_of(spec, "cell"));
  const Column& targets = table.at(column_of(spec, "target"));
  Rows rows;
  for (std::uint64_t row = 0; row < table.n_rows; ++row) {
    std::string drug = id_at(drugs, row);
    std::string cell = id_at(cells, row);
    const auto [value, problem] = target_at(targets, row);
    std::string reason = problem;
    if (cell.empty()) reason = "cell_missing";
    if (drug.empty()) reason = "drug_missing";
    if (!reason.empty()) {
      left_out.add(reason, row);
      const std::string seen =
          reason == "target_not_a_number" ? ": \"" + targets.as_text(row) + "\"" : "";
      diagnostics.add(reason, Severity::warning, message_of(reason),
                      fmt::format("line {}{}", table.line(row), seen));
      continue;
    }
    rows.source.push_back(row);
    rows.drug.push_back(std::move(drug));
    rows.cell.push_back(std::move(cell));
    rows.target.push_back(value);
  }
  return rows;
}

/// Lists the ids of the entity that a table lacks, and the rows behind them.
void report_unjoined(const Entity& entity, const detail::Join& join, const std::string& what,
                     const std::string& file, JoinPolicy policy, Diagnostics& diagnostics) {
  std::size_t n_rows = 0;
  for (const auto code : entity.code_of_sample) {
    if (join.row_of_id[code] == detail::Join::kNoRow) ++n_rows;
  }
  const std::string message = fmt::format(
      "{} of {} {} ids ({} rows) have no line in {}; {}.", entity.ids.size() - join.n_joined,
      entity.ids.size(), entity.name, n_rows, file,
      policy == JoinPolicy::keep ? "their rows are kept, what the table says of them is unknown"
                                 : "their rows are left out");
  for (std::size_t i = 0; i < entity.ids.size(); ++i) {
    if (join.row_of_id[i] == detail::Join::kNoRow) {
      diagnostics.add("unjoined_" + what, Severity::warning, message, entity.ids[i]);
    }
  }
}

/// One table to be joined to one entity.
struct TableUse {
  const EntityTableSpec* labels = nullptr;
  const FeatureTableSpec* features = nullptr;
  std::string entity, file, id, via, what;
};

std::vector<TableUse> table_uses(const DataSpec& spec) {
  std::vector<TableUse> uses;
  for (const auto& item : spec.entity_tables) {
    uses.push_back(
        {&item, nullptr, item.entity, item.file, item.id, item.via, item.entity + "_table"});
  }
  for (const auto& item : spec.feature_tables) {
    uses.push_back(
        {nullptr, &item, item.entity, item.file, item.id, item.via, item.entity + "_" + item.name});
  }
  for (const auto& use : uses) {
    if (use.entity != "drug" && use.entity != "cell") {
      fail_input("a table must describe \"drug\" or \"cell\", not \"" + use.entity + "\"",
                 {.file = use.file});
    }
  }
  return uses;
}

std::string spoken(std::string what) {
  std::replace(what.begin(), what.end(), '_', ' ');
  return what;
}

/// Drops the rows whose ids some table lacks.
void leave_out_unjoined(Rows& rows, const std::vector<TableUse>& uses, const Table& responses,
                        TableReader& reader, LeftOutRows& left_out, Diagnostics& diagnostics) {
  std::vector<std::string> reason(rows.source.size());
  for (const auto& use : uses) {
    const Entity entity = make_entity(use.entity, use.entity == "drug" ? rows.drug : rows.cell);
    Diagnostics again;  // repeated ids are counted by the join that stays
    const auto keys = join_keys(entity, rows.source, responses, use.via, again);
    const Table& table = reader.read(spoken(use.what), use.file);
    const auto join = detail::join_table(table, use.id, keys, use.what, again);
    report_unjoined(entity, join, use.what, use.file, JoinPolicy::leave_out, diagnostics);
    for (std::size_t i = 0; i < reason.size(); ++i) {
      const bool joined = join.row_of_id[entity.code_of_sample[i]] != detail::Join::kNoRow;
      if (!joined && reason[i].empty()) reason[i] = "unjoined_" + use.what;
    }
  }
  for (std::size_t i = 0; i < reason.size(); ++i) {
    if (!reason[i].empty()) left_out.add(reason[i], rows.source[i]);
  }
  rows.keep_if([&](std::size_t i) { return reason[i].empty(); });
}

/// One row per pair, with the mean or median of its replicates; the first row stands for all.
void average_replicates(Rows& rows, ReplicatePolicy policy, LeftOutRows& left_out,
                        Diagnostics& diagnostics) {
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> pairs;
  for (std::size_t i = 0; i < rows.source.size(); ++i) {
    pairs[{rows.drug[i], rows.cell[i]}].push_back(i);
  }
  std::vector<std::uint8_t> is_first(rows.source.size(), 1);
  for (const auto& [pair, members] : pairs) {
    if (members.size() == 1) continue;
    std::vector<double> values;
    for (const auto i : members) values.push_back(rows.target[i]);
    rows.target[members.front()] = combine_replicates(std::move(values), policy);
    for (std::size_t k = 1; k < members.size(); ++k) {
      is_first[members[k]] = 0;
      diagnostics.add("averaged_replicate", Severity::note,
                      "Replicates of a pair were averaged into its first row, as the study asks.",
                      pair.first + " on " + pair.second);
    }
  }
  for (std::size_t i = 0; i < is_first.size(); ++i) {
    if (is_first[i] == 0) left_out.add("averaged_into_first_row", rows.source[i]);
  }
  rows.keep_if([&](std::size_t i) { return is_first[i] != 0; });
}

void add_fingerprints(Entity& drug, Diagnostics& diagnostics) {
  const LabelBlock* label = drug.find_label("smiles");
  if (label == nullptr || drug.find_features("fingerprint") != nullptr) return;
  std::vector<std::string> smiles(drug.ids.size());
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    if (label->code[i] == LabelBlock::kUnknown) {
      diagnostics.add("no_smiles", Severity::note, "Drugs without SMILES have no fingerprint.",
                      drug.ids[i]);
    } else {
      smiles[i] = label->levels[label->code[i]];
    }
  }
  Fingerprints made = ecfp4(smiles);
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    if (!made.problem[i].empty()) {
      diagnostics.add("bad_smiles", Severity::warning,
                      "SMILES that RDKit cannot read; these drugs have no fingerprint.",
                      fmt::format("{}: \"{}\": {}", drug.ids[i], smiles[i], made.problem[i]));
    }
  }
  drug.features.push_back({.name = "fingerprint",
                           .values = std::move(made.bits),
                           .feature_names = {},
                           .present = std::move(made.present),
                           .binary = true});
}

void join_tables(Dataset& data, const Rows& rows, const std::vector<TableUse>& uses,
                 const Table& responses, JoinPolicy policy, TableReader& reader,
                 const Context& context) {
  for (const auto& use : uses) {
    context.check_cancelled();
    context.report({.task = "reading " + use.file});
    Entity& entity = data.entities[use.entity == "drug" ? 0 : 1];
    const Table& table = reader.read(spoken(use.what), use.file);
    const auto keys = join_keys(entity, rows.source, responses, use.via, data.diagnostics);
    const auto join = detail::join_table(table, use.id, keys, use.what, data.diagnostics);
    if (join.n_joined < entity.ids.size()) {
      report_unjoined(entity, join, use.what, use.file, policy, data.diagnostics);
    }
    if (use.labels != nullptr)
      detail::add_labels(entity, table, *use.labels, join);
    else
      detail::add_features(entity, table, *use.features, join, data.diagnostics);
  }
}

}  // namespace

DrugResponse load_drug_response(const DataSpec& given, const std::string& base_folder,
                                const CatalogueOptions& catalogue, const Context& context) {
  const DataSpec spec = apply_catalogue(given);
  if (spec.file.empty()) {
    fail_input(
        "the study names no responses", {},
        "add data: {responses: {file: responses.csv, columns: {drug: .., cell: .., target: ..}}}");
  }
  TableReader reader(base_folder, catalogue, context);
  for (const auto* role : {"drug", "cell"}) reader.mark_text(spec.file, column_of(spec, role));
  reader.mark_ids(spec, spec.file);
  const auto uses = table_uses(spec);
  context.report({.task = "reading " + spec.file});
  const Table& responses = reader.read("responses", spec.file);

  DrugResponse loaded;
  Dataset& data = loaded.data;
  data.area = "drug_response";
  data.name = spec.catalogue.empty() ? std::filesystem::path(spec.file).filename().string()
                                     : spec.catalogue;
  data.target_name = column_of(spec, "target");
  data.unit = spec.unit;
  data.n_source_rows = responses.n_rows;

  LeftOutRows left_out;
  Rows rows = usable_rows(responses, spec, left_out, data.diagnostics);
  if (spec.join == JoinPolicy::leave_out && !rows.source.empty()) {
    leave_out_unjoined(rows, uses, responses, reader, left_out, data.diagnostics);
  }
  if (spec.replicates != ReplicatePolicy::keep) {
    average_replicates(rows, spec.replicates, left_out, data.diagnostics);
  }
  data.left_out = std::move(left_out.items);
  data.entities = {make_entity("drug", rows.drug), make_entity("cell", rows.cell)};
  data.source_row = rows.source;
  data.targets.rows = rows.target.size();
  data.targets.cols = 1;
  data.targets.values = rows.target;
  detail::check_shape(data, responses.source);
  detail::check_replicates(data);
  detail::check_unit(data.targets.values, data.unit, data.diagnostics);

  join_tables(data, rows, uses, responses, spec.join, reader, context);
  if (spec.drug_fingerprints) add_fingerprints(data.entities[0], data.diagnostics);
  loaded.inputs = reader.inputs();
  data.sha256 = reader.sha256();
  loaded.responses = reader.take(spec.file);
  return loaded;
}

}  // namespace cupel
