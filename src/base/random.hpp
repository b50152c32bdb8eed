#pragma once
/// Counter-based random numbers: Philox4x32-10 (Salmon et al., SC'11, doi:10.1145/2063384.2063405).
/// A stream is named by (seed, purpose, index), so that results do not depend on who drew first.
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>

namespace cupel {

class Rng {
 public:
  using result_type = std::uint32_t;
  Rng(std::uint64_t seed, std::string_view purpose, std::uint64_t index = 0) noexcept;

  result_type operator()() noexcept;  ///< 32 random bits
  std::uint64_t next64() noexcept;
  double uniform() noexcept;                      ///< [0, 1), 53 bits
  double normal() noexcept;                       ///< standard normal (Box-Muller)
  std::uint32_t below(std::uint32_t n) noexcept;  ///< uniform in [0, n), unbiased; n > 0
  static constexpr result_type min() noexcept { return 0; }
  static constexpr result_type max() noexcept { return std::numeric_limits<result_type>::max(); }

  /// Fisher-Yates.
  template <typename T>
  void shuffle(std::span<T> values) noexcept {
    for (std::size_t i = values.size(); i > 1; --i) {
      std::swap(values[i - 1], values[below(static_cast<std::uint32_t>(i))]);
    }
  }

 private:
  std::array<std::uint32_t, 2> key_{};
  std::array<std::uint32_t, 4> counter_{};
  std::array<std::uint32_t, 4> block_{};
  unsigned used_ = 4;
  bool has_spare_ = false;
  double spare_ = 0.0;
};

}  // namespace cupel
