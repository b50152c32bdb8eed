#include <cstddef>

namespace cupel {
namespace {
constexpr std::size_t kVectorBytes = 64;
}
}  // namespace cupel

#include "simd/align_kernels_body.hpp"

namespace cupel::detail {

constinit const AlignKernels kAvx512Align = kernels_named("avx512");

}  // namespace cupel::detail
