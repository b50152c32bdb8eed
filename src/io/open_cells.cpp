// Which reader opens a path: the first of the table that accepts it.
#include <array>
#include <fstream>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/cell_formats.hpp"
#include "io/cell_openers.hpp"

namespace cupel {
namespace {

constexpr std::string_view kHdf5Signature = "\x89HDF\r\n\x1a\n";

// The signature stands at 0, or after a user block of 512 bytes and more.
bool is_hdf5(const CellPath& path) {
  return path.head.starts_with(kHdf5Signature) || path.path.extension() == ".h5ad";
}

// In this order.
constexpr std::array kOpeners = {
    CellOpener{"gctx", is_gctx, open_gctx},
    CellOpener{"h5ad", is_hdf5, open_h5ad},
    CellOpener{"mtx", is_matrix_market, open_matrix_market},
    CellOpener{"gct", is_gct, open_gct},
    CellOpener{"npz", is_npz, open_npz},
    CellOpener{"csv", is_profile_csv, open_profile_csv},
};

CellPath look_at(const std::filesystem::path& path) {
  std::error_code error;
  CellPath result{
      .path = path, .is_folder = std::filesystem::is_directory(path, error), .head = {}};
  if (result.is_folder) return result;
  std::ifstream file(path, std::ios::binary);
  if (!file)
    fail(ErrorKind::io, "the file cannot be opened", {.file = path.string()},
         "check the path and the permissions of the file and its folder");
  result.head.resize(512);
  file.read(result.head.data(), static_cast<std::streamsize>(result.head.size()));
  result.head.resize(static_cast<std::size_t>(file.gcount()));
  return result;
}

}  // namespace

std::unique_ptr<CellFile> open_cells(const std::filesystem::path& path, const Context& context) {
  const CellPath looked = look_at(path);
  std::string formats;
  for (const auto& opener : kOpeners) {
    if (opener.accepts(looked)) return opener.open(path, context);
    formats += (formats.empty() ? "" : ", ") + std::string(opener.format);
  }
  fail_input("is none of the formats of cells that are known", {.file = path.string()},
             "known are " + formats);
}

}  // namespace cupel
