#pragma once
/// One cell of a delimited file: its kind, its number, and whether it means "missing".
///
/// Numbers are read exactly rounded. Cells of up to 16 characters go through a fast path: digits to
/// an integer mantissa eight at a time within a machine word, then one division by a power of ten.
/// That is exact because mantissa <= 2^53 and the power <= 10^22 are both doubles (Clinger 1990,
/// doi:10.1145/93542.93557). The rest is fast_float (Lemire 2021, doi:10.1002/spe.2984).
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::detail {

/// In the order in which a column gives way: one text cell makes a text column.
enum class CellKind : std::uint8_t { integer, number, text };

/// `inferred`: leading zeros ("007"), a plus sign or an integer beyond 64 bits are not numbers but
/// ids. `forced`: the user said that it is a number.
enum class NumberRule : std::uint8_t { inferred, forced };

/// `floor` is the lowest address that may be read: cells are loaded backwards from their end, so
/// that nothing behind the buffer is touched.
bool parse_integer(std::string_view cell, const char* floor, NumberRule rule,
                   std::int64_t& value) noexcept;
bool parse_number(std::string_view cell, const char* floor, NumberRule rule,
                  double& value) noexcept;
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

}  // namespace cupel::detail
