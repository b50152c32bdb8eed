#include "area/potency/cliff_labels.hpp"

#include <cmath>

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
                const Context&) {
  if (spec.column.empty()) return;
  const Column& column = samples.table.at(spec.column);
  std::vector<std::uint8_t> flag;
  for (const auto row : rows.source) flag.push_back(flag_at(column, row, samples) ? 1 : 0);
  data.sample_labels.push_back(cliff_label(flag));
}

}  // namespace cupel::potency
