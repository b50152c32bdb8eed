#include "metric/metric.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "metric/kernels.hpp"

namespace cupel {
namespace {

const std::array<MetricInfo, 12>& registry() {
  static const std::array<MetricInfo, 12> kMetrics = {{
      {.name = "rmse",
       .title = "RMSE",
       .description = "Root mean squared error, sqrt(mean((t - p)^2)), in the target's unit.",
       .source = "sklearn.metrics.root_mean_squared_error",
       .higher_is_better = false,
       .same_unit_as_target = true,
       .function = detail::rmse},
      {.name = "mse",
       .title = "MSE",
       .description = "Mean squared error, mean((t - p)^2).",
       .source = "sklearn.metrics.mean_squared_error",
       .higher_is_better = false,
       .function = detail::mse},
      {.name = "mae",
       .title = "MAE",
       .description = "Mean absolute error, mean(|t - p|), in the target's unit.",
       .source = "sklearn.metrics.mean_absolute_error",
       .higher_is_better = false,
       .same_unit_as_target = true,
       .function = detail::mae},
      {.name = "within_10_fold",
       .title = "Within 10-fold",
       .description = "Share of rows with |t - p| <= 1 (up to 1e-9): within tenfold of experiment "
                      "where the target is in log10 units.",
       .source = "Janela and Bajorath 2022, doi:10.1038/s42256-022-00581-6",
       .function = detail::within_10_fold},
      {.name = "within_2_fold",
       .title = "Within 2-fold",
       .description =
           "Share of rows with |t - p| <= log10(2) = 0.3010 (up to 1e-9): within twofold "
           "of experiment where the target is in log10 units.",
       .source = "Janela and Bajorath 2022, doi:10.1038/s42256-022-00581-6",
       .function = detail::within_2_fold},
      {.name = "r2",
       .title = "R2",
       .description = "Coefficient of determination, 1 - sum((t - p)^2) / sum((t - mean t)^2); "
                      "undefined for constant truth.",
       .source = "sklearn.metrics.r2_score",
       .function = detail::r2},
      {.name = "pearson",
       .title = "Pearson r",
       .description = "Linear correlation of truth and prediction; undefined if either is "
                      "constant.",
       .source = "scipy.stats.pearsonr",
       .function = detail::pearson},
      {.name = "spearman",
       .title = "Spearman rho",
       .description = "Pearson correlation of mid-ranks; undefined if truth or prediction is "
                      "constant.",
       .source = "scipy.stats.spearmanr",
       .function = detail::spearman},
      {.name = "kendall",
       .title = "Kendall tau-b",
       .description = "(concordant - discordant pairs) / sqrt((pairs - ties in t)(pairs - ties in "
                      "p)); undefined if truth or prediction is constant.",
       .source = "Knight 1966, doi:10.1080/01621459.1966.10480879; scipy.stats.kendalltau",
       .function = detail::kendall},
      {.name = "auroc",
       .title = "AUROC",
       .description = "Probability that a positive row is scored above a negative one, ties "
                      "count half; undefined with one class only.",
       .source = "sklearn.metrics.roc_auc_score",
       .needs_labels = true,
       .function = detail::auroc},
      {.name = "auprc",
       .title = "AUPRC",
       .description = "Average precision, sum of (recall step x precision) over distinct scores; "
                      "undefined with one class only.",
       .source = "sklearn.metrics.average_precision_score",
       .needs_labels = true,
       .function = detail::average_precision},
      {.name = "mcc",
       .title = "MCC",
       .description = "Matthews correlation of labels and calls (score > 0); undefined if either "
                      "has one class only.",
       .source = "Matthews 1975, doi:10.1016/0005-2795(75)90109-9; "
                 "sklearn.metrics.matthews_corrcoef",
       .needs_labels = true,
       .function = detail::matthews},
  }};
  return kMetrics;
}

bool all_finite(std::span<const double> values) noexcept {
  return std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
}

}  // namespace

std::span<const MetricInfo> metrics() { return registry(); }

const MetricInfo* find_metric(std::string_view name) noexcept {
  const auto& all = registry();
  const auto* found = std::ranges::find(all, name, &MetricInfo::name);
  return found == all.end() ? nullptr : found;
}

const MetricInfo& metric(std::string_view name) {
  if (const MetricInfo* found = find_metric(name)) return *found;
  std::vector<std::string> names;
  for (const MetricInfo& info : registry()) names.push_back(info.name);
  const std::string nearest = nearest_word(name, names);
  fail(ErrorKind::usage, "there is no metric \"" + std::string(name) + "\"", {},
       (nearest.empty() ? std::string() : "did you mean \"" + nearest + "\"? ") +
           "metrics: " + join(names, ", "));
}

double evaluate(const MetricInfo& info, std::span<const double> truth,
                std::span<const double> prediction) {
  if (truth.size() != prediction.size()) {
    fail(ErrorKind::internal, "metric " + info.name + " got " + std::to_string(truth.size()) +
                                  " truths and " + std::to_string(prediction.size()) +
                                  " predictions");
  }
  if (!all_finite(truth) || !all_finite(prediction)) return detail::kNotDefined;
  return info.function(truth, prediction);
}

double evaluate(std::string_view name, std::span<const double> truth,
                std::span<const double> prediction) {
  return evaluate(metric(name), truth, prediction);
}

std::vector<std::uint32_t> complete_rows(std::span<const double> truth,
                                         std::span<const double> prediction) {
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < std::min(truth.size(), prediction.size()); ++i) {
    if (std::isfinite(truth[i]) && std::isfinite(prediction[i])) {
      rows.push_back(static_cast<std::uint32_t>(i));
    }
  }
  return rows;
}

std::vector<double> gather(std::span<const double> values, std::span<const std::uint32_t> rows) {
  std::vector<double> out;
  out.reserve(rows.size());
  for (const std::uint32_t row : rows) out.push_back(values[row]);
  return out;
}

}  // namespace cupel
