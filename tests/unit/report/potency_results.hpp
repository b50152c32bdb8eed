#pragma once
// Results of an invented potency study, small and complete: five assays, eight predictors of which
// three have published scores only, one cliff pair, one profile over distance. No number is a
// result.
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "report/results.hpp"
#include "simd/packed_bits.hpp"

namespace cupel::invented {

constexpr std::size_t kAssays = 5;
constexpr std::size_t kPerAssay = 6;  ///< ligands; the last two are tested

class PotencyArea : public Area {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "potency"; }
  [[nodiscard]] std::string_view title() const noexcept override { return "Ligand potency"; }
  [[nodiscard]] std::span<const ColumnRole> column_roles() const noexcept override { return {}; }
  [[nodiscard]] LoadedData load(const DataSpec&, const std::string&, const CatalogueOptions&,
                                const Context&) const override {
    return {};
  }
  [[nodiscard]] std::vector<Split> make_splits(const LoadedData&, const SplitSpec&,
                                               const std::string&, const Context&) const override {
    return {};
  }
  [[nodiscard]] std::string default_scheme() const override { return "random"; }
  [[nodiscard]] std::vector<std::string> split_schemes() const override { return {}; }
  [[nodiscard]] std::vector<std::string> default_baselines(const Dataset&) const override {
    return {};
  }
  [[nodiscard]] std::unique_ptr<Predictor> make_baseline(const BaselineSpec&,
                                                         const Dataset&) const override {
    return nullptr;
  }
  [[nodiscard]] std::unique_ptr<Predictor> make_reference(const ModelSpec&,
                                                          const Dataset&) const override {
    return nullptr;
  }
  [[nodiscard]] Information model_information(const Dataset&) const override { return {}; }
  [[nodiscard]] std::span<const Hypothesis> hypotheses() const noexcept override {
    return hypotheses_;
  }
  [[nodiscard]] std::vector<ProtocolNote> check_protocol(const Dataset&,
                                                         std::span<const Split>) const override {
    return {};
  }
  [[nodiscard]] std::string neighbour_baseline() const override { return "knn_weighted"; }
  [[nodiscard]] std::string depict(const Dataset&, std::uint32_t sample) const override {
    return "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 10'><!-- " +
           std::to_string(sample) + " --></svg>";
  }

 private:
  std::vector<Hypothesis> hypotheses_{{.id = "beyond_neighbours",
                                       .title = "More than neighbours",
                                       .question = "Is it better than looking molecules up?",
                                       .explanation = "",
                                       .hidden = {"fingerprint"},
                                       .is_main = true,
                                       .remedy = "add a split"},
                                      {.id = "beyond_size",
                                       .title = "More than size",
                                       .question = "Is it better than counting atoms?",
                                       .explanation = "",
                                       .hidden = {"fingerprint"},
                                       .remedy = "add a split"}};
};

/// A predictor that is never asked to predict.
class Named : public Predictor {
 public:
  explicit Named(PredictorInfo info) : info_(std::move(info)) {}
  [[nodiscard]] const PredictorInfo& info() const noexcept override { return info_; }
  [[nodiscard]] std::unique_ptr<Fitted> fit(const FitRequest&, const Context&) const override {
    return nullptr;
  }

 private:
  PredictorInfo info_;
};

inline Dataset make_data() {
  Dataset data{.area = "potency", .name = "invented", .target_name = "pKi", .unit = "p"};
  Entity ligand{.name = "ligand"};
  Entity assay{.name = "assay"};
  LabelBlock smiles{.name = "smiles"};
  const std::size_t n = kAssays * kPerAssay;
  data.targets = Matrix<double>(n, 1);
  for (std::size_t i = 0; i < n; ++i) {
    const std::string number = (i < 10 ? "0" : "") + std::to_string(i);
    ligand.ids.push_back("L" + number);
    ligand.code_of_sample.push_back(static_cast<std::uint32_t>(i));
    smiles.levels.push_back("C" + number);
    smiles.code.push_back(static_cast<std::uint32_t>(i));
    assay.code_of_sample.push_back(static_cast<std::uint32_t>(i / kPerAssay));
    data.targets(i, 0) =
        5.0 + static_cast<double>(i / kPerAssay) + 0.5 * static_cast<double>(i % 3);
    data.source_row.push_back(i);
  }
  for (std::size_t a = 0; a < kAssays; ++a) assay.ids.push_back("CHEMBL" + std::to_string(a));
  ligand.labels.push_back(smiles);
  FeatureBlock fingerprint{.name = "fingerprint", .binary = true};
  fingerprint.bits = std::make_shared<PackedBits>(n, 2048);
  fingerprint.present.assign(n, 1);
  ligand.features.push_back(fingerprint);
  data.entities = {ligand, assay};
  data.n_source_rows = n;
  data.pairs.push_back({.name = "cliff", .first = {4, 10}, .second = {5, 8}});
  return data;
}

