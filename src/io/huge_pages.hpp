#pragma once
/// Growing large buffers with few page faults. On a fresh buffer the kernel's work per 4 KiB page
/// can cost more than parsing what goes into it; 2 MiB pages make it vanish.
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <cstddef>
#include <cstdint>

namespace cupel::detail {

/// `buffer.resize(n)` for a vector or string, on huge pages where the system gives them.
template <typename Buffer>
void resize_on_huge_pages(Buffer& buffer, std::size_t n) {
  buffer.reserve(n);
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr std::uintptr_t kHugePage = std::uintptr_t{2} << 20;
  const auto begin = reinterpret_cast<std::uintptr_t>(buffer.data());
  const std::uintptr_t end = begin + n * sizeof(*buffer.data());
  const std::uintptr_t first = (begin + kHugePage - 1) / kHugePage * kHugePage;
  const std::uintptr_t last = end / kHugePage * kHugePage;
  if (first < last) {  // advice only: a failure changes nothing
    static_cast<void>(::madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE));
  }
#endif
  buffer.resize(n);
}

}  // namespace cupel::detail
