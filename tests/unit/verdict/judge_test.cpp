#include "verdict/judge.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace cupel {
namespace {

constexpr double kConfidence = 0.95;

TEST(Decide, LearnedNeedsSignificanceAndAGainThatMatters) {
  EXPECT_EQ(decide(0.10, 0.05, 0.15, 0.001, 0.02, kConfidence), Verdict::learned);
  // Real, but smaller than what matters.
  EXPECT_EQ(decide(0.01, 0.005, 0.015, 0.001, 0.02, kConfidence), Verdict::not_shown);
  // Ahead, but not once all contrasts are counted.
  EXPECT_EQ(decide(0.10, 0.01, 0.19, 0.08, 0.02, kConfidence), Verdict::cannot_tell);
}

TEST(Decide, WorseNeedsALossThatMatters) {
  EXPECT_EQ(decide(-0.10, -0.15, -0.05, 0.001, 0.02, kConfidence), Verdict::worse);
  EXPECT_EQ(decide(-0.01, -0.015, -0.005, 0.001, 0.02, kConfidence), Verdict::not_shown);
}

TEST(Decide, WideIntervalsCannotTell) {
  EXPECT_EQ(decide(0.05, -0.10, 0.20, 0.5, 0.02, kConfidence), Verdict::cannot_tell);
  // Narrow around nothing: any gain that matters is excluded.
  EXPECT_EQ(decide(0.00, -0.01, 0.01, 0.9, 0.02, kConfidence), Verdict::not_shown);
  EXPECT_EQ(decide(0.00, 0.00, 0.00, 1.0, 0.02, kConfidence), Verdict::not_shown);
}

TEST(Decide, UndefinedNumbersCannotTell) {
  const double nan = std::nan("");
  EXPECT_EQ(decide(nan, 0.05, 0.15, 0.001, 0.02, kConfidence), Verdict::cannot_tell);
  EXPECT_EQ(decide(0.1, nan, 0.15, 0.001, 0.02, kConfidence), Verdict::cannot_tell);
  EXPECT_EQ(decide(0.1, 0.05, 0.15, nan, 0.02, kConfidence), Verdict::cannot_tell);
}

}  // namespace
}  // namespace cupel