inline SplitResult make_split(const Dataset& data) {
  SplitResult split{.name = "given", .blind_to = {"ligand"}, .fold_begin = {0}};
  for (std::size_t a = 0; a < kAssays; ++a) {
    Split fold{.name = "given", .scheme = "given", .fold = static_cast<std::uint32_t>(a)};
    fold.task = data.entities[1].ids[a];
    fold.role.assign(data.n_samples(), Role::left_out);
    fold.reason.assign(data.n_samples(), 1);
    fold.reasons = {"", "other_task"};
    for (std::size_t k = 0; k < kPerAssay; ++k) {
      const std::size_t row = a * kPerAssay + k;
      fold.role[row] = k + 2 < kPerAssay ? Role::train : Role::test;
      fold.reason[row] = 0;
      if (fold.role[row] != Role::test) continue;
      split.rows.push_back(static_cast<std::uint32_t>(row));
      split.fold.push_back(static_cast<std::uint32_t>(a));
      split.truth.push_back(data.target(row));
    }
    split.fold_begin.push_back(split.rows.size());
    split.folds.push_back(std::move(fold));
  }
  return split;
}

/// Predictors in the order of the table; the error grows along it, and the last has no value in the
/// last assay.
inline std::vector<TaskPredictor> make_predictors() {
  const auto one = [](const char* name, const char* title, Rung rung, bool is_model,
                      bool is_published) {
    return TaskPredictor{.info = {.name = name, .title = title, .rung = rung, .is_model = is_model},
                         .is_published = is_published};
  };
  return {one("mine", "My model", Rung::model, true, false),
          one("knn_weighted", "5-NN, weighted by similarity", Rung::constrained, false, false),
          one("ecfp_forest", "Forest on ECFP", Rung::full, false, false),
          one("scaffold_mean", "Scaffold mean", Rung::means, false, false),
          one("median", "Median", Rung::null, false, false),
          one("SVM_ECFP", "SVM ECFP", Rung::model, true, true),
          one("AFP_GRAPH", "AFP graph", Rung::model, true, true),
          one("LSTM_TOKENS", "LSTM <tokens>", Rung::model, true, true)};
}

inline TaskTable make_table(const std::string& metric, double base) {
  TaskTable table{.split = "given", .metric = metric, .predictors = make_predictors()};
  table.values = Matrix<double>(table.predictors.size(), kAssays, kUndefined);
  for (std::size_t a = 0; a < kAssays; ++a) {
    table.tasks.push_back("CHEMBL" + std::to_string(a));
    table.n_test.push_back(2);
  }
  for (std::size_t p = 0; p < table.predictors.size(); ++p) {
    double sum = 0.0;
    for (std::size_t a = 0; a < kAssays; ++a) {
      if (p + 1 == table.predictors.size() && a + 1 == kAssays) continue;
      table.values(p, a) = base + 0.05 * static_cast<double>(p) + 0.01 * static_cast<double>(a);
      sum += table.values(p, a);
    }
    TaskPredictor& predictor = table.predictors[p];
    predictor.mean = sum / static_cast<double>(p + 1 == table.predictors.size() ? 4 : kAssays);
    predictor.low = predictor.mean - 0.02;
    predictor.high = predictor.mean + 0.02;
  }
  return table;
}

