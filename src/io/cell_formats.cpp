// Which reader a file of cells needs: by its first bytes where they tell, else by its name.
#include "io/cell_formats.hpp"

#include <array>
#include <fstream>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/byte_stream.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHdf5 = "\x89HDF\r\n\x1a\n";

std::string first_bytes(const fs::path& path) {
  std::array<char, 16> bytes{};
  ByteStream stream(path);
  std::size_t n = 0;
  while (n < bytes.size()) {
    const std::size_t got = stream.read(std::span(bytes).subspan(n));
    if (got == 0) break;
    n += got;
  }
  return {bytes.data(), n};
}

/// "matrix.mtx.gz" -> ".mtx".
std::string extension_of(fs::path path) {
  if (const std::string last = lower(path.extension().string()); last == ".gz" || last == ".zst") {
    path = path.stem();
  }
  return lower(path.extension().string());
}

}  // namespace

CellFormat cell_format(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return CellFormat::matrix_market;
  const std::string extension = extension_of(path);
  if (path == "-" || !fs::exists(path, ignored)) return CellFormat::none;
  const std::string bytes = first_bytes(path);
  const bool is_hdf5 = bytes.starts_with(kHdf5);
  if (is_hdf5) return extension == ".gctx" ? CellFormat::gctx : CellFormat::none;
  if (lower(bytes).starts_with("%%matrixmarket")) return CellFormat::matrix_market;
  if (bytes.starts_with("#1.2") || bytes.starts_with("#1.3")) return CellFormat::gct;
  if (bytes.starts_with("PK")) return CellFormat::npz;
  if (extension == ".mtx") return CellFormat::matrix_market;
  if (extension == ".gct") return CellFormat::gct;
  if (extension == ".gctx") return CellFormat::gctx;
  if (extension == ".npz") return CellFormat::npz;
  if (extension == ".csv" || extension == ".tsv") return CellFormat::csv;
  return CellFormat::none;
}

std::unique_ptr<CellFile> open_other_cells(const fs::path& path, const Context& context) {
  switch (cell_format(path)) {
    case CellFormat::none:
      return nullptr;
    case CellFormat::matrix_market:
      return open_matrix_market(path, context);
    case CellFormat::gct:
      return open_gct(path, context);
    case CellFormat::gctx:
      return open_gctx(path, context);
    case CellFormat::npz:
      return open_npz(path, context);
    case CellFormat::csv:
      return open_profile_csv(path, context);
  }
  return nullptr;
}

}  // namespace cupel
