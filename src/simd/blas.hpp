#pragma once
/// The few dense kernels that learners need, in float and double, on OpenBLAS and its LAPACK.
/// Single-threaded: trials run in parallel outside. Row-major; `n x m` means n rows of m.
#include <cstddef>
#include <span>

namespace cupel::blas {

/// Keeps BLAS on the calling thread; called by every kernel here, costs nothing when it holds.
void use_one_thread() noexcept;

/// c (n x m) = alpha op(a) op(b) + beta c, inner dimension k; op transposes where asked.
void multiply(std::size_t n, std::size_t m, std::size_t k, float alpha, const float* a,
              bool transpose_a, const float* b, bool transpose_b, float beta, float* c) noexcept;
void multiply(std::size_t n, std::size_t m, std::size_t k, double alpha, const double* a,
              bool transpose_a, const double* b, bool transpose_b, double beta, double* c) noexcept;

/// Lower triangle of c (m x m) += a' a, a is n x m.
void add_gram(std::size_t n, std::size_t m, const float* a, float* c) noexcept;
void add_gram(std::size_t n, std::size_t m, const double* a, double* c) noexcept;
/// out (m) += a' y, a is n x m.
void add_transposed_times(std::size_t n, std::size_t m, const float* a, const float* y,
                          float* out) noexcept;
void add_transposed_times(std::size_t n, std::size_t m, const double* a, const double* y,
                          double* out) noexcept;

/// Solves a x = b in place for symmetric positive definite `a` (m x m, lower triangle, destroyed).
/// False if `a` is not positive definite.
[[nodiscard]] bool solve_positive(std::size_t m, float* a, float* b) noexcept;
[[nodiscard]] bool solve_positive(std::size_t m, double* a, double* b) noexcept;

/// Eigenvalues (ascending) and orthonormal eigenvectors (row k of `a` on return) of a symmetric
/// matrix (m x m, lower triangle). False if the iteration did not converge.
[[nodiscard]] bool symmetric_eigen(std::size_t m, double* a, double* eigenvalues);

}  // namespace cupel::blas
