#pragma once
// A small study of several assays with cliffs, made by hand: compounds of one assay in clusters, a
// look-up baseline, a constant one, a model, and published scores.
#include <memory>
#include <string>

#include "area/area.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"
#include "model/function_predictor.hpp"
#include "simd/packed_bits.hpp"
#include "study/run.hpp"

namespace cupel::toy {

class PotencyArea : public Area {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "toy_potency"; }
  [[nodiscard]] std::string_view title() const noexcept override { return "Toy potency"; }
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
  [[nodiscard]] Information model_information(const Dataset&) const override {
    return {"targets", "neighbours", "ligand_graph"};
  }
  [[nodiscard]] std::span<const Hypothesis> hypotheses() const noexcept override {
    static const std::vector<Hypothesis> kAll{
        {.id = "more_than_copying",
         .title = "More than copying neighbours",
         .hidden = {"ligand_graph"},
         .remedy = "add a split"},
        {.id = "activity_cliffs",
         .title = "Activity cliffs",
         .hidden = {"ligand_graph"},
         .about_pairs = true,
         .remedy = "name the pairs"},
    };
    return kAll;
  }
  [[nodiscard]] std::vector<ProtocolNote> check_protocol(const Dataset&,
                                                         std::span<const Split>) const override {
    return {};
  }
  [[nodiscard]] std::string neighbour_baseline() const override { return "copy"; }
};

inline const PotencyArea& potency_area() {
  static const PotencyArea kArea;
  return kArea;
}

inline std::string padded(const char* prefix, std::size_t i) {
  return prefix + std::to_string(1000 + i);
}

/// `n_assays` x `n` compounds, one row each; every fifth compound is tested; compounds 2 i and
/// 2 i + 1 of an assay are a pair, cliffs where i is a multiple of 3.
inline StudyRun potency(std::size_t n_assays, std::size_t n, std::uint64_t seed = 3) {
  StudyRun run;
  run.area = &potency_area();
  run.study.statistics.draws = 200;
  run.study.seed = seed;
  Dataset& data = run.data;
  data.area = "toy_potency";
  data.unit = "pIC50";
  data.entities.resize(2);
  Entity& ligand = data.entities[0];
  Entity& assay = data.entities[1];
  ligand.name = "ligand";
  assay.name = "assay";
  const std::size_t rows = n_assays * n;
  auto bits = std::make_shared<PackedBits>(rows, 256);
  data.targets = Matrix<double>(rows, 1);
  LabelBlock cliff{.name = "cliff",
                   .levels = {"cliff", "noncliff"},
                   .code = std::vector<std::uint32_t>(rows, 1)};
  PairBlock pairs{.name = "cliff"};
  Rng rng(seed, "toy potency");
  for (std::size_t a = 0; a < n_assays; ++a) {
    assay.ids.push_back(padded("assay", a));
    for (std::size_t i = 0; i < n; ++i) {
      const auto row = static_cast<std::uint32_t>(a * n + i);
      ligand.ids.push_back(padded("mol", row));
      ligand.code_of_sample.push_back(row);
      assay.code_of_sample.push_back(static_cast<std::uint32_t>(a));
      data.source_row.push_back(row);
      const bool is_cliff = (i / 2) % 3 == 0 && (i | 1U) < n;
      data.targets(row, 0) = 6.0 + rng.normal() + (is_cliff && i % 2 == 1 ? 1.0 : 0.0);
      if (is_cliff) cliff.code[row] = 0;
      if (is_cliff && i % 2 == 1) {
        pairs.first.push_back(row - 1);
        pairs.second.push_back(row);
      }
      for (std::size_t b = 0; b < 20; ++b) bits->set(row, (i / 4 * 7 + b) % 256);
      for (std::size_t b = 0; b < i % 11; ++b) bits->set(row, rng.below(256));
    }
  }
  ligand.features.push_back({.name = "fingerprint", .binary = true, .bits = bits});
  data.sample_labels.push_back(std::move(cliff));
  data.pairs.push_back(std::move(pairs));

  SplitResult split{.name = "given", .fold_begin = {0}};
  for (std::size_t a = 0; a < n_assays; ++a) {
    Split fold{.name = "given", .scheme = "given", .task = assay.ids[a]};
    fold.fold = static_cast<std::uint32_t>(a);
    fold.role.assign(rows, Role::left_out);
    for (std::size_t i = 0; i < n; ++i) {
      const auto row = static_cast<std::uint32_t>(a * n + i);
      // Both of a pair are tested in every fifth pair, one of them in the next.
      const bool is_test = (i / 2) % 5 == 0 || ((i / 2) % 5 == 1 && i % 2 == 0);
      fold.role[row] = is_test ? Role::test : Role::train;
      if (!is_test) continue;
      split.rows.push_back(row);
      split.fold.push_back(static_cast<std::uint32_t>(a));
      split.truth.push_back(data.target(row));
    }
    split.folds.push_back(std::move(fold));
    split.fold_begin.push_back(split.rows.size());
  }
  run.splits.push_back(std::move(split));
  return run;
}

/// Adds a predictor whose prediction is the truth + `bias` + noise of `sd`, or `constant`.
inline void add_predictor(StudyRun& run, PredictorInfo info, double sd, std::uint64_t seed = 0) {
  SplitResult& split = run.splits.front();
  Rng rng(seed, info.name);
  Entry entry{.predictor = run.predictors.size(), .seed = seed};
  for (const double truth : split.truth) entry.values.push_back(truth + sd * rng.normal());
  if (info.title.empty()) info.title = info.name;
  run.predictors.push_back(make_predictor(info, {}));
  split.entries.push_back(std::move(entry));
}

/// copy (sd 0.8), mean (sd 1.3), and a model with the given error.
inline void add_usual(StudyRun& run, double model_sd) {
  add_predictor(run, {.name = "mean", .title = "Mean", .rung = Rung::null, .sees = {"targets"}},
                1.3);
  add_predictor(run,
                {.name = "copy",
                 .title = "Copy",
                 .rung = Rung::constrained,
                 .sees = {"targets", "neighbours"}},
                0.8);
  add_predictor(run,
                {.name = "model",
                 .title = "Model",
                 .rung = Rung::model,
                 .sees = {"targets", "neighbours", "ligand_graph"},
                 .is_model = true},
                model_sd);
}

}  // namespace cupel::toy
