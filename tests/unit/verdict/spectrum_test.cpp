#include "verdict/spectrum.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cupel/error.hpp"
#include "spectrum_fixture.hpp"

namespace cupel {
namespace {

using test::kCopier;
using test::kLearner;
using test::kMean;
using test::kMemoriser;
using test::planted_spectrum;
using testing::HasSubstr;
using testing::IsNan;

const SpectrumContrast& contrast(const Spectrum& spectrum, std::size_t model, bool is_nearest) {
  const auto found = std::ranges::find_if(spectrum.contrasts, [&](const SpectrumContrast& one) {
    return one.model == model && (is_nearest ? one.is_nearest : one.is_bar);
  });
  EXPECT_NE(found, spectrum.contrasts.end());
  return *found;
}

TEST(Spectrum, LevelsGoFromMostToLeastOverlap) {
  SpectrumInput input = planted_spectrum();
  const Spectrum falling = summarise_spectrum(input, {.n_draws = 50}, {});
  ASSERT_EQ(falling.levels.size(), 5U);
  EXPECT_EQ(falling.levels.front().parameter, 0.0);
  EXPECT_EQ(falling.levels.front().n_repeats, 3U);
  EXPECT_EQ(falling.levels.front().n_test, 200.0);
  input.falls_with_parameter = false;
  EXPECT_EQ(summarise_spectrum(input, {.n_draws = 50}, {}).levels.front().parameter, 1.0);
}

TEST(Spectrum, AModelThatCopiesItsNearestExampleIsFoundOut) {
  const Spectrum spectrum = summarise_spectrum(planted_spectrum(), {.metric = "rmse"}, {});
  const auto& nearest = contrast(spectrum, kMemoriser, true);
  EXPECT_EQ(nearest.against, kCopier);
  EXPECT_NE(nearest.verdict, Verdict::learned);
  EXPECT_THAT(spectrum.sentences.front(),
              HasSubstr("Memoriser is nowhere shown to beat copying the nearest training example"));
}

TEST(Spectrum, AModelWithSignalHasLearned) {
  const Spectrum spectrum = summarise_spectrum(planted_spectrum(), {.metric = "rmse"}, {});
  const auto& bar = contrast(spectrum, kLearner, false);
  EXPECT_EQ(bar.against, kCopier);
  EXPECT_EQ(bar.verdict, Verdict::learned);
  EXPECT_GT(bar.difference.low, bar.margin);
  EXPECT_LE(bar.p_adjusted, 0.05);
  EXPECT_THAT(spectrum.sentences, testing::Contains(HasSubstr("Learner is better than 1-NN copy")));
}

TEST(Spectrum, TheBarAtEachLevelIsTheBestThere) {
  // The copier is best at the near levels, the mean at the far ones: the envelope is harder.
  const Spectrum spectrum = summarise_spectrum(planted_spectrum(), {.metric = "rmse"}, {});
  const auto found = std::ranges::find_if(spectrum.contrasts, [](const SpectrumContrast& one) {
    return one.model == kLearner && one.is_pointwise;
  });
  ASSERT_NE(found, spectrum.contrasts.end());
  EXPECT_LT(found->difference.value, contrast(spectrum, kLearner, false).difference.value);
  EXPECT_GT(found->difference.value, 0.0);
}

TEST(Spectrum, AConstantHasTheSameErrorEverywhereAndNoCorrelation) {
  const Spectrum errors =
      summarise_spectrum(planted_spectrum({.n_repeats = 1}), {.metric = "rmse"}, {});
  const auto& curve = errors.curves[kMean];
  for (const auto& point : curve.points) {
    EXPECT_DOUBLE_EQ(point.value, curve.points[0].value);
    EXPECT_DOUBLE_EQ(point.low, curve.points[0].low);  // the same items and draws at all levels
  }
  EXPECT_NEAR(curve.auspc.value, curve.points[0].value, 1e-12);
  const Spectrum ranks = summarise_spectrum(planted_spectrum(), {.metric = "spearman"}, {});
  EXPECT_THAT(ranks.curves[kMean].points[0].value, IsNan());
  EXPECT_THAT(ranks.curves[kMean].auspc.value, IsNan());
  EXPECT_FALSE(ranks.curves[kMean].is_complete);
  EXPECT_TRUE(ranks.higher_is_better);
}

TEST(Spectrum, TheFallIsDueToOverlapWhereControlsDoNotFall) {
  const Spectrum spectrum = summarise_spectrum(planted_spectrum(), {.metric = "rmse"}, {});
  const auto fall =
      std::ranges::find(spectrum.falls, std::size_t{kMemoriser}, &SpectrumFall::predictor);
  ASSERT_NE(fall, spectrum.falls.end());
  EXPECT_NEAR(fall->total.value, fall->by_overlap.value + fall->by_size.value, 1e-12);
  EXPECT_GT(fall->by_overlap.low, 1.0);
  EXPECT_LT(std::abs(fall->by_size.value), 0.05);
  const Spectrum bare =
      summarise_spectrum(planted_spectrum({.has_controls = false}), {.metric = "rmse"}, {});
  EXPECT_TRUE(bare.curves[kMemoriser].control.empty());
  EXPECT_THAT(bare.falls[0].by_overlap.value, IsNan());
}

TEST(Spectrum, ASeriesThatDoesNotFallIsNoSpectrum) {
  EXPECT_TRUE(summarise_spectrum(planted_spectrum(), {.n_draws = 200}, {}).monotonicity.is_falling);
  const Spectrum flat =
      summarise_spectrum(planted_spectrum({.falls = false}), {.n_draws = 200}, {});
  EXPECT_FALSE(flat.monotonicity.is_falling);
  EXPECT_THAT(flat.sentences.front(), HasSubstr("This is not a spectrum"));
}

TEST(Spectrum, AMissingLevelMakesTheAreaPartial) {
  SpectrumInput input = planted_spectrum();
  EXPECT_FALSE(summarise_spectrum(input, {.n_draws = 50}, {}).is_partial);
  for (std::size_t s = 0; s < input.splits.size(); ++s) {
    if (input.splits[s].parameter == 1.0) input.predictions[kLearner][s].clear();
  }
  const Spectrum spectrum = summarise_spectrum(input, {.n_draws = 50}, {});
  EXPECT_TRUE(spectrum.is_partial);
  EXPECT_DOUBLE_EQ(spectrum.x_high, 0.75);
  EXPECT_FALSE(spectrum.curves[kLearner].is_complete);
  EXPECT_TRUE(spectrum.curves[kMemoriser].is_complete);
}

TEST(Spectrum, RowsWithoutAPredictionAreLeftOutForAllAndCounted) {
  SpectrumInput input = planted_spectrum({.has_controls = false});
  input.predictions[kLearner][0][3] = kUndefined;
  input.predictions[kMemoriser][0][3] = 1e9;  // would spoil the score if the row still counted
  const Spectrum spectrum = summarise_spectrum(input, {.n_draws = 50}, {});
  EXPECT_EQ(spectrum.n_rows_dropped, 1U);
  EXPECT_LT(spectrum.curves[kMemoriser].points[0].value, 1.0);
}

TEST(Spectrum, AreasOverDifferentRangesAreNotCompared) {
  // Without its worst level the copier's area looks better than the mean's; it is no bar then.
  SpectrumInput input = planted_spectrum();
  input.predictors[kMemoriser].is_model = false;
  input.predictors[kMemoriser].may_be_bar = false;
  input.predictors[kLearner].is_model = false;
  input.predictors[kLearner].may_be_bar = false;
  for (std::size_t s = 0; s < input.splits.size(); ++s) {
    if (input.splits[s].parameter == 1.0) input.predictions[kCopier][s].clear();
  }
  const Spectrum spectrum = summarise_spectrum(input, {.n_draws = 50}, {});
  EXPECT_LT(spectrum.curves[kCopier].auspc.value, spectrum.curves[kMean].auspc.value);
  EXPECT_THAT(spectrum.sentences.front(), HasSubstr("The best of the baselines is Mean"));
  EXPECT_FALSE(spectrum.is_partial);  // the mean reaches both ends
  EXPECT_DOUBLE_EQ(spectrum.x_high, 1.0);
}

TEST(Spectrum, AxisOfOverlapAndNovelty) {
  const Spectrum overlap =
      summarise_spectrum(planted_spectrum(), {.axis = SpectrumAxis::overlap, .n_draws = 50}, {});
  EXPECT_DOUBLE_EQ(overlap.levels[0].x, 1.0);
  EXPECT_DOUBLE_EQ(overlap.levels[4].x, 0.0);
  const Spectrum novelty =
      summarise_spectrum(planted_spectrum(), {.axis = SpectrumAxis::novelty, .n_draws = 50}, {});
  EXPECT_NEAR(novelty.levels[4].x, 0.8, 1e-12);
  const Spectrum lambda = summarise_spectrum(planted_spectrum(), {.n_draws = 50}, {});
  // Evenly spaced on all three, so the normalised areas agree.
  EXPECT_NEAR(overlap.curves[kCopier].auspc.value, lambda.curves[kCopier].auspc.value, 1e-9);
  EXPECT_NEAR(novelty.curves[kCopier].auspc.value, lambda.curves[kCopier].auspc.value, 1e-9);
}

TEST(Spectrum, WrongInputsAreRefused) {
  EXPECT_THROW(summarise_spectrum({}, {}, {}), Error);
  EXPECT_THROW(summarise_spectrum(planted_spectrum(), {.metric = "auroc"}, {}), Error);
  EXPECT_THROW(summarise_spectrum(planted_spectrum(), {.metric = "rmsee"}, {}), Error);
}

}  // namespace
}  // namespace cupel
