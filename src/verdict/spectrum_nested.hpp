#pragma once
/// A spectrum without retraining: the test rows whose nearest training item is at most so similar,
/// for falling limits. All levels share one training set, so nothing here is due to its size.
#include <cstdint>
#include <string>
#include <vector>

#include "verdict/spectrum.hpp"

namespace cupel {

struct NestedRows {
  std::vector<double> truth;
  std::vector<double> nearest;      ///< similarity of the most similar training item
  std::vector<std::uint32_t> unit;  ///< what is exchangeable; empty = every row by itself
  std::size_t n_train = 0;
  double threshold = kUndefined;  ///< from which a training item is a neighbour
  std::vector<SpectrumPredictor> predictors;
  std::vector<std::vector<double>> predictions;  ///< [predictor][row]; NaN = none
};

struct NestedOptions {
  std::vector<double> limits;  ///< of the similarity; empty = quantiles
  std::size_t n_levels = 8;    ///< quantiles 1, (n-1)/n, ..., 1/n of the nearest similarity
  std::size_t min_rows = 10;   ///< levels with fewer rows are left aside
};

/// Splits and predictions; names, titles and similarity are for the caller to fill in.
/// Throws Error{input} if fewer than two levels have enough rows.
SpectrumInput nested_spectrum(const NestedRows& rows, const NestedOptions& options);

}  // namespace cupel
