// Sums of maxima with AVX2: 2 x 2 pairs of rows in eight registers.
#ifdef __AVX2__
#include <immintrin.h>

#include "simd/distance_kernels_body.hpp"

namespace cupel::detail {
namespace {

struct Avx2 {
  struct Lanes {
    __m256 low;
    __m256 high;
  };
  static Lanes zero() noexcept { return {_mm256_setzero_ps(), _mm256_setzero_ps()}; }
  static Lanes load(const float* p) noexcept {
    return {_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)};
  }
  static Lanes add_max(Lanes sum, Lanes a, Lanes b) noexcept {
    return {_mm256_add_ps(sum.low, _mm256_max_ps(a.low, b.low)),
            _mm256_add_ps(sum.high, _mm256_max_ps(a.high, b.high))};
  }
  static double sum(Lanes lanes) noexcept {
    const auto first = [](__m256 x) { return _mm256_cvtps_pd(_mm256_castps256_ps128(x)); };
    const auto second = [](__m256 x) { return _mm256_cvtps_pd(_mm256_extractf128_ps(x, 1)); };
    const __m256d four = _mm256_add_pd(_mm256_add_pd(first(lanes.low), first(lanes.high)),
                                       _mm256_add_pd(second(lanes.low), second(lanes.high)));
    const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
    return _mm_cvtsd_f64(two) + _mm_cvtsd_f64(_mm_unpackhi_pd(two, two));
  }
};

}  // namespace

const DistanceKernels kAvx2Distances{InstructionSet::avx2, max_sums<Avx2, 2, 2>};

}  // namespace cupel::detail
#endif
