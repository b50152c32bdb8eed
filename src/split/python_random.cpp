#include "split/python_random.hpp"

#include <bit>
#include <cmath>
#include <numeric>

namespace cupel {
namespace {

using State = std::array<std::uint32_t, 624>;

void init_genrand(State& state, std::uint32_t seed) noexcept {
  state[0] = seed;
  for (std::uint32_t i = 1; i < state.size(); ++i) {
    state[i] = 1812433253U * (state[i - 1] ^ (state[i - 1] >> 30U)) + i;
  }
}

/// init_by_array of the reference implementation, for a key of one word.
void init_by_word(State& state, std::uint32_t key) noexcept {
  constexpr std::uint32_t kSize = 624;
  init_genrand(state, 19650218U);
  std::uint32_t i = 1;
  const auto step = [&i, &state] {
    if (++i >= kSize) {
      state[0] = state[kSize - 1];
      i = 1;
    }
  };
  for (std::uint32_t k = 0; k < kSize; ++k) {
    state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >> 30U)) * 1664525U)) + key;
    step();
  }
  for (std::uint32_t k = 0; k + 1 < kSize; ++k) {
    state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >> 30U)) * 1566083941U)) - i;
    step();
  }
  state[0] = 0x80000000U;
}

}  // namespace

MersenneTwister MersenneTwister::numpy(std::uint32_t seed) noexcept {
  MersenneTwister twister;
  init_genrand(twister.state_, seed);
  return twister;
}

MersenneTwister MersenneTwister::python(std::uint32_t seed) noexcept {
  MersenneTwister twister;
  init_by_word(twister.state_, seed);
  return twister;
}

void MersenneTwister::refill() noexcept {
  constexpr std::size_t kShift = 397;
  const auto twist = [this](std::size_t i, std::size_t next, std::size_t far) {
    const std::uint32_t y = (state_[i] & 0x80000000U) | (state_[next] & 0x7FFFFFFFU);
    state_[i] = state_[far] ^ (y >> 1U) ^ ((y & 1U) != 0 ? 0x9908B0DFU : 0U);
  };
  for (std::size_t i = 0; i < kSize - kShift; ++i) twist(i, i + 1, i + kShift);
  for (std::size_t i = kSize - kShift; i < kSize - 1; ++i) twist(i, i + 1, i + kShift - kSize);
  twist(kSize - 1, 0, kShift - 1);
  at_ = 0;
}

std::uint32_t PythonRandom::below(std::uint32_t n) noexcept {
  const auto shift = static_cast<unsigned>(32 - std::bit_width(n));
  std::uint32_t value = twister_.next() >> shift;
  while (value >= n) value = twister_.next() >> shift;
  return value;
}

std::vector<std::uint32_t> numpy_permutation(std::uint32_t seed, std::uint32_t n) {
  MersenneTwister twister = MersenneTwister::numpy(seed);
  return numpy_permutation(twister, n);
}

std::vector<std::uint32_t> numpy_permutation(MersenneTwister& twister, std::uint32_t n) {
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0U);
  for (std::uint32_t i = n; i-- > 1;) {
    const auto mask = static_cast<std::uint32_t>((std::uint64_t{1} << std::bit_width(i)) - 1);
    std::uint32_t j = twister.next() & mask;
    while (j > i) j = twister.next() & mask;
    std::swap(order[i], order[j]);
  }
  return order;
}

SklearnSplit sklearn_train_test_split(std::uint32_t n, double test_size, std::uint32_t seed) {
  const auto order = numpy_permutation(seed, n);
  const auto n_test = static_cast<std::ptrdiff_t>(std::ceil(test_size * n));
  return {.train = {order.begin() + n_test, order.end()},
          .test = {order.begin(), order.begin() + n_test}};
}

namespace {

constexpr std::size_t kLinearProbes = 9;
constexpr unsigned kPerturbShift = 5;

/// CPython's way through the table from the slot of a hash, until `stop(slot)`. The hash of an
/// index is the index itself.
template <typename Stop>
std::size_t probe(std::uint32_t value, std::size_t mask, const Stop& stop) noexcept {
  std::size_t perturb = value;
  std::size_t start = value & mask;
  for (;;) {
    const std::size_t n_more = start + kLinearProbes <= mask ? kLinearProbes : 0;
    for (std::size_t k = 0; k <= n_more; ++k) {
      if (stop(start + k)) return start + k;
    }
    perturb >>= kPerturbShift;
    start = (start * 5 + 1 + perturb) & mask;
  }
}

}  // namespace

std::size_t PythonIntSet::find(std::uint32_t value) const noexcept {
  return probe(value, slots_.size() - 1, [this, value](std::size_t slot) {
    return slots_[slot] == kFree || slots_[slot] == value;
  });
}

void PythonIntSet::add(std::uint32_t value) {
  const std::size_t slot = find(value);
  if (slots_[slot] == value) return;
  slots_[slot] = value;
  ++fill_;
  ++used_;
  if (fill_ * 5 >= (slots_.size() - 1) * 3) resize(used_ > 50000 ? used_ * 2 : used_ * 4);
}

void PythonIntSet::remove(std::uint32_t value) {
  const std::size_t slot = find(value);
  if (slots_[slot] != value) return;
  slots_[slot] = kRemoved;
  --used_;
}

void PythonIntSet::resize(std::size_t at_least) {
  std::size_t size = 8;
  while (size <= at_least) size *= 2;
  const auto old = values();
  slots_.assign(size, kFree);
  for (const std::uint32_t value : old) slots_[find(value)] = value;
  fill_ = used_;
}

std::vector<std::uint32_t> PythonIntSet::values() const {
  std::vector<std::uint32_t> out;
  out.reserve(used_);
  for (const std::uint64_t slot : slots_) {
    if (slot < kRemoved) out.push_back(static_cast<std::uint32_t>(slot));
  }
  return out;
}

}  // namespace cupel
