// Sums of maxima with AVX-512: 4 x 4 pairs of rows in sixteen registers, eight loads for 32
// operations.
#ifdef __AVX512F__
#include <immintrin.h>

#include "simd/distance_kernels_body.hpp"

namespace cupel::detail {
namespace {

struct Avx512 {
  using Lanes = __m512;
  static Lanes zero() noexcept { return _mm512_setzero_ps(); }
  static Lanes load(const float* p) noexcept { return _mm512_loadu_ps(p); }
  static Lanes add_max(Lanes sum, Lanes a, Lanes b) noexcept {
    return _mm512_add_ps(sum, _mm512_max_ps(a, b));
  }
  static double sum(Lanes lanes) noexcept {
    const __m256 high = _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(lanes), 1));
    const __m512d eight =
        _mm512_add_pd(_mm512_cvtps_pd(_mm512_castps512_ps256(lanes)), _mm512_cvtps_pd(high));
    const __m256d four =
        _mm256_add_pd(_mm512_castpd512_pd256(eight), _mm512_extractf64x4_pd(eight, 1));
    const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
    return _mm_cvtsd_f64(two) + _mm_cvtsd_f64(_mm_unpackhi_pd(two, two));
  }
};

}  // namespace

const DistanceKernels kAvx512Distances{InstructionSet::avx512, max_sums<Avx512, 4, 4>};

}  // namespace cupel::detail
#endif
