#include "model/interaction_ridge.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <span>

#include "model/ridge.hpp"

namespace cupel {
namespace {

/// Columns: 1, first features, second features, products.
struct Design {
  const Matrix<float>& first;
  const Matrix<float>& second;
  std::size_t first_products;
  std::size_t second_products;

  [[nodiscard]] std::size_t n_main() const noexcept { return first.cols + second.cols; }
  [[nodiscard]] std::size_t n_columns() const noexcept {
    return 1 + n_main() + first_products * second_products;
  }
  void fill(std::uint32_t i, std::uint32_t j, std::span<double> row) const noexcept {
    const auto x = first.row(i);
    const auto z = second.row(j);
    row[0] = 1.0;
    auto to = std::copy(x.begin(), x.end(), row.begin() + 1);
    to = std::copy(z.begin(), z.end(), to);
    for (std::size_t p = 0; p < first_products; ++p) {
      for (std::size_t q = 0; q < second_products; ++q) *to++ = static_cast<double>(x[p] * z[q]);
    }
  }
};

constexpr std::size_t kBlock = 1024;

RidgeSums sums_over(const Design& design, const PairTable& pairs, const Context& context) {
  RidgeSums sums(design.n_columns());
  std::vector<double> block(kBlock * design.n_columns());
  for (std::size_t begin = 0; begin < pairs.size(); begin += kBlock) {
    context.check_cancelled();
    const std::size_t n = std::min(kBlock, pairs.size() - begin);
    for (std::size_t r = 0; r < n; ++r) {
      design.fill(pairs.first[begin + r], pairs.second[begin + r],
                  std::span(block).subspan(r * design.n_columns(), design.n_columns()));
    }
    sums.add(std::span<const double>(block).first(n * design.n_columns()),
             std::span(pairs.value).subspan(begin, n));
  }
  return sums;
}

std::vector<double> penalty_vector(const Design& design, double penalty, double main_share) {
  std::vector<double> out(design.n_columns(), penalty);
  out[0] = 0.0;
  std::fill_n(out.begin() + 1, design.n_main(), penalty * main_share);
  return out;
}

}  // namespace

InteractionRidge InteractionRidge::fit(const Matrix<float>& first, const Matrix<float>& second,
                                       const PairTable& fit, const PairTable& tune,
                                       const PairTable& all, const InteractionRidgeOptions& options,
                                       const Context& context) {
  InteractionRidge model;
  model.first_products_ = std::min(options.first_products, first.cols);
  model.second_products_ = std::min(options.second_products, second.cols);
  const Design design{first, second, model.first_products_, model.second_products_};
  double best_penalty = options.penalties[options.penalties.size() / 2];
  double best_share = options.main_shares[options.main_shares.size() / 2];
  RidgeSums total = sums_over(design, fit, context);
  if (tune.size() > 0) {
    const RidgeSums held_out = sums_over(design, tune, context);
    double best_error = std::numeric_limits<double>::infinity();
    for (const double penalty : options.penalties) {
      for (const double share : options.main_shares) {
        context.check_cancelled();
        const auto w = total.solve(penalty_vector(design, penalty, share));
        const double error = held_out.squared_error(w);
        if (error >= best_error) continue;
        best_error = error;
        best_penalty = penalty;
        best_share = share;
      }
    }
    if (all.size() == fit.size() + tune.size()) {
      total.add(held_out);
    } else if (all.size() != fit.size()) {
      total = sums_over(design, all, context);
    }
  }
  model.weights_ = total.solve(penalty_vector(design, best_penalty, best_share));
  return model;
}

std::vector<float> InteractionRidge::predict(const Matrix<float>& first,
                                             const Matrix<float>& second,
                                             const PairTable& pairs) const {
  const Design design{first, second, first_products_, second_products_};
  std::vector<double> row(design.n_columns());
  std::vector<float> out;
  out.reserve(pairs.size());
  for (std::size_t r = 0; r < pairs.size(); ++r) {
    design.fill(pairs.first[r], pairs.second[r], row);
    out.push_back(
        static_cast<float>(std::inner_product(row.begin(), row.end(), weights_.begin(), 0.0)));
  }
  return out;
}

}  // namespace cupel
