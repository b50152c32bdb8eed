// Cells that live in memory, as a CellFile.
#include <algorithm>
#include <map>
#include <type_traits>
#include <utility>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/cells.hpp"

namespace cupel {

std::string_view to_string(MatrixLayout layout) noexcept {
  switch (layout) {
    case MatrixLayout::dense:
      return "dense";
    case MatrixLayout::csr:
      return "csr";
    case MatrixLayout::csc:
      return "csc";
  }
  return "?";
}

namespace {

class MemoryMatrix final : public CellMatrix {
 public:
  MemoryMatrix(CellBlock<double> all, std::string type, bool is_wide)
      : all_(std::move(all)), is_wide_(is_wide) {
    info_ = {.path = "X",
             .layout = all_.is_sparse ? MatrixLayout::csr : MatrixLayout::dense,
             .rows = all_.n_rows,
             .cols = all_.n_cols,
             .type = std::move(type),
             .n_stored = all_.values.size(),
             .compression = "none",
             .bytes_on_disk = 0};
  }
  [[nodiscard]] const MatrixInfo& info() const noexcept override { return info_; }
  [[nodiscard]] bool is_wide() const noexcept override { return is_wide_; }
  void stream(const StreamOptions& options, const Context& context,
              const std::function<void(CellBlock<float>&)>& sink) const override {
    stream_as<float>(options, context, sink);
  }
  void stream(const StreamOptions& options, const Context& context,
              const std::function<void(CellBlock<double>&)>& sink) const override {
    stream_as<double>(options, context, sink);
  }

 private:
  template <typename V>
  void stream_as(const StreamOptions& options, const Context& context,
                 const std::function<void(CellBlock<V>&)>& sink) const {
    const std::size_t begin = std::min(options.first_row, all_.n_rows);
    const std::size_t end = begin + std::min(options.n_rows, all_.n_rows - begin);
    const std::size_t step = std::max<std::size_t>(options.max_block_rows, 1);
    for (std::size_t first = begin; first < end; first += step) {
      context.check_cancelled();
      CellBlock<V> block;
      fill(first, std::min(end, first + step), block);
      sink(block);
    }
  }

  template <typename V>
  void fill(std::size_t first, std::size_t last, CellBlock<V>& block) const {
    block.first_row = first;
    block.n_rows = last - first;
    block.n_cols = all_.n_cols;
    block.is_sparse = all_.is_sparse;
    std::size_t from = first * all_.n_cols;
    std::size_t to = last * all_.n_cols;
    if (all_.is_sparse) {
      from = all_.row_begin[first];
      to = all_.row_begin[last];
      for (std::size_t row = first; row <= last; ++row) {
        block.row_begin.push_back(all_.row_begin[row] - from);
      }
      block.columns.assign(all_.columns.begin() + static_cast<std::ptrdiff_t>(from),
                           all_.columns.begin() + static_cast<std::ptrdiff_t>(to));
    }
    block.values.reserve(to - from);
    for (std::size_t i = from; i < to; ++i) block.values.push_back(static_cast<V>(all_.values[i]));
  }

  CellBlock<double> all_;
  bool is_wide_;
  MatrixInfo info_;
};

std::vector<std::string> numbered(std::vector<std::string> names, std::size_t n) {
  if (!names.empty()) return names;
  for (std::size_t i = 0; i < n; ++i) names.push_back(std::to_string(i));
  return names;
}

class MemoryFile final : public CellFile {
 public:
  explicit MemoryFile(CellsInMemory cells)
      : source_(std::move(cells.source)),
        format_(std::move(cells.format)),
        obs_(std::move(cells.obs)),
        var_(std::move(cells.var)),
        matrix_(std::move(cells.x), std::move(cells.type), cells.is_wide),
        matrices_{matrix_.info()},
        diagnostics_(std::move(cells.diagnostics)) {
    cell_ids_ = numbered(std::move(cells.cell_ids), matrix_.info().rows);
    gene_ids_ = numbered(std::move(cells.gene_ids), matrix_.info().cols);
    if (obs_.source.empty()) obs_.source = source_;
    if (var_.source.empty()) var_.source = source_;
    if (obs_.columns.empty()) obs_.n_rows = cell_ids_.size();
    if (var_.columns.empty()) var_.n_rows = gene_ids_.size();
    if (cell_ids_.size() != matrix_.info().rows || gene_ids_.size() != matrix_.info().cols) {
      fail(ErrorKind::internal, "cells in memory: names and matrix differ in size");
    }
  }
  [[nodiscard]] const std::string& source() const noexcept override { return source_; }
  [[nodiscard]] std::string_view format() const noexcept override { return format_; }
  [[nodiscard]] std::size_t n_cells() const noexcept override { return cell_ids_.size(); }
  [[nodiscard]] std::size_t n_genes() const noexcept override { return gene_ids_.size(); }
  [[nodiscard]] const std::vector<std::string>& cell_ids() const override { return cell_ids_; }
  [[nodiscard]] const std::vector<std::string>& gene_ids() const override { return gene_ids_; }
  [[nodiscard]] const Table& obs() const override { return obs_; }
  [[nodiscard]] const Table& var() const override { return var_; }
  [[nodiscard]] Categories obs_categories(std::string_view column) const override {
    return categories_of(obs_.at(column));
  }
  [[nodiscard]] const std::vector<MatrixInfo>& matrices() const override { return matrices_; }
  [[nodiscard]] const CellMatrix& matrix(std::string_view path) const override {
    if (path == "X") return matrix_;
    fail_input("there is no matrix \"" + std::string(path) + "\"", {.file = source_},
               "matrices: X");
  }
  [[nodiscard]] const std::vector<std::string>& raw_gene_ids() const override { return gene_ids_; }
  [[nodiscard]] const Diagnostics& diagnostics() const noexcept override { return diagnostics_; }

 private:
  std::string source_;
  std::string format_;
  std::vector<std::string> cell_ids_;
  std::vector<std::string> gene_ids_;
  Table obs_;
  Table var_;
  MemoryMatrix matrix_;
  std::vector<MatrixInfo> matrices_;
  Diagnostics diagnostics_;
};

}  // namespace

Categories categories_of(const Column& column) {
  Categories result{.name = column.name};
  std::map<std::string, std::uint32_t> code;
  const std::size_t n = column.size();
  for (std::size_t i = 0; i < n; ++i) {
    if (!column.is_missing(i)) code.emplace(column.as_text(i), 0);
  }
  for (auto& [level, index] : code) {
    index = static_cast<std::uint32_t>(result.levels.size());
    result.levels.push_back(level);
  }
  for (std::size_t i = 0; i < n; ++i) {
    result.code.push_back(column.is_missing(i) ? Categories::kMissing : code.at(column.as_text(i)));
  }
  return result;
}

std::unique_ptr<CellFile> cells_in_memory(CellsInMemory cells) {
  return std::make_unique<MemoryFile>(std::move(cells));
}

}  // namespace cupel
