// Blocked products and float sums count what the definition counts.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "metric/discrimination.hpp"

namespace cupel {
namespace {

constexpr ProfileDistance kAll[] = {ProfileDistance::l1, ProfileDistance::l2,
                                    ProfileDistance::cosine};

/// Few distinct values make ties; a common offset makes differences small beside the values.
Matrix<double> random_profiles(Rng& rng, std::size_t n, std::size_t n_genes, bool is_coarse,
                               double offset) {
  Matrix<double> out(n, n_genes);
  for (double& value : out.values) {
    value = is_coarse ? std::floor(3.0 * rng.uniform()) - 1.0 : rng.uniform() - 0.4;
    value += offset;
  }
  return out;
}

double by_definition(ProfileDistance distance, std::span<const double> a, std::span<const double> b,
                     const std::vector<std::uint32_t>& excluded) {
  long double sum = 0;
  long double aa = 0;
  long double bb = 0;
  long double ab = 0;
  for (std::size_t g = 0; g < a.size(); ++g) {
    if (std::ranges::count(excluded, g) > 0) continue;
    const long double x = a[g];
    const long double y = b[g];
    sum += distance == ProfileDistance::l1 ? std::abs(x - y) : (x - y) * (x - y);
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  if (distance == ProfileDistance::l1) return static_cast<double>(sum);
  if (distance == ProfileDistance::l2) return static_cast<double>(std::sqrt(sum));
  return aa == 0 || bb == 0 ? 1.0 : static_cast<double>(1 - ab / std::sqrt(aa * bb));
}

RC_GTEST_PROP(Discrimination, EqualsBruteForce, ()) {
  Rng rng(*rc::gen::inRange<std::uint64_t>(0, 1 << 20), "discrimination");
  const auto n = *rc::gen::inRange<std::size_t>(2, 90);
  const auto n_truth = n + *rc::gen::inRange<std::size_t>(0, 30);
  const auto n_genes = *rc::gen::inRange<std::size_t>(1, 70);
  const bool is_coarse = *rc::gen::arbitrary<bool>();
  const double offset = *rc::gen::element(0.0, 1e4);
  const Matrix<double> truth = random_profiles(rng, n_truth, n_genes, is_coarse, offset);
  const Matrix<double> predicted = random_profiles(rng, n, n_genes, is_coarse, offset);
  std::vector<std::vector<std::uint32_t>> excluded(n);
  std::vector<std::uint32_t> own(n);
  for (std::size_t i = 0; i < n; ++i) {
    own[i] = rng.below(static_cast<std::uint32_t>(n_truth));
    if (rng.uniform() < 0.5) excluded[i].push_back(rng.below(static_cast<std::uint32_t>(n_genes)));
  }
  const DiscriminationOptions options{.excluded = excluded, .own = own};
  const Context context{.n_threads = 2};
  const auto results = discriminate(predicted, truth, kAll, options, context);
  for (std::size_t d = 0; d < 3; ++d) {
    for (std::size_t i = 0; i < n; ++i) {
      const double mine = by_definition(kAll[d], predicted.row(i), truth.row(own[i]), excluded[i]);
      // Around the tolerance itself, rounding decides: bounds for twice and half of it.
      std::uint32_t closer[2] = {};
      std::uint32_t not_farther[2] = {};
      for (std::size_t j = 0; j < n_truth; ++j) {
        if (j == own[i]) continue;
        const double other = by_definition(kAll[d], predicted.row(i), truth.row(j), excluded[i]);
        const double margin = 1e-12 * (kAll[d] == ProfileDistance::cosine ? 1.0 : mine);
        closer[0] += other < mine - 2.0 * margin ? 1 : 0;
        closer[1] += other < mine - 0.5 * margin ? 1 : 0;
        not_farther[0] += other <= mine + 0.5 * margin ? 1 : 0;
        not_farther[1] += other <= mine + 2.0 * margin ? 1 : 0;
      }
      RC_ASSERT(std::abs(results[d][i].own_distance - mine) <= 1e-11 * (1.0 + mine));
      const DiscriminationRow& row = results[d][i];
      RC_ASSERT(row.n_closer >= closer[0]);
      RC_ASSERT(row.n_closer <= closer[1]);
      RC_ASSERT(row.n_closer + row.n_equal >= not_farther[0]);
      RC_ASSERT(row.n_closer + row.n_equal <= not_farther[1]);
    }
  }
}

RC_GTEST_PROP(Discrimination, DoesNotDependOnThreadsOrOrderOfGenes, ()) {
  Rng rng(*rc::gen::inRange<std::uint64_t>(0, 1 << 20), "order");
  const auto n = *rc::gen::inRange<std::size_t>(2, 150);
  const auto n_genes = *rc::gen::inRange<std::size_t>(2, 60);
  const Matrix<double> truth = random_profiles(rng, n, n_genes, false, 0.0);
  const Matrix<double> predicted = random_profiles(rng, n, n_genes, false, 0.0);
  const auto turned = [&](const Matrix<double>& x) {
    Matrix<double> out(x.rows, x.cols);
    for (std::size_t i = 0; i < x.rows; ++i) {
      std::ranges::reverse_copy(x.row(i), out.row(i).begin());
    }
    return out;
  };
  const auto one = discriminate(predicted, truth, kAll, {}, {.n_threads = 1});
  const auto two = discriminate(turned(predicted), turned(truth), kAll, {}, {.n_threads = 2});
  for (std::size_t d = 0; d < 3; ++d) {
    for (std::size_t i = 0; i < n; ++i) RC_ASSERT(one[d][i].score() == two[d][i].score());
  }
}

/// A prediction that is the same for every perturbation ranks each of them once: the mean is .5.
RC_GTEST_PROP(Discrimination, OneProfileForAllIsChance, ()) {
  Rng rng(*rc::gen::inRange<std::uint64_t>(0, 1 << 20), "constant");
  const auto n = *rc::gen::inRange<std::size_t>(2, 60);
  const Matrix<double> truth = random_profiles(rng, n, 8, *rc::gen::arbitrary<bool>(), 0.0);
  Matrix<double> predicted(n, 8);
  for (std::size_t i = 0; i < n; ++i) std::ranges::fill(predicted.row(i), 0.25);
  for (const auto& rows : discriminate(predicted, truth, kAll, {}, {})) {
    double sum = 0.0;
    for (const auto& row : rows) sum += row.score();
    RC_ASSERT(std::abs(sum / static_cast<double>(n) - 0.5) < 1e-12);
  }
}

}  // namespace
}  // namespace cupel
