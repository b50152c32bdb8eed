/// Reference models on features, for a study that brings no model: ridge, boosted trees, a network.
/// All see the same input: principal components of the chosen feature blocks, fitted on the
/// training entities.
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "area/drug_response/baseline_parts.hpp"
#include "area/drug_response/baselines.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "model/boosted_trees.hpp"
#include "model/entity_features.hpp"
#include "model/inner_split.hpp"
#include "model/interaction_ridge.hpp"
#include "model/level_means.hpp"
#include "model/mlp.hpp"

namespace cupel::drug_response {
namespace {

struct Views {
  std::vector<std::string> drug;  ///< names of feature blocks
  std::vector<std::string> cell;
};

struct Components {
  std::size_t drug = 0;
  std::size_t cell = 0;
};

constexpr const char* kFallback =
    "drug mean + cell-line mean - mu (effect 0 if unseen) for a drug or cell line without features";

/// The features of both sides and the additive means that step in where they are missing.
class FeaturePairs {
 public:
  FeaturePairs(const FitRequest& request, const Views& views, const Components& components)
      : drug_(entity_components(request.data.entity("drug"), views.drug, request.train,
                                components.drug, request.seed)),
        cell_(entity_components(request.data.entity("cell"), views.cell, request.train,
                                components.cell, request.seed)),
        needs_drug_(!views.drug.empty()),
        needs_cell_(!views.cell.empty()) {
    const PairTable pairs = drug_cell_pairs(request.data, request.train);
    by_drug_ = level_means(pairs.first, pairs.value, pairs.n_first);
    by_cell_ = level_means(pairs.second, pairs.value, pairs.n_second);
  }

  [[nodiscard]] bool usable(std::uint32_t drug, std::uint32_t cell) const noexcept {
    return (!needs_drug_ || drug_.has[drug]) && (!needs_cell_ || cell_.has[cell]);
  }
  [[nodiscard]] const Matrix<float>& drug_table() const noexcept { return drug_.table; }
  [[nodiscard]] const Matrix<float>& cell_table() const noexcept { return cell_.table; }

  [[nodiscard]] PairTable usable_pairs(const Dataset& data,
                                       std::span<const std::uint32_t> rows) const {
    const auto& drug = data.entity("drug").code_of_sample;
    const auto& cell = data.entity("cell").code_of_sample;
    std::vector<std::uint32_t> kept;
    for (const std::uint32_t row : rows) {
      if (usable(drug[row], cell[row])) kept.push_back(row);
    }
    return drug_cell_pairs(data, kept);
  }

  /// `values` are the model's, for the usable rows in their order.
  [[nodiscard]] Prediction predict(const Dataset& data, std::span<const std::uint32_t> rows,
                                   std::span<const double> values) const {
    const auto& drugs = data.entity("drug");
    const auto& cells = data.entity("cell");
    const double mean = by_drug_.overall;
    Prediction prediction;
    std::size_t next = 0;
    for (const std::uint32_t row : rows) {
      const std::uint32_t drug = drugs.code_of_sample[row];
      const std::uint32_t cell = cells.code_of_sample[row];
      if (usable(drug, cell)) {
        prediction.values.push_back(values[next++]);
        continue;
      }
      prediction.values.push_back(by_drug_.of(drug, mean) + by_cell_.of(cell, mean) - mean);
      const bool no_drug = needs_drug_ && !drug_.has[drug];
      prediction.diagnostics.add(no_drug ? "no_features_drug" : "no_features_cell", Severity::note,
                                 std::string("rows predicted by ") + kFallback,
                                 no_drug ? drugs.ids[drug] : cells.ids[cell]);
    }
    return prediction;
  }

