#pragma once
/// Short decimal numbers, eight characters at a time in a machine word.
///
/// Digits become an integer mantissa, then one division by a power of ten: exactly rounded, because
/// mantissa <= 2^53 and 10^n, n <= 22, are both doubles (Clinger 1990, doi:10.1145/93542.93557).
/// Everything is inlined into the loop over a column; no branch depends on a digit.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace cupel::detail {

inline constexpr std::uint64_t kEveryByte = 0x0101010101010101ULL;
inline constexpr bool kWordsAreLittleEndian = std::endian::native == std::endian::little;

/// [negative][number of decimals]
inline constexpr std::array<std::array<double, 16>, 2> kSignedPowersOfTen = {
    {{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15},
     {-1e0, -1e1, -1e2, -1e3, -1e4, -1e5, -1e6, -1e7, -1e8, -1e9, -1e10, -1e11, -1e12, -1e13, -1e14,
      -1e15}}};

/// The word whose last byte in memory is the one before `end`; bytes before `begin` become '0'.
/// Precondition: end - begin <= 8.
inline std::uint64_t last_eight(const char* begin, const char* end, const char* floor) noexcept {
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

inline bool all_digits(std::uint64_t word) noexcept {
  return (((word + 0x46 * kEveryByte) | (word - 0x30 * kEveryByte)) & 0x80 * kEveryByte) == 0;
}

/// Value of eight decimal digits, the first in the lowest byte.
inline std::uint64_t eight_digits(std::uint64_t word) noexcept {
  word -= '0' * kEveryByte;
  word = word * 10 + (word >> 8);
  return ((word & 0x000000FF000000FFULL) * 0x000F424000000064ULL +
          ((word >> 16) & 0x000000FF000000FFULL) * 0x0000271000000001ULL) >>
         32;
}

/// Lowest bit of the byte that is a point, or 0.
inline std::uint64_t find_point(std::uint64_t word) noexcept {
  const std::uint64_t x = word ^ ('.' * kEveryByte);
  const std::uint64_t hit = (x - kEveryByte) & ~x & (0x80 * kEveryByte);
  return (hit & (~hit + 1)) >> 7;
}

/// Takes the point out: bytes before it move up by one, `first` enters at the bottom.
inline std::uint64_t without_point(std::uint64_t word, std::uint64_t point,
                                   std::uint64_t first) noexcept {
  const std::uint64_t before = point - 1;
  const std::uint64_t up_to = (point << 8) - 1;  // all ones if the point is the last byte
  return (word & ~up_to) | ((word & before) << 8) | first;
}

struct Decimal {
  std::uint64_t mantissa = 0;
  unsigned n_decimals = 0;
};

/// Two such words: digits with at most one point in the upper or the lower.
inline bool two_word_decimal(std::uint64_t high, std::uint64_t low, Decimal& result) noexcept {
  if (const std::uint64_t point = find_point(low); point != 0) {
    result.n_decimals = 7 - static_cast<unsigned>(std::countr_zero(point)) / 8;
    low = without_point(low, point, high >> 56);
    high = (high << 8) | '0';
  } else if (const std::uint64_t upper = find_point(high); upper != 0) {
    result.n_decimals = 15 - static_cast<unsigned>(std::countr_zero(upper)) / 8;
    high = without_point(high, upper, '0');
  }
  if (!all_digits(low) || !all_digits(high)) return false;
  result.mantissa = eight_digits(high) * 100'000'000 + eight_digits(low);
  return result.mantissa <= std::uint64_t{1} << 53;
}

/// Unsigned digits with at most one point, 1 to 16 characters, not "007", mantissa at most 2^53.
inline bool short_decimal(const char* begin, const char* end, const char* floor,
                          Decimal& result) noexcept {
  const auto length = static_cast<std::size_t>(end - begin);
  if (length == 0 || length > 16) return false;
  const bool leading_zero = (begin[0] == '0') & (length > 1) & (begin[length > 1] != '.');
  if (leading_zero) return false;
  bool has_point = false;
  if (length > 8) {
    const char* const middle = end - 8;
    return two_word_decimal(last_eight(begin, middle, floor), last_eight(middle, end, floor),
                            result);
  }
  std::uint64_t word = last_eight(begin, end, floor);
  if (const std::uint64_t point = find_point(word); point != 0) {
    has_point = true;
    result.n_decimals = 7 - static_cast<unsigned>(std::countr_zero(point)) / 8;
    word = without_point(word, point, '0');
  }
  if (length == static_cast<std::size_t>(has_point) || !all_digits(word)) return false;
  result.mantissa = eight_digits(word);
  return true;
}

}  // namespace cupel::detail
