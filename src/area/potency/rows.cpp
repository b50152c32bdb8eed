#include "area/potency/rows.hpp"

#include <cmath>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "cupel/finding.hpp"

namespace cupel::potency {
namespace {

/// Powers of ten from the unit to mol/l.
std::optional<double> exponent_of(const std::string& unit) {
  static const std::map<std::string, double> kExponent{
      {"pM", -12.0}, {"nM", -9.0},        {"uM", -6.0}, {"\xC2\xB5M", -6.0},
      {"mM", -3.0},  {"\xCE\xBCM", -6.0}, {"M", 0.0},   {"mol/l", 0.0}};
  const auto found = kExponent.find(unit);
  if (found != kExponent.end()) return found->second;
  if (lower(unit) == "nm") return -9.0;
  if (lower(unit) == "um") return -6.0;
  return std::nullopt;
}

struct Columns {
  const Column* smiles = nullptr;
  const Column* id = nullptr;
  const Column* assay = nullptr;
  const Column* target = nullptr;
  const Column* relation = nullptr;
  const Column* value_nM = nullptr;
};

const Column* named(const Table& table, const DataSpec& spec, const std::string& role) {
  const auto found = spec.columns.find(role);
  return found == spec.columns.end() ? nullptr : &table.at(found->second);
}

Columns find_columns(const SampleTable& samples, const DataSpec& spec) {
  const Table& table = samples.table;
  Columns out{.smiles = named(table, spec, "smiles"),
              .id = named(table, spec, "id"),
              .target = &table.at(detail::column_of(spec, "target")),
              .relation = named(table, spec, "relation"),
              .value_nM = named(table, spec, "value_nM")};
  if (!samples.assay_column.empty()) out.assay = &table.at(samples.assay_column);
  if (const Column* time = named(table, spec, "time"); time != nullptr) (void)time;
  if (out.smiles == nullptr) out.smiles = table.find("smiles");
  if (out.smiles != nullptr) return out;
  if (out.id == nullptr) (void)table.at("smiles");  // the error that lists the columns there are
  if (spec.feature_tables.empty()) {
    fail_input("the data have ids but neither molecules nor features", {.file = table.source},
               "name the column with SMILES (columns: {smiles: ..}), or give a feature table of "
               "entity ligand");
  }
  return out;
}

std::string message_of(const std::string& reason) {
  if (reason == "smiles_missing") return "Rows without a SMILES were left out.";
  if (reason == "id_missing") return "Rows without a ligand id were left out.";
  if (reason == "assay_missing") return "Rows without an assay were left out.";
  if (reason == "target_missing") return "Rows without a value were left out.";
  if (reason == "target_not_finite") return "Rows with an infinite value were left out.";
  if (reason == "target_not_positive") {
    return "Rows whose concentration is not above 0 were left out: they have no logarithm.";
  }
  return "Rows whose value is not a number were left out.";
}

bool is_limit(const std::string& relation) {
  return relation.find('<') != std::string::npos || relation.find('>') != std::string::npos;
}

}  // namespace

bool is_concentration(const std::string& unit) { return exponent_of(unit).has_value(); }

double p_value_of(double value, const std::string& unit) {
  return -exponent_of(unit).value_or(0.0) - std::log10(value);
}

Rows usable_rows(const SampleTable& samples, const DataSpec& spec, detail::LeftOutRows& left_out,
                 Diagnostics& diagnostics) {
  const Columns columns = find_columns(samples, spec);
  const bool is_linear = is_concentration(spec.unit);
  Rows rows;
  for (std::uint64_t row = 0; row < samples.table.n_rows; ++row) {
    auto [value, reason] = detail::target_at(*columns.target, row);
    if (reason.empty() && is_linear && !(value > 0.0)) reason = "target_not_positive";
    const auto text_of = [&](const Column* column, const char* missing) {
      if (column == nullptr) return std::string();
      std::string text = detail::id_at(*column, row);
      if (text.empty()) reason = missing;
      return text;
    };
    std::string assay = text_of(columns.assay, "assay_missing");
    std::string id = text_of(columns.id, "id_missing");
    std::string smiles = text_of(columns.smiles, "smiles_missing");
    if (!reason.empty()) {
      left_out.add(reason, row);
      const std::string seen = reason == "target_not_a_number" || reason == "target_not_positive"
                                   ? ": \"" + columns.target->as_text(row) + "\""
                                   : "";
      diagnostics.add(reason, Severity::warning, message_of(reason), samples.place(row) + seen);
      continue;
    }
    rows.source.push_back(row);
    if (columns.smiles != nullptr) rows.smiles.push_back(std::move(smiles));
    rows.ligand.push_back(std::move(id));
    rows.assay.push_back(std::move(assay));
    rows.target.push_back(is_linear ? p_value_of(value, spec.unit) : value);
    double linear = spec.unit == "nM" ? value : kUndefined;
    if (columns.value_nM != nullptr) linear = detail::target_at(*columns.value_nM, row).first;
    rows.value_nM.push_back(linear);
    const bool censored =
        columns.relation != nullptr && is_limit(detail::id_at(*columns.relation, row));
    rows.is_censored.push_back(censored ? 1 : 0);
    if (censored) {
      diagnostics.add("censored_value", Severity::warning,
                      "Values that are limits (relation < or >) were kept as if they were "
                      "measured; errors on them are not what they seem.",
                      samples.place(row));
    }
  }
  return rows;
}

}  // namespace cupel::potency
