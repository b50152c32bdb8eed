// A MatrixMarket file with the names beside it, as cells x genes.
#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/cell_formats.hpp"
#include "io/compressed.hpp"
#include "io/csv.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kPacked = {"", ".gz", ".zst"};
constexpr std::array<std::string_view, 3> kTables = {".tsv", ".csv", ".txt"};
constexpr std::array<std::string_view, 4> kCellNames = {"barcodes", "cells", "obs", "cell_names"};
constexpr std::array<std::string_view, 4> kGeneNames = {"features", "genes", "var", "gene_names"};

/// The name without .gz, .zst and .mtx; empty if it is no .mtx file.
std::string stem_of(std::string name) {
  for (const auto packed : kPacked) {
    const std::string end = ".mtx" + std::string(packed);
    if (name.ends_with(end)) return name.substr(0, name.size() - end.size());
  }
  return "";
}

fs::path matrix_in(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& item : fs::directory_iterator(folder)) {
    if (!stem_of(item.path().filename().string()).empty()) found.push_back(item.path());
  }
  std::sort(found.begin(), found.end());
  if (found.empty()) {
    fail_input("the folder holds no MatrixMarket file (.mtx, .mtx.gz)", {.file = folder.string()},
               "name the folder that holds matrix.mtx, or the file itself");
  }
  for (const auto& path : found) {
    if (stem_of(path.filename().string()) == "matrix") return path;
  }
  if (found.size() > 1) {
    fail_input("the folder holds several MatrixMarket files: " + found[0].filename().string() +
                   ", " + found[1].filename().string(),
               {.file = folder.string()}, "name the one that is meant");
  }
  return found[0];
}

/// First of PREFIX{words}{.tsv,.csv,.txt}{,.gz,.zst} that is there, else "".
template <std::size_t N>
fs::path find_beside(const fs::path& matrix, const std::array<std::string_view, N>& words) {
  std::string stem = stem_of(matrix.filename().string());
  std::vector<std::string> prefixes;
  if (stem.ends_with("matrix")) {
    prefixes.push_back(stem.substr(0, stem.size() - 6));
  } else if (!stem.empty()) {
    prefixes = {stem + "_", stem + "."};
  }
  prefixes.emplace_back();  // without a prefix
  for (const auto& prefix : prefixes) {
    for (const auto word : words) {
      for (const auto table : kTables) {
        for (const auto packed : kPacked) {
          const fs::path path = matrix.parent_path() / (prefix + std::string(word) +
                                                        std::string(table) + std::string(packed));
          std::error_code ignored;
          if (fs::is_regular_file(path, ignored)) return path;
        }
      }
    }
  }
  return {};
}

fs::path names_beside(const fs::path& matrix, bool cells) {
  const fs::path path = find_beside(matrix, cells ? kCellNames : kGeneNames);
  if (!path.empty()) return path;
  const std::string missing = cells ? "cells (barcodes.tsv)" : "genes (features.tsv or genes.tsv)";
  fail_input("the names of the " + missing + " are not beside the matrix",
             {.file = matrix.string()},
             cells ? "put barcodes.tsv or barcodes.csv, one line per cell, into its folder"
                   : "put features.tsv or genes.csv, one line per gene, into its folder");
}

/// A file of names: how many it holds if it has a header, or has none.
struct NameFile {
  fs::path path;
  std::size_t n_records = 0;

  /// Lists (barcodes.tsv) usually have no header, tables (barcodes.csv) have one.
  [[nodiscard]] bool usually_fits(std::size_t n) const {
    const bool is_table = path.string().find(".csv") != std::string::npos;
    return n + (is_table ? 1 : 0) == n_records;
  }
  [[nodiscard]] bool fits(std::size_t n) const { return n == n_records || n + 1 == n_records; }
};

/// Are the rows genes? By the numbers of names.
bool rows_are_genes(const detail::MatrixMarket& matrix, const std::string& source,
                    const NameFile& cell_names, const NameFile& gene_names) {
  bool genes = gene_names.usually_fits(matrix.n_rows) && cell_names.usually_fits(matrix.n_cols);
  bool cells = cell_names.usually_fits(matrix.n_rows) && gene_names.usually_fits(matrix.n_cols);
  if (!genes && !cells) {
    genes = gene_names.fits(matrix.n_rows) && cell_names.fits(matrix.n_cols);
    cells = cell_names.fits(matrix.n_rows) && gene_names.fits(matrix.n_cols);
  }
  const std::string sizes = std::to_string(matrix.n_rows) + " x " + std::to_string(matrix.n_cols);
  if (!genes && !cells) {
    fail_input("the matrix is " + sizes + ", but beside it are " +
                   std::to_string(cell_names.n_records) + " lines of cells and " +
                   std::to_string(gene_names.n_records) + " lines of genes",
               {.file = source},
               "one line per cell and one per gene (and a header or none) belong beside it");
  }
  if ((matrix.rows == "genes" && !genes) || (matrix.rows == "cells" && !cells)) {
    fail_input("the comment says that rows are " + matrix.rows +
                   ", but their number is not that of the names",
               {.file = source}, "correct the comment or the files of names");
  }
  if (genes && cells && matrix.rows.empty()) {
    fail_input("a matrix of " + sizes + " could be cells x genes or genes x cells",
               {.file = source},
               "say it in a comment below its first line: \"%rows: genes\" (as 10x Genomics writes "
               "it) or \"%rows: cells\"");
  }
  return matrix.rows.empty() ? genes : matrix.rows == "genes";
}

