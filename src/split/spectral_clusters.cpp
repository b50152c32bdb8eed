#include "split/spectral_clusters.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"
#include "cupel/matrix.hpp"

namespace cupel {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;

constexpr std::size_t kLargest = 30000;  ///< items: 7.2 GB of affinities
constexpr std::size_t kBlock = 64;       ///< rows of one task
constexpr Eigen::Index kMostSteps = 500;
constexpr double kAccuracy = 1e-9;  ///< residual of an eigenvector; eigenvalues are at most 1
constexpr std::uint64_t kStarts = 10;

/// Calls `work(first, last)` for blocks of rows, on all threads.
template <typename Work>
void by_rows(std::size_t n, const Context& context, const Work& work) {
  parallel_for(context, (n + kBlock - 1) / kBlock,
               [&](std::size_t block) { work(block * kBlock, std::min((block + 1) * kBlock, n)); });
}

/// D^-1/2 W D^-1/2 in place of W; returns D^-1/2.
Vector normalise(RowMajor& w, const Context& context) {
  const Vector scale = w.rowwise().sum().cwiseSqrt().cwiseInverse();
  by_rows(static_cast<std::size_t>(w.rows()), context, [&](std::size_t first, std::size_t last) {
    for (auto i = static_cast<Eigen::Index>(first); i < static_cast<Eigen::Index>(last); ++i) {
      w.row(i).array() *= scale.transpose().array() * scale[i];
    }
  });
  return scale;
}

RowMajor affinity(const Similarity& similarity, const Context& context) {
  const std::size_t n = similarity.n_rows();
  const auto size = static_cast<Eigen::Index>(n);
  RowMajor w(size, size);
  by_rows(n, context, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      const auto row = static_cast<Eigen::Index>(i);
      similarity.values({i, i + 1}, {0, n}, {w.data() + i * n, n});
      w(row, row) = 0.0;
      if (w.row(row).minCoeff() < 0.0) {
        fail_input("spectral clustering needs similarities of at least 0", {},
                   "use a similarity of sets or bits, such as Tanimoto");
      }
      if (w.row(row).sum() <= 0.0) w(row, row) = 1.0;
    }
  });
  return w;
}

Vector times(const RowMajor& a, const Vector& x, const Context& context) {
  Vector y(x.size());
  by_rows(static_cast<std::size_t>(a.rows()), context, [&](std::size_t first, std::size_t last) {
    const auto begin = static_cast<Eigen::Index>(first);
    for (auto i = begin; i < static_cast<Eigen::Index>(last); ++i) y[i] = a.row(i).dot(x);
  });
  return y;
}

Vector random_unit(Eigen::Index n, Rng& rng, const Eigen::MatrixXd& against, Eigen::Index n_known) {
  Vector x(n);
  for (auto& value : x) value = rng.normal();
  for (int twice = 0; twice < 2; ++twice) {
    const auto known = against.leftCols(n_known);
    x -= known * (known.transpose() * x);
  }
  return x.normalized();
}

/// The k leading eigenvectors of a symmetric matrix (n x k), by Lanczos with full
/// reorthogonalisation (Golub & Van Loan, chapter 10).
Eigen::MatrixXd leading_vectors(const RowMajor& a, Eigen::Index k, std::uint64_t seed,
                                const Context& context) {
  const Eigen::Index n = a.rows();
  const Eigen::Index most = std::min(n, kMostSteps);
  Rng rng(seed, "lanczos");
  Eigen::MatrixXd basis(n, most);
  Vector diagonal(most);
  Vector beside = Vector::Zero(most);
  basis.col(0) = random_unit(n, rng, basis, 0);
  for (Eigen::Index step = 0;; ++step) {
    context.check_cancelled();
    Vector next = times(a, basis.col(step), context);
    diagonal[step] = basis.col(step).dot(next);
    for (int twice = 0; twice < 2; ++twice) {
      const auto known = basis.leftCols(step + 1);
      next -= known * (known.transpose() * next);
    }
    beside[step] = next.norm();
    const bool last = step + 1 == most;
    if (last || (step + 1 >= 2 * k && (step + 1) % 20 == 0)) {
      Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> small;
      small.computeFromTridiagonal(diagonal.head(step + 1), beside.head(step));
      const auto leading = small.eigenvectors().rightCols(std::min(k, step + 1));
      const double residual = beside[step] * leading.row(step).cwiseAbs().maxCoeff();
      if (last || residual < kAccuracy) return basis.leftCols(step + 1) * leading;
    }
    if (beside[step] > 1e-12) {
      basis.col(step + 1) = next / beside[step];
    } else {  // the space is exhausted (a component of its own): go on in another
      beside[step] = 0.0;
      basis.col(step + 1) = random_unit(n, rng, basis, step + 1);
    }
  }
}

double sum_of_squares(const Matrix<double>& points, const ItemClusters& clusters) {
  Matrix<double> centre(clusters.count, points.cols);
  std::vector<double> size(clusters.count, 0.0);
  for (std::size_t i = 0; i < points.rows; ++i) {
    size[clusters.of_item[i]] += 1.0;
    for (std::size_t j = 0; j < points.cols; ++j) {
      centre(clusters.of_item[i], j) += points(i, j);
    }
  }
  double sum = 0.0;
  for (std::size_t i = 0; i < points.rows; ++i) {
    const auto c = clusters.of_item[i];
    for (std::size_t j = 0; j < points.cols; ++j) {
      const double away = points(i, j) - centre(c, j) / size[c];
      sum += away * away;
    }
  }
  return sum;
}

ItemClusters best_kmeans(const Matrix<double>& points, std::size_t k, std::uint64_t seed,
                         const Context& context) {
  ItemClusters best;
  double least = std::numeric_limits<double>::infinity();
  for (std::uint64_t start = 0; start < kStarts; ++start) {
    const std::uint64_t its_seed = Rng(seed, "spectral k-means", start).next64();
    ItemClusters clusters = kmeans_clusters(points, k, its_seed, context);
    const double sum = sum_of_squares(points, clusters);
    if (!(sum < least)) continue;
    least = sum;
    best = std::move(clusters);
  }
  return best;
}

}  // namespace

ItemClusters spectral_clusters(const Similarity& similarity, std::size_t k, std::uint64_t seed,
                               const Context& context) {
  const std::size_t n = similarity.n_rows();
  if (k < 2 || k > n) {
    fail_input(
        std::to_string(n) + " items cannot be parted into " + std::to_string(k) + " clusters", {},
        "use at least 2 clusters and at most one per item");
  }
  if (n > kLargest) {
    fail_input("spectral clustering keeps all similarities in memory, and " + std::to_string(n) +
                   " items are too many for that",
               {}, "use butina, kmeans or scaffold_balanced");
  }
  RowMajor a = affinity(similarity, context);
  const Vector scale = normalise(a, context);
  const Eigen::MatrixXd vectors = leading_vectors(a, static_cast<Eigen::Index>(k), seed, context);
  Matrix<double> points(n, static_cast<std::size_t>(vectors.cols()));
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    for (std::size_t j = 0; j < points.cols; ++j) {
      points(i, j) = vectors(row, static_cast<Eigen::Index>(j)) * scale[row];
    }
  }
  return first_met(best_kmeans(points, k, seed, context).of_item);
}

}  // namespace cupel
