#include "simd/blas.hpp"

#include <cblas.h>

#include <algorithm>
#include <vector>

extern "C" {
void spotrf_(const char* uplo, const int* n, float* a, const int* lda, int* info);
void dpotrf_(const char* uplo, const int* n, double* a, const int* lda, int* info);
void dsyevd_(const char* jobz, const char* uplo, const int* n, double* a, const int* lda, double* w,
             double* work, const int* lwork, int* iwork, const int* liwork, int* info);
}

namespace cupel::blas {
namespace {

int as_int(std::size_t n) noexcept { return static_cast<int>(n); }
int leading(std::size_t n) noexcept { return static_cast<int>(std::max<std::size_t>(n, 1)); }

}  // namespace

void use_one_thread() noexcept {
  if (openblas_get_num_threads() != 1) openblas_set_num_threads(1);
}

void multiply(std::size_t n, std::size_t m, std::size_t k, float alpha, const float* a,
              bool transpose_a, const float* b, bool transpose_b, float beta, float* c) noexcept {
  use_one_thread();
  cblas_sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans,
              transpose_b ? CblasTrans : CblasNoTrans, as_int(n), as_int(m), as_int(k), alpha, a,
              leading(transpose_a ? n : k), b, leading(transpose_b ? k : m), beta, c, leading(m));
}

void multiply(std::size_t n, std::size_t m, std::size_t k, double alpha, const double* a,
              bool transpose_a, const double* b, bool transpose_b, double beta,
              double* c) noexcept {
  use_one_thread();
  cblas_dgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans,
              transpose_b ? CblasTrans : CblasNoTrans, as_int(n), as_int(m), as_int(k), alpha, a,
              leading(transpose_a ? n : k), b, leading(transpose_b ? k : m), beta, c, leading(m));
}

void add_gram(std::size_t n, std::size_t m, const float* a, float* c) noexcept {
  use_one_thread();
  cblas_ssyrk(CblasRowMajor, CblasLower, CblasTrans, as_int(m), as_int(n), 1.0F, a, leading(m),
              1.0F, c, leading(m));
}

void add_transposed_times(std::size_t n, std::size_t m, const float* a, const float* y,
                          float* out) noexcept {
  use_one_thread();
  cblas_sgemv(CblasRowMajor, CblasTrans, as_int(n), as_int(m), 1.0F, a, leading(m), y, 1, 1.0F, out,
              1);
}

void add_gram(std::size_t n, std::size_t m, const double* a, double* c) noexcept {
  use_one_thread();
  cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, as_int(m), as_int(n), 1.0, a, leading(m), 1.0,
              c, leading(m));
}

void add_transposed_times(std::size_t n, std::size_t m, const double* a, const double* y,
                          double* out) noexcept {
  use_one_thread();
  cblas_dgemv(CblasRowMajor, CblasTrans, as_int(n), as_int(m), 1.0, a, leading(m), y, 1, 1.0, out,
              1);
}

// Fortran sees a row-major lower triangle as an upper one: a = U' U.
bool solve_positive(std::size_t m, float* a, float* b) noexcept {
  use_one_thread();
  const int n = as_int(m);
  const int lda = leading(m);
  int info = 0;
  spotrf_("U", &n, a, &lda, &info);
  if (info != 0) return false;
  cblas_strsv(CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit, n, a, lda, b, 1);
  cblas_strsv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, n, a, lda, b, 1);
  return true;
}

bool solve_positive(std::size_t m, double* a, double* b) noexcept {
  use_one_thread();
  const int n = as_int(m);
  const int lda = leading(m);
  int info = 0;
  dpotrf_("U", &n, a, &lda, &info);
  if (info != 0) return false;
  cblas_dtrsv(CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit, n, a, lda, b, 1);
  cblas_dtrsv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, n, a, lda, b, 1);
  return true;
}

bool symmetric_eigen(std::size_t m, double* a, double* eigenvalues) {
  use_one_thread();
  const int n = as_int(m);
  const int lda = leading(m);
  int info = 0;
  double wanted = 0.0;
  int wanted_integers = 0;
  const int ask = -1;
  // Row-major lower is column-major upper.
  dsyevd_("V", "U", &n, a, &lda, eigenvalues, &wanted, &ask, &wanted_integers, &ask, &info);
  if (info != 0) return false;
  std::vector<double> work(static_cast<std::size_t>(wanted));
  std::vector<int> integers(static_cast<std::size_t>(wanted_integers));
  const int n_work = as_int(work.size());
  dsyevd_("V", "U", &n, a, &lda, eigenvalues, work.data(), &n_work, integers.data(),
          &wanted_integers, &info);
  return info == 0;
}

}  // namespace cupel::blas
