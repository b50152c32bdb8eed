// Ceiling, calibration, effects, shared shift and positions on cells with planted effects and
// noise.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "area/perturbation/calibration.hpp"
#include "area/perturbation/ceiling.hpp"
#include "area/perturbation/effects.hpp"
#include "area/perturbation/position.hpp"
#include "area/perturbation/sections.hpp"
#include "area/perturbation/systematic.hpp"
#include "profile_toy.hpp"

namespace cupel::perturbation {
namespace {

using test::ProfileToy;
using test::random_effects;
using test::toy_profiles;
using test::toy_scorer;
using test::toy_split;
using test::ToySample;

const Context kContext{.n_threads = 2};
enum : std::size_t { kMse, kPearson, kDiscrimination };

struct Trial {
  Dataset data;
  std::vector<Split> folds;
  std::vector<std::uint32_t> rows;
  std::vector<std::uint32_t> fold;
  PerturbationDraws draws;

  Trial(Dataset made, std::size_t n_train) : data(std::move(made)) {
    folds.push_back(toy_split(data, n_train));
    rows = folds[0].rows(Role::test);
    fold.assign(rows.size(), 0);
    draws = draw_perturbations(data, rows, 400, 0.95, 0, kContext);
  }
  [[nodiscard]] TestRows test() const { return {folds, rows, fold}; }
};

TEST(NoiseCeiling, SquaredErrorIsThatOfTheNoise) {
  // Cells of sd .5: a mean of 40 has .25/40 = .00625 per gene, a repeat twice that, halves 4 times.
  const Trial trial(toy_profiles(random_effects(60, 50, 0.3)), 10);
  const auto ceiling =
      noise_ceiling(toy_scorer(), trial.data, trial.test(), trial.draws, 99, kContext);
  EXPECT_EQ(ceiling.n_views, 6U);
  EXPECT_NEAR(ceiling.measurement_mse_mean.value, 0.00625, 0.0002);
  EXPECT_NEAR(ceiling.metrics[kMse].half_mean.value, 4 * 0.00625, 0.001);
  EXPECT_NEAR(ceiling.metrics[kMse].full_mean.value, 2 * 0.00625, 0.0005);
  EXPECT_FALSE(ceiling.metrics[kMse].uses_control);
  EXPECT_TRUE(ceiling.metrics[kPearson].uses_control);
  EXPECT_FALSE(ceiling.metrics[kDiscrimination].uses_control);
  EXPECT_EQ(ceiling.metrics[kDiscrimination].full, ceiling.metrics[kDiscrimination].half);
  // Own controls: signal .09, noise of a half's change 2 x .25/20 = .025: r = .09 / .115.
  EXPECT_NEAR(ceiling.metrics[kPearson].half_mean.value, 0.09 / 0.115, 0.02);
  EXPECT_NEAR(ceiling.metrics[kPearson].full_mean.value, 0.09 / 0.1025, 0.02);
  EXPECT_LT(ceiling.metrics[kPearson].half_mean.low, ceiling.metrics[kPearson].half_mean.value);
}

TEST(NoiseCeiling, SharedControlsLookBetterThanTheyAre) {
  const Trial trial(toy_profiles(random_effects(40, 50, 0.0)), 10);
  const auto ceiling =
      noise_ceiling(toy_scorer(), trial.data, trial.test(), trial.draws, 99, kContext);
  // No effect: own controls know it; with the same 40 controls on both sides the correlation is
  // (1/40) / (1/40 + 1/20) = 1/3, but these controls are also those of the halves.
  EXPECT_NEAR(ceiling.metrics[kPearson].half_mean.value, 0.0, 0.1);
  const auto& shared = ceiling.metrics[kPearson].shared;
  const double mean = std::accumulate(shared.begin(), shared.end(), 0.0) / 30.0;
  EXPECT_NEAR(mean, 1.0 / 3.0, 0.1);
  EXPECT_GT(ceiling.metrics[kPearson].inflation.low, 0.1);
  // With all cells on both sides 1/2, as for any two perturbations without effect.
  EXPECT_NEAR(ceiling.metrics[kPearson].matched_mean.value, 0.5, 0.1);
  EXPECT_EQ(ceiling.metrics[kMse].matched, ceiling.metrics[kMse].full);
}

TEST(NoiseCeiling, ProjectionsAreNamedByTheMetric) {
  EXPECT_EQ(projection_of("pearson_delta"), Projection::spearman_brown);
  EXPECT_EQ(projection_of("mse"), Projection::half);
  EXPECT_EQ(projection_of("rmse"), Projection::root_half);
  EXPECT_EQ(projection_of("mse_unbiased"), Projection::half);
  EXPECT_EQ(projection_of("direction"), Projection::none);
  EXPECT_EQ(projection_of("discrimination_cosine"), Projection::none);
  EXPECT_DOUBLE_EQ(project(Projection::spearman_brown, 0.5), 2.0 / 3.0);
  EXPECT_DOUBLE_EQ(project(Projection::spearman_brown, -0.2), -0.2);
  EXPECT_DOUBLE_EQ(project(Projection::half, 0.5), 0.25);
}

TEST(NoiseCeiling, WithoutHalvesNothingIsClaimed) {
  const Trial trial(toy_profiles(random_effects(12, 20, 0.3), {.n_genes = 20, .n_seeds = 0}), 2);
  const auto ceiling =
      noise_ceiling(toy_scorer(), trial.data, trial.test(), trial.draws, 99, kContext);
  EXPECT_EQ(ceiling.n_views, 0U);
  EXPECT_TRUE(std::isnan(ceiling.metrics[kMse].full_mean.value));
}

TEST(Calibration, DynamicRangeByHand) {
  const SampleMetric error{"mse", "", "", false, 0.0};
  const SampleMetric score{"pearson_delta", "", "", true, 1.0};
  EXPECT_NEAR(dynamic_range_fraction(score, 0.8, 0.2), 0.6 / 0.800001, 1e-12);
  EXPECT_NEAR(dynamic_range_fraction(error, 0.1, 0.4), 0.3 / 0.400001, 1e-12);
  EXPECT_EQ(dynamic_range_fraction(error, 2.0, 0.4), -1.0);
  EXPECT_TRUE(std::isnan(dynamic_range_fraction(score, kUndefined, 0.2)));
}

TEST(Calibration, TellsWhereThereAreSpecificEffectsOnly) {
  const auto tells = [](double size, double shared) {
    const Trial trial(toy_profiles(random_effects(40, 50, size, shared)), 20);
    std::vector<bool> out;
    for (const auto& metric :
         calibrate(toy_scorer(), trial.data, trial.test(), trial.draws, 99, kContext)) {
      out.push_back(metric.tells);
    }
    return out;
  };
  EXPECT_EQ(tells(0.4, 0.0), (std::vector{true, true, true}));
  EXPECT_EQ(tells(0.0, 0.0), (std::vector{false, false, false}));
  // One strong shift and nothing else: the mean knows it all, a repeat adds noise.
  EXPECT_EQ(tells(0.0, 0.5), (std::vector{false, false, false}));
}

TEST(Calibration, InterpolatedDuplicateTakesWhatResponds) {
  auto samples = random_effects(24, 50, 0.0);
  for (auto& sample : samples) sample.effect[3] = 5.0;
  const Trial trial(toy_profiles(samples), 12);
  const HalfView view = half_view(trial.data, 0);
  const auto duplicate = gather(*view.repeat, trial.rows);
  const std::vector<double> mean(duplicate.size(), -7.0);
  const auto mixed = interpolated_duplicate(trial.data, view, trial.test(), duplicate, mean);
  EXPECT_NEAR(mixed[3], duplicate[3], 1e-6);
  double far = 0.0;
  for (std::size_t g = 0; g < 50; ++g) far += mixed[g] < -5.0 ? 1.0 : 0.0;
  EXPECT_GT(far, 40.0);
}

TEST(Calibration, BelowTenPerturbationsNothingIsSaid) {
  const Trial trial(toy_profiles(random_effects(14, 50, 0.4)), 5);
  for (const auto& metric :
       calibrate(toy_scorer(), trial.data, trial.test(), trial.draws, 99, kContext)) {
    EXPECT_TRUE(std::isnan(metric.drf_mean.value));
    EXPECT_FALSE(metric.tells);
  }
}

TEST(Effects, AreUnbiasedAndZeroIsNotLearnable) {
  const auto run = [](double size) {
    const Dataset data = toy_profiles(random_effects(200, 50, size));
    const auto effects = effect_sizes(data, noise_correlation(data));
    double sum = 0.0;
    double learnable = 0.0;
    for (const auto& effect : effects) {
      sum += effect.squared / 200.0;
      learnable += effect.is_learnable ? 1.0 / 200.0 : 0.0;
    }
    return std::pair{sum, learnable};
  };
  const auto [none, none_learnable] = run(0.0);
  // The control is shared: its noise (sum over genes .25/40 = .31, sd .06) moves all samples.
  EXPECT_NEAR(none, 0.0, 0.15);
  EXPECT_LT(none_learnable, 0.1);
  const auto [some, some_learnable] = run(0.3);
  EXPECT_NEAR(some, 50 * 0.09, 0.4);
  EXPECT_GT(some_learnable, 0.99);
}

TEST(Effects, CorrelatedGenesWidenTheInterval) {
  const Dataset data =
      toy_profiles(random_effects(300, 50, 0.0),
                   {.n_control_cells = 400, .sd = 0.4, .shared_sd = 0.4, .n_seeds = 5});
  const auto correlation = noise_correlation(data);
  EXPECT_TRUE(correlation.is_measured);
  // tr(V^2) / sum V_gg^2 with V = .16 (I + 11'): (50 x 4 + 50 x 49) / (50 x 4) = 13.25.
  EXPECT_NEAR(correlation.squares, 13.25, 3.0);
  double learnable = 0.0;
  double naive = 0.0;
  const auto wide = effect_sizes(data, correlation);
  const auto narrow = effect_sizes(data, {});
  for (std::size_t i = 0; i < wide.size(); ++i) {
    learnable += wide[i].is_learnable ? 1.0 / 300.0 : 0.0;
    naive += narrow[i].is_learnable ? 1.0 / 300.0 : 0.0;
  }
  EXPECT_LT(learnable, 0.08);
  EXPECT_GT(naive, 0.1);  // what is avoided
}

TEST(Effects, RespondingGenesAreCounted) {
  auto samples = random_effects(3, 50, 0.0);
  for (std::size_t g = 0; g < 7; ++g) samples[1].effect[g] = 3.0;
  const Dataset data = toy_profiles(samples);
  const auto effects = effect_sizes(data, noise_correlation(data));
  EXPECT_EQ(effects[1].n_responding, 7U);
  EXPECT_NEAR(responding_t(1), 1.959964, 1e-5);
  EXPECT_NEAR(responding_t(50), 3.290527, 1e-5);
}

TEST(Interactions, AdditiveCombinationsHaveNone) {
  auto samples = random_effects(2, 50, 0.4);
  samples[0].perturbation = "A";
  samples[1].perturbation = "B";
  ToySample both{.perturbation = "A+B", .effect = samples[0].effect};
  for (std::size_t g = 0; g < 50; ++g) both.effect[g] += samples[1].effect[g];
  ToySample other = both;
  other.perturbation = "B+C";  // C was not measured alone
  samples.push_back(both);
  samples.push_back(other);
  {
    const Dataset data = toy_profiles(samples);
    const auto found = interactions(data, noise_correlation(data));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].sample, 2U);
    EXPECT_FALSE(found[0].is_beyond_noise);
    EXPECT_LT(found[0].low, 0.0);
  }
  for (std::size_t g = 0; g < 10; ++g) samples[2].effect[g] += 1.0;
  const Dataset data = toy_profiles(samples);
  const auto found = interactions(data, noise_correlation(data));
  EXPECT_TRUE(found[0].is_beyond_noise);
  EXPECT_NEAR(found[0].squared, 10.0, 2.0);
  EXPECT_GT(found[0].relative, 0.1);
}

