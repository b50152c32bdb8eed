#pragma once
/// One cell of a delimited file: its kind, its number, and whether it means "missing".
///
/// Numbers are read exactly rounded: short ones by csv_digits.hpp, the rest by fast_float (Lemire
/// 2021, doi:10.1002/spe.2984).
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/csv_digits.hpp"

namespace cupel::detail {

/// In the order in which a column gives way: one text cell makes a text column.
enum class CellKind : std::uint8_t { integer, number, text };

/// `inferred`: leading zeros ("007"), a plus sign or an integer beyond 64 bits are not numbers but
/// ids. `forced`: the user said that it is a number.
enum class NumberRule : std::uint8_t { inferred, forced };

/// Every form; slower.
bool parse_any_integer(std::string_view cell, NumberRule rule, std::int64_t& value) noexcept;
bool parse_any_number(std::string_view cell, NumberRule rule, double& value) noexcept;

/// `floor` is the lowest address that may be read: cells are loaded backwards from their end, so
/// that nothing behind the buffer is touched.
inline bool parse_integer(std::string_view cell, const char* floor, NumberRule rule,
                          std::int64_t& value) noexcept {
  if (kWordsAreLittleEndian && !cell.empty() && cell.size() <= 8) {
    const char* const begin = cell.data();
    const std::uint64_t word = last_eight(begin, begin + cell.size(), floor);
    if (all_digits(word) && (*begin != '0' || cell.size() == 1)) {
      value = static_cast<std::int64_t>(eight_digits(word));
      return true;
    }
  }
  return parse_any_integer(cell, rule, value);
}

inline bool parse_number(std::string_view cell, const char* floor, NumberRule rule,
                         double& value) noexcept {
  if (kWordsAreLittleEndian && !cell.empty()) {
    const bool negative = cell.front() == '-';
    const char* const begin = cell.data() + static_cast<std::size_t>(negative);
    const char* const end = cell.data() + cell.size();
    Decimal decimal;
    if (short_decimal(begin, end, floor, decimal)) {
      value = static_cast<double>(static_cast<std::int64_t>(decimal.mantissa)) /
              kSignedPowersOfTen[static_cast<std::size_t>(negative)][decimal.n_decimals];
      return true;
    }
  }
  return parse_any_number(cell, rule, value);
}

CellKind kind_of(std::string_view cell) noexcept;
std::string_view trim_blanks(std::string_view text) noexcept;

/// The set of texts that mean "missing".
class MissingValues {
 public:
  explicit MissingValues(std::span<const std::string> texts);
  [[nodiscard]] bool contains(std::string_view cell) const noexcept {
    if (cell.empty()) return has_empty_;
    return first_[static_cast<unsigned char>(cell.front())] &&
           last_[static_cast<unsigned char>(cell.back())] && search(trim_blanks(cell));
  }

 private:
  [[nodiscard]] bool search(std::string_view cell) const noexcept;
  std::vector<std::string> texts_;
  std::array<bool, 256> first_{};  ///< bytes with which such a cell can begin
  std::array<bool, 256> last_{};   ///< and end
  bool has_empty_ = false;
};

/// Text values one after another. Like std::string, but short values are copied 16 bytes at a time.
class TextPiece {
 public:
  void clear() noexcept { size_ = 0; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::string_view view() const noexcept { return {bytes_.data(), size_}; }
  /// 16 bytes from the begin of `value` are read if they lie before `readable_end`.
  void append(std::string_view value, const char* readable_end) {
    if (size_ + value.size() + kShort > bytes_.size()) {
      bytes_.resize(2 * bytes_.size() + value.size() + kShort);
    }
    char* const out = bytes_.data() + size_;
    if (value.size() <= kShort && readable_end - value.data() >= std::ptrdiff_t{kShort}) {
      std::memcpy(out, value.data(), kShort);
    } else {
      value.copy(out, value.size());
    }
    size_ += value.size();
  }

 private:
  static constexpr std::size_t kShort = 16;
  std::string bytes_;
  std::size_t size_ = 0;
};

}  // namespace cupel::detail
