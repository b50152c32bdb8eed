#include "model/interaction_ridge.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <span>

#include "model/ridge.hpp"
#include "simd/blas.hpp"

namespace cupel {
namespace {

/// A column of ones, then the features, in double precision.
Matrix<double> with_ones(const Matrix<float>& features) {
  Matrix<double> out(features.rows, features.cols + 1);
  for (std::size_t i = 0; i < features.rows; ++i) {
    out(i, 0) = 1.0;
    std::copy(features.row(i).begin(), features.row(i).end(), out.row(i).begin() + 1);
  }
  return out;
}

/// The columns, ordered by q: products of z_q with all first features (z_0 = x_0 = 1) for
/// q <= second_products, z_q alone for the others.
class Design {
 public:
  Design(const Matrix<float>& first, const Matrix<float>& second, std::size_t second_products)
      : first_(with_ones(first)), second_(with_ones(second)) {
    for (std::size_t q = 0; q < second_.cols; ++q) {
      begin_.push_back(n_columns_);
      width_.push_back(q <= second_products ? first_.cols : 1);
      n_columns_ += width_.back();
    }
  }

  [[nodiscard]] std::size_t n_columns() const noexcept { return n_columns_; }

  [[nodiscard]] RidgeSums sums_over(const PairTable& pairs, const Context& context) const {
    RidgeSums sums(n_columns_);
    const std::size_t n_q = second_.cols;
    const std::size_t n_first = first_.rows;
    const auto [partner_gram, partner_moment] = partner_sums(pairs, sums.squares);
    std::vector<double> scaled(n_first * first_.cols);
    std::vector<double> block(first_.cols * first_.cols);
    for (std::size_t q = 0; q < n_q; ++q) {
      context.check_cancelled();
      for (std::size_t other = 0; other <= q; ++other) {
        const std::size_t cols = width_[other];
        for (std::size_t i = 0; i < n_first; ++i) {
          const double weight = partner_gram[(i * n_q + q) * n_q + other];
          for (std::size_t p = 0; p < cols; ++p) scaled[i * cols + p] = weight * first_(i, p);
        }
        multiply_by_first(width_[q], cols, n_first, scaled, block);
        for (std::size_t p = 0; p < width_[q]; ++p) {
          std::copy_n(block.data() + p * cols, cols, &sums.gram(begin_[q] + p, begin_[other]));
        }
      }
      for (std::size_t i = 0; i < n_first; ++i) {
        const double weight = partner_moment[i * n_q + q];
        for (std::size_t p = 0; p < width_[q]; ++p) {
          sums.moment[begin_[q] + p] += weight * first_(i, p);
        }
      }
    }
    return sums;
  }

  /// 0 for the intercept, the main share for z_0 x_p and z_q x_0, the whole for products.
  [[nodiscard]] std::vector<double> penalties(double penalty, double main_share) const {
    std::vector<double> out(n_columns_, penalty);
    std::fill_n(out.begin(), width_[0], penalty * main_share);
    for (const std::size_t begin : begin_) out[begin] = penalty * main_share;
    out[0] = 0.0;
    return out;
  }

  [[nodiscard]] Matrix<double> as_matrix(std::span<const double> weights) const {
    Matrix<double> out(second_.cols, first_.cols, 0.0);
    for (std::size_t q = 0; q < second_.cols; ++q) {
      std::copy_n(weights.data() + begin_[q], width_[q], out.row(q).data());
    }
    return out;
  }

  /// What the weights make of every pair of entities: n_first x n_second.
  [[nodiscard]] Matrix<double> all_predictions(const Matrix<double>& weights) const {
    Matrix<double> half(first_.rows, second_.cols);
    blas::multiply(first_.rows, second_.cols, first_.cols, 1.0, first_.values.data(), false,
                   weights.values.data(), true, 0.0, half.values.data());
    Matrix<double> out(first_.rows, second_.rows);
    blas::multiply(first_.rows, second_.rows, second_.cols, 1.0, half.values.data(), false,
                   second_.values.data(), true, 0.0, out.values.data());
    return out;
  }