TEST(Systematic, IdenticalShiftsAreOneShift) {
  auto samples = random_effects(8, 30, 0.0, 0.5);
  const Dataset exact = toy_profiles(samples, {.n_genes = 30, .sd = 0.0});
  const auto one = systematic_variation(exact, 200, 0.95, 0, kContext);
  ASSERT_EQ(one.size(), 1U);
  EXPECT_NEAR(one[0].cosine.value, 1.0, 1e-12);
  EXPECT_NEAR(one[0].cosine_of_halves.value, 1.0, 1e-12);
  EXPECT_NEAR(one[0].share, 1.0, 1e-12);
  EXPECT_NEAR(one[0].share_beyond_noise, 1.0, 1e-12);
}

TEST(Systematic, NoiseOfASharedControlIsNoShift) {
  // Nothing happens at all, but all changes share the noise of few controls.
  const Dataset data = toy_profiles(random_effects(40, 50, 0.0), {.n_control_cells = 20});
  const auto found = systematic_variation(data, 200, 0.95, 0, kContext);
  EXPECT_GT(found[0].cosine.value, 0.7);
  EXPECT_NEAR(found[0].cosine_of_halves.value, 0.0, 0.25);
  // Different effects, no shift.
  const Dataset specific = toy_profiles(random_effects(40, 50, 0.5), {.n_control_cells = 400});
  const auto other = systematic_variation(specific, 200, 0.95, 0, kContext);
  EXPECT_LT(other[0].share_beyond_noise, 0.08);
}

