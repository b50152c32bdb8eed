/// Learners on fingerprints and on simple descriptors: what standard machine learning makes of a
/// molecule without its graph.
#include <algorithm>
#include <utility>

#include "area/potency/baseline_parts.hpp"
#include "model/boosted_trees.hpp"
#include "model/mlp.hpp"
#include "model/random_forest.hpp"
#include "model/tuned_ridge.hpp"

namespace cupel::potency {
namespace {

Matrix<float> dense(const LigandTable& table, std::span<const std::uint32_t> ligands) {
  if (table.bits == nullptr) {
    Matrix<float> x(ligands.size(), table.numbers.cols);
    for (std::size_t i = 0; i < ligands.size(); ++i) {
      const auto row = table.numbers.row(ligands[i]);
      std::copy(row.begin(), row.end(), x.row(i).begin());
    }
    return x;
  }
  Matrix<float> x(ligands.size(), table.bits->n_bits);
  for (std::size_t i = 0; i < ligands.size(); ++i) {
    for (std::size_t f = 0; f < x.cols; ++f)
      x(i, f) = table.bits->test(ligands[i], f) ? 1.0F : 0.0F;
  }
  return x;
}

std::vector<float> as_float(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

}  // namespace

FitLigands ridge_learner(Options& options) {
  TunedRidgeOptions ridge;
  ridge.penalties = options.numbers("penalties", ridge.penalties, 1e-9, 1e9);
  return [ridge](std::shared_ptr<const LigandTable> table, std::vector<std::uint32_t> ligands,
                 std::vector<double> y, std::uint64_t, const Context&) -> PredictLigands {
    const auto model = TunedRidge::fit(dense(*table, ligands), y, ridge);
    return [=](std::span<const std::uint32_t> queries, const Context&, Diagnostics&) {
      const Matrix<float> x = dense(*table, queries);
      std::vector<double> values;
      for (std::size_t i = 0; i < x.rows; ++i) values.push_back(model.predict(x.row(i)));
      return values;
    };
  };
}

FitLigands forest_learner(Options& options) {
  RandomForestOptions forest;
  forest.trees = options.count("trees", 500, 1, 1000000);
  forest.feature_share = options.number("feature_share", 1.0, 1e-6, 1.0);
  forest.max_depth = options.count("max_depth", 0, 0, 1000000);
  forest.min_split = options.count("min_split", 2, 2, 1000000);
  forest.min_leaf = options.count("min_leaf", 1, 1, 1000000);
  return [forest](std::shared_ptr<const LigandTable> table, std::vector<std::uint32_t> ligands,
                  std::vector<double> y, std::uint64_t seed,
                  const Context& context) -> PredictLigands {
    RandomForestOptions seeded = forest;
    seeded.seed = seed;
    const auto model = table->bits != nullptr
                           ? RandomForest::fit(*table->bits, ligands, y, seeded, context)
                           : RandomForest::fit(table->numbers, ligands, y, seeded, context);
    return [=](std::span<const std::uint32_t> queries, const Context& at, Diagnostics&) {
      return table->bits != nullptr ? model.predict(*table->bits, queries, at)
                                    : model.predict(table->numbers, queries, at);
    };
  };
}

FitLigands boosting_learner(Options& options) {
  BoostedTreesOptions trees{.trees = 300, .depth = 6, .learning_rate = 0.05};
  trees.trees = options.count("trees", trees.trees, 1, 100000);
  trees.depth = options.count("depth", trees.depth, 1, 20);
  trees.learning_rate = options.number("learning_rate", trees.learning_rate, 1e-6, 1.0);
  trees.penalty = options.number("penalty", 1.0, 0.0, 1e6);
  trees.min_child_weight = options.number("min_child_weight", 1.0, 0.0, 1e6);
  trees.row_share = options.number("row_share", 0.8, 0.01, 1.0);
  trees.column_share = options.number("column_share", 0.5, 0.01, 1.0);
  trees.bins = options.count("bins", 64, 2, 4096);
  return
      [trees](std::shared_ptr<const LigandTable> table, std::vector<std::uint32_t> ligands,
              std::vector<double> y, std::uint64_t seed, const Context& context) -> PredictLigands {
        BoostedTreesOptions seeded = trees;
        seeded.seed = seed;
        const auto model =
            table->bits != nullptr
                ? BoostedTrees::fit(*table->bits, ligands, as_float(y), seeded, context)
                : BoostedTrees::fit(dense(*table, ligands), as_float(y), seeded, context);
        return [=](std::span<const std::uint32_t> queries, const Context&, Diagnostics&) {
          const auto values = table->bits != nullptr ? model.predict(*table->bits, queries)
                                                     : model.predict(dense(*table, queries));
          return std::vector<double>(values.begin(), values.end());
        };
      };
}

namespace {

/// Rows of a dense table, one after another.
std::vector<MlpInput> network_input(const Matrix<float>& x) {
  MlpInput input{.codes = std::vector<std::uint32_t>(x.rows), .n_levels = x.rows, .table = &x};
  for (std::uint32_t i = 0; i < x.rows; ++i) input.codes[i] = i;
  return {std::move(input)};
}

}  // namespace

FitLigands network_learner(Options& options) {
  MlpOptions mlp{.hidden = {256, 64}, .epochs = 40, .batch = 64};
  mlp.hidden = options.counts("hidden", mlp.hidden, 1, 16384);
  mlp.epochs = options.count("epochs", mlp.epochs, 1, 100000);
  mlp.batch = options.count("batch", mlp.batch, 1, 1000000);
  mlp.learning_rate = options.number("learning_rate", 1e-3, 1e-9, 10.0);
  mlp.weight_decay = options.number("weight_decay", 0.1, 0.0, 100.0);
  mlp.dropout = options.number("dropout", 0.2, 0.0, 0.95);
  return
      [mlp](std::shared_ptr<const LigandTable> table, std::vector<std::uint32_t> ligands,
            std::vector<double> y, std::uint64_t seed, const Context& context) -> PredictLigands {
        MlpOptions seeded = mlp;
        seeded.seed = seed;
        const Matrix<float> x = dense(*table, ligands);
        const auto model = Mlp::fit(network_input(x), as_float(y), {}, {}, seeded, context);
        return [=](std::span<const std::uint32_t> queries, const Context&, Diagnostics&) {
          const Matrix<float> at = dense(*table, queries);
          const auto values = model.predict(network_input(at));
          return std::vector<double>(values.begin(), values.end());
        };
      };
}

namespace {

struct Block {
  const char* prefix;  ///< of the baseline's name
  const char* name;    ///< of the feature block
  const char* title;
  const char* words;
  const char* sees;
  Rung rung;
};

constexpr Block kBlocks[] = {
    {"physchem", "physchem", "physicochemical descriptors",
     "eleven physicochemical descriptors, standardised on the training rows", "physchem",
     Rung::constrained},
    {"ecfp", "fingerprint", "ECFP", "the bits of ECFP", "fingerprint", Rung::full},
    {"maccs", "maccs", "MACCS keys", "the 166 MACCS keys", "fingerprint", Rung::full},
};

struct Learner {
  const char* suffix;
  const char* title;
  const char* words;
  const char* source;
  FitLigands (*make)(Options&);
};

constexpr Learner kLearners[] = {
    {"ridge", "Ridge",
     "ridge regression, penalty by leave-one-out error from the diagonal of the hat matrix",
     "Hoerl & Kennard 1970, doi:10.1080/00401706.1970.10488634", ridge_learner},
    {"forest", "Random forest", "mean of 500 regression trees on bootstrap samples, all features",
     "Breiman 2001, doi:10.1023/A:1010933404324", forest_learner},
    {"boosting", "Boosted trees", "boosted regression trees",
     "XGBoost (Chen & Guestrin 2016, doi:10.1145/2939672.2939785)", boosting_learner},
};

BaselineEntry learner_entry(const Block& block, const Learner& learner) {
  return {.info = {.name = std::string(block.prefix) + "_" + learner.suffix,
                   .title = std::string(learner.title) + " on " + block.title,
                   .rung = block.rung,
                   .sees = {"targets", block.sees},
                   .description = std::string(learner.words) + ", on " + block.words,
                   .fallback = "the training mean for a ligand without features",
                   .source = learner.source},
          .needs = {block.name},
          .make = [name = std::string(block.name), make = learner.make](
                      Options& options, PredictorInfo&) { return fit_on(name, make(options)); }};
}

BaselineEntry randomised_forest() {
  return {.info = {.name = "y_randomised_forest",
                   .title = "Random forest, targets shuffled",
                   .rung = Rung::null,
                   .sees = {"targets"},
                   .description = "random forest on ECFP, fitted on training targets that were "
                                  "shuffled once: what the procedure gives when there is nothing "
                                  "to learn",
                   .fallback = "the training mean for a ligand without features",
                   .source = "y-randomisation, Ruecker et al. 2007, doi:10.1021/ci700157b"},
          .is_default = false,
          .needs = {"fingerprint"},
          .make = [](Options& options, PredictorInfo&) {
            return fit_on("fingerprint", y_randomised(forest_learner(options)));
          }};
}

}  // namespace

std::vector<BaselineEntry> learner_baselines() {
  std::vector<BaselineEntry> entries;
  for (const Block& block : kBlocks) {
    for (const Learner& learner : kLearners) entries.push_back(learner_entry(block, learner));
  }
  entries.push_back(randomised_forest());
  return entries;
}

}  // namespace cupel::potency
