#include "simd/align_kernels.hpp"

#include <cstdlib>
#include <string_view>

#include "cupel/error.hpp"

namespace cupel {

const AlignKernels* align_kernels(const char* name) noexcept {
  const std::string_view wanted = name;
  if (wanted == "portable") return &detail::kPortableAlign;
#ifdef CUPEL_HAS_X86_KERNELS
  __builtin_cpu_init();
  if (wanted == "avx2" && __builtin_cpu_supports("avx2") != 0) return &detail::kAvx2Align;
  const bool has_avx512 =
      __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
      __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0;
  if (wanted == "avx512" && has_avx512) return &detail::kAvx512Align;
#endif
  return nullptr;
}

const AlignKernels& align_kernels() {
  if (const char* wanted = std::getenv("CUPEL_SIMD"); wanted && *wanted != '\0') {
    if (const auto* kernels = align_kernels(wanted)) return *kernels;
    fail(ErrorKind::usage,
         "this processor or this build does not have the instruction set of CUPEL_SIMD",
         {.value = wanted}, "use portable, avx2 or avx512, or unset CUPEL_SIMD");
  }
  for (const char* name : {"avx512", "avx2"}) {
    if (const auto* kernels = align_kernels(name)) return *kernels;
  }
  return detail::kPortableAlign;
}

}  // namespace cupel