 private:
  struct PartnerSums {
    std::vector<double> gram;    ///< n_first x q x q, lower triangles
    std::vector<double> moment;  ///< n_first x q
  };

  [[nodiscard]] PartnerSums partner_sums(const PairTable& pairs, double& squares) const {
    const std::size_t n_q = second_.cols;
    PartnerSums sums{.gram = std::vector<double>(first_.rows * n_q * n_q, 0.0),
                     .moment = std::vector<double>(first_.rows * n_q, 0.0)};
    const Grouping grouping = group_by(pairs.first, first_.rows);
    std::vector<double> z;
    std::vector<double> y;
    for (std::size_t i = 0; i < first_.rows; ++i) {
      z.clear();
      y.clear();
      for (const std::uint32_t pair : grouping.of(i)) {
        const auto row = second_.row(pairs.second[pair]);
        z.insert(z.end(), row.begin(), row.end());
        y.push_back(pairs.value[pair]);
      }
      if (y.empty()) continue;
      blas::add_gram(y.size(), n_q, z.data(), sums.gram.data() + i * n_q * n_q);
      blas::add_transposed_times(y.size(), n_q, z.data(), y.data(), sums.moment.data() + i * n_q);
      squares += std::inner_product(y.begin(), y.end(), y.begin(), 0.0);
    }
    return sums;
  }

  /// block (rows x cols) = (first `rows` columns of the first features)' scaled.
  void multiply_by_first(std::size_t rows, std::size_t cols, std::size_t n_first,
                         const std::vector<double>& scaled, std::vector<double>& block) const {
    if (rows == first_.cols) {
      blas::multiply(rows, cols, n_first, 1.0, first_.values.data(), true, scaled.data(), false,
                     0.0, block.data());
      return;
    }
    std::fill_n(block.begin(), cols, 0.0);  // rows == 1: the column of ones
    for (std::size_t i = 0; i < n_first; ++i) {
      for (std::size_t p = 0; p < cols; ++p) block[p] += scaled[i * cols + p];
    }
  }

  Matrix<double> first_;
  Matrix<double> second_;
  std::vector<std::size_t> begin_;
  std::vector<std::size_t> width_;
  std::size_t n_columns_ = 0;
};

}  // namespace

InteractionRidge InteractionRidge::fit(const Matrix<float>& first, const Matrix<float>& second,
                                       const PairTable& fit, const PairTable& tune,
                                       const PairTable& all, const InteractionRidgeOptions& options,
                                       const Context& context) {
  InteractionRidge model;
  model.second_products_ = std::min(options.second_products, second.cols);
  const Design design(first, second, model.second_products_);
  model.penalty_ = options.penalties[options.penalties.size() / 2];
  model.main_share_ = options.main_shares[options.main_shares.size() / 2];
  RidgeSums total = design.sums_over(fit, context);
  const bool one_choice = options.penalties.size() * options.main_shares.size() == 1;
  if (tune.size() > 0 && !one_choice) {
    const RidgeSums held_out = design.sums_over(tune, context);
    double best_error = std::numeric_limits<double>::infinity();
    for (const double penalty : options.penalties) {
      for (const double share : options.main_shares) {
        context.check_cancelled();
        const auto w = total.solve(design.penalties(penalty, share));
        const double error = held_out.squared_error(w);
        if (error >= best_error) continue;
        best_error = error;
        model.penalty_ = penalty;
        model.main_share_ = share;
      }
    }
  }
  if (all.size() != fit.size()) total = design.sums_over(all, context);
  model.weights_ =
      design.as_matrix(total.solve(design.penalties(model.penalty_, model.main_share_)));
  return model;
}

std::vector<double> InteractionRidge::predict(const Matrix<float>& first,
                                              const Matrix<float>& second,
                                              const PairTable& pairs) const {
  const Matrix<double> grid = Design(first, second, second_products_).all_predictions(weights_);
  std::vector<double> out;
  out.reserve(pairs.size());
  for (std::size_t r = 0; r < pairs.size(); ++r) {
    out.push_back(grid(pairs.first[r], pairs.second[r]));
  }
  return out;
}

}  // namespace cupel
