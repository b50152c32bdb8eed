#pragma once
/// Where the cells of a delimited file begin and end: the part of the reader that sees every byte.
///
/// 64 bytes at a time become four bit masks (delimiter, line feed, carriage return, quote); a
/// running exclusive-or of the quote bits says what is inside quotes (Langdale & Lemire 2019,
/// doi:10.1007/s00778-019-00578-5). Only the masks are made by instruction-set code.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace cupel::detail {

struct CsvDialect {
  char delimiter = ',';
  char quote = '"';  ///< 0 = none
};

enum class SimdLevel : std::uint8_t { portable, sse2, avx2 };
/// The best that this processor has.
SimdLevel best_simd_level() noexcept;

enum class ScanProblem : std::uint8_t {
  none,
  stray_quote,       ///< a quote inside a bare cell
  text_after_quote,  ///< something between a closing quote and the delimiter
  open_quote,        ///< the text ends inside quotes
  lone_return,       ///< a carriage return without a line feed
};

/// The separators (delimiters and line feeds outside quotes) of a stretch that begins at the begin
/// of a record.
struct CellIndex {
  /// ends[0] = 2^32 - 1, so that cell i is [ends[i] + 1, ends[i + 1]) for every i, relative to the
  /// stretch. A last record without line feed gets its end as if there were one.
  std::vector<std::uint32_t> ends;
  std::size_t n_records = 0;
  std::size_t n_quoted_line_feeds = 0;
  ScanProblem problem = ScanProblem::none;
  std::size_t problem_at = 0;  ///< offset in the stretch

  [[nodiscard]] std::size_t n_cells() const noexcept { return ends.size() - 1; }
};

/// Replaces `index` (its memory is used again). Precondition: text.size() < 2^32 - 64.
void index_cells(std::string_view text, const CsvDialect& dialect, SimdLevel level,
                 CellIndex& index);

/// What a stretch that may begin anywhere holds.
struct Survey {
  std::size_t n_quotes = 0;
  std::size_t n_line_feeds_outside = 0;  ///< outside quotes if the stretch begins outside
  std::size_t n_line_feeds_inside = 0;   ///< inside quotes if the stretch begins outside
};
Survey survey(std::string_view text, const CsvDialect& dialect, SimdLevel level);

/// Offset of the first NUL byte or of the first byte that is not UTF-8, or npos.
std::size_t find_invalid_byte(std::string_view text) noexcept;

/// Where a text can be cut: a piece begins at the first record that begins behind a multiple of
/// `step`. A piece that would be empty is left out.
struct Cut {
  std::size_t begin = 0;         ///< offset of a record's begin
  std::size_t first_record = 0;  ///< its number, the header is 0
};
/// `surveys`: one per `step` bytes. The last cut is {text.size(), number of records}.
std::vector<Cut> cut_at_records(std::string_view text, const CsvDialect& dialect, std::size_t step,
                                const std::vector<Survey>& surveys);

}  // namespace cupel::detail
