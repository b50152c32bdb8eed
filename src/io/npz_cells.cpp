// Cells x genes in NumPy archives: scipy.sparse.save_npz, and numpy.savez with X and names.
#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/cell_formats.hpp"
#include "io/compressed.hpp"
#include "io/csv.hpp"
#include "io/npy.hpp"
#include "io/zip.hpp"

namespace cupel {
namespace detail {
namespace {

constexpr std::size_t kMostOfOneSide = 0xFFFF'FFFE;
constexpr std::size_t kMostUnnamed = std::size_t{1} << 24;  ///< sides that no array bounds

class NpzReader {
 public:
  NpzReader(std::string bytes, const std::string& source)
      : archive_(std::move(bytes), source), source_(source) {}

  CellsInMemory read() {
    CellsInMemory cells{.source = source_};
    cells.format = "npz";
    if (archive_.find("format.npy") != nullptr) {
      read_sparse(cells);
    } else {
      read_dense(cells);
    }
    cells.cell_ids = names("obs_names", cells.x.n_rows);
    cells.gene_ids = names("var_names", cells.x.n_cols);
    return cells;
  }

 private:
  std::string place(std::string_view name) const {
    return source_ + " [" + std::string(name) + "]";
  }

  NpyArray array(const std::string& name, std::size_t rank) const {
    const ZipMember* const member = archive_.find(name + ".npy");
    if (member == nullptr) {
      std::vector<std::string> there;
      for (const auto& item : archive_.members()) there.push_back(item.name);
      fail_input("the archive has no array \"" + name + "\"", {.file = source_},
                 "arrays there are: " + join(there, ", ") +
                     "; cupel reads scipy.sparse.save_npz and numpy.savez(X=, obs_names=, "
                     "var_names=)");
    }
    NpyArray result = parse_npy_array(archive_.read(*member), place(name));
    if (result.shape.size() != rank) {
      fail_input("the array has " + std::to_string(result.shape.size()) +
                     " dimensions instead of " + std::to_string(rank),
                 {.file = place(name)}, "write it again with numpy.savez or scipy.sparse.save_npz");
    }
    return result;
  }

  NpyArray numbers(const std::string& name, std::size_t rank) const {
    NpyArray result = array(name, rank);
    if (result.is_text()) {
      fail_input("the array holds texts instead of numbers", {.file = place(name)},
                 "write it again with numbers");
    }
    return result;
  }

  /// Of integers; each below `limit`.
  std::vector<std::uint64_t> indices(const std::string& name, std::uint64_t limit) const {
    const NpyArray raw = numbers(name, 1);
    if (raw.kind == 'f') {
      fail_input("the array holds fractions instead of integers", {.file = place(name)},
                 "write it again with scipy.sparse.save_npz");
    }
    std::vector<std::uint64_t> result(raw.n_elements());
    for (std::size_t i = 0; i < result.size(); ++i) {
      const double value = raw.at(i);
      if (!(value >= 0.0 && value < static_cast<double>(limit))) {
        fail_input("index " + format_double(value) + " at place " + std::to_string(i) +
                       " lies outside of 0 to " + std::to_string(limit) + " (not included)",
                   {.file = place(name)}, "the archive is damaged: write it again");
      }
      result[i] = static_cast<std::uint64_t>(value);
    }
    return result;
  }

  std::vector<std::string> names(const std::string& name, std::size_t n) const {
    if (archive_.find(name + ".npy") == nullptr) return {};
    const NpyArray raw = array(name, 1);
    if (raw.n_elements() != n && !(n == 0 && raw.shape[0] == 0)) {
      fail_input("there are " + std::to_string(raw.n_elements()) + " names for " +
                     std::to_string(n) + " rows or columns of X",
                 {.file = place(name)}, "one name per row or column");
    }
    std::vector<std::string> result;
    for (std::size_t i = 0; i < n; ++i) {
      result.push_back(raw.is_text() ? raw.text(i) : format_double(raw.at(i)));
    }
    return result;
  }

  static std::string type_of(const NpyArray& values) {
    const std::string bits = std::to_string(8 * values.item_size);
    return values.kind == 'f'   ? "float" + bits
           : values.kind == 'i' ? "int" + bits
           : values.kind == 'u' ? "uint" + bits
                                : "bool";
  }
  static bool is_wide(const NpyArray& values) {
    return values.kind == 'f' ? values.item_size == 8 : values.item_size >= 4;
  }

  void read_dense(CellsInMemory& cells) const {
    const NpyArray x = numbers("X", 2);
    cells.type = type_of(x);
    cells.is_wide = is_wide(x);
    cells.x = {.n_rows = x.rows(), .n_cols = x.cols(), .is_sparse = false};
    cells.x.values.reserve(x.n_elements());
    for (std::size_t i = 0; i < x.rows(); ++i) {
      for (std::size_t j = 0; j < x.cols(); ++j) cells.x.values.push_back(x.at(i, j));
    }
  }

