#include "metric/kernels.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <vector>

#include "metric/metric.hpp"
#include "stat/moments.hpp"
#include "stat/ranks.hpp"

namespace cupel {
namespace detail {
namespace {

struct Centred {
  std::vector<double> values;
  double norm = 0.0;
  bool is_constant = false;
};

Centred centre(Values values) {
  const double centre = mean(values);
  Centred out{.values = std::vector<double>(values.size())};
  double squares = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    out.values[i] = values[i] - centre;
    squares += out.values[i] * out.values[i];
  }
  out.norm = std::sqrt(squares);
  out.is_constant = out.norm <= 1e-13 * std::abs(centre) ||
                    std::ranges::adjacent_find(values, std::not_equal_to<>()) == values.end();
  return out;
}

/// Values are given with few digits: 6.3 and 5.3 are 1 apart, whatever the last bit says.
double share_within(double limit, Values truth, Values prediction) {
  if (truth.empty()) return kNotDefined;
  std::size_t n = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    n += std::abs(truth[i] - prediction[i]) <= limit + 1e-9 ? 1 : 0;
  }
  return static_cast<double>(n) / static_cast<double>(truth.size());
}

/// Pairs of equal neighbours' runs: sum over runs of n (n - 1) / 2.
template <typename Same>
double tied_pairs(std::size_t n, Same same_as_previous) {
  double pairs = 0.0;
  double run = 1.0;
  for (std::size_t i = 1; i <= n; ++i) {
    if (i < n && same_as_previous(i)) {
      run += 1.0;
    } else {
      pairs += 0.5 * run * (run - 1.0);
      run = 1.0;
    }
  }
  return pairs;
}

/// Number of inversions, by merge sort; sorts `values`.
double count_inversions(std::vector<double>& values) {
  std::vector<double> buffer(values.size());
  double inversions = 0.0;
  const std::size_t n = values.size();
  for (std::size_t width = 1; width < n; width *= 2) {
    for (std::size_t begin = 0; begin < n; begin += 2 * width) {
      const std::size_t middle = std::min(begin + width, n);
      const std::size_t end = std::min(begin + 2 * width, n);
      std::size_t left = begin;
      std::size_t right = middle;
      for (std::size_t out = begin; out < end; ++out) {
        if (left < middle && (right >= end || values[left] <= values[right])) {
          buffer[out] = values[left++];
        } else {
          inversions += static_cast<double>(middle - left);
          buffer[out] = values[right++];
        }
      }
    }
    values.swap(buffer);
  }
  return inversions;
}

struct ClassCounts {
  double positive = 0.0;
  double negative = 0.0;
};

ClassCounts count_classes(Values labels) {
  ClassCounts counts;
  for (const double label : labels) (label > 0.5 ? counts.positive : counts.negative) += 1.0;
  return counts;
}

}  // namespace

double mse(Values truth, Values prediction) {
  if (truth.empty()) return kNotDefined;
  double sum = 0.0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    sum += (truth[i] - prediction[i]) * (truth[i] - prediction[i]);
  }
  return sum / static_cast<double>(truth.size());
}

double rmse(Values truth, Values prediction) { return std::sqrt(mse(truth, prediction)); }

double mae(Values truth, Values prediction) {
  if (truth.empty()) return kNotDefined;
  double sum = 0.0;
  for (std::size_t i = 0; i < truth.size(); ++i) sum += std::abs(truth[i] - prediction[i]);
  return sum / static_cast<double>(truth.size());
}

double within_10_fold(Values truth, Values prediction) {
  return share_within(1.0, truth, prediction);
}

double within_2_fold(Values truth, Values prediction) {
  return share_within(std::numbers::ln2 / std::numbers::ln10, truth, prediction);
}

double r2(Values truth, Values prediction) {
  if (truth.size() < 2) return kNotDefined;
  const Centred t = centre(truth);
  if (t.is_constant) return kNotDefined;
  const double error = mse(truth, prediction) * static_cast<double>(truth.size());
  return 1.0 - error / (t.norm * t.norm);
}

double pearson(Values truth, Values prediction) {
  if (truth.size() < 2) return kNotDefined;
  const Centred t = centre(truth);
  const Centred p = centre(prediction);
  if (t.is_constant || p.is_constant) return kNotDefined;
  double product = 0.0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    product += (t.values[i] / t.norm) * (p.values[i] / p.norm);
  }
  return std::clamp(product, -1.0, 1.0);
}

double spearman(Values truth, Values prediction) {
  return pearson(mid_ranks(truth), mid_ranks(prediction));
}

double kendall(Values truth, Values prediction) {
  const std::size_t n = truth.size();
  if (n < 2) return kNotDefined;
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
    return truth[a] != truth[b] ? truth[a] < truth[b] : prediction[a] < prediction[b];
  });
  const auto same_truth = [&](std::size_t i) { return truth[order[i]] == truth[order[i - 1]]; };
  const auto same_both = [&](std::size_t i) {
    return same_truth(i) && prediction[order[i]] == prediction[order[i - 1]];
  };
  const double ties_truth = tied_pairs(n, same_truth);
  const double ties_both = tied_pairs(n, same_both);
  std::vector<double> sorted = gather(prediction, order);
  const double discordant = count_inversions(sorted);
  const double ties_prediction =
      tied_pairs(n, [&](std::size_t i) { return sorted[i] == sorted[i - 1]; });
  const double pairs = 0.5 * static_cast<double>(n) * (static_cast<double>(n) - 1.0);
  if (ties_truth == pairs || ties_prediction == pairs) return kNotDefined;
  const double difference = pairs - ties_truth - ties_prediction + ties_both - 2.0 * discordant;
  const double tau =
      difference / std::sqrt(pairs - ties_truth) / std::sqrt(pairs - ties_prediction);
  return std::clamp(tau, -1.0, 1.0);
}

double auroc(Values labels, Values score) {
  const ClassCounts counts = count_classes(labels);
  if (counts.positive == 0.0 || counts.negative == 0.0) return kNotDefined;
  const std::vector<double> ranks = mid_ranks(score);
  double positive_ranks = 0.0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] > 0.5) positive_ranks += ranks[i];
  }
  const double wins = positive_ranks - 0.5 * counts.positive * (counts.positive + 1.0);
  return wins / (counts.positive * counts.negative);
}

double average_precision(Values labels, Values score) {
  const ClassCounts counts = count_classes(labels);
  if (counts.positive == 0.0 || counts.negative == 0.0) return kNotDefined;
  std::vector<std::uint32_t> order = ascending_order(score);
  std::ranges::reverse(order);
  double seen = 0.0;
  double hits = 0.0;
  double hits_before = 0.0;
  double area = 0.0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    seen += 1.0;
    if (labels[order[i]] > 0.5) hits += 1.0;
    if (i + 1 < order.size() && score[order[i + 1]] == score[order[i]]) continue;
    area += (hits - hits_before) / counts.positive * (hits / seen);
    hits_before = hits;
  }
  return area;
}

double matthews(Values labels, Values margin) {
  double tp = 0.0;
  double tn = 0.0;
  double fp = 0.0;
  double fn = 0.0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const bool is_positive = labels[i] > 0.5;
    const bool is_called = margin[i] > 0.0;
    (is_positive ? (is_called ? tp : fn) : (is_called ? fp : tn)) += 1.0;
  }
  const double product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
  if (product == 0.0) return kNotDefined;
  return (tp * tn - fp * fn) / std::sqrt(product);
}

}  // namespace detail
}  // namespace cupel
