#include "model/similar_items.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>

#include "base/parallel.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

constexpr std::size_t kRows = 16;  ///< test items per piece of work

}  // namespace

SimilarAnswers ask_similar_items(const Similarity& test_by_train,
                                 std::span<const double> train_targets, std::size_t k,
                                 const Context& context) {
  const std::size_t n_test = test_by_train.n_rows();
  const std::size_t n_train = test_by_train.n_cols();
  if (train_targets.size() != n_train || n_train == 0 || k == 0) {
    fail(ErrorKind::internal, "similar items: no training items, or not a target for each");
  }
  const double mean = std::accumulate(train_targets.begin(), train_targets.end(), 0.0) /
                      static_cast<double>(n_train);
  SimilarAnswers out{.nearest = std::vector<double>(n_test),
                     .copied = std::vector<double>(n_test),
                     .weighted = std::vector<double>(n_test, mean)};
  parallel_for(context, (n_test + kRows - 1) / kRows, [&](std::size_t piece) {
    const Range rows{piece * kRows, std::min((piece + 1) * kRows, n_test)};
    std::vector<double> values(rows.size() * n_train);
    test_by_train.values(rows, {0, n_train}, values);
    std::vector<double> sorted;
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      const std::span<const double> row(values.data() + (i - rows.begin) * n_train, n_train);
      sorted.assign(row.begin(), row.end());
      const std::size_t place = std::min(k, n_train) - 1;
      std::ranges::nth_element(sorted, sorted.begin() + static_cast<std::ptrdiff_t>(place),
                               std::greater<>());
      const double least = sorted[place];
      const double most = *std::ranges::max_element(row);
      double n_ties = 0.0;
      double copied = 0.0;
      double weight = 0.0;
      double weighted = 0.0;
      for (std::size_t j = 0; j < n_train; ++j) {
        if (row[j] == most) {
          n_ties += 1.0;
          copied += train_targets[j];
        }
        if (row[j] >= least && row[j] > 0.0) {
          weight += row[j];
          weighted += row[j] * train_targets[j];
        }
      }
      out.nearest[i] = most;
      out.copied[i] = copied / n_ties;
      if (weight > 0.0) out.weighted[i] = weighted / weight;
    }
  });
  return out;
}

}  // namespace cupel
