#pragma once
/// The formats behind open_cells.
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "cupel/context.hpp"
#include "io/cells.hpp"

namespace cupel {

/// What can be known of a path before it is opened.
struct CellPath {
  std::filesystem::path path;
  bool is_folder = false;
  std::string head;  ///< the first bytes (up to 512) of a file
};

struct CellOpener {
  std::string_view format;
  bool (*accepts)(const CellPath& path);
  std::unique_ptr<CellFile> (*open)(const std::filesystem::path& path, const Context& context);
};

bool is_matrix_market(const CellPath& path);  ///< a folder too
bool is_gct(const CellPath& path);
bool is_gctx(const CellPath& path);
bool is_npz(const CellPath& path);
bool is_profile_csv(const CellPath& path);

std::unique_ptr<CellFile> open_h5ad(const std::filesystem::path& path, const Context& context);
/// The bytes of an .h5ad file; for tests. `is_trusted`: libhdf5 is not tried on it before.
std::unique_ptr<CellFile> open_h5ad_image(const std::string& bytes, const std::string& source,
                                          bool is_trusted, const Context& context);

}  // namespace cupel
