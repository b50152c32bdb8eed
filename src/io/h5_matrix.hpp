#pragma once
/// Matrices of .h5ad files: dense, CSR and CSC, of anndata's present encoding and of the old one
/// (h5sparse_format).
#include <memory>
#include <string>
#include <vector>

#include "io/cells.hpp"
#include "io/h5_file.hpp"

namespace cupel::h5 {

/// Something that can be opened as a matrix lies at `path`.
bool is_matrix(const File& file, const std::string& path);
/// Opens it; reads no values. Throws Error{input}.
std::unique_ptr<CellMatrix> open_matrix(std::shared_ptr<const File> file, const std::string& path);
/// The fields of a compound dataset that hold several numbers per row, as dense matrices: obsm of
/// anndata 0.6 and before.
std::vector<std::unique_ptr<CellMatrix>> open_fields(const std::shared_ptr<const File>& file,
                                                     const std::string& path);
/// Looks up every chunk of a matrix and reads none.
void find_chunks(const File& file, const std::string& path);

}  // namespace cupel::h5
