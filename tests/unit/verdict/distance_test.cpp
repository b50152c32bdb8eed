#include "verdict/distance.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "potency_fixture.hpp"

namespace cupel {
namespace {

using testing::HasSubstr;
using testing::Not;

StudyRun study(double model_sd) {
  StudyRun run = toy::potency(6, 120);
  toy::add_usual(run, model_sd);
  return run;
}

double tanimoto(const PackedBits& bits, std::size_t i, std::size_t j) {
  int both = 0;
  int either = 0;
  for (std::size_t w = 0; w < bits.n_words; ++w) {
    both += std::popcount(bits.row(i)[w] & bits.row(j)[w]);
    either += std::popcount(bits.row(i)[w] | bits.row(j)[w]);
  }
  return either == 0 ? 0.0 : static_cast<double>(both) / either;
}

const DistanceCurve& curve_of(const DistanceProfile& profile, const std::string& predictor) {
  return *std::ranges::find(profile.curves, predictor, &DistanceCurve::predictor);
}

TEST(DistanceProfiles, NearestIsTheLargestOverTheTrainingRowsOfTheFold) {
  const StudyRun run = study(0.5);
  const auto& split = run.splits[0];
  const PackedBits& bits = *run.data.entities[0].features[0].bits;
  const DistanceProfile profile = distance_profiles(run, {}).at(0);
  for (std::size_t i = 0; i < split.rows.size(); ++i) {
    double best = 0.0;
    for (const std::uint32_t row : split.folds[split.fold[i]].rows(Role::train)) {
      best = std::max(best, tanimoto(bits, split.rows[i], row));
    }
    EXPECT_DOUBLE_EQ(profile.nearest[i], best);
  }
}

TEST(DistanceProfiles, BinsHoldAllRowsAndTheirError) {
  const StudyRun run = study(0.5);
  const auto& split = run.splits[0];
  const DistanceProfile profile = distance_profiles(run, {}).at(0);
  EXPECT_EQ(profile.bins.front().low, 0.0);
  EXPECT_EQ(profile.bins.back().high, 1.0);
  std::size_t n = 0;
  for (std::size_t b = 0; b < profile.bins.size(); ++b) {
    const DistanceBin& bin = profile.bins[b];
    EXPECT_GE(bin.n, 20U);
    n += bin.n;
    double squares[3] = {0.0, 0.0, 0.0};
    std::size_t found = 0;
    for (std::size_t i = 0; i < split.rows.size(); ++i) {
      const double s = profile.nearest[i];
      if (s < bin.low || (s >= bin.high && b + 1 < profile.bins.size())) continue;
      ++found;
      for (std::size_t e = 0; e < 3; ++e) {
        const double error = split.entries[e].values[i] - split.truth[i];
        squares[e] += error * error;
      }
    }
    EXPECT_EQ(found, bin.n);
    const auto rmse = [&](std::size_t e) {
      return std::sqrt(squares[e] / static_cast<double>(found));
    };
    EXPECT_NEAR(curve_of(profile, "mean").rmse[b].value, rmse(0), 1e-12);
    EXPECT_NEAR(curve_of(profile, "model").rmse[b].value, rmse(2), 1e-12);
    EXPECT_NEAR(curve_of(profile, "model").gain[b].value, rmse(1) - rmse(2), 1e-12);
    EXPECT_LE(curve_of(profile, "model").rmse[b].low, rmse(2));
    EXPECT_GE(curve_of(profile, "model").rmse[b].high, rmse(2));
  }
  EXPECT_EQ(n, split.rows.size());
  EXPECT_GT(profile.bins.size(), 1U);
}

TEST(DistanceProfiles, SmoothCurveOfConstantErrorIsConstant) {
  StudyRun run = study(0.5);
  auto& split = run.splits[0];
  for (std::size_t i = 0; i < split.rows.size(); ++i) {
    split.entries[2].values[i] = split.truth[i] + (i % 2 == 0 ? 0.7 : -0.7);
  }
  const DistanceProfile profile = distance_profiles(run, {}).at(0);
  std::size_t n_defined = 0;
  for (const BoundedValue& value : curve_of(profile, "model").smooth) {
    if (std::isnan(value.value)) continue;
    ++n_defined;
    EXPECT_NEAR(value.value, 0.7, 1e-9);
  }
  EXPECT_GT(n_defined, 10U);
}

TEST(DistanceProfiles, SaysFromWhereAModelIsNoBetterThanCopying) {
  StudyRun run = study(0.3);
  auto& split = run.splits[0];
  const DistanceProfile before = distance_profiles(run, {}).at(0);
  ASSERT_GE(before.bins.size(), 2U);
  EXPECT_THAT(before.sentences.at(1), HasSubstr("Model is better than Copy at every distance"));
  // Where training is near the model is the copy.
  for (std::size_t i = 0; i < split.rows.size(); ++i) {
    if (before.nearest[i] >= before.bins.back().low) {
      split.entries[2].values[i] = split.entries[1].values[i];
    }
  }
  const DistanceProfile after = distance_profiles(run, {}).at(0);
  EXPECT_THAT(after.sentences.at(1),
              HasSubstr("Model is better than Copy where the similarity to the nearest training "
                        "ligand is below "));
  EXPECT_THAT(after.sentences.at(1), HasSubstr("elsewhere no gain is shown"));
  EXPECT_THAT(after.sentences.at(1), Not(HasSubstr(","))) << "neighbouring bins are one range";
  split.entries[2].values = split.entries[1].values;
  EXPECT_THAT(distance_profiles(run, {}).at(0).sentences.at(1),
              HasSubstr("At no distance from training is Model shown to be better than Copy"));
}

TEST(DistanceProfiles, CompoundsWithoutFeaturesAreCounted) {
  StudyRun run = study(0.5);
  auto& block = run.data.entities[0].features[0];
  block.present.assign(run.data.entities[0].ids.size(), 1);
  block.present[run.splits[0].rows[0]] = 0;
  const DistanceProfile profile = distance_profiles(run, {}).at(0);
  EXPECT_TRUE(std::isnan(profile.nearest[0]));
  EXPECT_FALSE(std::isnan(profile.nearest[1]));
  std::size_t n = 0;
  for (const auto& bin : profile.bins) n += bin.n;
  EXPECT_EQ(n, profile.nearest.size() - 1);
  EXPECT_THAT(profile.sentences[0], HasSubstr(std::to_string(n) + " of "));
}

TEST(DistanceProfiles, FloatsGiveTheSameAsPackedBits) {
  StudyRun run = study(0.5);
  const DistanceProfile packed = distance_profiles(run, {}).at(0);
  FeatureBlock& block = run.data.entities[0].features[0];
  const auto bits = block.bits;
  block.values = Matrix<float>(bits->rows, bits->n_bits, 0.0F);
  for (std::size_t i = 0; i < bits->rows; ++i) {
    for (std::size_t b = 0; b < bits->n_bits; ++b) block.values(i, b) = bits->test(i, b) ? 1 : 0;
  }
  block.bits = nullptr;
  EXPECT_EQ(distance_profiles(run, {}).at(0).nearest, packed.nearest);
  block.name = "other";
  EXPECT_TRUE(distance_profiles(run, {}).empty());
}

}  // namespace
}  // namespace cupel
