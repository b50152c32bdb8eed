#pragma once
/// Cells x genes, as any single-cell format gives them: annotations of cells and of genes, and
/// matrices that are read in blocks of rows, never as a whole.
///
/// A matrix is read as float (exact for float16/32 and for small counts) or as double; `is_wide`
/// says whether float would lose something. Nothing is guessed about what the values mean:
/// `measure` (io/matrix_facts.hpp) says what they look like, the user says what they are.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/diagnostics.hpp"
#include "cupel/table.hpp"

namespace cupel {

/// Rows [first_row, first_row + n_rows) of a matrix. V is float or double.
template <typename V>
struct CellBlock {
  std::size_t first_row = 0;
  std::size_t n_rows = 0;
  std::size_t n_cols = 0;
  bool is_sparse = true;
  std::vector<std::uint64_t> row_begin;  ///< sparse: n_rows + 1, offsets into columns and values
  std::vector<std::uint32_t> columns;    ///< sparse: ascending within a row, no duplicates
  std::vector<V> values;                 ///< sparse: as many (no zeros); dense: n_rows * n_cols
};

enum class MatrixLayout : std::uint8_t { dense, csr, csc };
std::string_view to_string(MatrixLayout layout) noexcept;

struct MatrixInfo {
  std::string path;  ///< "X", "layers/counts", "raw/X", "obsm/X_pca"
  MatrixLayout layout = MatrixLayout::dense;
  std::size_t rows = 0;
  std::size_t cols = 0;
  std::string type;            ///< as stored: "float32", "int64"
  std::uint64_t n_stored = 0;  ///< stored values; rows * cols where dense
  std::string compression;     ///< "gzip", "lzf", "zstd", "blosc", "gzip+shuffle", "none"
  std::uint64_t bytes_on_disk = 0;
};

struct StreamOptions {
  std::size_t memory_bytes = std::size_t{256} << 20;  ///< of a block with what it is made from
  std::size_t first_row = 0;
  std::size_t n_rows = std::numeric_limits<std::size_t>::max();  ///< clamped to the matrix
  std::size_t max_block_rows = 16384;
};

class CellMatrix {
 public:
  virtual ~CellMatrix() = default;
  [[nodiscard]] virtual const MatrixInfo& info() const noexcept = 0;
  /// Float would lose digits: 64-bit floats, integers of more than 24 bits.
  [[nodiscard]] virtual bool is_wide() const noexcept = 0;
  /// Blocks in row order, one at a time, on the calling thread; the next ones are read and unpacked
  /// meanwhile. Where the blocks end depends on the options and the file, not on the threads. The
  /// sink may take what it wants of a block by moving. Throws Error{input} for a broken file, with
  /// the place; what the sink throws passes through.
  virtual void stream(const StreamOptions& options, const Context& context,
                      const std::function<void(CellBlock<float>&)>& sink) const = 0;
  virtual void stream(const StreamOptions& options, const Context& context,
                      const std::function<void(CellBlock<double>&)>& sink) const = 0;
};

/// A column of annotations as codes.
struct Categories {
  static constexpr std::uint32_t kMissing = std::numeric_limits<std::uint32_t>::max();
  std::string name;
  std::vector<std::string> levels;  ///< in the order of the file's categories, else sorted
  std::vector<std::uint32_t> code;  ///< per cell; kMissing = no value
};

/// Levels sorted as text.
Categories categories_of(const Column& column);

class CellFile {
 public:
  virtual ~CellFile() = default;
  [[nodiscard]] virtual const std::string& source() const noexcept = 0;  ///< file, for messages
  [[nodiscard]] virtual std::string_view format() const noexcept = 0;    ///< "h5ad", "mtx", "gctx"
  [[nodiscard]] virtual std::size_t n_cells() const noexcept = 0;
  [[nodiscard]] virtual std::size_t n_genes() const noexcept = 0;
  /// Names of the rows and columns (obs_names, var_names).
  [[nodiscard]] virtual const std::vector<std::string>& cell_ids() const = 0;
  [[nodiscard]] virtual const std::vector<std::string>& gene_ids() const = 0;
  /// Annotations without the names of the rows; columns of kinds that a table cannot hold are left
  /// out and counted in `diagnostics`.
  [[nodiscard]] virtual const Table& obs() const = 0;
  [[nodiscard]] virtual const Table& var() const = 0;
  /// A column of obs as codes. Throws Error{input} that lists the columns there are.
  [[nodiscard]] virtual Categories obs_categories(std::string_view column) const = 0;
  [[nodiscard]] virtual const std::vector<MatrixInfo>& matrices() const = 0;
  /// `path` as in MatrixInfo; also "counts" for "layers/counts", "raw" for "raw/X", "X_pca" for
  /// "obsm/X_pca". Lives as long as the file. Throws Error{input} that lists the matrices there
  /// are.
  [[nodiscard]] virtual const CellMatrix& matrix(std::string_view path) const = 0;
  /// Names of the genes of "raw/X", where they are not gene_ids().
  [[nodiscard]] virtual const std::vector<std::string>& raw_gene_ids() const = 0;
  [[nodiscard]] virtual const Diagnostics& diagnostics() const noexcept = 0;
};

/// Opens .h5ad, a folder or file of MatrixMarket (+ barcodes, genes as CSV or TSV), .gct, .gctx,
/// .npz, by content where that is possible. Throws Error{io} or Error{input}.
std::unique_ptr<CellFile> open_cells(const std::filesystem::path& path, const Context& context);

/// A file that lives in memory: for tests, and for what was computed.
struct CellsInMemory {
  std::string source = "memory";
  std::vector<std::string> cell_ids;  ///< empty = "0", "1", ...
  std::vector<std::string> gene_ids;
  Table obs;
  Table var;
  CellBlock<double> x;  ///< all rows
  bool is_wide = true;
  std::string format = "memory";
  std::string type = "float64";  ///< of the values, as stored in the file they were read from
  Diagnostics diagnostics;
};
std::unique_ptr<CellFile> cells_in_memory(CellsInMemory cells);

}  // namespace cupel
