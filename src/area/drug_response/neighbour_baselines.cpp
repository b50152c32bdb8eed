/// k nearest neighbours on one side's features: cell lines of like expression, drugs of like
/// fingerprint. The other side enters by its mean only.
#include <algorithm>
#include <utility>

#include "area/drug_response/baseline_parts.hpp"
#include "model/inner_split.hpp"
#include "model/neighbours.hpp"

namespace cupel::drug_response {
namespace {

/// Which side has the neighbours: the table is turned so that it is the second one.
struct Sides {
  std::string other;
  std::string neighbours;
  std::string block;
};

std::uint32_t tuned_k(const FitRequest& request, const Sides& sides,
                      const Matrix<float>& similarity, const std::vector<std::uint32_t>& ks) {
  if (ks.size() == 1) return ks.front();
  const InnerSplit inner = inner_split(request);
  if (inner.tune.empty()) return ks[ks.size() / 2];
  const NeighbourModel model(training_pairs(request.data, inner.fit, sides.other, sides.neighbours),
                             similarity);
  const auto errors = model.squared_errors(
      training_pairs(request.data, inner.tune, sides.other, sides.neighbours), ks);
  return ks[static_cast<std::size_t>(std::min_element(errors.begin(), errors.end()) -
                                     errors.begin())];
}

Prediction predict_neighbours(const NeighbourModel& model, std::uint32_t k, const Sides& sides,
                              const Dataset& data, std::span<const std::uint32_t> rows) {
  const auto& first = data.entity(sides.other).code_of_sample;
  const auto& second = data.entity(sides.neighbours).code_of_sample;
  Prediction prediction;
  std::size_t n_own_mean = 0;
  std::size_t n_global_mean = 0;
  for (const std::uint32_t row : rows) {
    const auto answer = model.at(first[row], second[row], k);
    n_own_mean += answer.source == NeighbourModel::Source::own_mean;
    n_global_mean += answer.source == NeighbourModel::Source::global_mean;
    prediction.values.push_back(answer.value);
  }
  if (n_own_mean > 0) {
    prediction.diagnostics.add("no_neighbour_" + sides.neighbours, Severity::note,
                               "rows whose " + sides.neighbours + " has no similar " +
                                   sides.neighbours + " measured with that " + sides.other +
                                   " (or no " + sides.block + ") were given the " + sides.other +
                                   "'s mean",
                               {}, n_own_mean);
  }
  if (n_global_mean > 0) {
    prediction.diagnostics.add(
        "unseen_" + sides.other, Severity::note,
        "rows of an unseen " + sides.other + " without a neighbour were given the global mean", {},
        n_global_mean);
  }
  return prediction;
}

FitFunction fit_neighbours(const Sides& sides, Options& options) {
  const auto ks = options.counts("k", {5, 10, 20, 40}, 1, 100000);
  return [sides, ks](const FitRequest& request, const Context& context) -> PredictFunction {
    const FeatureBlock& block = *request.data.entity(sides.neighbours).find_features(sides.block);
    const Matrix<float> similarity = similarity_matrix(block);
    context.check_cancelled();
    const std::uint32_t k = tuned_k(request, sides, similarity, ks);
    return [k, sides,
            model = NeighbourModel(
                training_pairs(request.data, request.train, sides.other, sides.neighbours),
                similarity)](const Dataset& data, std::span<const std::uint32_t> rows,
                             const Context&) {
      return predict_neighbours(model, k, sides, data, rows);
    };
  };
}

}  // namespace

std::vector<BaselineEntry> neighbour_baselines() {
  const Sides cells{.other = "drug", .neighbours = "cell", .block = "expression"};
  const Sides drugs{.other = "cell", .neighbours = "drug", .block = "fingerprint"};
  std::vector<BaselineEntry> entries;
  entries.push_back(
      {.info = {.name = "knn_cell",
                .title = "Nearest cell lines by expression",
                .rung = Rung::constrained,
                .sees = {"targets", "drug_id", "cell_features"},
                .description = "drug mean + similarity-weighted mean, over the k training lines of "
                               "highest expression correlation measured with the drug, of their "
                               "responses relative to the drug mean; k chosen on an inner split",
                .fallback = "drug mean without a neighbour; for an unseen drug the neighbours' "
                            "cell-line means, then the global mean",
                .source = "cell-line similarity network of Zhang et al. 2015, "
                          "doi:10.1371/journal.pcbi.1004498"},
       .needs = {"cell.expression"},
       .make = [cells](Options& options) { return fit_neighbours(cells, options); }});
  entries.push_back(
      {.info = {.name = "knn_drug",
                .title = "Nearest drugs by fingerprint",
                .rung = Rung::constrained,
                .sees = {"targets", "cell_id", "drug_features"},
                .description = "cell-line mean + similarity-weighted mean, over the k training "
                               "drugs of highest Tanimoto similarity measured in the line, of "
                               "their responses relative to the line's mean; k chosen on an inner "
                               "split",
                .fallback = "cell-line mean without a neighbour; for an unseen line the "
                            "neighbours' drug means, then the global mean",
                .source = "drug similarity network of Zhang et al. 2015, "
                          "doi:10.1371/journal.pcbi.1004498"},
       .needs = {"drug.fingerprint"},
       .make = [drugs](Options& options) { return fit_neighbours(drugs, options); }});
  return entries;
}

}  // namespace cupel::drug_response
