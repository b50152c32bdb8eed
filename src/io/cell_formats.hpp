#pragma once
/// Readers of cells x genes other than h5ad; `open_cells` (io/cells.hpp) chooses among them. All of
/// them hold the matrix in memory: these formats are of the size of a benchmark, not of an atlas.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "io/cells.hpp"

namespace cupel {

/// MatrixMarket (coordinate or array; real, integer or pattern; general, symmetric or
/// skew-symmetric), plain or packed. `path` is the .mtx file or the folder it lies in. Beside it
/// lie the names, as CSV or TSV, packed or not, under a shared prefix: barcodes, cells or obs for
/// the cells; genes, features or var for the genes. Further columns of these files become
/// annotations; so does a file `metadata` whose first column is the cells' names. Whether rows are
/// genes (10x Genomics) or cells follows from the numbers of names; where they are equal, a comment
/// "%rows: genes" or "%rows: cells" in the matrix decides.
/// Throws Error{io} or Error{input} with the line.
std::unique_ptr<CellFile> open_matrix_market(const std::filesystem::path& path,
                                             const Context& context);

/// GCT 1.2 and 1.3 (text): columns are samples, rows are genes (clue.io's layout). The annotations
/// -666 and na are missing values, as in cmapPy.
std::unique_ptr<CellFile> open_gct(const std::filesystem::path& path, const Context& context);

/// GCTX (HDF5, /0/DATA/0/matrix and /0/META): the same content as GCT.
std::unique_ptr<CellFile> open_gctx(const std::filesystem::path& path, const Context& context);

/// .npz of scipy.sparse.save_npz (CSR, CSC, COO), or of numpy.savez with X and, if there,
/// obs_names and var_names. Rows are cells. Annotations and names are taken from
/// `<stem>_obs.csv`/`<stem>_var.csv`, else `obs.csv`/`var.csv`, beside it: the first column names.
std::unique_ptr<CellFile> open_npz(const std::filesystem::path& path, const Context& context);

/// Profiles as CSV or TSV: a row per profile, the annotations first (columns of text, and columns
/// that carry a usual name of an annotation), then a column of numbers per gene. A first column
/// without a name, or called cell_id, names the rows.
std::unique_ptr<CellFile> open_profile_csv(const std::filesystem::path& path,
                                           const Context& context);

namespace detail {

/// One stored value of a sparse matrix.
struct MatrixEntry {
  std::uint32_t row = 0;
  std::uint32_t col = 0;
  double value = 0.0;
};
/// Rows sorted, zeros left out, values of one place added up (as scipy does; counted in
/// `n_duplicates`). O(entries + rows + cols).
CellBlock<double> csr_from_entries(std::size_t n_rows, std::size_t n_cols,
                                   std::vector<MatrixEntry> entries, std::size_t& n_duplicates);

/// Names and annotations of the cells or genes.
struct AxisNames {
  std::string source;
  std::vector<std::string> ids;
  Table table;  ///< the other columns
};
/// Reads names, one record per cell or gene. A header is told from the number of records: `n`
/// without, n + 1 with one.
AxisNames read_axis_names(const std::filesystem::path& path, std::size_t n, const Context& context);
/// Number of records of such a file (a header counted).
std::size_t count_records(const std::filesystem::path& path);
/// An axis whose file says nothing about the header: first column names, header needed.
AxisNames axis_from_table(Table table);
/// Puts `diagnostics` on names that occur twice.
void note_duplicates(const std::vector<std::string>& ids, std::string_view what,
                     Diagnostics& diagnostics);

struct MatrixMarket {
  std::size_t n_rows = 0;
  std::size_t n_cols = 0;
  bool is_dense = false;
  std::string field;  ///< real, integer, pattern
  std::string rows;   ///< "genes", "cells" or "": what a comment says
  std::vector<MatrixEntry> entries;
  std::vector<double> dense;  ///< row after row
};
MatrixMarket parse_matrix_market(std::string_view text, const std::string& source);

/// A column of annotations with the type that all its texts have, as in a CSV file; -666 and na are
/// missing values.
Column typed_column(const std::string& name, const std::vector<std::string_view>& values,
                    const Context& context);
CellsInMemory parse_gct(std::string_view text, const std::string& source, const Context& context);
CellsInMemory parse_npz(std::string bytes, const std::string& source);

}  // namespace detail
}  // namespace cupel
