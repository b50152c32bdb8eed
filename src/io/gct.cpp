// GCT 1.2 and 1.3 (Enache et al. 2019, doi:10.1093/bioinformatics/bty784), text.
#include <fast_float/fast_float.h>

#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/cell_formats.hpp"
#include "io/compressed.hpp"
#include "io/csv.hpp"
#include "io/csv_problem.hpp"

namespace cupel {
namespace detail {
namespace {

bool is_missing_number(std::string_view text) {
  const std::string word = lower(text);
  return word.empty() || word == "na" || word == "nan" || word == "n/a" || word == "null";
}

class GctParser {
 public:
  GctParser(std::string_view text, const std::string& source, const Context& context)
      : text_(text), source_(source), context_(context) {}

  CellsInMemory parse() {
    if (const std::size_t bad = find_invalid_byte(text_); bad != std::string_view::npos) {
      fail_encoding({.text = text_, .source = source_, .dialect = {'\t', 0}, .names = {}}, bad);
    }
    read_version();
    read_sizes();
    read_header();
    for (std::size_t i = 0; i < n_column_fields_; ++i) read_annotation();
    read_values();
    CellsInMemory cells{
        .source = source_, .cell_ids = std::move(samples_), .gene_ids = std::move(genes_)};
    cells.obs = table_of(column_fields_, column_values_, n_samples_);
    cells.var = table_of(row_fields_, row_values_, n_genes_);
    cells.x = {.n_rows = n_samples_, .n_cols = n_genes_, .is_sparse = false};
    cells.x.values = std::move(values_);
    cells.format = "gct";
    note_duplicates(cells.cell_ids, "cell", cells.diagnostics);
    note_duplicates(cells.gene_ids, "gene", cells.diagnostics);
    return cells;
  }

 private:
  [[noreturn]] void fail_line(const std::string& message, std::size_t column,
                              std::string_view value, const std::string& hint) const {
    fail_input(message,
               {.file = source_, .row = number_, .column = column, .value = printable(value)},
               hint);
  }

  /// False at the end. Cells of the line into `cells_`.
  bool next_line() {
    if (at_ >= text_.size()) return false;
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string_view line = text_.substr(at_, end - at_);
    if (line.ends_with('\r')) line.remove_suffix(1);
    at_ = end + 1;
    ++number_;
    cells_.clear();
    for (std::size_t begin = 0;;) {
      const std::size_t tab = line.find('\t', begin);
      cells_.push_back(line.substr(begin, tab == std::string_view::npos ? tab : tab - begin));
      if (tab == std::string_view::npos) return true;
      begin = tab + 1;
    }
  }

  void need_line(const std::string& what) {
    if (next_line()) return;
    fail_input("the file is cut off: " + what + " is missing",
               {.file = source_, .row = number_ + 1}, "copy or download it again");
  }

  void read_version() {
    const bool is_there = next_line();
    const std::string_view word = is_there ? trimmed(cells_[0]) : std::string_view();
    if (word != "#1.2" && word != "#1.3") {
      number_ = 1;
      fail_line("this is no GCT file: its first line is not #1.2 or #1.3", 0, word,
                "cmapPy's write_gct writes GCT 1.3");
    }
    is_old_ = word == "#1.2";
  }

  void read_sizes() {
    need_line("the line of sizes");
    while (cells_.size() > 1 && trimmed(cells_.back()).empty()) cells_.pop_back();
    std::vector<std::size_t> sizes;
    for (std::size_t c = 0; c < cells_.size(); ++c) {
      const std::string_view word = trimmed(cells_[c]);
      std::uint32_t value = 0;
      const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
      if (problem != std::errc{} || end != word.data() + word.size()) {
        fail_line("a size is not a whole number", c + 1, word,
                  "rows, columns and, in GCT 1.3, the numbers of their annotations");
      }
      sizes.push_back(value);
    }
    if (sizes.size() != (is_old_ ? 2U : 4U)) {
      fail_line("the line of sizes has " + std::to_string(sizes.size()) + " numbers instead of " +
                    (is_old_ ? "2" : "4"),
                0, "", "rows, columns and, in GCT 1.3, the numbers of their annotations");
    }
    n_genes_ = sizes[0];
    n_samples_ = sizes[1];
    n_row_fields_ = is_old_ ? 1 : sizes[2];
    n_column_fields_ = is_old_ ? 0 : sizes[3];
    // Every cell takes a byte at least.
    const std::size_t n_left = text_.size() - std::min(at_, text_.size());
    const std::size_t n_lines = n_genes_ + n_column_fields_ + 1;
    if ((n_samples_ + n_row_fields_ + 1) > (n_left + 1) / n_lines) {
      fail_line("the sizes state more values than the file holds: it is cut off, or they are wrong",
                0, "", "copy or download it again");
    }
  }

