// Copying the nearest training example, on a table small enough to do by hand.
#include "model/nearest_copy.hpp"

#include <gtest/gtest.h>

#include "similarity/dense.hpp"

namespace cupel {
namespace {

// Four drugs; 0 is nearest to 1 (0.9), then to 2; 3 is as near to 1 as to 2; drug 4 has no
// features.
std::unique_ptr<Similarity> drugs() {
  Matrix<double> values(4, 4, 0.0);
  const double upper[4][4] = {
      {1, 0.9, 0.5, 0.1}, {0.9, 1, 0.2, 0.4}, {0.5, 0.2, 1, 0.4}, {0.1, 0.4, 0.4, 1}};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) values(i, j) = upper[i][j];
  }
  return matrix_similarity(std::move(values), true, "test");
}

// Lines 0 and 1 (2 is never seen); training: drug 1 on line 0 twice, drug 2 on both lines.
const PairTable kPairs{.n_first = 3,
                       .n_second = 5,
                       .first = {0, 0, 0, 1},
                       .second = {1, 1, 2, 2},
                       .value = {1.0, 3.0, 10.0, 20.0}};
const std::vector<std::uint32_t> kCodes{0, 1, 2, 3};

using Source = NearestCopy::Source;

TEST(NearestCopy, CopiesTheMostSimilarTrainingExample) {
  const NearestCopy model(kPairs, *drugs(), kCodes);
  EXPECT_EQ(model.at(0, 0).value, 2.0);  // drug 1 on line 0, the mean of its replicates
  EXPECT_EQ(model.at(0, 0).source, Source::copy);
  EXPECT_EQ(model.at(0, 1).value, 10.0) << "an example is not its own nearest";
}

TEST(NearestCopy, AveragesTiesOnly) {
  const NearestCopy model(kPairs, *drugs(), kCodes);
  EXPECT_EQ(model.nearest(3).size(), 2U);
  EXPECT_EQ(model.at(0, 3).value, 6.0);   // (2 + 10) / 2
  EXPECT_EQ(model.at(1, 3).value, 20.0);  // only drug 2 was measured on line 1
}

TEST(NearestCopy, FallsBackInOrder) {
  const NearestCopy model(kPairs, *drugs(), kCodes);
  EXPECT_EQ(model.at(1, 0).value, 2.0);  // drug 1 was not measured on line 1: its mean
  EXPECT_EQ(model.at(1, 0).source, Source::nearest_mean);
  EXPECT_EQ(model.at(1, 4).value, 20.0);  // no features: the mean of line 1
  EXPECT_EQ(model.at(1, 4).source, Source::own_mean);
  EXPECT_EQ(model.at(2, 4).value, 8.5);
  EXPECT_EQ(model.at(2, 4).source, Source::global_mean);
}

}  // namespace
}  // namespace cupel