inline TaskContrast make_contrast(const std::string& model, bool is_published, double difference) {
  return {.split = "given",
          .metric = "rmse",
          .hypothesis = "beyond_neighbours",
          .model = model,
          .against = "knn_weighted",
          .is_published = is_published,
          .n_tasks = kAssays,
          .n_better = difference > 0.0 ? kAssays : 0,
          .n_worse = difference > 0.0 ? 0 : kAssays,
          .difference = difference,
          .low = difference - 0.01,
          .high = difference + 0.01,
          .p_value = 0.0625,
          .p_adjusted = 0.25,
          .margin = 0.02,
          .verdict = difference > 0.0 ? Verdict::learned : Verdict::worse,
          .sentence = model + ": invented",
          .recommendation = "none"};
}

inline BoundedValue bounded(double value) { return {value, value - 0.1, value + 0.1}; }

inline PairComparison make_pairs() {
  PairComparison pairs{.block = "cliff", .sentences = {"Invented sentence on cliffs."}};
  for (const char* name : {"mine", "knn_weighted", "median"}) {
    pairs.scores.push_back({.split = "given",
                            .predictor = name,
                            .rmse_cliff = bounded(0.9),
                            .rmse_noncliff = bounded(0.7),
                            .gap = bounded(0.2),
                            .sign_accuracy = bounded(0.6),
                            .n_cliff = 3,
                            .n_noncliff = 7,
                            .n_pairs = 1,
                            .n_pairs_to_train = 1});
  }
  pairs.shown.push_back({.split = "given",
                         .task = "CHEMBL0",
                         .first = 5,
                         .second = 4,
                         .first_is_test = true,
                         .second_is_test = true,
                         .predictors = {"mine", "knn_weighted"},
                         .predicted_first = {5.9, 5.4},
                         .predicted_second = {5.1, 5.5}});
  pairs.shown.push_back({.split = "given",
                         .task = "CHEMBL1",
                         .first = 8,
                         .second = 10,
                         .second_is_test = true,
                         .predictors = {"mine", "knn_weighted"},
                         .predicted_first = {kUndefined, kUndefined},
                         .predicted_second = {6.1, 6.5}});
  return pairs;
}

inline DistanceProfile make_distances() {
  DistanceProfile profile{.split = "given",
                          .entity = "ligand",
                          .similarity = "ECFP4 Tanimoto",
                          .against = "knn_weighted",
                          .nearest = {0.3, 0.5, 0.7, 0.9},
                          .median = 0.6,
                          .bins = {{0.2, 0.6, 2}, {0.6, 1.0, 2}},
                          .grid = {0.3, 0.6, 0.9},
                          .sentences = {"Invented sentence on distance."}};
  for (const char* name : {"mine", "knn_weighted"}) {
    profile.curves.push_back({.predictor = name,
                              .rmse = {bounded(0.9), bounded(0.6)},
                              .smooth = {bounded(0.95), bounded(0.8), bounded(0.6)},
                              .gain = {bounded(0.05), {}}});
  }
  return profile;
}

/// `area` has to outlive the results.
inline AuditResults make_results(const Area& area) {
  AuditResults results;
  StudyRun& run = results.run;
  run.study.area = "potency";
  run.study.title = "Invented potency study";
  run.study.data.cliffs = {.rule = "moleculeace", .column = "cliff_mol"};
  run.area = &area;
  run.data = make_data();
  run.splits.push_back(make_split(run.data));
  results.tasks.tables = {make_table("rmse", 0.7), make_table("rmse_cliff", 0.8)};
  for (const auto& predictor : make_predictors()) {
    if (!predictor.is_published) {
      run.predictors.push_back(std::make_unique<Named>(predictor.info));
      continue;
    }
    const std::size_t p = 5 + run.published.size();
    const auto row = results.tasks.tables.front().values.row(p);
    run.published.push_back({.info = predictor.info,
                             .split = "given",
                             .values = {{"rmse", std::vector<double>(row.begin(), row.end())}}});
  }
  results.tasks.contrasts = {make_contrast("mine", false, 0.05),
                             make_contrast("AFP_GRAPH", true, -0.2)};
  results.tasks.sentences = {"5-NN, weighted by similarity beats 3 of 3 published models."};
  results.pairs = make_pairs();
  results.distances = {make_distances()};
  return results;
}

}  // namespace cupel::invented
