/// The marker model in the forms that can learn interactions of identities: factorisation, boosted
/// trees and a network, none of which sees a feature. Which form is used decides the bar.
#include <limits>
#include <utility>

#include "area/drug_response/baseline_parts.hpp"
#include "model/factorisation_tuning.hpp"
#include "model/inner_split.hpp"

namespace cupel::drug_response {
namespace {

FitFunction fit_factorisation(Options& options) {
  FactorisationGrid grid;
  grid.ranks = options.counts("ranks", grid.ranks, 0, 512);
  grid.penalties = options.numbers("penalties", grid.penalties, 1e-3, 1e6);
  grid.sweeps = options.count("sweeps", grid.sweeps, 1, 1000);
  return [grid](const FitRequest& request, const Context& context) -> PredictFunction {
    const InnerSplit inner = inner_split(request);
    const PairTable pairs = drug_cell_pairs(request.data, request.train);
    Factorisation model = fit_tuned_factorisation(drug_cell_pairs(request.data, inner.fit),
                                                  drug_cell_pairs(request.data, inner.tune), pairs,
                                                  grid, request.seed, context);
    return [seen = SeenPairs(pairs), model = std::move(model)](
               const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      return seen.predict(
          data, rows, "no effect and no factors for an unseen drug or cell line",
          [&](std::uint32_t drug, std::uint32_t cell) { return model.at(drug, cell); });
    };
  };
}

}  // namespace

std::vector<BaselineEntry> identity_baselines() {
  std::vector<BaselineEntry> entries;
  entries.push_back(
      {.info = {.name = "id_factorisation",
                .title = "Factorisation of identities",
                .rung = Rung::identities,
                .sees = {"targets", "drug_id", "cell_id"},
                .description = "mu + a_drug + b_cell + u_drug . v_cell by alternating ridge "
                               "regressions, rank and penalty chosen on an inner split of the "
                               "training rows by the split's unit, then refitted on all of them",
                .fallback = "a, b, u, v = 0 for an unseen drug or cell line",
                .source = "Koren, Bell & Volinsky 2009, doi:10.1109/MC.2009.263"},
       .needs = {},
       .make = fit_factorisation});
  return entries;
}

}  // namespace cupel::drug_response
