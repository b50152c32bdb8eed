#pragma once
/// The two kinds of weighted metric behind weighted.hpp.
#include "metric/weighted.hpp"

namespace cupel::detail {

/// mse, rmse, mae, r2, pearson, mcc; nullptr for any other.
std::unique_ptr<WeightedMetric> make_sum_metric(std::string_view metric, const WeightedRows& rows);
/// auroc, auprc, spearman; nullptr for any other.
std::unique_ptr<WeightedMetric> make_rank_metric(std::string_view metric, const WeightedRows& rows);

}  // namespace cupel::detail
