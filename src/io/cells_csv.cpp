// Profiles in a delimited file: annotations first, then a column per gene.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/cell_formats.hpp"
#include "io/csv.hpp"

namespace cupel {
namespace {

/// Names that an annotation of numbers may carry, as no gene does.
constexpr std::array<std::string_view, 20> kAnnotations = {
    "perturbation", "condition", "context", "cell_type", "cell_line", "celltype",   "replicate",
    "guide",        "donor",     "batch",   "sample",    "plate",     "well",       "dose",
    "time",         "treatment", "target",  "row",       "n_cells",   "gene_target"};

bool names_rows(const Column& column) {
  return column.name == "unnamed_1" || column.name == "cell_id" || column.name == "index";
}

bool is_annotation(const Column& column) {
  if (column.type == ColumnType::text) return true;
  const std::string name = lower(column.name);
  return std::find(kAnnotations.begin(), kAnnotations.end(), name) != kAnnotations.end();
}

/// A column of text among numbers: most likely a typing error in one cell.
[[noreturn]] void fail_text_among_numbers(const Table& table, const Column& column,
                                          std::size_t number) {
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    if (column.is_missing(row)) continue;
    const std::string value = column.as_text(row);
    if (!value.empty() && value.find_first_not_of(" +-.0123456789eE") == std::string::npos)
      continue;
    fail_input(
        "a column of text stands among the genes: its value is not a number",
        {.file = table.source,
         .row = table.line(row),
         .column = number,
         .column_name = column.name,
         .value = value},
        "correct the value; annotations (perturbation, context, ...) stand before all genes");
  }
  fail_input("a column of text stands among the genes",
             {.file = table.source, .column = number, .column_name = column.name},
             "annotations (perturbation, context, ...) stand before all genes");
}

}  // namespace

std::unique_ptr<CellFile> open_profile_csv(const std::filesystem::path& path,
                                           const Context& context) {
  Table table = read_csv(path, {}, context);
  CellsInMemory cells{.source = path.string()};
  cells.obs = {.source = table.source, .n_rows = table.n_rows};
  const std::size_t n_columns = table.columns.size();
  std::size_t next = 0;
  if (n_columns > 0 && names_rows(table.columns[0])) {
    for (std::size_t row = 0; row < table.n_rows; ++row) {
      cells.cell_ids.push_back(table.columns[0].as_text(row));
    }
    next = 1;
  }
  while (next < n_columns && is_annotation(table.columns[next])) {
    cells.obs.columns.push_back(std::move(table.columns[next++]));
  }
  const std::size_t first_gene = next;
  for (; next < n_columns; ++next) {
    const Column& column = table.columns[next];
    if (column.type == ColumnType::text) fail_text_among_numbers(table, column, next + 1);
    cells.gene_ids.push_back(column.name);
  }
  if (cells.gene_ids.empty()) {
    fail_input("the table has no columns of numbers: no gene to read", {.file = table.source},
               "a profile table has its annotations first, then a column of numbers per gene");
  }
  cells.x = {.n_rows = table.n_rows, .n_cols = cells.gene_ids.size(), .is_sparse = false};
  cells.x.values.reserve(cells.x.n_rows * cells.x.n_cols);
  for (std::size_t row = 0; row < table.n_rows; ++row) {
    for (std::size_t c = first_gene; c < n_columns; ++c) {
      cells.x.values.push_back(table.columns[c].as_number(row));
    }
  }
  cells.format = "csv";
  detail::note_duplicates(cells.cell_ids, "cell", cells.diagnostics);
  return cells_in_memory(std::move(cells));
}

}  // namespace cupel
