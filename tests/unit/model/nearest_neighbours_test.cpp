#include "model/nearest_neighbours.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cupel/error.hpp"

namespace cupel {
namespace {

using ::testing::DoubleEq;
using ::testing::DoubleNear;
using ::testing::ElementsAre;

PackedBits bits_of(const std::vector<std::vector<std::size_t>>& rows) {
  PackedBits bits(rows.size(), 70);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const std::size_t bit : rows[i]) bits.set(i, bit);
  }
  return bits;
}

// Query 0 = {1, 2, 69}. Tanimoto: row 1 2/3, row 2 2/4, row 3 2/4, row 4 1/4, row 5 0.
const PackedBits kRows = bits_of({{1, 2, 69}, {1, 69}, {1, 2, 7}, {1, 69, 64}, {2, 30}, {40}});
const std::vector<std::uint32_t> kBase{5, 4, 3, 2, 1};
const std::vector<std::uint32_t> kQuery{0};

TEST(NearestNeighbours, TanimotoWithTheTieAtRankKInside) {
  const auto two = nearest(kRows, kBase, kQuery, {.k = 2}, {});
  EXPECT_THAT(two.begin, ElementsAre(0, 3));
  EXPECT_THAT(two.neighbour, ElementsAre(4, 2, 3));  // positions in base: rows 1, then 3 and 2
  EXPECT_THAT(two.similarity, ElementsAre(DoubleEq(2.0 / 3.0), 0.5, 0.5));
  EXPECT_EQ(two.tie_share(1), 0.0);
  EXPECT_EQ(two.tie_share(2), 1.0);
}

TEST(NearestNeighbours, EuclidOnBits) {
  // a + b - 2 c: row 1 1; rows 2, 3 2; row 4 3; row 5 4.
  const auto found = nearest(kRows, kBase, kQuery, {.k = 4, .nearness = Nearness::euclid}, {});
  EXPECT_THAT(found.neighbour, ElementsAre(4, 2, 3, 1));
  EXPECT_THAT(found.similarity, ElementsAre(-1.0, DoubleEq(-std::sqrt(2.0)),
                                            DoubleEq(-std::sqrt(2.0)), DoubleEq(-std::sqrt(3.0))));
}

TEST(NearestNeighbours, NumbersBySquaredDistance) {
  Matrix<float> x(4, 2);
  x.values = {0, 0, 3, 4, -4, 3, 1, 1};
  const auto found = nearest(x, std::vector<std::uint32_t>{1, 2, 3}, kQuery, {.k = 2}, {});
  EXPECT_EQ(found.nearness, Nearness::euclid);
  EXPECT_THAT(found.neighbour, ElementsAre(2, 0, 1));
  EXPECT_THAT(found.similarity, ElementsAre(DoubleEq(-std::sqrt(2.0)), -5.0, -5.0));
  x(2, 1) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(nearest(x, kBase, kQuery, {.k = 2}, {}), Error);
}

TEST(NearestNeighbours, FewerRowsThanK) {
  const auto found = nearest(kRows, std::vector<std::uint32_t>{4, 5}, kQuery, {.k = 5}, {});
  EXPECT_THAT(found.neighbour, ElementsAre(0, 1));
  EXPECT_EQ(found.tie_share(5), 0.0);
  const auto none = nearest(kRows, {}, kQuery, {.k = 5}, {});
  EXPECT_THAT(none.begin, ElementsAre(0, 0));
  EXPECT_TRUE(std::isnan(neighbour_means(none, {}, NeighbourWeight::uniform)[0]));
  EXPECT_THROW(nearest(kRows, kBase, kQuery, {.k = 0}, {}), Error);
}

TEST(NearestNeighbours, MeansAreOverAllTied) {
  const std::vector<double> y{50, 40, 30, 20, 10};
  const auto found = nearest(kRows, kBase, kQuery, {.k = 2}, {});
  EXPECT_THAT(neighbour_means(found, y, NeighbourWeight::uniform), ElementsAre(DoubleEq(20.0)));
  // (2/3 10 + 1/2 20 + 1/2 30) / (5/3) = 19
  EXPECT_THAT(neighbour_means(found, y, NeighbourWeight::similarity),
              ElementsAre(DoubleNear(19.0, 1e-12)));
  // (3 10 + 2 20 + 2 30) / 7
  EXPECT_THAT(neighbour_means(found, y, NeighbourWeight::distance),
              ElementsAre(DoubleNear(130.0 / 7.0, 1e-12)));
  EXPECT_THAT(neighbour_means(found, y, NeighbourWeight::uniform, 1), ElementsAre(10.0));
}

TEST(NearestNeighbours, CopiesAloneCountByDistance) {
  const std::vector<std::uint32_t> base{1, 0};
  const auto found = nearest(kRows, base, kQuery, {.k = 2}, {});
  EXPECT_THAT(neighbour_means(found, std::vector<double>{1.0, 7.0}, NeighbourWeight::distance),
              ElementsAre(7.0));
}

TEST(NearestNeighbours, NoSimilarityAtAll) {
  const auto found = nearest(kRows, std::vector<std::uint32_t>{5, 5}, kQuery, {.k = 1}, {});
  EXPECT_THAT(found.neighbour, ElementsAre(0, 1));
  EXPECT_THAT(neighbour_means(found, std::vector<double>{1.0, 4.0}, NeighbourWeight::similarity),
              ElementsAre(2.5));
  const auto euclid = nearest(kRows, kBase, kQuery, {.nearness = Nearness::euclid}, {});
  EXPECT_THROW(neighbour_means(euclid, std::vector<double>(5, 0.0), NeighbourWeight::similarity),
               Error);
}

TEST(NearestNeighbours, EmptyFingerprintsAreSimilarToNothing) {
  const PackedBits rows = bits_of({{}, {}, {3}});
  const auto found = nearest(rows, std::vector<std::uint32_t>{1, 2}, kQuery, {.k = 1}, {});
  EXPECT_THAT(found.similarity, ElementsAre(0.0, 0.0));
  const auto euclid = nearest(rows, std::vector<std::uint32_t>{1, 2}, kQuery,
                              {.k = 1, .nearness = Nearness::euclid}, {});
  EXPECT_THAT(euclid.neighbour, ElementsAre(0));
}

}  // namespace
}  // namespace cupel
