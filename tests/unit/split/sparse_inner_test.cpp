#include <gtest/gtest.h>

#include <numeric>

#include "cupel/dataset.hpp"
#include "split/inner.hpp"

namespace cupel {
namespace {

// Two drugs and two lines, each drug on one line only: held out by both units, either side of the
// diagonal can come out empty.
TEST(UnitHoldout, SparseTablesFallBackToDrugs) {
  Dataset data;
  data.targets = Matrix<double>(4, 1, 1.0);
  data.entities.resize(2);
  data.entities[0] = {.name = "drug", .ids = {"a", "b"}, .code_of_sample = {0, 1, 0, 1}};
  data.entities[1] = {.name = "cell", .ids = {"x", "y"}, .code_of_sample = {0, 1, 0, 1}};
  std::vector<std::uint32_t> rows(4);
  std::iota(rows.begin(), rows.end(), 0U);
  const std::vector<std::string> both{"drug", "cell"};
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const UnitHoldout held = hold_out_units(data, rows, both, 0.5, seed);
    EXPECT_FALSE(held.train.empty());
    EXPECT_FALSE(held.validation.empty());
    EXPECT_EQ(held.train.size() + held.validation.size() + held.left_out.size(), rows.size());
  }
}

}  // namespace
}  // namespace cupel
