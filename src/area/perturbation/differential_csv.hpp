#pragma once
/// Differential expression as a table: one row per perturbation and gene.
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "area/perturbation/differential.hpp"
#include "cupel/context.hpp"

namespace cupel::perturbation {

struct DifferentialCsvOptions {
  bool with_context = false;  ///< a column `context` in front
  double significant = 2.0;   ///< only rows with p_adjusted below this; above 1: all rows
};

/// (context,)perturbation,gene,statistic,p_value,p_adjusted,log2_fold_change,mean_perturbed,
/// mean_reference: results in order, groups in order, genes in order; NaN is an empty cell. Rows
/// are formatted on all threads; gzipped if the name ends in ".gz". Returns the number of rows.
/// Throws Error{io}.
std::uint64_t write_differential_csv(const std::filesystem::path& path,
                                     const std::vector<ContextResult>& results,
                                     const DifferentialCsvOptions& options, const Context& context);

}  // namespace cupel::perturbation
