// Which reader a file of cells needs: by its first bytes where they tell, else by its name (packed
// files are known by their names only).
#include "base/text.hpp"
#include "io/cell_openers.hpp"

namespace cupel {
namespace {

/// "matrix.mtx.gz" -> ".mtx".
std::string extension_of(std::filesystem::path path) {
  if (const std::string last = lower(path.extension().string()); last == ".gz" || last == ".zst") {
    path = path.stem();
  }
  return lower(path.extension().string());
}

}  // namespace

bool is_matrix_market(const CellPath& path) {
  return path.is_folder || lower(path.head).starts_with("%%matrixmarket") ||
         extension_of(path.path) == ".mtx";
}

bool is_gct(const CellPath& path) {
  const std::string extension = extension_of(path.path);
  return path.head.starts_with("#1.2") || path.head.starts_with("#1.3") || extension == ".gct";
}

bool is_gctx(const CellPath& path) {
  return path.head.starts_with("\x89HDF") && extension_of(path.path) == ".gctx";
}

bool is_npz(const CellPath& path) {
  return path.head.starts_with("PK") || extension_of(path.path) == ".npz";
}

bool is_profile_csv(const CellPath& path) {
  const std::string extension = extension_of(path.path);
  return extension == ".csv" || extension == ".tsv";
}

}  // namespace cupel
