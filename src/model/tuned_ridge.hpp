#pragma once
/// Ridge regression with an intercept, whose penalty is chosen by the leave-one-out error:
///
///   w = argmin |y - w0 - X w|^2 + l |w|^2,   l = argmin sum_i ((y_i - f_i) / (1 - h_ii))^2
///
/// h is the diagonal of the hat matrix, so that nothing is fitted twice (Allen 1974,
/// doi:10.1080/00401706.1974.10489157). One eigendecomposition serves all penalties: of X'X
/// (columns <= rows), or of XX', the kernel form, with many more features than rows. X is centred;
/// the intercept is free. O(rows columns m + m^3), m = min(rows, columns).
#include <span>
#include <vector>

#include "cupel/matrix.hpp"

namespace cupel {

struct TunedRidgeOptions {
  /// Tried penalties, in units of the mean non-zero eigenvalue of X'X.
  std::vector<double> penalties = {1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000};
};

class TunedRidge {
 public:
  /// A row of `x` per value of `y`.
  static TunedRidge fit(const Matrix<float>& x, std::span<const double> y,
                        const TunedRidgeOptions& options);
  [[nodiscard]] double predict(std::span<const float> row) const noexcept;
  [[nodiscard]] double penalty() const noexcept { return penalty_; }  ///< l itself
  /// Root mean squared leave-one-out error at that penalty.
  [[nodiscard]] double left_out_rmse() const noexcept { return left_out_rmse_; }

 private:
  std::vector<double> weights_;
  double intercept_ = 0.0;
  double penalty_ = 0.0;
  double left_out_rmse_ = 0.0;
};

}  // namespace cupel
