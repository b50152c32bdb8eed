// .h5ad files as a CellFile: annotations are read when the file is opened, matrices on demand.
#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/cell_openers.hpp"
#include "io/h5_file.hpp"
#include "io/h5_matrix.hpp"
#include "io/h5_trial.hpp"
#include "io/h5ad_table.hpp"

namespace cupel {
namespace {

class H5adFile final : public CellFile {
 public:
  H5adFile(std::shared_ptr<const h5::File> file, const Context& context) : file_(std::move(file)) {
    obs_ = h5::read_frame(*file_, "obs", context, diagnostics_);
    var_ = h5::read_frame(*file_, "var", context, diagnostics_);
    if (obs_.is_old) {
      diagnostics_.add("old_encoding", Severity::note,
                       "the file is written in the encoding of anndata 0.7 or before");
    }
    count_duplicates(var_.names, "duplicate_gene",
                     "genes that share a name cannot be told apart by it");
    count_duplicates(obs_.names, "duplicate_cell",
                     "cells that share a name cannot be told apart by it");
    find_matrices(context);
  }

  [[nodiscard]] const std::string& source() const noexcept override { return file_->source(); }
  [[nodiscard]] std::string_view format() const noexcept override { return "h5ad"; }
  [[nodiscard]] std::size_t n_cells() const noexcept override { return obs_.names.size(); }
  [[nodiscard]] std::size_t n_genes() const noexcept override { return var_.names.size(); }
  [[nodiscard]] const std::vector<std::string>& cell_ids() const override { return obs_.names; }
  [[nodiscard]] const std::vector<std::string>& gene_ids() const override { return var_.names; }
  [[nodiscard]] const Table& obs() const override { return obs_.table; }
  [[nodiscard]] const Table& var() const override { return var_.table; }
  [[nodiscard]] const std::vector<MatrixInfo>& matrices() const override { return infos_; }
  [[nodiscard]] const std::vector<std::string>& raw_gene_ids() const override {
    return raw_genes_.empty() ? var_.names : raw_genes_;
  }
  [[nodiscard]] const Diagnostics& diagnostics() const noexcept override { return diagnostics_; }

  [[nodiscard]] Categories obs_categories(std::string_view name) const override {
    const Column& column = obs_.table.at(name);
    const auto found = obs_.levels.find(std::string(name));
    if (found == obs_.levels.end()) return categories_of(column);
    Categories result{.name = column.name, .levels = found->second, .code = {}};
    std::map<std::string, std::uint32_t> code_of;
    for (const auto& level : result.levels) {
      code_of.emplace(level, static_cast<std::uint32_t>(code_of.size()));
    }
    result.code.reserve(column.size());
    for (std::size_t i = 0; i < column.size(); ++i) {
      result.code.push_back(column.is_missing(i) ? Categories::kMissing
                                                 : code_of.at(column.as_text(i)));
    }
    return result;
  }

  [[nodiscard]] const CellMatrix& matrix(std::string_view path) const override {
    for (const std::string prefix : {"", "layers/", "obsm/"}) {
      const auto found = matrices_.find(prefix + std::string(path));
      if (found != matrices_.end()) return *found->second;
    }
    if (path == "raw" && matrices_.contains("raw/X")) return *matrices_.at("raw/X");
    std::vector<std::string> paths;
    for (const auto& info : infos_) paths.push_back(info.path);
    fail_input("there is no matrix \"" + std::string(path) + "\"", {.file = source()},
               paths.empty() ? "the file has no matrices" : "matrices: " + join(paths, ", "));
  }

  /// Looks up every chunk of the matrices and reads none.
  void find_chunks() const {
    for (const auto& [path, matrix] : matrices_) h5::find_chunks(*file_, matrix->info().path);
  }

 private:
  void count_duplicates(const std::vector<std::string>& names, std::string_view code,
                        std::string_view message) {
    std::unordered_set<std::string_view> seen;
    for (const auto& name : names) {
      if (!seen.insert(name).second) diagnostics_.add(code, Severity::warning, message, name);
    }
  }

  void add_matrix(const std::string& path, const std::string& stored, std::size_t n_cols) {
    add_matrix(path, n_cols, h5::open_matrix(file_, stored));
  }
  void add_matrix(const std::string& path, std::size_t n_cols, std::unique_ptr<CellMatrix> matrix) {
    const MatrixInfo& info = matrix->info();
    if (info.rows != n_cells() || (n_cols != 0 && info.cols != n_cols)) {
      file_->fail_at(info.path, "is " + std::to_string(info.rows) + " x " +
                                    std::to_string(info.cols) + ", the annotations are of " +
                                    std::to_string(n_cells()) + " cells and " +
                                    std::to_string(n_cols) + " genes");
    }
    infos_.push_back(info);
    infos_.back().path = path;
    matrices_.emplace(path, std::move(matrix));
  }

  void find_matrices(const Context& context) {
    if (h5::is_matrix(*file_, "X")) add_matrix("X", "X", n_genes());
    for (const std::string folder : {"layers", "obsm"}) {
      for (const auto& name : file_->children(folder)) {
        const std::string path = folder + "/" + name;
        if (h5::is_matrix(*file_, path)) {
          add_matrix(path, path, folder == "layers" ? n_genes() : 0);
        } else {
          diagnostics_.add("matrix_left_out", Severity::note,
                           "what is neither dense nor sparse is left out", path);
        }
      }
    }
    if (file_->is_dataset("obsm")) {
      for (auto& matrix : h5::open_fields(file_, "obsm")) {
        const std::string path = matrix->info().path;
        add_matrix(path, 0, std::move(matrix));
      }
    }
    const std::string raw = file_->is_group("raw") ? "raw/" : "raw.";
    if (h5::is_matrix(*file_, raw + "X")) {
      raw_genes_ = h5::read_frame(*file_, raw + "var", context, diagnostics_).names;
      add_matrix("raw/X", raw + "X", raw_genes_.size());
    }
  }

  std::shared_ptr<const h5::File> file_;
  Diagnostics diagnostics_;
  h5::Frame obs_;
  h5::Frame var_;
  std::vector<std::string> raw_genes_;
  std::vector<MatrixInfo> infos_;
  std::map<std::string, std::unique_ptr<CellMatrix>> matrices_;
};

}  // namespace

std::unique_ptr<CellFile> open_h5ad(const std::filesystem::path& path, const Context& context) {
  std::error_code error;
  const auto n_bytes = std::filesystem::file_size(path, error);
  h5::try_in_child(path.string(), error ? 0 : n_bytes,
                   [&] { H5adFile(h5::File::open(path), {}).find_chunks(); });
  return std::make_unique<H5adFile>(h5::File::open(path), context);
}

std::unique_ptr<CellFile> open_h5ad_image(const std::string& bytes, const std::string& source,
                                          bool is_trusted, const Context& context) {
  if (!is_trusted) {
    h5::try_in_child(source, bytes.size(),
                     [&] { H5adFile(h5::File::open_image(bytes, source), {}).find_chunks(); });
  }
  return std::make_unique<H5adFile>(h5::File::open_image(bytes, source), context);
}

}  // namespace cupel