 private:
  EntityFeatures drug_;
  EntityFeatures cell_;
  bool needs_drug_;
  bool needs_cell_;
  LevelMeans by_drug_;
  LevelMeans by_cell_;
};

void need_usable(const PairTable& pairs) {
  if (pairs.size() > 0) return;
  fail_input("no training row has the features of both its drug and its cell line", {},
             "check that the ids of the feature tables are those of the responses");
}

std::vector<double> as_double(const std::vector<float>& values) {
  return {values.begin(), values.end()};
}

std::vector<float> as_float(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

// ---- ridge ----------------------------------------------------------------------------------

FitFunction fit_ridge(const Views& views, Options& options) {
  const Components components{.drug = options.count("drug_components", 300, 1, 1024),
                              .cell = options.count("cell_components", 64, 1, 4096)};
  InteractionRidgeOptions ridge;
  ridge.second_products = options.count("cell_products", 12, 0, 64);
  ridge.penalties = options.numbers("penalties", ridge.penalties, 1e-9, 1e12);
  ridge.main_shares = options.numbers("main_shares", ridge.main_shares, 1e-9, 1e9);
  return [=](const FitRequest& request, const Context& context) -> PredictFunction {
    FeaturePairs features(request, views, components);
    const InnerSplit inner = inner_split(request);
    const PairTable all = features.usable_pairs(request.data, request.train);
    need_usable(all);
    const auto model =
        InteractionRidge::fit(features.drug_table(), features.cell_table(),
                              features.usable_pairs(request.data, inner.fit),
                              features.usable_pairs(request.data, inner.tune), all, ridge, context);
    return [features = std::move(features), model](
               const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      const PairTable pairs = features.usable_pairs(data, rows);
      return features.predict(data, rows,
                              model.predict(features.drug_table(), features.cell_table(), pairs));
    };
  };
}

// ---- boosted trees --------------------------------------------------------------------------

Matrix<float> concatenated(const FeaturePairs& features, const PairTable& pairs) {
  const auto& drug = features.drug_table();
  const auto& cell = features.cell_table();
  Matrix<float> x(pairs.size(), drug.cols + cell.cols);
  for (std::size_t r = 0; r < pairs.size(); ++r) {
    const auto from_drug = drug.row(pairs.first[r]);
    const auto from_cell = cell.row(pairs.second[r]);
    const auto to = std::copy(from_drug.begin(), from_drug.end(), x.row(r).begin());
    std::copy(from_cell.begin(), from_cell.end(), to);
  }
  return x;
}

FitFunction fit_xgboost(const Views& views, Options& options) {
  const Components components{.drug = options.count("drug_components", 24, 1, 4096),
                              .cell = options.count("cell_components", 32, 1, 4096)};
  BoostedTreesOptions trees;
  trees.trees = options.count("trees", 200, 1, 100000);
  trees.depth = options.count("depth", 9, 1, 20);
  trees.learning_rate = options.number("learning_rate", 0.1, 1e-6, 1.0);
  trees.penalty = options.number("penalty", 1.0, 0.0, 1e6);
  trees.min_child_weight = options.number("min_child_weight", 50.0, 0.0, 1e6);
  trees.row_share = options.number("row_share", 0.8, 0.01, 1.0);
  trees.column_share = options.number("column_share", 0.5, 0.01, 1.0);
  trees.bins = options.count("bins", 64, 2, 4096);
  return [=](const FitRequest& request, const Context& context) -> PredictFunction {
    FeaturePairs features(request, views, components);
    const PairTable pairs = features.usable_pairs(request.data, request.train);
    need_usable(pairs);
    BoostedTreesOptions seeded = trees;
    seeded.seed = request.seed;
    const auto model =
        BoostedTrees::fit(concatenated(features, pairs), as_float(pairs.value), seeded, context);
    return [features = std::move(features), model](
               const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      const PairTable pairs_to_predict = features.usable_pairs(data, rows);
      return features.predict(data, rows,
                              as_double(model.predict(concatenated(features, pairs_to_predict))));
    };
  };
}

// ---- network --------------------------------------------------------------------------------

std::vector<MlpInput> table_inputs(const FeaturePairs& features, const PairTable& pairs) {
  return {{.codes = pairs.first, .n_levels = pairs.n_first, .table = &features.drug_table()},
          {.codes = pairs.second, .n_levels = pairs.n_second, .table = &features.cell_table()}};
}

FitFunction fit_network(const Views& views, Options& options) {
  const Components components{.drug = options.count("drug_components", 128, 1, 4096),
                              .cell = options.count("cell_components", 64, 1, 4096)};
  MlpOptions mlp{.hidden = {128, 64}, .epochs = 20, .batch = 512};
  mlp.hidden = options.counts("hidden", mlp.hidden, 1, 16384);
  mlp.epochs = options.count("epochs", mlp.epochs, 1, 100000);
  mlp.batch = options.count("batch", mlp.batch, 1, 1000000);
  mlp.learning_rate = options.number("learning_rate", 2e-3, 1e-9, 10.0);
  mlp.weight_decay = options.number("weight_decay", 0.1, 0.0, 100.0);
  mlp.dropout = options.number("dropout", 0.0, 0.0, 0.95);
  mlp.patience = options.count("patience", 5, 1, 100000);
  return [=](const FitRequest& request, const Context& context) -> PredictFunction {
    FeaturePairs features(request, views, components);
    const InnerSplit inner = inner_split(request);
    const PairTable fit = features.usable_pairs(request.data, inner.fit);
    const PairTable tune = features.usable_pairs(request.data, inner.tune);
    need_usable(fit);
    MlpOptions seeded = mlp;
    seeded.seed = request.seed;
    const auto model =
        Mlp::fit(table_inputs(features, fit), as_float(fit.value), table_inputs(features, tune),
                 as_float(tune.value), seeded, context);
    return [features = std::move(features), model](
               const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      const PairTable pairs = features.usable_pairs(data, rows);
      return features.predict(data, rows, as_double(model.predict(table_inputs(features, pairs))));
    };
  };
}

// ---- registry -------------------------------------------------------------------------------

struct ReferenceKind {
  const char* kind;
  const char* description;
  const char* source;
  FitFunction (*make)(const Views&, Options&);
};

constexpr std::array<ReferenceKind, 3> kKinds{{
    {"ridge",
     "ridge regression on components of both sides and on products with the leading ones of the "
     "cell line, penalty "
     "chosen on an inner split by the split's unit",
     "Hoerl & Kennard 1970, doi:10.1080/00401706.1970.10488634", fit_ridge},
    {"xgboost", "boosted regression trees on components of both sides",
     "XGBoost (Chen & Guestrin 2016, doi:10.1145/2939672.2939785)", fit_xgboost},
    {"mlp",
     "multilayer perceptron on components of both sides, stopped early on an inner split by the "
     "split's unit",
     "Rumelhart, Hinton & Williams 1986, doi:10.1038/323533a0", fit_network},
}};

std::vector<std::string> feature_names(const Dataset& data) {
  std::vector<std::string> names;
  for (const char* entity : {"drug", "cell"}) {
    for (const auto& block : data.entity(entity).features) {
      names.push_back(std::string(entity) + "." + block.name);
    }
  }
  return names;
}

Views parse_views(const std::string& model, const std::vector<std::string>& features,
                  const Dataset& data) {
  const std::vector<std::string> known = feature_names(data);
  if (known.empty()) {
    fail_input(model + " needs features, and the data have none", {},
               "add a drug table with SMILES or a cell table with features");
  }
  Views views;
  for (const auto& name : features.empty() ? known : features) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const std::string near = nearest_word(name, known);
      fail(ErrorKind::usage, model + ": there are no features \"" + name + "\"", {},
           (near.empty() ? "" : "did you mean \"" + near + "\"? ") +
               ("known: " + join(known, ", ")));
    }
    auto& side = name.starts_with("drug.") ? views.drug : views.cell;
    const std::string block = name.substr(name.find('.') + 1);
    if (std::find(side.begin(), side.end(), block) == side.end()) side.push_back(block);
  }
  return views;
}

/// Does some id of the entity lack all of these blocks, so that the fall-back will be used?
bool has_gaps(const Entity& entity, const std::vector<std::string>& blocks) {
  if (blocks.empty()) return false;
  for (std::size_t id = 0; id < entity.ids.size(); ++id) {
    const bool has_any = std::any_of(blocks.begin(), blocks.end(), [&](const std::string& block) {
      return entity.find_features(block)->present[id] != 0;
    });
    if (!has_any) return true;
  }
  return false;
}

PredictorInfo describe(const ReferenceKind& kind, std::string name, const Views& views,
                       const Dataset& data) {
  PredictorInfo info;
  info.title = name;
  info.name = std::move(name);
  info.rung = Rung::model;
  info.sees = {"targets"};
  if (!views.drug.empty()) info.sees.insert("drug_features");
  if (!views.cell.empty()) info.sees.insert("cell_features");
  if (has_gaps(data.entity("drug"), views.drug) || has_gaps(data.entity("cell"), views.cell)) {
    info.sees.insert({"drug_id", "cell_id"});
  }
  info.is_model = true;
  info.trainable = true;
  info.description =
      std::string(kind.description) + "; principal components are fitted on the training entities";
  info.fallback = kFallback;
  info.source = kind.source;
  return info;
}

}  // namespace

std::unique_ptr<Predictor> make_reference(std::string_view kind, std::string name,
                                          const std::vector<std::string>& features,
                                          const std::map<std::string, std::string>& options,
                                          const Dataset& data, const std::string& title) {
  std::vector<std::string> kinds;
  for (const auto& candidate : kKinds) {
    kinds.emplace_back(candidate.kind);
    if (candidate.kind != kind) continue;
    const Views views = parse_views(name, features, data);
    Options typed(options, name);
    FitFunction fit = candidate.make(views, typed);
    typed.finish();
    PredictorInfo info = describe(candidate, std::move(name), views, data);
    if (!title.empty()) info.title = title;
    info.parameters = "kind=" + std::string(kind) + " drug_views=" + join(views.drug, ",") +
                      " cell_views=" + join(views.cell, ",") + " " + typed.canonical();
    return make_predictor(std::move(info), std::move(fit));
  }
  const std::string near = nearest_word(kind, kinds);
  fail(ErrorKind::usage, "there is no reference model \"" + std::string(kind) + "\"", {},
       (near.empty() ? "" : "did you mean \"" + near + "\"? ") + ("known: " + join(kinds, ", ")));
}

}  // namespace cupel::drug_response
