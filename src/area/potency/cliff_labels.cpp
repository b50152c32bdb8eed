#include "area/potency/cliff_labels.hpp"

#include <cmath>

#include "area/potency/cliffs.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel::potency {
namespace {

bool flag_at(const Column& column, std::uint64_t row, const SampleTable& samples) {
  const std::string text = lower(detail::id_at(column, row));
  if (text == "1" || text == "true" || text == "1.0") return true;
  if (text == "0" || text == "false" || text == "0.0") return false;
  fail_input("a cliff flag has to be 0 or 1",
             {.file = samples.table.source,
              .row = samples.table.line(row),
              .column_name = column.name,
              .value = text},
             "name a 0/1 column under data: cliffs: column, or a rule instead");
}

LabelBlock cliff_label(const std::vector<std::uint8_t>& flag) {
  LabelBlock label{.name = "cliff", .levels = {"cliff", "noncliff"}, .code = {}};
  for (const auto is_cliff : flag) label.code.push_back(is_cliff != 0 ? 0 : 1);
  return label;
}

/// The rule's pairs within every assay; returns the flag of every sample.
std::vector<std::uint8_t> add_pairs(Dataset& data, const Rows& rows, const std::string& name,
                                    const Context& context) {
  const CliffRule& rule = find_cliff_rule(name);
  if (rows.smiles.empty()) {
    fail_input("the cliff rule \"" + name + "\" needs molecules, and the data have none", {},
               "name the column with SMILES, or a 0/1 column under data: cliffs: column");
  }
  std::vector<double> value_nM;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double measured = rows.value_nM[i];
    value_nM.push_back(std::isnan(measured) ? std::pow(10.0, 9.0 - rows.target[i]) : measured);
  }
  const std::vector<std::uint32_t> one_assay(rows.size(), 0);
  context.report({.task = "activity cliffs"});
  const Cliffs found = find_cliffs_within(
      rows.smiles, value_nM, data.entities.size() > 1 ? data.entities[1].code_of_sample : one_assay,
      rule, {}, context);
  PairBlock pairs{.name = "cliff", .first = {}, .second = {}};
  for (const auto& pair : found.pairs) {
    pairs.first.push_back(pair.first);
    pairs.second.push_back(pair.second);
  }
  data.pairs.push_back(std::move(pairs));
  return found.flag;
}

}  // namespace

void add_censored(Dataset& data, const Rows& rows) {
  LabelBlock label{.name = "censored", .levels = {"censored", "exact"}, .code = {}};
  bool any = false;
  for (const auto censored : rows.is_censored) {
    label.code.push_back(censored != 0 ? 0 : 1);
    any = any || censored != 0;
  }
  if (any) data.sample_labels.push_back(std::move(label));
}

void add_cliffs(Dataset& data, const Rows& rows, const CliffSpec& spec, const SampleTable& samples,
                const Context& context) {
  std::vector<std::uint8_t> of_rule;
  if (!spec.rule.empty()) of_rule = add_pairs(data, rows, spec.rule, context);
  if (spec.column.empty()) {
    if (!of_rule.empty()) data.sample_labels.push_back(cliff_label(of_rule));
    return;
  }
  const Column& column = samples.table.at(spec.column);
  std::vector<std::uint8_t> flag;
  for (const auto row : rows.source) flag.push_back(flag_at(column, row, samples) ? 1 : 0);
  for (std::size_t i = 0; i < of_rule.size(); ++i) {
    if (of_rule[i] == flag[i]) continue;
    data.diagnostics.add("cliff_column_differs", Severity::warning,
                         "Compounds whose cliff flag in column \"" + spec.column +
                             "\" is not that of the rule \"" + spec.rule +
                             "\"; the column counts, pairs are the rule's.",
                         samples.place(rows.source[i]));
  }
  data.sample_labels.push_back(cliff_label(flag));
}

}  // namespace cupel::potency
