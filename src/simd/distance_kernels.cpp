#include "simd/distance_kernels.hpp"

namespace cupel {

// A processor that has the bit kernels of a set has what these need too.
const DistanceKernels* distance_kernels(InstructionSet set) noexcept {
  if (bit_kernels(set) == nullptr) return nullptr;
#ifdef CUPEL_HAS_X86_KERNELS
  if (set == InstructionSet::avx512) return &detail::kAvx512Distances;
  if (set == InstructionSet::avx2) return &detail::kAvx2Distances;
#endif
  return &detail::kPortableDistances;
}

const DistanceKernels& distance_kernels() { return *distance_kernels(bit_kernels().set); }

}  // namespace cupel