std::vector<double> predicted(const Trial& trial, double share_of_truth) {
  // Between the mean of training and the truth.
  auto values =
      training_shift(trial.data, trial.data.targets, trial.data.profiles->controls, trial.test());
  const auto controls = controls_of_rows(trial.data, trial.data.profiles->controls, trial.rows);
  const auto truth = gather(trial.data.targets, trial.rows);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = (1.0 - share_of_truth) * (values[i] + controls[i]) + share_of_truth * truth[i];
  }
  return values;
}

TEST(Position, FromBaselineToCeiling) {
  const Trial trial(toy_profiles(random_effects(50, 50, 0.4, 0.3)), 25);
  const PredictorInfo model{.name = "m", .title = "Model", .is_model = true};
  const PredictorInfo mean{.name = "mean", .title = "Mean"};
  const PredictorInfo control{.name = "control", .title = "Control"};
  const PredictorInfo oracle{.name = "oracle", .title = "Oracle", .is_oracle = true};
  const auto halfway = predicted(trial, 0.5);
  const auto floor = predicted(trial, 0.0);
  const auto truth = predicted(trial, 1.0);
  const auto controls = controls_of_rows(trial.data, trial.data.profiles->controls, trial.rows);
  const std::vector<TestPredictions> predictors{
      {&control, controls}, {&mean, floor}, {&model, halfway}, {&oracle, truth}};
  const Scorer scorer = toy_scorer();
  PredictorScores scores;
  for (const auto& predictor : predictors) {
    scores.push_back(score_test_rows(scorer, trial.data, trial.test(), predictor.values));
  }
  const auto blind = best_blind_baselines(scorer.metrics, predictors, scores);
  EXPECT_EQ(blind[kMse], 1U);
  EXPECT_EQ(blind[kPearson], 1U);
  const auto ceiling = noise_ceiling(scorer, trial.data, trial.test(), trial.draws, 99, kContext);
  const auto found = positions(scorer.metrics, predictors, scores, ceiling, trial.draws);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_TRUE(found[kMse].has_room());
  // Mean squared error at half of the way is a quarter of the floor's, the ceiling 2 x .00625.
  const double at_floor = found[kMse].floor.value;
  EXPECT_NEAR(found[kMse].position.value, 0.75 * at_floor / (at_floor - found[kMse].ceiling.value),
              1e-9);
  EXPECT_LT(found[kMse].position.low, found[kMse].position.value);
  const std::size_t models[] = {2};
  const auto rows = row_positions(scorer, trial.data, trial.test(), predictors, models, blind[kMse],
                                  kMse, scores, ceiling, kContext);
  EXPECT_GT(rows[0][0].value, 0.5);
  EXPECT_LT(rows[0][0].low, rows[0][0].value);
  EXPECT_LT(rows[0][0].value - rows[0][0].low, 0.5);
}

