#include "metric/groups.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "cupel/error.hpp"
#include "metric/kernels.hpp"

namespace cupel {
namespace {

void require_same_size(std::size_t a, std::size_t b, std::string_view what) {
  if (a != b) {
    fail(ErrorKind::internal, std::string(what) + ": inputs of different lengths, " +
                                  std::to_string(a) + " and " + std::to_string(b));
  }
}

/// Rows sorted by group (counting sort, stable): rows of group g are rows[begin[g] .. begin[g+1]).
struct GroupIndex {
  std::vector<std::uint32_t> rows;
  std::vector<std::size_t> begin;

  [[nodiscard]] std::span<const std::uint32_t> of(std::size_t group) const noexcept {
    return std::span(rows).subspan(begin[group], begin[group + 1] - begin[group]);
  }
};

GroupIndex index_groups(std::span<const std::uint32_t> groups, std::size_t n_groups) {
  GroupIndex index;
  index.begin.assign(n_groups + 1, 0);
  for (const std::uint32_t group : groups) {
    if (group < n_groups) ++index.begin[group + 1];
  }
  for (std::size_t g = 0; g < n_groups; ++g) index.begin[g + 1] += index.begin[g];
  index.rows.resize(index.begin[n_groups]);
  std::vector<std::size_t> next(index.begin.begin(), index.begin.end() - 1);
  for (std::size_t row = 0; row < groups.size(); ++row) {
    if (groups[row] < n_groups) index.rows[next[groups[row]]++] = static_cast<std::uint32_t>(row);
  }
  return index;
}

double median_of_sorted(std::span<const double> sorted) {
  const std::size_t n = sorted.size();
  if (n == 0) return detail::kNotDefined;
  return n % 2 == 1 ? sorted[n / 2] : 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]);
}

double waterfall_of_sorted(std::span<const double> sorted) {
  constexpr double kLinear = 0.95;
  const std::size_t n = sorted.size();
  if (n < 3) return median_of_sorted(sorted);
  std::vector<double> rank(n);
  for (std::size_t i = 0; i < n; ++i) rank[i] = static_cast<double>(i);
  const double linearity = detail::pearson(rank, sorted);
  if (std::isnan(linearity) || linearity > kLinear) return median_of_sorted(sorted);
  // The perpendicular distance to the line is the vertical one times a constant: same maximum.
  const double slope = (sorted[n - 1] - sorted[0]) / static_cast<double>(n - 1);
  std::size_t farthest = 0;
  double largest = -1.0;
  for (std::size_t i = 0; i < n; ++i) {
    const double distance = std::abs(sorted[i] - sorted[0] - slope * rank[i]);
    if (distance > largest) {
      largest = distance;
      farthest = i;
    }
  }
  return sorted[farthest];
}

template <typename Rule>
std::vector<double> cutoffs(std::span<const double> values, std::span<const std::uint32_t> drugs,
                            std::size_t n_drugs, Rule rule) {
  require_same_size(values.size(), drugs.size(), "cut-offs");
  const GroupIndex index = index_groups(drugs, n_drugs);
  std::vector<double> out(n_drugs);
  for (std::size_t drug = 0; drug < n_drugs; ++drug) {
    std::vector<double> responses = gather(values, index.of(drug));
    std::erase_if(responses, [](double value) { return !std::isfinite(value); });
    std::ranges::sort(responses);
    out[drug] = rule(responses);
  }
  return out;
}

}  // namespace

std::vector<GroupScore> evaluate_groups(std::string_view metric_name, std::span<const double> truth,
                                        std::span<const double> prediction,
                                        std::span<const std::uint32_t> groups, std::size_t n_groups,
                                        const GroupOptions& options) {
  require_same_size(truth.size(), prediction.size(), "metric per group");
  require_same_size(truth.size(), groups.size(), "metric per group");
  const MetricInfo& info = metric(metric_name);
  const GroupIndex index = index_groups(groups, n_groups);
  std::vector<GroupScore> scores;
  for (std::size_t group = 0; group < n_groups; ++group) {
    const std::span<const std::uint32_t> rows = index.of(group);
    if (rows.empty()) continue;
    const double value = rows.size() < options.min_rows
                             ? detail::kNotDefined
                             : evaluate(info, gather(truth, rows), gather(prediction, rows));
    scores.push_back({static_cast<std::uint32_t>(group), value, rows.size()});
  }
  return scores;
}

