// What the area adds to the report in its own words: sentences, tables and plots.
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "report/json_sections.hpp"

namespace cupel::detail {
namespace {

// Numbers as numbers, so that the page can sort them; "" = undefined.
Json cell_json(const std::string& text, const SectionColumn& column) {
  if (!column.is_number) return text;
  double value = kUndefined;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty()) return nullptr;
  if (problem != std::errc() || end != text.data() + text.size()) return text;
  return shortened(value);
}

Json table_json(const SectionTable& table) {
  Json columns = Json::array();
  for (const auto& column : table.columns) {
    columns.push_back({{"name", column.name},
                       {"title", column.title},
                       {"is_number", column.is_number},
                       {"digits", column.digits},
                       {"note", column.note},
                       {"below", column.below}});
  }
  Json rows = Json::array();
  for (const auto& row : table.rows) {
    Json cells = Json::array();
    for (std::size_t c = 0; c < row.size() && c < table.columns.size(); ++c) {
      cells.push_back(cell_json(row[c], table.columns[c]));
    }
    rows.push_back(std::move(cells));
  }
  return {{"title", table.title}, {"columns", columns}, {"rows", rows}};
}

Json plot_json(const SectionPlot& plot) {
  Json series = Json::array();
  for (const auto& one : plot.series) {
    series.push_back({{"name", one.name},
                      {"x", shortened(one.x)},
                      {"y", shortened(one.y)},
                      {"low", shortened(one.low)},
                      {"high", shortened(one.high)}});
  }
  return {{"title", plot.title},           {"kind", plot.kind},
          {"x_label", plot.x_label},       {"y_label", plot.y_label},
          {"categories", plot.categories}, {"series", series},
          {"reference", plot.reference}};
}

}  // namespace

Json area_sections(const AuditResults& results) {
  Json all = Json::array();
  for (const auto& split : results.sections) {
    for (const auto& section : split.sections) {
      Json tables = Json::array();
      for (const auto& table : section.tables) tables.push_back(table_json(table));
      Json plots = Json::array();
      for (const auto& plot : section.plots) plots.push_back(plot_json(plot));
      all.push_back({{"split", section.of_data ? std::string() : split.split},
                     {"id", section.id},
                     {"title", section.title},
                     {"sentences", section.sentences},
                     {"tables", tables},
                     {"plots", plots},
                     {"explanation", section.explanation}});
    }
  }
  return all;
}

}  // namespace cupel::detail