TEST(Position, NoRoomWhereTheMeanKnowsEverything) {
  const Trial trial(toy_profiles(random_effects(50, 50, 0.0, 0.5)), 25);
  const PredictorInfo model{.name = "m", .title = "Model", .is_model = true};
  const PredictorInfo mean{.name = "mean", .title = "Mean"};
  const auto floor = predicted(trial, 0.0);
  const std::vector<TestPredictions> predictors{{&mean, floor}, {&model, floor}};
  const Scorer scorer = toy_scorer();
  PredictorScores scores(2, score_test_rows(scorer, trial.data, trial.test(), floor));
  const auto ceiling = noise_ceiling(scorer, trial.data, trial.test(), trial.draws, 99, kContext);
  const auto found = positions(scorer.metrics, predictors, scores, ceiling, trial.draws);
  EXPECT_FALSE(found[kMse].has_room());
  EXPECT_TRUE(std::isnan(found[kMse].position.value));
}

TEST(Sections, AreCompleteAndTheSameForAnyNumberOfThreads) {
  auto samples = random_effects(40, 30, 0.4, 0.3);
  samples[38].perturbation = "P100+P101";
  samples[39].perturbation = "P100+X";
  samples[30].effect.assign(30, 0.0);
  const Trial trial(toy_profiles(samples, {.n_genes = 30}), 20);
  const PredictorInfo model{.name = "m", .title = "Model", .is_model = true};
  const PredictorInfo mean{.name = "mean", .title = "Mean"};
  const auto near = predicted(trial, 0.5);
  const auto floor = predicted(trial, 0.0);
  const std::vector<TestPredictions> predictors{{&mean, floor}, {&model, near}};
  Study study;
  study.primary_metric = "pearson_delta";
  study.statistics.draws = 200;
  const SectionRequest request{.study = study,
                               .data = trial.data,
                               .split = "unseen",
                               .folds = trial.folds,
                               .rows = trial.rows,
                               .fold = trial.fold,
                               .predictors = predictors};
  const auto text_of = [&](unsigned n_threads) {
    std::string text;
    for (const auto& section :
         make_sections(toy_scorer(), request, Context{.n_threads = n_threads})) {
      text += section.id + "\n";
      for (const auto& sentence : section.sentences) text += "  " + sentence + "\n";
      for (const auto& table : section.tables) {
        for (const auto& row : table.rows) {
          EXPECT_EQ(row.size(), table.columns.size()) << section.id;
          for (const auto& value : row) text += value + ";";
          text += "\n";
        }
      }
      for (const auto& plot : section.plots) {
        for (const auto& series : plot.series) {
          EXPECT_EQ(series.y.size(),
                    plot.kind == "dots" ? plot.categories.size() : series.x.size());
        }
      }
    }
    return text;
  };
  const std::string text = text_of(1);
  EXPECT_EQ(text, text_of(2));
  for (const char* id :
       {"what_metrics_can_tell", "noise_ceiling", "between_floor_and_ceiling",
        "learnable_perturbations", "systematic_variation", "combinations", "gaming_probes"}) {
    EXPECT_NE(text.find(id), std::string::npos) << id;
  }
  EXPECT_NE(text.find("No effect is shown for P130"), std::string::npos) << text;
  EXPECT_NE(text.find("1 with 2 of 2 members seen"), std::string::npos) << text;
  if (std::getenv("CUPEL_SHOW") != nullptr) std::fputs(text.c_str(), stderr);
}

}  // namespace
}  // namespace cupel::perturbation