  void check_width() const {
    const std::size_t wanted = 1 + n_row_fields_ + n_samples_;
    if (cells_.size() == wanted) return;
    fail_line("the line has " + std::to_string(cells_.size()) + " cells instead of " +
                  std::to_string(wanted) + " (id, " + std::to_string(n_row_fields_) +
                  " annotations, " + std::to_string(n_samples_) + " samples)",
              0, cells_[0], "the cells are separated by tabs; the file may be cut off");
  }

  void read_header() {
    need_line("the line of sample names");
    check_width();
    for (std::size_t i = 0; i < n_row_fields_; ++i) row_fields_.emplace_back(cells_[1 + i]);
    for (std::size_t i = 0; i < n_samples_; ++i) {
      samples_.emplace_back(trimmed(cells_[1 + n_row_fields_ + i]));
      if (samples_.back().empty()) {
        fail_line("a sample has no name", 2 + n_row_fields_ + i, "", "name every column");
      }
    }
    row_values_.resize(n_row_fields_);
  }

  void read_annotation() {
    need_line("annotation " + std::to_string(column_fields_.size() + 1) + " of the samples");
    check_width();
    column_fields_.emplace_back(cells_[0]);
    auto& values = column_values_.emplace_back();
    for (std::size_t i = 0; i < n_samples_; ++i) {
      values.emplace_back(cells_[1 + n_row_fields_ + i]);
    }
  }

  void read_values() {
    values_.assign(n_samples_ * n_genes_, 0.0);
    for (std::size_t gene = 0; gene < n_genes_; ++gene) {
      need_line("row " + std::to_string(gene + 1) + " of " + std::to_string(n_genes_));
      check_width();
      genes_.emplace_back(trimmed(cells_[0]));
      if (genes_.back().empty()) fail_line("a row has no id", 1, "", "name every row");
      for (std::size_t i = 0; i < n_row_fields_; ++i) row_values_[i].emplace_back(cells_[1 + i]);
      for (std::size_t s = 0; s < n_samples_; ++s) {
        values_[s * n_genes_ + gene] = number(1 + n_row_fields_ + s);
      }
      if (gene % 1024 == 0) context_.check_cancelled();
    }
    while (next_line()) {
      if (cells_.size() > 1 || !trimmed(cells_[0]).empty()) {
        fail_line("there are more rows than the " + std::to_string(n_genes_) +
                      " that the second line states",
                  0, cells_[0], "correct the second line, or write the file again");
      }
    }
  }

  double number(std::size_t cell) const {
    std::string_view text = trimmed(cells_[cell]);
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0.0;
    const auto [end, problem] =
        fast_float::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc::invalid_argument && end == text.data() + text.size() &&
        !text.empty()) {
      return value;
    }
    if (is_missing_number(text)) return std::numeric_limits<double>::quiet_NaN();
    fail_line("the value is not a number", cell + 1, text, "a number, or NaN where it is missing");
  }

  Table table_of(const std::vector<std::string>& fields,
                 const std::vector<std::vector<std::string_view>>& values, std::size_t n) const {
    Table table{.source = source_, .n_rows = n, .columns = {}, .line_of_row = {}};
    for (std::size_t c = 0; c < fields.size(); ++c) {
      table.columns.push_back(typed_column(fields[c], values[c], context_));
    }
    return table;
  }

  std::string_view text_;
  const std::string& source_;
  const Context& context_;
  std::size_t at_ = 0;
  std::size_t number_ = 0;
  std::vector<std::string_view> cells_;
  bool is_old_ = false;
  std::size_t n_genes_ = 0;
  std::size_t n_samples_ = 0;
  std::size_t n_row_fields_ = 0;
  std::size_t n_column_fields_ = 0;
  std::vector<std::string> row_fields_;
  std::vector<std::string> column_fields_;
  std::vector<std::vector<std::string_view>> row_values_;     ///< per field, per gene
  std::vector<std::vector<std::string_view>> column_values_;  ///< per field, per sample
  std::vector<std::string> genes_;
  std::vector<std::string> samples_;
  std::vector<double> values_;
};

}  // namespace

Column typed_column(const std::string& name, const std::vector<std::string_view>& values,
                    const Context& context) {
  std::string text = "#\tvalue\n";  // with a first column no line is empty
  for (const std::string_view value : values) {
    const bool fits =
        value.find_first_of(std::string_view("\t\n\r\0", 4)) == std::string_view::npos;
    text += ".\t";
    text += fits && find_invalid_byte(value) == std::string_view::npos ? value : printable(value);
    text += '\n';
  }
  CsvOptions options{.delimiter = '\t', .quote = 0};
  options.missing_values.insert(options.missing_values.end(), {"na", "-666", "-666.0"});
  if (values.empty()) return {.name = name};
  Column column = std::move(parse_csv(text, name, options, context).columns[1]);
  column.name = name;
  return column;
}

CellsInMemory parse_gct(std::string_view text, const std::string& source, const Context& context) {
  return GctParser(text, source, context).parse();
}

}  // namespace detail

std::unique_ptr<CellFile> open_gct(const std::filesystem::path& path, const Context& context) {
  return cells_in_memory(detail::parse_gct(read_bytes(path), path.string(), context));
}

}  // namespace cupel
