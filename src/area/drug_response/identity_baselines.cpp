/// The marker model in the forms that can learn interactions of identities: factorisation, boosted
/// trees and a network, none of which sees a feature. Which form is used decides the bar.
#include <limits>
#include <utility>

#include "area/drug_response/baseline_parts.hpp"
#include "model/boosted_trees.hpp"
#include "model/factorisation_tuning.hpp"
#include "model/inner_split.hpp"
#include "model/level_means.hpp"
#include "model/mlp.hpp"

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

constexpr const char* kMeanFallback =
    "drug mean for an unseen cell line, cell-line mean for an unseen drug, global mean for both";

/// A learner that knows nothing of an unseen identity gives way to the mean of the other one.
class MeanFallback {
 public:
  explicit MeanFallback(const PairTable& pairs)
      : seen_(pairs),
        by_drug_(level_means(pairs.first, pairs.value, pairs.n_first)),
        by_cell_(level_means(pairs.second, pairs.value, pairs.n_second)) {}

  /// The rows whose two identities are known.
  [[nodiscard]] std::vector<std::uint32_t> known(const Dataset& data,
                                                 std::span<const std::uint32_t> rows) const {
    const auto& drug = data.entity("drug").code_of_sample;
    const auto& cell = data.entity("cell").code_of_sample;
    std::vector<std::uint32_t> known;
    for (const std::uint32_t row : rows) {
      if (seen_.drug(drug[row]) && seen_.cell(cell[row])) known.push_back(row);
    }
    return known;
  }

  /// `values` are the learner's, for the known rows in their order.
  [[nodiscard]] Prediction predict(const Dataset& data, std::span<const std::uint32_t> rows,
                                   const std::vector<float>& values) const {
    std::size_t next = 0;
    return seen_.predict(data, rows, kMeanFallback, [&](std::uint32_t drug, std::uint32_t cell) {
      if (seen_.drug(drug) && seen_.cell(cell)) return static_cast<double>(values[next++]);
      return by_drug_.of(drug, by_cell_.of(cell, by_drug_.overall));
    });
  }

 private:
  SeenPairs seen_;
  LevelMeans by_drug_;
  LevelMeans by_cell_;
};

/// The two codes of every row as category features.
Matrix<float> category_codes(const Dataset& data, std::span<const std::uint32_t> rows) {
  const auto& drug = data.entity("drug").code_of_sample;
  const auto& cell = data.entity("cell").code_of_sample;
  Matrix<float> codes(rows.size(), 2);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    codes(r, 0) = static_cast<float>(drug[rows[r]]);
    codes(r, 1) = static_cast<float>(cell[rows[r]]);
  }
  return codes;
}

FitFunction fit_boosting(Options& options) {
  BoostedTreesOptions trees{.categorical = true};
  trees.trees = options.count("trees", 600, 1, 100000);
  trees.depth = options.count("depth", 4, 1, 20);
  trees.learning_rate = options.number("learning_rate", 0.2, 1e-6, 1.0);
  trees.penalty = options.number("penalty", 1.0, 0.0, 1e6);
  return [trees](const FitRequest& request, const Context& context) -> PredictFunction {
    const PairTable pairs = drug_cell_pairs(request.data, request.train);
    BoostedTreesOptions seeded = trees;
    seeded.seed = request.seed;
    const std::vector<float> target(pairs.value.begin(), pairs.value.end());
    const auto model =
        BoostedTrees::fit(category_codes(request.data, request.train), target, seeded, context);
    return [fallback = MeanFallback(pairs), model](
               const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      const auto known = fallback.known(data, rows);
      return fallback.predict(data, rows, model.predict(category_codes(data, known)));
    };
  };
}

std::vector<MlpInput> onehot_inputs(const Dataset& data, std::span<const std::uint32_t> rows) {
  const PairTable pairs = drug_cell_pairs(data, rows);
  return {{.codes = pairs.first, .n_levels = pairs.n_first},
          {.codes = pairs.second, .n_levels = pairs.n_second}};
}

std::vector<float> targets_of(const Dataset& data, std::span<const std::uint32_t> rows) {
  std::vector<float> values;
  values.reserve(rows.size());
  for (const std::uint32_t row : rows) values.push_back(static_cast<float>(data.target(row)));
  return values;
}

/// Branson et al.'s marker model: three layers of 4096, RMSprop, fixed order of the rows, patience
/// 300. 38 million weights: hours on a CPU.
MlpOptions mlp_preset(const std::string& preset) {
  if (preset == "branson") {
    return {.hidden = {4096, 4096, 4096},
            .optimiser = MlpOptions::Optimiser::rmsprop,
            .epochs = 1000,
            .batch = 128,
            .learning_rate = 1e-4,
            .decay_rate = false,
            .reshuffle = false,
            .patience = 300};
  }
  return {
      .hidden = {96, 48}, .epochs = 20, .batch = 512, .learning_rate = 5e-3, .weight_decay = 1.0};
}

FitFunction fit_mlp(Options& options) {
  MlpOptions mlp = mlp_preset(options.choice("preset", "small", {"small", "branson"}));
  mlp.hidden = options.counts("hidden", mlp.hidden, 1, 16384);
  mlp.epochs = options.count("epochs", mlp.epochs, 1, 100000);
  mlp.batch = options.count("batch", mlp.batch, 1, 1000000);
  mlp.learning_rate = options.number("learning_rate", mlp.learning_rate, 1e-9, 10.0);
  mlp.weight_decay = options.number("weight_decay", mlp.weight_decay, 0.0, 100.0);
  mlp.dropout = options.number("dropout", mlp.dropout, 0.0, 0.95);
  mlp.patience = options.count("patience", mlp.patience, 1, 100000);
  return [mlp](const FitRequest& request, const Context& context) -> PredictFunction {
    const PairTable pairs = drug_cell_pairs(request.data, request.train);
    MeanFallback fallback(pairs);
    const InnerSplit inner = inner_split(request);
    const auto tune = fallback.known(request.data, inner.tune);
    MlpOptions seeded = mlp;
    seeded.seed = request.seed;
    const auto model = Mlp::fit(
        onehot_inputs(request.data, inner.fit), targets_of(request.data, inner.fit),
        onehot_inputs(request.data, tune), targets_of(request.data, tune), seeded, context);
    return [fallback = std::move(fallback), model](
               const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      const auto known = fallback.known(data, rows);
      return fallback.predict(data, rows, model.predict(onehot_inputs(data, known)));
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
  entries.push_back(
      {.info = {.name = "id_boosting",
                .title = "Boosted trees on identities",
                .rung = Rung::identities,
                .sees = {"targets", "drug_id", "cell_id"},
                .description = "sum of regression trees that split the two identities as native "
                               "categories",
                .fallback = kMeanFallback,
                .source = "XGBoost (Chen & Guestrin 2016, doi:10.1145/2939672.2939785)"},
       .needs = {},
       .make = fit_boosting});
  entries.push_back(
      {.info = {.name = "id_mlp",
                .title = "Network on one-hot identities",
                .rung = Rung::identities,
                .sees = {"targets", "drug_id", "cell_id"},
                .description = "multilayer perceptron on the concatenated one-hot identities, "
                               "stopped early on an inner split by the split's unit",
                .fallback = kMeanFallback,
                .source = "marker model of Branson et al. 2025 "
                          "(github.com/Nik-BB/Understanding_DRP_models); preset=branson has its "
                          "widths and optimiser"},
       .needs = {},
       .make = fit_mlp});
  return entries;
}

}  // namespace cupel::drug_response
