#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "model/pca.hpp"
#include "simd/blas.hpp"

namespace cupel {
namespace {

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::size_t kOversampling = 12;
constexpr int kPowerSteps = 6;

Matrix<float> centred_rows(const Matrix<float>& x, std::span<const std::uint32_t> rows,
                           std::span<const float> mean) {
  Matrix<float> out(rows.size(), x.cols);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto from = x.row(rows[r]);
    const auto to = out.row(r);
    for (std::size_t k = 0; k < x.cols; ++k) to[k] = from[k] - mean[k];
  }
  return out;
}

/// Replaces the columns of a tall matrix by an orthonormal basis of their span.
void orthonormalise(Matrix<float>& q) {
  RowMajor copy = Eigen::Map<RowMajor>(q.values.data(), static_cast<Eigen::Index>(q.rows),
                                       static_cast<Eigen::Index>(q.cols));
  const Eigen::HouseholderQR<Eigen::MatrixXf> qr(copy);
  const Eigen::MatrixXf thin =
      qr.householderQ() * Eigen::MatrixXf::Identity(copy.rows(), copy.cols());
  Eigen::Map<RowMajor>(q.values.data(), copy.rows(), copy.cols()) = thin;
}

}  // namespace

Pca fit_pca(const Matrix<float>& x, std::span<const std::uint32_t> rows, std::size_t n_components,
            std::uint64_t seed) {
  Pca pca;
  pca.mean.assign(x.cols, 0.0F);
  if (rows.empty() || x.cols == 0) return pca;
  std::vector<double> sums(x.cols, 0.0);
  for (const std::uint32_t row : rows) {
    for (std::size_t k = 0; k < x.cols; ++k) sums[k] += static_cast<double>(x(row, k));
  }
  for (std::size_t k = 0; k < x.cols; ++k) {
    pca.mean[k] = static_cast<float>(sums[k] / static_cast<double>(rows.size()));
  }
  const std::size_t limit = std::min(rows.size() - 1, x.cols);
  const std::size_t wanted = std::min(n_components, limit);
  if (wanted == 0) return pca;
  const std::size_t width = std::min(wanted + kOversampling, limit);

  // Iterate a basis of the row space: basis is features x width.
  const Matrix<float> centred = centred_rows(x, rows, pca.mean);
  Matrix<float> basis(x.cols, width);
  Rng rng(seed, "pca");
  for (float& value : basis.values) value = static_cast<float>(rng.normal());
  Matrix<float> image(rows.size(), width);
  const auto project = [&] {
    blas::multiply(rows.size(), width, x.cols, 1.0F, centred.values.data(), false,
                   basis.values.data(), false, 0.0F, image.values.data());
  };
  for (int step = 0; step < kPowerSteps; ++step) {
    project();
    blas::multiply(x.cols, width, rows.size(), 1.0F, centred.values.data(), true,
                   image.values.data(), false, 0.0F, basis.values.data());
    orthonormalise(basis);
  }
  project();
  Matrix<float> gram(width, width);
  blas::multiply(width, width, rows.size(), 1.0F, image.values.data(), true, image.values.data(),
                 false, 0.0F, gram.values.data());
  const Eigen::MatrixXd symmetric =
      Eigen::Map<RowMajor>(gram.values.data(), static_cast<Eigen::Index>(width),
                           static_cast<Eigen::Index>(width))
          .cast<double>();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(symmetric);

  const double largest = std::max(eigen.eigenvalues()[static_cast<Eigen::Index>(width - 1)], 0.0);
  std::size_t kept = 0;
  while (kept < wanted &&
         eigen.eigenvalues()[static_cast<Eigen::Index>(width - 1 - kept)] > 1e-6 * largest) {
    ++kept;
  }
  pca.axes = Matrix<float>(kept, x.cols);
  for (std::size_t c = 0; c < kept; ++c) {
    const auto column = static_cast<Eigen::Index>(width - 1 - c);
    pca.deviation.push_back(static_cast<float>(
        std::sqrt(eigen.eigenvalues()[column] / static_cast<double>(rows.size() - 1))));
    const auto axis = pca.axes.row(c);
    for (std::size_t w = 0; w < width; ++w) {
      const auto weight =
          static_cast<float>(eigen.eigenvectors()(static_cast<Eigen::Index>(w), column));
      for (std::size_t k = 0; k < x.cols; ++k) axis[k] += weight * basis(k, w);
    }
  }
  return pca;
}

Matrix<float> Pca::scores(const Matrix<float>& x, std::span<const std::uint32_t> rows) const {
  Matrix<float> out(rows.size(), axes.rows);
  if (axes.rows == 0 || rows.empty()) return out;
  const Matrix<float> centred = centred_rows(x, rows, mean);
  blas::multiply(rows.size(), axes.rows, x.cols, 1.0F / deviation.front(), centred.values.data(),
                 false, axes.values.data(), true, 0.0F, out.values.data());
  return out;
}

}  // namespace cupel
