// Any bytes: the CSV reader gives a table or an Error. Also: every instruction set sees the same
// cells, and cutting the text changes nothing.
#include <cstdlib>
#include <string>
#include <string_view>

#include "cupel/error.hpp"
#include "io/csv.hpp"
#include "io/csv_scan.hpp"

namespace {

using namespace cupel;
using namespace cupel::detail;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_instruction_sets(std::string_view text, const CellIndex& whole) {
  CellIndex other;
  index_cells(text, {}, best_simd_level(), other);
  require(other.ends == whole.ends && other.problem == whole.problem &&
          other.problem_at == whole.problem_at && other.n_records == whole.n_records);
}

void check_cuts(std::string_view text, const CellIndex& whole, std::size_t step) {
  std::vector<Survey> surveys;
  for (std::size_t at = 0; at < text.size(); at += step) {
    surveys.push_back(survey(text.substr(at, step), {}, best_simd_level()));
  }
  const auto cuts = cut_at_records(text, {}, step, surveys);
  require(cuts.back().begin == text.size() && cuts.back().first_record == whole.n_records);
  std::size_t n_cells = 0;
  for (std::size_t k = 0; k + 1 < cuts.size(); ++k) {
    CellIndex piece;
    const std::size_t begin = cuts[k].begin;
    index_cells(text.substr(begin, cuts[k + 1].begin - begin), {}, best_simd_level(), piece);
    require(piece.problem == ScanProblem::none);
    require(piece.n_records == cuts[k + 1].first_record - cuts[k].first_record);
    for (std::size_t i = 1; i <= piece.n_cells(); ++i) {
      require(piece.ends[i] + begin == whole.ends[++n_cells]);
    }
  }
  require(n_cells == whole.n_cells());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned choice = data[0];
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  CsvOptions options;
  if ((choice & 1U) != 0) options.delimiter = ',';
  if ((choice & 2U) != 0) options.quote = 0;
  if ((choice & 4U) != 0) options.missing_values = {"", "-1", " NA"};
  if ((choice & 8U) != 0) options.types = {{"a", ColumnType::number}, {"b", ColumnType::integer}};
  try {
    const Table table = parse_csv(text, "fuzz", options, {});
    for (const auto& column : table.columns) {
      require(column.size() == table.n_rows);
      for (std::size_t r = 0; r < table.n_rows; ++r) static_cast<void>(column.as_text(r));
    }
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::input);
    require(find_invalid_byte(error.what()) == std::string_view::npos);
  }
  CellIndex whole;
  index_cells(text, {}, SimdLevel::portable, whole);
  check_instruction_sets(text, whole);
  if (whole.problem == ScanProblem::none && !text.empty() && text.find('\0') == std::string::npos) {
    check_cuts(text, whole, 1 + choice / 4);
  }
  return 0;
}
