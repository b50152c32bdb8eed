/// Copies of the nearest training drug or cell line: the control of every overlap series.
#include <utility>

#include "area/drug_response/baseline_parts.hpp"
#include "model/nearest_copy.hpp"
#include "similarity/entity_similarity.hpp"
#include "split/similarity_table.hpp"

namespace cupel::drug_response {
namespace {

struct Sides {
  std::string other;
  std::string copied;  ///< whose nearest example is copied
};

Prediction predict_copies(const NearestCopy& model, const Sides& sides, const Dataset& data,
                          std::span<const std::uint32_t> rows) {
  const auto& first = data.entity(sides.other).code_of_sample;
  const auto& second = data.entity(sides.copied).code_of_sample;
  Prediction prediction;
  std::size_t n_nearest_mean = 0;
  std::size_t n_without = 0;
  for (const std::uint32_t row : rows) {
    const auto answer = model.at(first[row], second[row]);
    n_nearest_mean += answer.source == NearestCopy::Source::nearest_mean;
    n_without += answer.source == NearestCopy::Source::own_mean ||
                 answer.source == NearestCopy::Source::global_mean;
    prediction.values.push_back(answer.value);
  }
  if (n_nearest_mean > 0) {
    prediction.diagnostics.add("nearest_" + sides.copied + "_not_measured", Severity::note,
                               "rows whose nearest training " + sides.copied +
                                   " was not measured with that " + sides.other +
                                   " were given the mean of that " + sides.copied,
                               {}, n_nearest_mean);
  }
  if (n_without > 0) {
    prediction.diagnostics.add("no_nearest_" + sides.copied, Severity::note,
                               "rows whose " + sides.copied + " has no features were given the " +
                                   sides.other + "'s mean, or the global mean",
                               {}, n_without);
  }
  return prediction;
}

FitFunction fit_copies(const Sides& sides, const std::string& block, Options& options) {
  const std::string kind = options.text("similarity", "natural");
  const std::string features = options.text("features", kind == "natural" ? block : "fitting");
  return [sides, features, kind](const FitRequest& request,
                                 const Context& context) -> PredictFunction {
    const auto by =
        entity_similarity(request.data.entity(sides.copied), kind == "natural" ? "" : kind,
                          features == "fitting" ? "" : features, context);
    const SimilarityTable table = tabulate_similarity(*by.similarity, context);
    return [sides, model = NearestCopy(
                       training_pairs(request.data, request.train, sides.other, sides.copied),
                       table, by.code_of_item)](
               const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      return predict_copies(model, sides, data, rows);
    };
  };
}

BaselineEntry entry(const Sides& sides, const std::string& block, std::string title,
                    Information sees) {
  return {.info = {.name = "nearest_" + sides.copied,
                   .title = std::move(title),
                   .rung = Rung::constrained,
                   .sees = std::move(sees),
                   .description = "the response that was measured with the same " + sides.other +
                                  " for the most similar training " + sides.copied +
                                  " (Tanimoto for bits, Pearson for numbers; ties averaged)",
                   .fallback = "mean of that nearest " + sides.copied + "; without features the " +
                               sides.other + "'s mean, then the global mean",
                   .source = "nearest neighbour rule, Cover & Hart 1967, "
                             "doi:10.1109/TIT.1967.1053964"},
          .is_default = false,
          .needs = {sides.copied + "." + block},
          .make = [sides, block](Options& options) { return fit_copies(sides, block, options); }};
}

}  // namespace

std::vector<BaselineEntry> nearest_baselines() {
  std::vector<BaselineEntry> entries;
  entries.push_back(entry({.other = "drug", .copied = "cell"}, "expression",
                          "Copy of the nearest cell line",
                          {"targets", "drug_id", "cell_features"}));
  entries.push_back(entry({.other = "cell", .copied = "drug"}, "fingerprint",
                          "Copy of the nearest drug", {"targets", "cell_id", "drug_features"}));
  return entries;
}

}  // namespace cupel::drug_response
