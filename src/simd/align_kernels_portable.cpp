#include <cstddef>

namespace cupel {
namespace {
constexpr std::size_t kVectorBytes = 16;
}
}  // namespace cupel

#include "simd/align_kernels_body.hpp"

namespace cupel::detail {

constinit const AlignKernels kPortableAlign = kernels_named("portable");

}  // namespace cupel::detail
