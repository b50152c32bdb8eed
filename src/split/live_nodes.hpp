#pragma once
/// The nodes that a walk has not removed yet: is it alive, which is the k-th alive one, remove it.
/// A bit per node, and a Fenwick tree (doi:10.1002/spe.4380240306) over counts of 64 nodes.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cupel {

class LiveNodes {
 public:
  explicit LiveNodes(std::size_t n) : words_((n + 63) / 64, ~std::uint64_t{0}), count_(n) {
    if (n % 64 != 0) words_.back() >>= 64 - n % 64;
    tree_.assign(words_.size() + 1, 0);
    for (std::size_t w = 0; w < words_.size(); ++w) {
      tree_[w + 1] += static_cast<std::uint32_t>(std::popcount(words_[w]));
      const std::size_t parent = (w + 1) + ((w + 1) & (~w));
      if (parent < tree_.size()) tree_[parent] += tree_[w + 1];
    }
    top_ = std::bit_floor(words_.size());
  }

  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  [[nodiscard]] bool contains(std::uint32_t node) const noexcept {
    return (words_[node / 64] >> (node % 64) & 1U) != 0;
  }
  /// The node must be alive.
  void remove(std::uint32_t node) noexcept {
    words_[node / 64] &= ~(std::uint64_t{1} << (node % 64));
    --count_;
    for (std::size_t i = node / 64 + 1; i < tree_.size(); i += i & (~i + 1)) --tree_[i];
  }
  /// The alive node with `rank` alive ones before it; rank < count().
  [[nodiscard]] std::uint32_t select(std::uint32_t rank) const noexcept {
    std::size_t word = 0;
    for (std::size_t step = top_; step > 0; step /= 2) {
      if (word + step < tree_.size() && tree_[word + step] <= rank) {
        word += step;
        rank -= tree_[word];
      }
    }
    std::uint64_t bits = words_[word];
    for (; rank > 0; --rank) bits &= bits - 1;
    return static_cast<std::uint32_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
  }
  template <typename Take>
  void for_each(const Take& take) const {
    for (std::size_t w = 0; w < words_.size(); ++w) {
      for (std::uint64_t bits = words_[w]; bits != 0; bits &= bits - 1) {
        take(static_cast<std::uint32_t>(w * 64 + static_cast<std::size_t>(std::countr_zero(bits))));
      }
    }
  }

 private:
  std::vector<std::uint64_t> words_;
  std::vector<std::uint32_t> tree_;
  std::size_t count_ = 0;
  std::size_t top_ = 0;
};

}  // namespace cupel
