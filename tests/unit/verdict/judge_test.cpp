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

TEST(MayLearn, OnlyWhatTheModelLooksAt) {
  const Hypothesis hypothesis{.hidden = {"fingerprint", "ligand_graph"}};
  EXPECT_TRUE(may_learn({.sees = {"targets", "fingerprint"}}, hypothesis));
  EXPECT_FALSE(may_learn({.sees = {"targets", "physchem"}}, hypothesis));
  EXPECT_TRUE(may_learn({}, hypothesis));  // not declared
  EXPECT_TRUE(may_learn({.sees = {"targets"}}, {}));
}

TEST(AdviceIfNotShown, NamesTheBarInTheWordsOfTheArea) {
  for (const char* name : {"potency", "drug_response"}) {
    for (const auto& hypothesis : find_area(name).hypotheses()) {
      const std::string advice = advice_if_not_shown(hypothesis, "5-NN");
      EXPECT_EQ(advice.find("{bar}"), std::string::npos) << hypothesis.id;
      EXPECT_FALSE(advice.empty());
      if (std::string_view(name) != "potency") continue;
      for (const char* alien : {"drug", "line", "sensitive"}) {
        EXPECT_EQ(advice.find(alien), std::string::npos) << advice;
      }
    }
  }
  const Hypothesis own{.if_not_shown = "{bar} and {bar}"};
  EXPECT_EQ(advice_if_not_shown(own, "a {bar} b"), "a {bar} b and a {bar} b");
  EXPECT_EQ(advice_if_not_shown({}, "Mean"),
            "Do not attribute the score to more than Mean knows: it scores as well.");
}

TEST(AdviceIfNotShown, APotencyModelNoBetterThanNeighboursIsToldWhatToTest) {
  for (const auto& hypothesis : find_area("potency").hypotheses()) {
    if (!hypothesis.is_main) continue;
    EXPECT_EQ(hypothesis.id, "beyond_neighbours");
    const std::string advice = advice_if_not_shown(hypothesis, "5-NN");
    EXPECT_NE(advice.find("Report 5-NN beside the model"), std::string::npos);
    EXPECT_NE(advice.find("scaffold"), std::string::npos);
  }
}

}  // namespace
}  // namespace cupel
