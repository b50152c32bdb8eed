// Sums of maxima in plain C++: the reference that the other tables are tested against.
#include "simd/distance_kernels_body.hpp"

namespace cupel::detail {
namespace {

struct Portable {
  struct Lanes {
    float value[kDistanceLanes];
  };
  static Lanes zero() noexcept { return {}; }
  static Lanes load(const float* p) noexcept {
    Lanes lanes;
    for (std::size_t l = 0; l < kDistanceLanes; ++l) lanes.value[l] = p[l];
    return lanes;
  }
  static Lanes add_max(Lanes sum, const Lanes& a, const Lanes& b) noexcept {
    for (std::size_t l = 0; l < kDistanceLanes; ++l) {
      sum.value[l] += a.value[l] > b.value[l] ? a.value[l] : b.value[l];
    }
    return sum;
  }
  static double sum(const Lanes& lanes) noexcept {
    double half[kDistanceLanes];
    for (std::size_t l = 0; l < kDistanceLanes; ++l) half[l] = static_cast<double>(lanes.value[l]);
    for (std::size_t width = kDistanceLanes / 2; width > 0; width /= 2) {
      for (std::size_t l = 0; l < width; ++l) half[l] += half[l + width];
    }
    return half[0];
  }
};

}  // namespace

const DistanceKernels kPortableDistances{InstructionSet::portable, max_sums<Portable, 1, 2>};

}  // namespace cupel::detail
