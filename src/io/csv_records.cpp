#include "io/csv_records.hpp"

#include <algorithm>
#include <utility>

namespace cupel::detail {

RecordCells split_record(std::string_view text, std::size_t begin, const CsvDialect& dialect) {
  RecordCells record;
  bool quoted = false;
  std::size_t cell = begin;
  std::size_t i = begin;
  const auto end_cell = [&] { record.cells.push_back(text.substr(cell, i - cell)); };
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == dialect.quote && dialect.quote != 0 && (quoted || i == cell || text[i - 1] == c)) {
      quoted = !quoted;
    } else if (!quoted && c == dialect.delimiter) {
      end_cell();
      cell = i + 1;
    } else if (!quoted && c == '\n') {
      break;
    }
  }
  end_cell();
  if (record.cells.back().ends_with('\r')) record.cells.back().remove_suffix(1);
  record.next = std::min(i + 1, text.size());
  return record;
}

std::string_view unquoted(std::string_view cell, char quote, std::string& scratch) {
  if (cell.size() < 2 || cell.front() != quote || quote == 0) return cell;
  cell = cell.substr(1, cell.size() - 2);
  if (cell.find(quote) == std::string_view::npos) return cell;
  scratch.clear();
  for (std::size_t i = 0; i < cell.size(); ++i) {
    scratch += cell[i];
    if (cell[i] == quote) ++i;  // the second of a pair
  }
  return scratch;
}

char guess_delimiter(std::string_view text, char quote) {
  constexpr std::size_t kGuessBytes = 64 * 1024;
  constexpr std::size_t kGuessRecords = 100;
  text = text.substr(0, kGuessBytes);
  char best = ',';
  std::pair<double, std::size_t> best_score{0.0, 1};
  for (const char candidate : {',', '\t', ';', '|'}) {
    const CsvDialect dialect{candidate, quote};
    RecordCells record = split_record(text, 0, dialect);
    const std::size_t n_cells = record.cells.size();
    std::size_t n_even = 1;
    std::size_t n_records = 1;
    while (record.next < text.size() && n_records < kGuessRecords) {
      record = split_record(text, record.next, dialect);
      if (record.next == text.size() && n_records > 1) break;  // may be cut off
      ++n_records;
      n_even += record.cells.size() == n_cells ? 1 : 0;
    }
    const std::pair score{static_cast<double>(n_even) / static_cast<double>(n_records), n_cells};
    if (n_cells > 1 && score > best_score) {
      best_score = score;
      best = candidate;
    }
  }
  return best;
}

}  // namespace cupel::detail
