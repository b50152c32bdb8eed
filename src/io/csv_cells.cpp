#include "io/csv_cells.hpp"

#include <fast_float/fast_float.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

namespace cupel::detail {
namespace {

constexpr std::uint64_t kEveryByte = 0x0101010101010101ULL;
constexpr std::array<double, 17> kPowersOfTen = {1e0, 1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7, 1e8,
                                                 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// The word whose last byte in memory is the one before `end`; bytes before `begin` become '0'.
/// Precondition: end - begin <= 8.
std::uint64_t last_eight(const char* begin, const char* end, const char* floor) noexcept {
  const auto length = static_cast<unsigned>(end - begin);
  std::uint64_t word = 0;
  if (end - floor >= 8) {
    std::memcpy(&word, end - 8, 8);
  } else {
    std::memcpy(reinterpret_cast<char*>(&word) + (8 - length), begin, length);
  }
  const std::uint64_t keep = length == 0 ? 0 : ~std::uint64_t{0} << (64 - 8 * length);
  return (word & keep) | ('0' * kEveryByte & ~keep);
}

bool all_digits(std::uint64_t word) noexcept {
  return (((word + 0x46 * kEveryByte) | (word - 0x30 * kEveryByte)) & 0x80 * kEveryByte) == 0;
}

/// Value of eight decimal digits, the first in the lowest byte.
std::uint64_t eight_digits(std::uint64_t word) noexcept {
  word -= '0' * kEveryByte;
  word = word * 10 + (word >> 8);
  return ((word & 0x000000FF000000FFULL) * 0x000F424000000064ULL +
          ((word >> 16) & 0x000000FF000000FFULL) * 0x0000271000000001ULL) >>
         32;
}

/// Lowest bit of the byte that is a point, or 0.
std::uint64_t find_point(std::uint64_t word) noexcept {
  const std::uint64_t x = word ^ ('.' * kEveryByte);
  const std::uint64_t hit = (x - kEveryByte) & ~x & (0x80 * kEveryByte);
  return (hit & (~hit + 1)) >> 7;
}

/// Takes the point out: bytes before it move up by one, `first` enters at the bottom.
std::uint64_t without_point(std::uint64_t word, std::uint64_t point, std::uint64_t first) noexcept {
  const std::uint64_t before = point - 1;
  const std::uint64_t up_to = (point << 8) - 1;  // all ones if the point is the last byte
  return (word & ~up_to) | ((word & before) << 8) | first;
}

struct Decimal {
  std::uint64_t mantissa = 0;
  unsigned n_decimals = 0;
};

/// Unsigned digits with at most one point, 1 to 16 characters.
bool short_decimal(const char* begin, const char* end, const char* floor,
                   Decimal& result) noexcept {
  const auto length = static_cast<std::size_t>(end - begin);
  const bool two_words = length > 8;
  const char* middle = two_words ? end - 8 : begin;
  std::uint64_t low = last_eight(middle, end, floor);
  std::uint64_t high = two_words ? last_eight(begin, middle, floor) : '0' * kEveryByte;
  bool has_point = false;
  if (const std::uint64_t point = find_point(low); point != 0) {
    has_point = true;
    result.n_decimals = 7 - static_cast<unsigned>(std::countr_zero(point)) / 8;
    low = without_point(low, point, high >> 56);
    high = (high << 8) | '0';
  } else if (two_words) {
    if (const std::uint64_t high_point = find_point(high); high_point != 0) {
      has_point = true;
      result.n_decimals = 15 - static_cast<unsigned>(std::countr_zero(high_point)) / 8;
      high = without_point(high, high_point, '0');
    }
  }
  if (length == static_cast<std::size_t>(has_point) || !all_digits(low)) return false;
  result.mantissa = eight_digits(low);
  if (two_words) {
    if (!all_digits(high)) return false;
    result.mantissa += eight_digits(high) * 100'000'000;
  }
  return true;
}

/// "007": digits that only an id would begin with. Points to the first character after the sign.
bool has_leading_zero(const char* begin, const char* end) noexcept {
  return end - begin > 1 && begin[0] == '0' && is_digit(begin[1]);
}

bool slow_number(std::string_view cell, NumberRule rule, double& value) noexcept {
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
      if (!parse_integer(cell, cell.data(), rule, exact)) return false;
    }
  }
  const auto parsed = fast_float::from_chars(cell.data(), end, value);
  // Beyond the range of a double: +-inf or 0, the nearest there is.
  return parsed.ptr == end && parsed.ec != std::errc::invalid_argument;
}

bool slow_integer(std::string_view cell, NumberRule rule, std::int64_t& value) noexcept {
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

}  // namespace

std::string_view trim_blanks(std::string_view text) noexcept {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool parse_integer(std::string_view cell, const char* floor, NumberRule rule,
                   std::int64_t& value) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    if (!cell.empty() && cell.size() <= 8) {
      const char* const begin = cell.data();
      const std::uint64_t word = last_eight(begin, begin + cell.size(), floor);
      if (all_digits(word) && (*begin != '0' || cell.size() == 1)) {
        value = static_cast<std::int64_t>(eight_digits(word));
        return true;
      }
    }
  }
  return slow_integer(cell, rule, value);
}

bool parse_number(std::string_view cell, const char* floor, NumberRule rule,
                  double& value) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    if (!cell.empty()) {
      const bool negative = cell.front() == '-';
      const char* const begin = cell.data() + (negative ? 1 : 0);
      const char* const end = cell.data() + cell.size();
      const auto length = static_cast<std::size_t>(end - begin);
      Decimal decimal;
      if (length >= 1 && length <= 16 && !has_leading_zero(begin, end) &&
          short_decimal(begin, end, floor, decimal) &&
          decimal.mantissa <= (std::uint64_t{1} << 53)) {
        const double magnitude = static_cast<double>(static_cast<std::int64_t>(decimal.mantissa)) /
                                 kPowersOfTen[decimal.n_decimals];
        value = negative ? -magnitude : magnitude;
        return true;
      }
    }
  }
  return slow_number(cell, rule, value);
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
  for (const unsigned char blank : {' ', '\t'}) first_[blank] = last_[blank] = true;
}

bool MissingValues::search(std::string_view cell) const noexcept {
  return std::find(texts_.begin(), texts_.end(), cell) != texts_.end();
}

}  // namespace cupel::detail
