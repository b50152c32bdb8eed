#pragma once
/// Sorting numbers that carry a small label: least significant digit first, on integer keys whose
/// order is the order of the numbers. O(n) per digit; only the bits that differ are sorted.
///
/// IEEE 754 numbers order like integers once the negative ones are inverted and the others get
/// their sign bit set, so floats of any sign are sorted as uint32, doubles as uint64.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

namespace cupel {

/// The unsigned integer as wide as V.
template <typename V>
using OrderKey = std::conditional_t<sizeof(V) == 4, std::uint32_t, std::uint64_t>;

/// Every NaN has this key; no other number has, and all sort before it.
template <typename V>
inline constexpr OrderKey<V> kNanKey = std::numeric_limits<OrderKey<V>>::max();

/// Key of zero. -0.0 has another one: leave zeros out before.
template <typename V>
inline constexpr OrderKey<V> kZeroKey = OrderKey<V>{1} << (8 * sizeof(V) - 1);

template <typename V>
OrderKey<V> order_key(V value) noexcept {
  if (value != value) return kNanKey<V>;
  const auto bits = std::bit_cast<OrderKey<V>>(value);
  return (bits & kZeroKey<V>) != 0 ? static_cast<OrderKey<V>>(~bits) : bits | kZeroKey<V>;
}

template <typename V>
V value_of_key(OrderKey<V> key) noexcept {
  if (key == kNanKey<V>) return std::numeric_limits<V>::quiet_NaN();
  return std::bit_cast<V>((key & kZeroKey<V>) != 0 ? static_cast<OrderKey<V>>(key ^ kZeroKey<V>)
                                                   : static_cast<OrderKey<V>>(~key));
}

/// Keys with their labels, and the space to sort them in; kept between sorts to save allocations.
template <typename K, typename C>
struct LabelledKeys {
  std::vector<K> keys;
  std::vector<C> labels;
  std::vector<K> other_keys;
  std::vector<C> other_labels;
  std::vector<std::uint32_t> count;

  void resize(std::size_t n) {
    keys.resize(n);
    labels.resize(n);
  }
};

/// Sorts by key; stable. Fewer than 2^32 entries.
template <typename K, typename C>
void radix_sort(LabelledKeys<K, C>& entries) {
  constexpr unsigned kMaxDigit = 10;
  const std::size_t n = entries.keys.size();
  if (n < 2) return;
  const auto [low, high] = std::ranges::minmax(entries.keys);
  const auto n_bits = static_cast<unsigned>(std::bit_width(static_cast<K>(high - low)));
  const unsigned n_digits = (n_bits + kMaxDigit - 1) / kMaxDigit;
  entries.other_keys.resize(n);
  entries.other_labels.resize(n);
  for (unsigned d = 0; d < n_digits; ++d) {
    const unsigned shift = n_bits * d / n_digits;
    const unsigned width = n_bits * (d + 1) / n_digits - shift;
    const K mask = (K{1} << width) - 1;
    entries.count.assign(std::size_t{1} << width, 0);
    for (const K key : entries.keys) ++entries.count[((key - low) >> shift) & mask];
    std::uint32_t begin = 0;
    for (auto& count : entries.count) begin += std::exchange(count, begin);
    for (std::size_t i = 0; i < n; ++i) {
      const K key = entries.keys[i];
      const std::uint32_t to = entries.count[((key - low) >> shift) & mask]++;
      entries.other_keys[to] = key;
      entries.other_labels[to] = entries.labels[i];
    }
    entries.keys.swap(entries.other_keys);
    entries.labels.swap(entries.other_labels);
  }
}

}  // namespace cupel
