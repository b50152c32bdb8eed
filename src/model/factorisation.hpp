#pragma once
/// Matrix factorisation on identities only: y = mu + a_i + b_j + u_i . v_j.
///
///   minimise  sum (y - mu - a_i - b_j - u_i . v_j)^2
///             + penalty (sum |u_i|^2 + sum |v_j|^2) + bias_penalty (sum a_i^2 + sum b_j^2)
///
/// by alternating least squares (Koren, Bell & Volinsky 2009, doi:10.1109/MC.2009.263): with one
/// side fixed, each level of the other has its own ridge problem in (u_i, a_i). A sweep costs
/// O(pairs * rank^2) flops in ssyrk plus O(levels * rank^3) for the factorisations; float32.
/// A level without a training value gets zeros, and so the additive model of the other side.
/// Targets are standardised inside, so that penalties mean the same for ln IC50 and for AUC.
#include <cstdint>
#include <span>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/matrix.hpp"
#include "model/pair_table.hpp"

namespace cupel {

struct FactorisationOptions {
  std::uint32_t rank = 30;
  float penalty = 4.0F;  ///< for targets of standard deviation 1
  float bias_penalty = 1.0F;
  std::uint32_t max_sweeps = 20;
  double tolerance = 1e-3;  ///< stop when a sweep lowers the training RMSE by less, relatively
  std::uint64_t seed = 0;
};

/// Factors of one side: rank values u_i, then the bias a_i, per level.
struct Factorisation {
  double mean = 0.0;
  double scale = 1.0;  ///< standard deviation of the training targets
  std::uint32_t rank = 0;
  Matrix<float> first;   ///< n_first x (rank + 1)
  Matrix<float> second;  ///< n_second x (rank + 1)
  std::uint32_t sweeps = 0;

  [[nodiscard]] double at(std::uint32_t i, std::uint32_t j) const noexcept;
  /// The penalty has driven all u . v to nothing; zero factors are a saddle that no sweep leaves.
  [[nodiscard]] bool has_collapsed() const noexcept;
};

/// Reusable state: the pairs sorted by either side, so that a path of penalties sorts once.
class FactorisationProblem {
 public:
  explicit FactorisationProblem(PairTable pairs);

  /// Starts from `start` where it is given, has the same rank and has not collapsed, else from
  /// small random factors.
  [[nodiscard]] Factorisation fit(const FactorisationOptions& options, const Context& context,
                                  const Factorisation* start = nullptr) const;
  [[nodiscard]] const PairTable& pairs() const noexcept { return pairs_; }

 private:
  struct Side {
    Grouping grouping;
    std::vector<std::uint32_t> partner;  ///< code on the other side, in grouped order
    std::vector<float> value;            ///< y - mean, in grouped order
    std::size_t longest = 0;
  };
  [[nodiscard]] static Side make_side(std::span<const std::uint32_t> codes,
                                      std::span<const std::uint32_t> partners, std::size_t n_levels,
                                      std::span<const double> values, double mean, double scale);
  static double solve_side(const Side& side, const Matrix<float>& other, Matrix<float>& self,
                           const FactorisationOptions& options);

  PairTable pairs_;
  double mean_ = 0.0;
  double scale_ = 1.0;
  Side first_;
  Side second_;
};

/// RMSE of the model on other pairs; NaN without pairs.
double rmse(const Factorisation& model, const PairTable& pairs) noexcept;

}  // namespace cupel
