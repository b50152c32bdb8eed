#include "io/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <limits>
#include <memory>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "base/parallel.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "cupel/finding.hpp"  // for kUndefined
#include "io/compressed.hpp"
#include "io/csv_cells.hpp"
#include "io/csv_plan.hpp"
#include "io/csv_problem.hpp"
#include "io/csv_records.hpp"
#include "io/csv_scan.hpp"
#include "io/huge_pages.hpp"

namespace cupel {
namespace {

using namespace detail;

constexpr std::size_t kSmallestStep =
    std::size_t{256} * 1024;                 // bytes per work item: stays in the L2 cache
constexpr std::size_t kRecordsPerStep = 16;  // at least, so that columns are worth a loop

class CsvReader {
 public:
  CsvReader(std::string_view bytes, const std::string& source, const CsvOptions& options,
            const Context& context)
      : options_(options), context_(context), missing_(options.missing_values) {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    while (!bytes.empty() && (bytes.back() == '\n' || bytes.back() == '\r')) bytes.remove_suffix(1);
    csv_ = {.text = bytes, .source = source, .dialect = {',', options.quote}, .names = {}};
    table_.source = source;
  }

  Table read() {
    if (csv_.text.empty()) {
      fail_input("the file is empty", {.file = csv_.source},
                 "it should have a line with column names and at least one line of data");
    }
    choose_delimiter();
    survey_text();
    read_header();
    choose_columns();
    cut_chunks();
    guess_types();
    parse_columns();
    number_lines();
    finish_columns();
    return std::move(table_);
  }

 private:
  void choose_delimiter() {
    const char wanted = options_.delimiter;
    const bool letter = std::isalnum(static_cast<unsigned char>(wanted)) != 0;
    if (letter || wanted == '\n' || wanted == '\r' || static_cast<unsigned char>(wanted) >= 0x80 ||
        (wanted != 0 && wanted == options_.quote)) {
      fail(ErrorKind::usage, fmt::format("\"{}\" cannot delimit cells", printable({&wanted, 1})),
           {}, "use a comma, a semicolon, a tab or a vertical bar");
    }
    csv_.dialect.delimiter = wanted != 0 ? wanted : guess_delimiter(csv_.text, options_.quote);
  }

