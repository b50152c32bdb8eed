#pragma once
/// Stored elements as numbers.
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include "io/h5_file.hpp"

namespace cupel::h5 {

/// IEEE 754 binary16.
inline float from_half(std::uint16_t bits) noexcept {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000U) << 16U;
  const std::uint32_t exponent = (bits >> 10U) & 0x1fU;
  const std::uint32_t fraction = bits & 0x3ffU;
  if (exponent == 0) {
    const float magnitude = std::ldexp(static_cast<float>(fraction), -24);
    return sign == 0 ? magnitude : -magnitude;
  }
  const std::uint32_t wide = exponent == 31 ? 255U : exponent + 112U;
  return std::bit_cast<float>(sign | (wide << 23U) | (fraction << 13U));
}

template <typename Stored>
Stored load(const char* bytes, bool swap) noexcept {
  Stored value;
  if (!swap) {
    std::memcpy(&value, bytes, sizeof value);
    return value;
  }
  char turned[sizeof(Stored)];
  for (std::size_t i = 0; i < sizeof value; ++i) turned[i] = bytes[sizeof value - 1 - i];
  std::memcpy(&value, turned, sizeof value);
  return value;
}

template <typename Stored, typename Use>
void each_of(const char* bytes, std::size_t n, bool swap, Use&& use) {
  if (swap) {
    for (std::size_t i = 0; i < n; ++i) use(i, load<Stored>(bytes + i * sizeof(Stored), true));
  } else {
    for (std::size_t i = 0; i < n; ++i) use(i, load<Stored>(bytes + i * sizeof(Stored), false));
  }
}

/// Calls `use(i, value)` for n elements, value in the type it is stored in (float for float16).
/// Precondition: type.is_plain.
template <typename Use>
void each(const Type& type, const char* bytes, std::size_t n, Use&& use) {
  const bool swap = type.big_endian && type.size > 1;
  if (type.kind == Kind::floating) {
    if (type.size == 4) return each_of<float>(bytes, n, swap, use);
    if (type.size == 8) return each_of<double>(bytes, n, swap, use);
    return each_of<std::uint16_t>(
        bytes, n, swap, [&](std::size_t i, std::uint16_t bits) { use(i, from_half(bits)); });
  }
  if (type.is_signed || type.kind == Kind::boolean) {
    if (type.size == 1) return each_of<std::int8_t>(bytes, n, swap, use);
    if (type.size == 2) return each_of<std::int16_t>(bytes, n, swap, use);
    if (type.size == 4) return each_of<std::int32_t>(bytes, n, swap, use);
    return each_of<std::int64_t>(bytes, n, swap, use);
  }
  if (type.size == 1) return each_of<std::uint8_t>(bytes, n, swap, use);
  if (type.size == 2) return each_of<std::uint16_t>(bytes, n, swap, use);
  if (type.size == 4) return each_of<std::uint32_t>(bytes, n, swap, use);
  return each_of<std::uint64_t>(bytes, n, swap, use);
}

template <typename To>
void decode(const Type& type, const char* bytes, std::size_t n, To* out) {
  each(type, bytes, n, [out](std::size_t i, auto value) { out[i] = static_cast<To>(value); });
}

/// Float would lose digits of some value of the type.
inline bool is_wider_than_float(const Type& type) noexcept {
  if (type.kind == Kind::floating) return type.size > 4;
  return type.kind == Kind::integer && type.size >= 4;
}

}  // namespace cupel::h5
