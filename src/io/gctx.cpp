// GCTX 1.0 (Enache et al. 2019, doi:10.1093/bioinformatics/bty784): HDF5 with the matrix in
// /0/DATA/0/matrix and annotations in /0/META/ROW and /0/META/COL. On disk a row of the matrix is a
// sample, so it lies as cells x genes already.
#include <limits>

#include "cupel/error.hpp"
#include "io/cell_formats.hpp"
#include "io/h5_array.hpp"
#include "io/h5_file.hpp"

namespace cupel {
namespace {

constexpr const char* kMatrix = "0/DATA/0/matrix";
constexpr const char* kHint = "cmapPy's write_gctx writes GCTX 1.0; a .h5ad file ends in .h5ad";

Column text_column(const std::string& name, const std::vector<std::string>& values,
                   const Context& context) {
  return detail::typed_column(name, {values.begin(), values.end()}, context);
}

/// -666 stands for a missing value.
Column number_column(const std::string& name, std::vector<double> values, bool whole) {
  Column column{.name = name, .type = whole ? ColumnType::integer : ColumnType::number};
  column.missing.assign(values.size(), 0);
  bool some_missing = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool missing = values[i] != values[i] || values[i] == -666.0;
    column.missing[i] = missing ? 1 : 0;
    some_missing = some_missing || missing;
    if (missing) values[i] = whole ? 0.0 : std::numeric_limits<double>::quiet_NaN();
    if (whole) column.integers.push_back(static_cast<std::int64_t>(values[i]));
  }
  if (!whole) column.numbers = std::move(values);
  if (!some_missing) column.missing.clear();
  return column;
}

struct Axis {
  std::vector<std::string> ids;
  Table table;
};

/// /0/META/ROW or /0/META/COL.
Axis read_axis(const std::shared_ptr<const h5::File>& file, const std::string& group, std::size_t n,
               Diagnostics& diagnostics, const Context& context) {
  Axis axis;
  axis.table = {.source = file->source(), .n_rows = n, .columns = {}, .line_of_row = {}};
  for (const auto& name : file->children(group)) {
    const std::string path = group + "/" + name;
    if (!file->is_dataset(path)) continue;
    const h5::DatasetInfo info = file->dataset(path);
    const bool is_text = info.type.kind == h5::Kind::text;
    const bool is_number = info.type.kind == h5::Kind::integer ||
                           info.type.kind == h5::Kind::floating ||
                           info.type.kind == h5::Kind::boolean;
    if (!is_text && !is_number) {
      diagnostics.add("column_left_out", Severity::warning,
                      "an annotation of a type that a table cannot hold was left out", path);
      continue;
    }
    if (info.n_elements != n || info.dims.size() != 1) {
      file->fail_at(path,
                    "there are " + std::to_string(info.n_elements) + " values for " +
                        std::to_string(n) + " rows or columns of the matrix",
                    "the file is damaged, or another program wrote it wrongly: write it again");
    }
    if (is_text && name == "id") {
      axis.ids = file->texts(info);
      continue;
    }
    Column column = is_text ? text_column(name, file->texts(info), context)
                            : number_column(name, h5::Array(file, path).numbers(context),
                                            info.type.kind != h5::Kind::floating);
    if (name != "id") {
      axis.table.columns.push_back(std::move(column));
      continue;
    }
    for (std::size_t i = 0; i < n; ++i) axis.ids.push_back(column.as_text(i));
  }
  if (axis.ids.size() != n) file->fail_at(group + "/id", "the names are missing", kHint);
  return axis;
}

}  // namespace

std::unique_ptr<CellFile> open_gctx(const std::filesystem::path& path, const Context& context) {
  const auto file = h5::File::open(path);
  if (!file->is_dataset(kMatrix)) file->fail_at(kMatrix, "this HDF5 file is no GCTX", kHint);
  const h5::Array matrix(file, kMatrix);
  if (matrix.info().dims.size() != 2) file->fail_at(kMatrix, "the matrix has not two dimensions");
  CellsInMemory cells{.source = path.string()};
  Axis obs = read_axis(file, "0/META/COL", matrix.rows(), cells.diagnostics, context);
  Axis var = read_axis(file, "0/META/ROW", matrix.cols(), cells.diagnostics, context);
  cells.cell_ids = std::move(obs.ids);
  cells.gene_ids = std::move(var.ids);
  cells.obs = std::move(obs.table);
  cells.var = std::move(var.table);
  h5::check_stored(*file, matrix.info());
  cells.x = {.n_rows = matrix.rows(), .n_cols = matrix.cols(), .is_sparse = false};
  cells.x.values = matrix.numbers(context);
  cells.format = "gctx";
  cells.type = matrix.info().type.name;
  cells.is_wide = matrix.info().type.size > 4;
  detail::note_duplicates(cells.cell_ids, "cell", cells.diagnostics);
  detail::note_duplicates(cells.gene_ids, "gene", cells.diagnostics);
  return cells_in_memory(std::move(cells));
}

}  // namespace cupel
