#pragma once
/// Ridge regression on the features of two entities and on their products:
///
///   y(i, j) = w0 + sum_p a_p x_ip + sum_q b_q z_jq + sum_{p, q <= q0} c_pq x_ip z_jq
///
/// with every feature p of the first entity and the q0 leading features of the second in products.
/// The intercept is free; products pay `penalty`, main effects `penalty * main_share`. Both are
/// chosen on tuning pairs.
///
/// X'X needs no pass over pairs * columns^2: with H_i = sum over the partners j of z_j z_j', its
/// block of the products with z_q and z_q' is X' diag(H_i[q, q']) X, a product over entities
/// (the Kronecker structure of pairwise models, Stock et al. 2018, doi:10.1162/neco_a_01096).
/// O(pairs * q^2 + q0^2 * entities * p^2 + penalties * (p q0)^3 / 3).
#include <cstddef>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "model/pair_table.hpp"

namespace cupel {

struct InteractionRidgeOptions {
  std::size_t second_products = 12;  ///< leading features of the second entity that enter products
  std::vector<double> penalties = {1e1, 1e2, 1e3, 1e4, 1e5};
  std::vector<double> main_shares = {0.01, 0.3};
};

class InteractionRidge {
 public:
  /// `fit` and `tune` choose the penalties; `all` (what `fit` and `tune` were cut from, or `fit`
  /// again) gives the weights. Without tuning pairs the middle penalty is taken.
  static InteractionRidge fit(const Matrix<float>& first, const Matrix<float>& second,
                              const PairTable& fit, const PairTable& tune, const PairTable& all,
                              const InteractionRidgeOptions& options, const Context& context);
  [[nodiscard]] std::vector<double> predict(const Matrix<float>& first, const Matrix<float>& second,
                                            const PairTable& pairs) const;
  [[nodiscard]] double penalty() const noexcept { return penalty_; }
  [[nodiscard]] double main_share() const noexcept { return main_share_; }

 private:
  std::size_t second_products_ = 0;
  double penalty_ = 0.0;
  double main_share_ = 0.0;
  Matrix<double> weights_;  ///< (1 + second features) x (1 + first features); 0 where no column
};

}  // namespace cupel
