#include "simd/bit_kernels.hpp"

#include <cstdlib>
#include <string>

#include "cupel/error.hpp"

namespace cupel {

std::string_view to_string(InstructionSet set) noexcept {
  switch (set) {
    case InstructionSet::avx512:
      return "avx512";
    case InstructionSet::avx2:
      return "avx2";
    case InstructionSet::portable:
      break;
  }
  return "portable";
}

const BitKernels* bit_kernels(InstructionSet set) noexcept {
#ifdef CUPEL_HAS_X86_KERNELS
  __builtin_cpu_init();
  if (set == InstructionSet::avx512) {
    const bool has = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                     __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                     __builtin_cpu_supports("avx512vpopcntdq");
    return has ? &detail::kAvx512Bits : nullptr;
  }
  if (set == InstructionSet::avx2) {
    return __builtin_cpu_supports("avx2") ? &detail::kAvx2Bits : nullptr;
  }
#endif
  return set == InstructionSet::portable ? &detail::kPortableBits : nullptr;
}

const BitKernels& bit_kernels() {
  constexpr InstructionSet kBestFirst[] = {InstructionSet::avx512, InstructionSet::avx2,
                                           InstructionSet::portable};
  const char* forced = std::getenv("CUPEL_SIMD");
  if (forced == nullptr || *forced == '\0') {
    for (const InstructionSet set : kBestFirst) {
      if (const BitKernels* table = bit_kernels(set)) return *table;
    }
    return detail::kPortableBits;
  }
  for (const InstructionSet set : kBestFirst) {
    if (to_string(set) != forced) continue;
    if (const BitKernels* table = bit_kernels(set)) return *table;
    fail(ErrorKind::usage,
         "CUPEL_SIMD asks for \"" + std::string(forced) +
             "\", which this processor or this build has not",
         {}, "unset CUPEL_SIMD to take the best there is, or set it to \"portable\"");
  }
  fail(ErrorKind::usage, "CUPEL_SIMD is \"" + std::string(forced) + "\"", {},
       "set it to one of: avx512, avx2, portable");
}

}  // namespace cupel
