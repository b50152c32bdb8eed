#pragma once
/// Growing large buffers with few page faults. On a fresh buffer the kernel's work per 4 KiB page
/// can cost more than parsing what goes into it; 2 MiB pages make it vanish.
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <cstddef>
#include <cstdint>

namespace cupel::detail {

/// Asks for huge pages in the memory at `data`. Advice only: a failure changes nothing.
inline void advise_huge_pages([[maybe_unused]] void* data, [[maybe_unused]] std::size_t n_bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr std::uintptr_t kHugePage = std::uintptr_t{2} << 20;
  const auto begin = reinterpret_cast<std::uintptr_t>(data);
  const std::uintptr_t first = (begin + kHugePage - 1) / kHugePage * kHugePage;
  const std::uintptr_t last = (begin + n_bytes) / kHugePage * kHugePage;
  if (first < last) {
    static_cast<void>(::madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE));
  }
#endif
}

/// `buffer.resize(n)` for a vector or string, on huge pages where the system gives them.
template <typename Buffer>
void resize_on_huge_pages(Buffer& buffer, std::size_t n) {
  buffer.reserve(n);
  advise_huge_pages(buffer.data(), n * sizeof(*buffer.data()));
  buffer.resize(n);
}

}  // namespace cupel::detail