CellBlock<double> dense_block(detail::MatrixMarket matrix, bool transpose) {
  CellBlock<double> block{.n_rows = transpose ? matrix.n_cols : matrix.n_rows,
                          .n_cols = transpose ? matrix.n_rows : matrix.n_cols,
                          .is_sparse = false};
  if (!transpose) {
    block.values = std::move(matrix.dense);
    return block;
  }
  block.values.resize(matrix.dense.size());
  for (std::size_t i = 0; i < matrix.n_rows; ++i) {
    for (std::size_t j = 0; j < matrix.n_cols; ++j) {
      block.values[j * matrix.n_rows + i] = matrix.dense[i * matrix.n_cols + j];
    }
  }
  return block;
}

CellBlock<double> cells_of(detail::MatrixMarket matrix, bool transpose, Diagnostics& diagnostics) {
  if (matrix.is_dense) return dense_block(std::move(matrix), transpose);
  if (transpose) {
    std::swap(matrix.n_rows, matrix.n_cols);
    for (auto& entry : matrix.entries) std::swap(entry.row, entry.col);
  }
  std::size_t n_duplicates = 0;
  auto block = detail::csr_from_entries(matrix.n_rows, matrix.n_cols, std::move(matrix.entries),
                                        n_duplicates);
  if (n_duplicates > 0) {
    diagnostics.add("duplicate_entry", Severity::warning,
                    "the matrix states a value of the same cell and gene twice; they were added up",
                    "", n_duplicates);
  }
  return block;
}

/// A whole number that float holds exactly.
bool is_wide(const CellBlock<double>& block) {
  return std::any_of(block.values.begin(), block.values.end(), [](double value) {
    return static_cast<double>(static_cast<float>(value)) != value && value == value;
  });
}

/// Columns of `metadata`, in the order of the cells.
void add_metadata(const fs::path& path, const std::vector<std::string>& ids, Table& obs,
                  const Context& context) {
  const auto metadata = detail::axis_from_table(read_csv(path, {}, context));
  std::unordered_map<std::string_view, std::size_t> row_of;
  for (std::size_t i = 0; i < metadata.ids.size(); ++i) row_of.emplace(metadata.ids[i], i);
  std::vector<std::size_t> rows;
  for (const auto& id : ids) {
    const auto found = row_of.find(id);
    if (found == row_of.end()) {
      fail_input("a cell has no line of annotations", {.file = path.string(), .value = id},
                 "the first column holds the names of all cells of the matrix");
    }
    rows.push_back(found->second);
  }
  Table table = metadata.table;
  keep_rows(table, rows);
  for (auto& column : table.columns) {
    if (obs.find(column.name) == nullptr) obs.columns.push_back(std::move(column));
  }
}

}  // namespace

std::unique_ptr<CellFile> open_matrix_market(const fs::path& path, const Context& context) {
  std::error_code ignored;
  const fs::path file = fs::is_directory(path, ignored) ? matrix_in(path) : path;
  const std::string source = file.string();
  detail::MatrixMarket matrix = detail::parse_matrix_market(read_bytes(file), source);
  context.check_cancelled();
  NameFile cells{.path = names_beside(file, true)};
  NameFile genes{.path = names_beside(file, false)};
  cells.n_records = detail::count_records(cells.path);
  genes.n_records = detail::count_records(genes.path);
  const bool transpose = rows_are_genes(matrix, source, cells, genes);
  auto obs =
      detail::read_axis_names(cells.path, transpose ? matrix.n_cols : matrix.n_rows, context);
  auto var =
      detail::read_axis_names(genes.path, transpose ? matrix.n_rows : matrix.n_cols, context);
  constexpr std::array<std::string_view, 3> kMetadata = {"metadata", "cell_metadata", "obs"};
  if (const fs::path more = find_beside(file, kMetadata); !more.empty() && more != cells.path) {
    add_metadata(more, obs.ids, obs.table, context);
  }
  CellsInMemory result{.source = source,
                       .cell_ids = std::move(obs.ids),
                       .gene_ids = std::move(var.ids),
                       .obs = std::move(obs.table),
                       .var = std::move(var.table)};
  result.format = "mtx";
  result.type = matrix.field == "real" ? "float64" : "int64";
  detail::note_duplicates(result.cell_ids, "cell", result.diagnostics);
  detail::note_duplicates(result.gene_ids, "gene", result.diagnostics);
  result.x = cells_of(std::move(matrix), transpose, result.diagnostics);
  result.is_wide = is_wide(result.x);
  return cells_in_memory(std::move(result));
}

}  // namespace cupel
