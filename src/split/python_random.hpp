#pragma once
/// The random numbers of CPython's `random` and of numpy's legacy RandomState, to the bit: what the
/// splits of Python tools are made of. Not for cupel's own methods, which use base/random.hpp.
///
/// Both are the Mersenne twister MT19937 (Matsumoto & Nishimura 1998, doi:10.1145/272991.272995);
/// they differ in how a seed becomes a state: CPython takes init_by_array({seed}), numpy's
/// RandomState(seed) takes init_genrand(seed).
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace cupel {

class MersenneTwister {
 public:
  /// numpy: np.random.RandomState(seed).
  static MersenneTwister numpy(std::uint32_t seed) noexcept;
  /// CPython: random.seed(seed) for 0 <= seed < 2^32.
  static MersenneTwister python(std::uint32_t seed) noexcept;

  std::uint32_t next() noexcept {
    if (at_ == kSize) refill();
    std::uint32_t y = state_[at_++];
    y ^= y >> 11U;
    y ^= (y << 7U) & 0x9D2C5680U;
    y ^= (y << 15U) & 0xEFC60000U;
    return y ^ (y >> 18U);
  }

 private:
  static constexpr std::size_t kSize = 624;
  void refill() noexcept;
  std::array<std::uint32_t, kSize> state_{};
  std::size_t at_ = kSize;
};

/// CPython's `random` module.
class PythonRandom {
 public:
  explicit PythonRandom(std::uint32_t seed) noexcept : twister_(MersenneTwister::python(seed)) {}

  /// random.random(): 53 bits of two draws.
  double random() noexcept {
    const std::uint32_t high = twister_.next() >> 5U;
    const std::uint32_t low = twister_.next() >> 6U;
    return (high * 67108864.0 + low) * (1.0 / 9007199254740992.0);
  }
  /// random._randbelow(n), n > 0: as many bits as n has, again until below n. `random.sample(list,
  /// 1)[0]` is `list[below(len(list))]`.
  std::uint32_t below(std::uint32_t n) noexcept;
  /// random.shuffle(values).
  template <typename T>
  void shuffle(std::span<T> values) noexcept {
    for (std::size_t i = values.size(); i > 1; --i) {
      std::swap(values[i - 1], values[below(static_cast<std::uint32_t>(i))]);
    }
  }

 private:
  MersenneTwister twister_;
};

/// np.random.RandomState(seed).permutation(n).
std::vector<std::uint32_t> numpy_permutation(std::uint32_t seed, std::uint32_t n);
/// The next permutation(n) of a RandomState that was used before.
std::vector<std::uint32_t> numpy_permutation(MersenneTwister& twister, std::uint32_t n);

/// sklearn.model_selection.train_test_split(range(n), test_size=.., random_state=seed): the test is
/// the first ceil(test_size * n) of numpy's permutation, training the others, in its order.
struct SklearnSplit {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> test;
};
SklearnSplit sklearn_train_test_split(std::uint32_t n, double test_size, std::uint32_t seed);

/// Indices in the order in which CPython (3.7 and later) iterates over a set of them: open
/// addressing with runs of ten linear probes, then perturbation. Distinct, inserted one by one.
class PythonIntSet {
 public:
  PythonIntSet() : slots_(8, kFree) {}
  void add(std::uint32_t value);
  /// The slot stays occupied, as in CPython: order of the others does not change.
  void remove(std::uint32_t value);
  [[nodiscard]] std::size_t size() const noexcept { return used_; }
  [[nodiscard]] std::vector<std::uint32_t> values() const;

 private:
  static constexpr std::uint64_t kFree = ~std::uint64_t{0};
  static constexpr std::uint64_t kRemoved = kFree - 1;
  [[nodiscard]] std::size_t find(std::uint32_t value) const noexcept;
  void resize(std::size_t at_least);
  std::vector<std::uint64_t> slots_;
  std::size_t fill_ = 0;  ///< with removed ones
  std::size_t used_ = 0;
};

}  // namespace cupel
