// Any bytes as MatrixMarket, GCT, NPZ and list of names: a matrix whose parts fit together, or an
// Error; never more memory than the bytes can justify.
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "cupel/error.hpp"
#include "io/cell_formats.hpp"

namespace {

using namespace cupel;

void require(bool condition) {
  if (!condition) std::abort();
}

template <typename Call>
void guarded(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::input || error.kind() == ErrorKind::unsupported);
    require(!error.message().empty());
  }
}

void check_block(const CellBlock<double>& block) {
  if (!block.is_sparse) {
    require(block.values.size() == block.n_rows * block.n_cols);
    return;
  }
  require(block.row_begin.size() == block.n_rows + 1);
  require(block.row_begin.back() == block.values.size());
  require(block.columns.size() == block.values.size());
  for (std::size_t i = 0; i < block.n_rows; ++i) {
    for (std::size_t k = block.row_begin[i]; k < block.row_begin[i + 1]; ++k) {
      require(block.columns[k] < block.n_cols);
      require(k == block.row_begin[i] || block.columns[k - 1] < block.columns[k]);
      require(block.values[k] != 0.0);
    }
  }
}

void check_cells(CellsInMemory cells, std::size_t n_bytes) {
  require(cells.x.values.size() <= 1100 * n_bytes + 64);
  check_block(cells.x);
  const auto file = cells_in_memory(std::move(cells));
  require(file->cell_ids().size() == file->n_cells());
  require(file->gene_ids().size() == file->n_genes());
  for (const auto& column : file->obs().columns) require(column.size() == file->n_cells());
  for (const auto& column : file->var().columns) require(column.size() == file->n_genes());
}

void check_matrix_market(const std::string& bytes) {
  detail::MatrixMarket matrix = detail::parse_matrix_market(bytes, "fuzz");
  require(matrix.entries.size() <= 2 * bytes.size());
  require(matrix.dense.empty() || matrix.dense.size() == matrix.n_rows * matrix.n_cols);
  if (matrix.is_dense || matrix.n_rows > 100'000 || matrix.n_cols > 100'000) return;
  std::size_t n_duplicates = 0;
  check_block(detail::csr_from_entries(matrix.n_rows, matrix.n_cols, std::move(matrix.entries),
                                       n_duplicates));
}

void check_names(const std::string& bytes) {
  static const std::string path = "/tmp/cupel_fuzz_cells." + std::to_string(getpid()) + ".csv";
  std::ofstream(path, std::ios::binary) << bytes;
  const std::size_t n = detail::count_records(path);
  for (const std::size_t wanted : {n, n - std::min<std::size_t>(n, 1)}) {
    guarded([&] {
      const auto names = detail::read_axis_names(path, wanted, {});
      require(names.ids.size() == wanted);
    });
  }
  guarded([&] { (void)open_profile_csv(path, {}); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  guarded([&] { check_matrix_market(bytes); });
  guarded([&] { check_cells(detail::parse_gct(bytes, "fuzz", {}), size); });
  guarded([&] { check_cells(detail::parse_npz(bytes, "fuzz"), size); });
  guarded([&] { check_names(bytes); });
  return 0;
}
