#include "io/csv_cells.hpp"

#include <fast_float/fast_float.h>

#include <algorithm>

namespace cupel::detail {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// "007": digits that only an id would begin with. Points to the first character after the sign.
bool has_leading_zero(const char* begin, const char* end) noexcept {
  return end - begin > 1 && begin[0] == '0' && is_digit(begin[1]);
}

}  // namespace

bool parse_any_number(std::string_view cell, NumberRule rule, double& value) noexcept {
  cell = trim_blanks(cell);
  if (!cell.empty() && cell.front() == '+') {
    cell.remove_prefix(1);
    if (!cell.empty() && cell.front() == '-') return false;
  }
  const char* const end = cell.data() + cell.size();
  const char* unsigned_begin = cell.data() + (!cell.empty() && cell.front() == '-' ? 1 : 0);
  if (unsigned_begin == end || *unsigned_begin == 'n' || *unsigned_begin == 'N') return false;
  if (rule == NumberRule::inferred) {
    if (has_leading_zero(unsigned_begin, end)) return false;
    if (end - unsigned_begin > 18 && std::all_of(unsigned_begin, end, is_digit)) {
      std::int64_t exact = 0;  // a double would lose digits of an id without a word
      if (!parse_any_integer(cell, rule, exact)) return false;
    }
  }
  const auto parsed = fast_float::from_chars(cell.data(), end, value);
  // Beyond the range of a double: +-inf or 0, the nearest there is.
  return parsed.ptr == end && parsed.ec != std::errc::invalid_argument;
}

bool parse_any_integer(std::string_view cell, NumberRule rule, std::int64_t& value) noexcept {
  cell = trim_blanks(cell);
  if (rule == NumberRule::forced && cell.starts_with('+')) cell.remove_prefix(1);
  const bool negative = cell.starts_with('-');
  if (negative) cell.remove_prefix(1);
  if (cell.empty()) return false;
  if (rule == NumberRule::inferred) {
    if (cell.front() == '0' && (cell.size() > 1 || negative)) return false;  // "-0" is a number
  }
  std::uint64_t magnitude = 0;
  const std::uint64_t limit = std::uint64_t{1} << 63;
  for (const char c : cell) {
    if (!is_digit(c)) return false;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (magnitude > (limit - digit) / 10) return false;
    magnitude = magnitude * 10 + digit;
  }
  if (magnitude == limit && !negative) return false;
  value = static_cast<std::int64_t>(negative ? ~magnitude + 1 : magnitude);
  return true;
}

std::string_view trim_blanks(std::string_view text) noexcept {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

CellKind kind_of(std::string_view cell) noexcept {
  std::int64_t integer = 0;
  if (parse_integer(cell, cell.data(), NumberRule::inferred, integer)) return CellKind::integer;
  double number = 0.0;
  if (parse_number(cell, cell.data(), NumberRule::inferred, number)) return CellKind::number;
  return CellKind::text;
}

MissingValues::MissingValues(std::span<const std::string> texts)
    : texts_(texts.begin(), texts.end()) {
  for (const auto& text : texts_) {
    if (text.empty()) {
      has_empty_ = true;
    } else {
      first_[static_cast<unsigned char>(text.front())] = true;
      last_[static_cast<unsigned char>(text.back())] = true;
    }
  }
  for (const std::size_t blank : {std::size_t{' '}, std::size_t{'\t'}})
    first_[blank] = last_[blank] = true;
}

bool MissingValues::search(std::string_view cell) const noexcept {
  return std::find(texts_.begin(), texts_.end(), cell) != texts_.end();
}

}  // namespace cupel::detail
