#include "study/plan_curves.hpp"

#include <gtest/gtest.h>

#include <set>

#include "../verdict/toy.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

Split first_half_trains(const Dataset& data) {
  Split split{.name = "mixed", .scheme = "mixed"};
  split.role.assign(data.n_samples(), Role::test);
  split.reason.assign(data.n_samples(), 0);
  split.reasons = {""};
  for (std::size_t i = 0; i < data.n_samples() / 2; ++i) split.role[i] = Role::train;
  return split;
}

TEST(CurveSizes, AreLogSpacedAndEndAtTheWhole) {
  const auto sizes = curve_sizes(1000, 7);
  ASSERT_EQ(sizes.size(), 7U);
  EXPECT_EQ(sizes.front(), 10U);
  EXPECT_EQ(sizes.back(), 1000U);
  for (std::size_t i = 1; i < sizes.size(); ++i) EXPECT_LT(sizes[i - 1], sizes[i]);
  EXPECT_TRUE(curve_sizes(1, 7).empty());
  EXPECT_EQ(curve_sizes(4, 7).back(), 4U);
}

TEST(CurveSplit, PrefixesAreNestedAndTestRowsStay) {
  const Dataset data = toy::crossed(0.5, 1);
  const Split split = first_half_trains(data);
  for (const char* over : {"pairs", "cells", "drugs"}) {
    const std::size_t n_units = count_units(data, split, over);
    std::set<std::uint32_t> before;
    for (const std::size_t size : curve_sizes(n_units, 5)) {
      const Split subset = curve_split(data, split, over, size, 9);
      EXPECT_EQ(subset.rows(Role::test), split.rows(Role::test));
      EXPECT_EQ(count_units(data, subset, over), size);
      const auto rows = subset.rows(Role::train);
      const std::set<std::uint32_t> now(rows.begin(), rows.end());
      for (const std::uint32_t row : before) EXPECT_TRUE(now.contains(row)) << over;
      before = now;
      EXPECT_EQ(subset.count(Role::train) + subset.count(Role::left_out), split.count(Role::train));
      for (std::size_t i = 0; i < subset.role.size(); ++i) {
        if (subset.role[i] == Role::left_out) {
          EXPECT_EQ(subset.reasons[subset.reason[i]], "learning_curve");
        }
      }
    }
  }
}

TEST(CurveSplit, TheWholeIsTheSplitItself) {
  const Dataset data = toy::crossed(0.5, 1);
  const Split split = first_half_trains(data);
  EXPECT_EQ(curve_split(data, split, "pairs", data.n_samples(), 9).sha256(), split.sha256());
}

TEST(CurveSplit, RefusesAnUnknownUnit) {
  const Dataset data = toy::crossed(0.5, 1);
  EXPECT_THROW(count_units(data, first_half_trains(data), "genes"), Error);
  EXPECT_THROW(count_units(data, first_half_trains(data), ""), Error);
}

}  // namespace
}  // namespace cupel