  /// UTF-8 without NUL; counts quotes and line feeds on the way, so that every work item knows
  /// where its records begin and which rows they are.
  void survey_text() {
    const std::string_view text = csv_.text;
    const std::size_t first = split_record(text, 0, csv_.dialect).next;
    const std::size_t length = split_record(text, first, csv_.dialect).next - first;
    step_ = std::max(kSmallestStep, length * kRecordsPerStep);
    surveys_.resize((text.size() + step_ - 1) / step_);
    const auto character_at = [&](std::size_t at) {  // a step begins at the begin of a character
      const std::size_t last = std::min(at + 3, text.size());
      while (at > 0 && at < last && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
      return std::min(at, text.size());
    };
    parallel_for(context_, surveys_.size(), [&](std::size_t s) {
      const std::size_t begin = character_at(s * step_);
      const std::size_t end = character_at(std::min((s + 1) * step_, text.size()));
      const std::size_t bad = find_invalid_byte(text.substr(begin, end - begin));
      if (bad != std::string_view::npos) fail_encoding(csv_, begin + bad);
      surveys_[s] = survey(text.substr(s * step_, step_), csv_.dialect, simd_);
    });
  }

  void read_header() {
    const RecordCells header = split_record(csv_.text, 0, csv_.dialect);
    body_begin_ = header.next;
    const std::string_view text = csv_.text.substr(0, header.next);
    CellIndex index;
    index_cells(text, csv_.dialect, simd_, index);
    if (index.problem != ScanProblem::none) fail_scan(csv_, index.problem, index.problem_at);
    std::unordered_map<std::string, std::size_t> seen;
    std::string scratch;
    for (std::size_t c = 0; c < header.cells.size(); ++c) {
      const std::string_view cell = header.cells[c];
      const bool is_quoted = !cell.empty() && cell.front() == options_.quote;
      std::string name(is_quoted ? unquoted(cell, options_.quote, scratch) : trim_blanks(cell));
      if (name.empty()) name = fmt::format("unnamed_{}", c + 1);
      const auto [known, is_new] = seen.emplace(name, c + 1);
      if (!is_new) {
        fail_input(
            fmt::format("two columns have the same name (columns {} and {})", known->second, c + 1),
            {.file = csv_.source,
             .row = 1,
             .column = c + 1,
             .column_name = name,
             .value = printable(cell)},
            "rename or remove one of them");
      }
      csv_.names.push_back(std::move(name));
    }
    if (body_begin_ == csv_.text.size()) {
      fail_input("the file has a header and no data", {.file = csv_.source, .row = 1},
                 "add data, or if the first line is data, add a line with column names above it");
    }
    n_header_lines_ = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  void check_name(const std::string& name, std::string_view what) const {
    if (std::find(csv_.names.begin(), csv_.names.end(), name) != csv_.names.end()) return;
    const std::string near = nearest_word(name, csv_.names);
    std::vector<std::string> shown = csv_.names;
    if (shown.size() > 12) {
      shown.resize(12);
      shown.emplace_back("...");
    }
    fail_input(fmt::format("there is no column \"{}\" ({})", printable(name), what),
               {.file = csv_.source, .row = 1},
               (near.empty() ? "" : fmt::format("did you mean \"{}\"? ", near)) +
                   "columns: " + join(shown, ", "));
  }

  void choose_columns() {
    for (const auto& name : options_.columns) check_name(name, "asked for");
    for (const auto& [name, type] : options_.types) check_name(name, "its type was given");
    for (std::size_t c = 0; c < csv_.names.size(); ++c) {
      const auto& wanted = options_.columns;
      if (!wanted.empty() &&
          std::find(wanted.begin(), wanted.end(), csv_.names[c]) == wanted.end()) {
        continue;
      }
      auto plan = std::make_unique<ColumnPlan>();
      plan->file_column = c;
      if (const auto type = options_.types.find(csv_.names[c]); type != options_.types.end()) {
        plan->forced = true;
        plan->kind = to_kind(type->second);
      }
      plans_.push_back(std::move(plan));
      table_.columns.emplace_back().name = csv_.names[c];
    }
  }

  void cut_chunks() {
    const auto cuts = cut_at_records(csv_.text, csv_.dialect, step_, surveys_);
    Cut begin{body_begin_, 1};
    for (const Cut& cut : cuts) {
      if (cut.begin <= begin.begin) continue;
      chunks_.push_back({.text = csv_.text.substr(begin.begin, cut.begin - begin.begin),
                         .first_row = begin.first_record - 1,
                         .n_rows = cut.first_record - begin.first_record});
      begin = cut;
    }
    table_.n_rows = cuts.back().first_record - 1;
  }

  void index_chunk(const Chunk& chunk, CellIndex& index) const {
    if (chunk.text.size() > std::numeric_limits<std::uint32_t>::max() - 64) {
      fail_input("a line is longer than 4 GiB", locate(csv_, offset_of(chunk, 0)),
                 "look for a quote that is not closed");
    }
    index_cells(chunk.text, csv_.dialect, simd_, index);
    check_shape(chunk, index);
  }

  [[nodiscard]] std::size_t offset_of(const Chunk& chunk, std::size_t at) const noexcept {
    return static_cast<std::size_t>(chunk.text.data() - csv_.text.data()) + at;
  }

  /// Every record has as many cells as the header: there are n_records line ends, so it is enough
  /// that each record's last separator is one.
  void check_shape(const Chunk& chunk, const CellIndex& index) const {
    const std::size_t n_columns = csv_.names.size();
    const auto ends_record = [&](std::size_t at) {
      return at == chunk.text.size() || chunk.text[at] == '\n';
    };
    bool even =
        index.problem == ScanProblem::none && index.n_cells() == index.n_records * n_columns;
    for (std::size_t r = 1; even && r <= index.n_records; ++r) {
      even = ends_record(index.ends[r * n_columns]);
    }
    if (even) return;
    std::size_t first_cell = 0;  // of the record
    for (std::size_t i = 0; i < index.n_cells(); ++i) {
      if (!ends_record(index.ends[i + 1])) continue;
      if (const std::size_t n_cells = i + 1 - first_cell; n_cells != n_columns) {
        const std::uint32_t begin = index.ends[first_cell] + 1;
        fail_ragged(csv_, offset_of(chunk, begin), n_cells);
      }
      first_cell = i + 1;
    }
    fail_scan(csv_, index.problem, offset_of(chunk, index.problem_at));
  }

  /// Lines on which the rows of a chunk with quoted line feeds begin.
  void count_lines(Chunk& chunk, const CellIndex& index) const {
    chunk.n_quoted_line_feeds = index.n_quoted_line_feeds;
    if (index.n_quoted_line_feeds == 0) return;
    chunk.line_of_row.resize(chunk.n_rows);
    std::uint32_t line = 0;
    for (std::size_t r = 0; r < chunk.n_rows; ++r) {
      chunk.line_of_row[r] = line;
      const std::uint32_t begin = index.ends[r * csv_.names.size()] + 1;
      const std::uint32_t end = index.ends[(r + 1) * csv_.names.size()];
      const std::string_view record = chunk.text.substr(begin, end - begin);
      line += 1 + static_cast<std::uint32_t>(std::count(record.begin(), record.end(), '\n'));
    }
  }

  /// Fills line_of_row if a record or the header spans lines.
  void number_lines() {
    std::size_t n_lines = n_header_lines_;
    for (const auto& chunk : chunks_) n_lines += chunk.n_rows + chunk.n_quoted_line_feeds;
    if (n_lines == table_.n_rows + 1) return;
    table_.line_of_row.resize(table_.n_rows);
    std::size_t line = n_header_lines_ + 1;
    for (const auto& chunk : chunks_) {
      for (std::size_t r = 0; r < chunk.n_rows; ++r) {
        const std::size_t offset = chunk.line_of_row.empty() ? r : chunk.line_of_row[r];
        table_.line_of_row[chunk.first_row + r] = line + offset;
      }
      line += chunk.n_rows + chunk.n_quoted_line_feeds;
    }
  }

  /// The cell as it stands, with its quotes.
  [[nodiscard]] std::string_view raw_cell(const Chunk& chunk, const CellIndex& index,
                                          std::size_t row, std::size_t column) const noexcept {
    const std::size_t cell = row * csv_.names.size() + column;
    const std::uint32_t begin = index.ends[cell] + 1;
    std::uint32_t end = index.ends[cell + 1];
    if (column + 1 == csv_.names.size() && end > begin && chunk.text[end - 1] == '\r') --end;
    return {chunk.text.data() + begin, end - begin};
  }

  /// A first guess from the first rows; a wrong one costs a second reading of the column.
  void guess_types() {
    constexpr std::size_t kRows = 64;
    const Chunk& chunk = chunks_.front();
    CellIndex index;
    index_cells(chunk.text.substr(0, step_), csv_.dialect, simd_, index);
    const std::size_t n_rows = std::min(kRows, index.n_cells() / csv_.names.size());
    std::string scratch;
    for (auto& plan : plans_) {
      for (std::size_t r = 0; !plan->forced && r < n_rows; ++r) {
        const std::string_view cell =
            unquoted(raw_cell(chunk, index, r, plan->file_column), options_.quote, scratch);
        if (!missing_.contains(cell)) plan->kind = std::max(plan->kind, kind_of(cell));
      }
    }
  }

  void parse_columns() {
    std::vector<std::uint32_t> active(plans_.size());
    std::iota(active.begin(), active.end(), 0U);
    IndexPool pool;
    while (!active.empty()) {
      for (const std::uint32_t c : active) {
        if (plans_[c]->kind == CellKind::text) plans_[c]->text_slot = n_text_columns_++;
      }
      parallel_for(context_, active.size(), [&](std::size_t i) { allocate(active[i]); });
      parallel_for(context_, chunks_.size(), [&](std::size_t k) {
        CellIndex index = pool.take();
        index_chunk(chunks_[k], index);
        if (active.size() == plans_.size()) count_lines(chunks_[k], index);
        chunks_[k].text_pieces.resize(n_text_columns_);
        for (const std::uint32_t c : active) parse_piece(chunks_[k], index, c);
        pool.give_back(std::move(index));
      });
      std::erase_if(active, [&](std::uint32_t c) {
        ColumnPlan& plan = *plans_[c];
        if (plan.needed <= plan.kind) return true;
        plan.kind = plan.needed;
        return false;
      });
    }
  }

  void allocate(std::size_t c) {
    Column& column = table_.columns[c];
    column.type = to_type(plans_[c]->kind);
    column.integers = {};
    column.numbers = {};
    switch (plans_[c]->kind) {
      case CellKind::integer:
        resize_on_huge_pages(column.integers, table_.n_rows);
        break;
      case CellKind::number:
        resize_on_huge_pages(column.numbers, table_.n_rows);
        break;
      case CellKind::text:
        resize_on_huge_pages(column.text_ends, table_.n_rows);
        break;
    }
  }

  void parse_piece(Chunk& chunk, const CellIndex& index, std::uint32_t c) {
    ColumnPlan& plan = *plans_[c];
    Column& column = table_.columns[c];
    const NumberRule rule = plan.forced ? NumberRule::forced : NumberRule::inferred;
    if (plan.kind == CellKind::integer) {
      std::int64_t* const out = column.integers.data() + chunk.first_row;
      parse_cells(
          chunk, index, c,
          [&](std::size_t row, std::string_view cell, const char* floor) {
            return parse_integer(cell, floor, rule, out[row]);
          },
          [&](std::size_t row) { out[row] = 0; });
    } else if (plan.kind == CellKind::number) {
      double* const out = column.numbers.data() + chunk.first_row;
      parse_cells(
          chunk, index, c,
          [&](std::size_t row, std::string_view cell, const char* floor) {
            return parse_number(cell, floor, rule, out[row]);
          },
          [&](std::size_t row) { out[row] = kUndefined; });
    } else {
      std::uint64_t* const ends = column.text_ends.data() + chunk.first_row;
      TextPiece& piece = chunk.text_pieces[plan.text_slot];
      piece.clear();
      const char* const end_of_text = csv_.text.data() + csv_.text.size();
      parse_cells(
          chunk, index, c,
          [&](std::size_t row, std::string_view cell, const char* floor) {
            piece.append(cell, floor == csv_.text.data() ? end_of_text : cell.data() + cell.size());
            ends[row] = piece.size();
            return true;
          },
          [&](std::size_t row) { ends[row] = piece.size(); });
    }
  }

  /// Calls `parse(row, cell, floor)` or `skip(row)` for every row; stops where parse gives false.
  template <typename Parse, typename Skip>
  void parse_cells(Chunk& chunk, const CellIndex& index, std::uint32_t c, const Parse& parse,
                   const Skip& skip) {
    ColumnPlan& plan = *plans_[c];
    std::string scratch;
    for (std::size_t row = 0; row < chunk.n_rows; ++row) {
      std::string_view cell = raw_cell(chunk, index, row, plan.file_column);
      const char* floor = csv_.text.data();
      if (!cell.empty() && cell.front() == options_.quote) {
        cell = unquoted(cell, options_.quote, scratch);
        if (cell.data() == scratch.data()) floor = scratch.data();
      }
      if (missing_.contains(cell)) {
        skip(row);
        chunk.missing.emplace_back(c, static_cast<std::uint32_t>(row));
      } else if (!parse(row, cell, floor)) {
        if (plan.forced) {
          const std::uint32_t begin = index.ends[row * csv_.names.size() + plan.file_column] + 1;
          fail_type(csv_, offset_of(chunk, begin), cell, to_type(plan.kind));
        }
        plan.ask_for(kind_of(cell));
        return;
      }
    }
  }

  void finish_columns() {
    for (const auto& chunk : chunks_) {
      for (const auto& [c, row] : chunk.missing) {
        auto& flags = table_.columns[c].missing;
        if (flags.empty()) flags.resize(table_.n_rows);
        flags[chunk.first_row + row] = 1;
      }
    }
    parallel_for(context_, plans_.size(), [&](std::size_t c) {
      Column& column = table_.columns[c];
      if (column.type == ColumnType::text) join_pieces(c);
      const bool all_missing =
          !column.missing.empty() &&
          std::find(column.missing.begin(), column.missing.end(), 0) == column.missing.end();
      if (all_missing && !plans_[c]->forced) {
        column.type = ColumnType::number;
        column.integers = {};
        column.numbers.assign(table_.n_rows, kUndefined);
      }
    });
  }

  void join_pieces(std::size_t c) {
    Column& column = table_.columns[c];
    std::size_t n_bytes = 0;
    const std::size_t slot = plans_[c]->text_slot;
    for (const auto& chunk : chunks_) n_bytes += chunk.text_pieces[slot].size();
    resize_on_huge_pages(column.text_bytes, n_bytes);
    std::uint64_t offset = 0;
    for (auto& chunk : chunks_) {
      const std::string_view piece = chunk.text_pieces[slot].view();
      piece.copy(column.text_bytes.data() + offset, piece.size());
      for (std::size_t r = 0; r < chunk.n_rows; ++r) {
        column.text_ends[chunk.first_row + r] += offset;
      }
      offset += piece.size();
      chunk.text_pieces[slot] = {};
    }
  }

  const CsvOptions& options_;
  const Context& context_;
  MissingValues missing_;
  CsvText csv_;
  Table table_;
  std::size_t body_begin_ = 0;
  std::size_t n_header_lines_ = 1;
  std::size_t step_ = kSmallestStep;
  std::vector<Survey> surveys_;
  std::vector<Chunk> chunks_;
  std::vector<std::unique_ptr<ColumnPlan>> plans_;
  std::size_t n_text_columns_ = 0;
  SimdLevel simd_ = best_simd_level();
};

}  // namespace

Table parse_csv(std::string_view bytes, const std::string& source, const CsvOptions& options,
                const Context& context) {
  return CsvReader(bytes, source, options, context).read();
}

Table read_csv(const std::filesystem::path& path, const CsvOptions& options,
               const Context& context) {
  const std::string bytes = read_bytes(path);
  return parse_csv(bytes, path == "-" ? "standard input" : path.string(), options, context);
}

}  // namespace cupel
