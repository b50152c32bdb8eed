#pragma once
/// Binary fingerprints, 64 bits a word, a row per item.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cupel {

struct PackedBits {
  std::size_t rows = 0;
  std::size_t n_bits = 0;
  std::size_t n_words = 0;           ///< words per row; bits beyond n_bits are 0
  std::vector<std::uint64_t> words;  ///< rows x n_words; bit b of a row: word b / 64, bit b % 64

  PackedBits() = default;
  PackedBits(std::size_t n_rows, std::size_t bits)
      : rows(n_rows), n_bits(bits), n_words((bits + 63) / 64), words(n_rows * n_words, 0) {}
  [[nodiscard]] std::span<std::uint64_t> row(std::size_t i) noexcept {
    return {words.data() + i * n_words, n_words};
  }
  [[nodiscard]] std::span<const std::uint64_t> row(std::size_t i) const noexcept {
    return {words.data() + i * n_words, n_words};
  }
  void set(std::size_t i, std::size_t bit) noexcept {
    words[i * n_words + bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
  [[nodiscard]] bool test(std::size_t i, std::size_t bit) const noexcept {
    return ((words[i * n_words + bit / 64] >> (bit % 64)) & 1U) != 0;
  }
};

}  // namespace cupel
