#pragma once
/// Ridge regression on the features of two entities and on products of their leading features:
///
///   y(i, j) = w0 + sum_p a_p x_ip + sum_q b_q z_jq + sum_pq c_pq x_ip z_jq
///
/// The intercept is free; products pay `penalty`, main effects `penalty * main_share`. Both are
/// chosen on tuning pairs. One pass over the pairs whatever the number of penalties:
/// O(pairs * columns^2 + penalties * columns^3).
#include <cstddef>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "model/pair_table.hpp"

namespace cupel {

struct InteractionRidgeOptions {
  std::size_t first_products = 32;  ///< leading features of either side that enter products
  std::size_t second_products = 32;
  std::vector<double> penalties = {1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0};
  std::vector<double> main_shares = {0.01, 0.1, 1.0};
};

class InteractionRidge {
 public:
  /// `fit` and `tune` choose the penalties; `all` (what `fit` and `tune` were cut from, or `fit`
  /// again) gives the weights. Without tuning pairs the middle penalty is taken.
  static InteractionRidge fit(const Matrix<float>& first, const Matrix<float>& second,
                              const PairTable& fit, const PairTable& tune, const PairTable& all,
                              const InteractionRidgeOptions& options, const Context& context);
  [[nodiscard]] std::vector<float> predict(const Matrix<float>& first, const Matrix<float>& second,
                                           const PairTable& pairs) const;

 private:
  std::size_t first_products_ = 0;
  std::size_t second_products_ = 0;
  std::vector<double> weights_;
};

}  // namespace cupel
