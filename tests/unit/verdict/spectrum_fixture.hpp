#pragma once
/// A spectrum with known truth. Every item has y = signal + noise. At level l (0 = most overlap)
/// the copier's prediction is y plus an error that grows with the level; "memoriser" follows the
/// copier, "learner" has the same small error everywhere.
#include <cstdint>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "verdict/spectrum.hpp"

namespace cupel::test {

enum PlantedPredictor : std::size_t { kMean, kCopier, kMemoriser, kLearner };

struct PlantedOptions {
  std::size_t n_levels = 5;
  std::uint32_t n_repeats = 3;
  std::size_t n_rows = 200;
  bool has_controls = true;
  bool falls = true;
  std::uint64_t seed = 1;
};

inline SpectrumInput planted_spectrum(const PlantedOptions& options = {}) {
  SpectrumInput input{.name = "planted",
                      .title = "Planted",
                      .mode = "retrain",
                      .entity = "item",
                      .parameter_title = "lambda",
                      .falls_with_parameter = true,
                      .similarity = "test"};
  input.predictors = {
      {.name = "mean", .title = "Mean"},
      {.name = "nearest_copy", .title = "1-NN copy", .copies_nearest = true},
      {.name = "memoriser", .title = "Memoriser", .rung = Rung::model, .is_model = true},
      {.name = "learner", .title = "Learner", .rung = Rung::model, .is_model = true}};
  input.predictions.resize(4);
  std::uint64_t stream = 0;
  for (std::size_t level = 0; level < options.n_levels; ++level) {
    const double lambda = static_cast<double>(level) / static_cast<double>(options.n_levels - 1);
    for (std::uint32_t repeat = 0; repeat < options.n_repeats; ++repeat) {
      for (const bool is_control : {false, true}) {
        if (is_control && !options.has_controls) continue;
        Rng rng(options.seed, "planted", stream++);
        SpectrumSplit split{.parameter = lambda, .repeat = repeat, .is_control = is_control};
        const double novelty = is_control ? 0.0 : lambda;
        split.overlap.n_train = 4 * options.n_rows;
        split.overlap.n_test = options.n_rows;
        split.overlap.share_with_neighbour = 1.0 - (options.falls ? novelty : 0.5);
        split.overlap.nearest_mean = 1.0 - 0.8 * novelty;
        std::vector<double> copy;
        std::vector<double> memo;
        std::vector<double> learnt;
        for (std::size_t i = 0; i < options.n_rows; ++i) {
          Rng item(options.seed, "item", i + 1000 * repeat);  // the same item at all levels
          const double y = item.normal();
          split.truth.push_back(y);
          split.unit.push_back(static_cast<std::uint32_t>(i + 1000 * repeat));
          copy.push_back(y + (0.2 + 1.5 * novelty) * rng.normal());
          memo.push_back(copy.back() + 0.02 * rng.normal());
          learnt.push_back(y + 0.2 * rng.normal());
        }
        input.splits.push_back(std::move(split));
        input.predictions[kMean].emplace_back(options.n_rows, 0.0);
        input.predictions[kCopier].push_back(std::move(copy));
        input.predictions[kMemoriser].push_back(std::move(memo));
        input.predictions[kLearner].push_back(std::move(learnt));
      }
    }
  }
  return input;
}

}  // namespace cupel::test