  void read_sparse(CellsInMemory& cells) const {
    const NpyArray format_array = array("format", 0);
    const std::string format = format_array.is_text() ? format_array.text(0) : "";
    if (format != "csr" && format != "csc" && format != "coo") {
      fail_input("the sparse format \"" + format + "\" is not read", {.file = place("format")},
                 "save matrix.tocsr(); csr, csc and coo are read");
    }
    const auto shape = indices("shape", kMostOfOneSide);
    if (shape.size() != 2) {
      fail_input("the shape is not two numbers", {.file = place("shape")},
                 "write the archive again with scipy.sparse.save_npz");
    }
    const NpyArray data = numbers("data", 1);
    cells.type = type_of(data);
    cells.is_wide = is_wide(data);
    std::vector<MatrixEntry> entries =
        format == "coo" ? coo_entries(data, shape) : packed_entries(data, shape, format == "csr");
    for (const std::size_t side : shape) {
      if (side > kMostUnnamed + data.n_elements()) {
        fail_input("the shape states " + std::to_string(side) + " rows or columns for " +
                       std::to_string(data.n_elements()) + " values",
                   {.file = place("shape")}, "check the matrix, and write the archive again");
      }
    }
    std::size_t n_duplicates = 0;
    cells.x = csr_from_entries(shape[0], shape[1], std::move(entries), n_duplicates);
    if (n_duplicates > 0) {
      cells.diagnostics.add("duplicate_entry", Severity::warning,
                            "the matrix states a value of the same cell and gene twice; they were "
                            "added up",
                            "", n_duplicates);
    }
  }

  void expect_length(const std::string& name, std::size_t n, std::size_t wanted) const {
    if (n == wanted) return;
    fail_input(
        "the array has " + std::to_string(n) + " elements instead of " + std::to_string(wanted),
        {.file = place(name)}, "the archive is damaged: write it again");
  }

  std::vector<MatrixEntry> coo_entries(const NpyArray& data,
                                       const std::vector<std::uint64_t>& shape) const {
    const auto rows = indices("row", shape[0]);
    const auto cols = indices("col", shape[1]);
    expect_length("row", rows.size(), data.n_elements());
    expect_length("col", cols.size(), data.n_elements());
    std::vector<MatrixEntry> entries(rows.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
      entries[i] = {static_cast<std::uint32_t>(rows[i]), static_cast<std::uint32_t>(cols[i]),
                    data.at(i)};
    }
    return entries;
  }

  std::vector<MatrixEntry> packed_entries(const NpyArray& data,
                                          const std::vector<std::uint64_t>& shape,
                                          bool by_rows) const {
    const std::size_t n_major = shape[by_rows ? 0 : 1];
    const std::size_t n = data.n_elements();
    const auto minor = indices("indices", shape[by_rows ? 1 : 0]);
    expect_length("indices", minor.size(), n);
    const auto begin = indices("indptr", n + 1);
    expect_length("indptr", begin.size(), n_major + 1);
    if (begin.front() != 0 || begin.back() != n || !std::is_sorted(begin.begin(), begin.end())) {
      fail_input("the array does not rise from 0 to the number of values, " + std::to_string(n),
                 {.file = place("indptr")}, "the archive is damaged: write it again");
    }
    std::vector<MatrixEntry> entries(n);
    for (std::size_t major = 0; major < n_major; ++major) {
      for (std::size_t i = begin[major]; i < begin[major + 1]; ++i) {
        const auto a = static_cast<std::uint32_t>(major);
        const auto b = static_cast<std::uint32_t>(minor[i]);
        entries[i] = {by_rows ? a : b, by_rows ? b : a, data.at(i)};
      }
    }
    return entries;
  }

  ZipArchive archive_;
  const std::string& source_;
};

}  // namespace

CellsInMemory parse_npz(std::string bytes, const std::string& source) {
  return NpzReader(std::move(bytes), source).read();
}

}  // namespace detail

namespace {

namespace fs = std::filesystem;

/// `<stem>_obs.csv`, else `obs.csv`, beside the archive.
std::optional<detail::AxisNames> axis_beside(const fs::path& path, const std::string& axis,
                                             std::size_t n, const Context& context) {
  for (const auto& prefix : {path.stem().string() + "_", std::string()}) {
    for (const char* end : {".csv", ".csv.gz", ".tsv", ".tsv.gz"}) {
      const fs::path beside = path.parent_path() / (prefix + axis + end);
      std::error_code ignored;
      if (!fs::is_regular_file(beside, ignored)) continue;
      return detail::read_axis_names(beside, n, context);
    }
  }
  return std::nullopt;
}

/// Names beside the archive; those inside it must not contradict them.
void take_ids(std::vector<std::string>& ids, detail::AxisNames& beside) {
  if (!ids.empty() && ids != beside.ids) {
    fail_input("the names are not those inside the archive", {.file = beside.source},
               "one of them is of another matrix, or in another order: remove the wrong one");
  }
  ids = std::move(beside.ids);
}

}  // namespace

std::unique_ptr<CellFile> open_npz(const fs::path& path, const Context& context) {
  CellsInMemory cells = detail::parse_npz(read_bytes(path), path.string());
  if (auto obs = axis_beside(path, "obs", cells.x.n_rows, context)) {
    take_ids(cells.cell_ids, *obs);
    cells.obs = std::move(obs->table);
  }
  if (auto var = axis_beside(path, "var", cells.x.n_cols, context)) {
    take_ids(cells.gene_ids, *var);
    cells.var = std::move(var->table);
  }
  detail::note_duplicates(cells.cell_ids, "cell", cells.diagnostics);
  detail::note_duplicates(cells.gene_ids, "gene", cells.diagnostics);
  return cells_in_memory(std::move(cells));
}

}  // namespace cupel
