#include <cstddef>

namespace cupel {
namespace {
constexpr std::size_t kVectorBytes = 32;
}
}  // namespace cupel

#include "simd/align_kernels_body.hpp"

namespace cupel::detail {

constinit const AlignKernels kAvx2Align = kernels_named("avx2");

}  // namespace cupel::detail