Macro macro_average(std::span<const GroupScore> scores) {
  Macro macro{.n_groups = scores.size()};
  double sum = 0.0;
  for (const GroupScore& score : scores) {
    if (std::isnan(score.value)) {
      ++macro.n_undefined;
    } else {
      sum += score.value;
    }
  }
  const std::size_t n_defined = macro.n_groups - macro.n_undefined;
  macro.mean_defined = n_defined > 0 ? sum / static_cast<double>(n_defined) : detail::kNotDefined;
  macro.mean_zero_filled =
      macro.n_groups > 0 ? sum / static_cast<double>(macro.n_groups) : detail::kNotDefined;
  return macro;
}

std::vector<double> group_means(std::span<const double> values,
                                std::span<const std::uint32_t> groups, std::size_t n_groups) {
  require_same_size(values.size(), groups.size(), "group means");
  std::vector<double> sums(n_groups, 0.0);
  std::vector<std::size_t> counts(n_groups, 0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (groups[i] >= n_groups) continue;
    sums[groups[i]] += values[i];
    ++counts[groups[i]];
  }
  for (std::size_t g = 0; g < n_groups; ++g) {
    sums[g] = counts[g] > 0 ? sums[g] / static_cast<double>(counts[g]) : detail::kNotDefined;
  }
  return sums;
}

std::vector<double> remove_reference(std::span<const double> values,
                                     std::span<const double> reference) {
  require_same_size(values.size(), reference.size(), "removal of a reference");
  constexpr double kRounding = 8.0 * std::numeric_limits<double>::epsilon();
  std::vector<double> out(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double difference = values[i] - reference[i];
    const double scale = std::max(std::abs(values[i]), std::abs(reference[i]));
    out[i] = std::abs(difference) <= kRounding * scale ? 0.0 : difference;
  }
  return out;
}

std::vector<double> remove_group_means(std::span<const double> values,
                                       std::span<const std::uint32_t> groups,
                                       std::span<const double> means, double fallback) {
  require_same_size(values.size(), groups.size(), "removal of group means");
  std::vector<double> reference(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool is_known = groups[i] < means.size() && !std::isnan(means[groups[i]]);
    reference[i] = is_known ? means[groups[i]] : fallback;
  }
  return remove_reference(values, reference);
}

double evaluate_normalised(std::string_view metric_name, std::span<const double> truth,
                           std::span<const double> prediction, std::span<const double> reference) {
  return evaluate(metric_name, remove_reference(truth, reference),
                  remove_reference(prediction, reference));
}

std::vector<double> median_cutoffs(std::span<const double> train_values,
                                   std::span<const std::uint32_t> train_drugs,
                                   std::size_t n_drugs) {
  return cutoffs(train_values, train_drugs, n_drugs, median_of_sorted);
}

std::vector<double> waterfall_cutoffs(std::span<const double> train_values,
                                      std::span<const std::uint32_t> train_drugs,
                                      std::size_t n_drugs) {
  return cutoffs(train_values, train_drugs, n_drugs, waterfall_of_sorted);
}

std::vector<double> fixed_cutoffs(double threshold, std::size_t n_drugs) {
  return std::vector<double>(n_drugs, threshold);
}

Binarised binarise(std::span<const double> truth, std::span<const double> prediction,
                   std::span<const std::uint32_t> drugs, std::span<const double> cutoffs) {
  require_same_size(truth.size(), prediction.size(), "binarisation");
  require_same_size(truth.size(), drugs.size(), "binarisation");
  Binarised out;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (drugs[i] >= cutoffs.size() || std::isnan(cutoffs[drugs[i]])) {
      ++out.n_without_cutoff;
      continue;
    }
    const double cutoff = cutoffs[drugs[i]];
    out.rows.push_back(static_cast<std::uint32_t>(i));
    out.labels.push_back(truth[i] < cutoff ? 1.0 : 0.0);
    out.score.push_back(-prediction[i]);
    out.margin.push_back(cutoff - prediction[i]);
  }
  return out;
}

}  // namespace cupel
