/// Additive models of drug and cell-line effects: naive, least squares, ridge on one-hot ids.
#include <cmath>
#include <limits>

#include "area/drug_response/baseline_parts.hpp"
#include "model/inner_split.hpp"
#include "model/level_means.hpp"
#include "model/two_way.hpp"

namespace cupel::drug_response {
namespace {

constexpr const char* kZeroEffect = "effect 0 for an unseen drug or cell line";

FitFunction fit_additive(Options&) {
  return [](const FitRequest& request, const Context&) -> PredictFunction {
    const PairTable pairs = drug_cell_pairs(request.data, request.train);
    return [seen = SeenPairs(pairs), by_drug = level_means(pairs.first, pairs.value, pairs.n_first),
            by_cell = level_means(pairs.second, pairs.value, pairs.n_second)](
               const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      const double mean = by_drug.overall;
      return seen.predict(data, rows, kZeroEffect, [&](std::uint32_t drug, std::uint32_t cell) {
        return mean + (by_drug.of(drug, mean) - mean) + (by_cell.of(cell, mean) - mean);
      });
    };
  };
}

PredictFunction predict_two_way(const PairTable& pairs, TwoWayModel model) {
  return [seen = SeenPairs(pairs), model = std::move(model)](
             const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
    return seen.predict(data, rows, kZeroEffect, [&](std::uint32_t drug, std::uint32_t cell) {
      return model.at(drug, cell);
    });
  };
}

FitFunction fit_additive_ls(Options& options) {
  const double ridge = options.number("ridge", 0.0, 0.0, 1e6);
  return [ridge](const FitRequest& request, const Context&) -> PredictFunction {
    const PairTable pairs = drug_cell_pairs(request.data, request.train);
    TwoWayModel model = fit_two_way(pairs, {.ridge = ridge});
    centre_effects(model, pairs);
    return predict_two_way(pairs, std::move(model));
  };
}

double squared_error(const TwoWayModel& model, const PairTable& pairs) {
  double sum = 0.0;
  for (std::size_t r = 0; r < pairs.size(); ++r) {
    const double error = pairs.value[r] - model.at(pairs.first[r], pairs.second[r]);
    sum += error * error;
  }
  return sum;
}

FitFunction fit_onehot_ridge(Options& options) {
  const auto penalties = options.numbers("penalties", {0.1, 1.0, 3.0, 10.0, 30.0}, 0.0, 1e9);
  return [penalties](const FitRequest& request, const Context& context) -> PredictFunction {
    double best_penalty = penalties.size() > 1 ? 1.0 : penalties.front();
    if (penalties.size() > 1) {
      const InnerSplit inner = inner_split(request);
      const PairTable fit = drug_cell_pairs(request.data, inner.fit);
      const PairTable tune = drug_cell_pairs(request.data, inner.tune);
      double best_error = std::numeric_limits<double>::infinity();
      for (const double penalty : penalties) {
        context.check_cancelled();
        if (tune.size() == 0) break;
        const double error =
            squared_error(fit_two_way(fit, {.ridge = penalty, .tolerance = 1e-6}), tune);
        if (error < best_error) {
          best_error = error;
          best_penalty = penalty;
        }
      }
    }
    const PairTable pairs = drug_cell_pairs(request.data, request.train);
    return predict_two_way(pairs, fit_two_way(pairs, {.ridge = best_penalty}));
  };
}

}  // namespace

std::vector<BaselineEntry> additive_baselines() {
  std::vector<BaselineEntry> entries;
  entries.push_back({.info = {.name = "additive",
                              .title = "Drug + cell line (means)",
                              .rung = Rung::means,
                              .sees = {"targets", "drug_id", "cell_id"},
                              .description = "mu + (drug mean - mu) + (cell-line mean - mu)",
                              .fallback = kZeroEffect,
                              .source = "NaiveMeanEffects of drevalpy (Bernett et al. 2026, Nature "
                                        "Communications 17:4238)"},
                     .needs = {},
                     .make = fit_additive});
  entries.push_back(
      {.info = {.name = "additive_ls",
                .title = "Drug + cell line (least squares)",
                .rung = Rung::means,
                .sees = {"targets", "drug_id", "cell_id"},
                .description = "mu + a_drug + b_cell by least squares, effects centred over the "
                               "training rows; unbiased where the table is unbalanced",
                .fallback = kZeroEffect,
                .source = "two-way analysis of variance (Yates 1934, "
                          "doi:10.1080/01621459.1934.10502686)"},
       .needs = {},
       .make = fit_additive_ls});
  entries.push_back(
      {.info = {.name = "onehot_ridge",
                .title = "Ridge on one-hot identities",
                .rung = Rung::identities,
                .sees = {"targets", "drug_id", "cell_id"},
                .description = "mu + a_drug + b_cell with penalty (|a|^2 + |b|^2), the penalty "
                               "chosen on an inner split of the training rows by the split's unit",
                .fallback = kZeroEffect,
                .source = "Hoerl & Kennard 1970, doi:10.1080/00401706.1970.10488634"},
       .needs = {},
       .make = fit_onehot_ridge});
  return entries;
}

}  // namespace cupel::drug_response
