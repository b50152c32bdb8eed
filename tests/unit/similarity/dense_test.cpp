#include "similarity/dense.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cupel/error.hpp"
#include "toy.hpp"

namespace cupel {
namespace {

Matrix<double> matrix(std::vector<std::vector<double>> rows) {
  Matrix<double> made(rows.size(), rows.front().size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::copy(rows[i].begin(), rows[i].end(), made.row(i).begin());
  }
  return made;
}

TEST(Dense, FollowsTheFormulas) {
  const auto rows = matrix({{3.0, 4.0, 0.0}, {4.0, 3.0, 0.0}, {-3.0, -4.0, 0.0}, {0.0, 0.0, 2.0}});
  const auto cosine = dense_similarity(rows, nullptr, VectorMeasure::cosine, "x").similarity;
  EXPECT_DOUBLE_EQ(cosine->at(0, 1), 24.0 / 25.0);
  EXPECT_DOUBLE_EQ(cosine->at(0, 2), -1.0);
  EXPECT_EQ(cosine->at(0, 3), 0.0);
  const auto euclid = dense_similarity(rows, nullptr, VectorMeasure::euclid, "x").similarity;
  EXPECT_DOUBLE_EQ(euclid->at(0, 1), 1.0 / (1.0 + std::sqrt(2.0)));
  EXPECT_DOUBLE_EQ(euclid->at(0, 2), 1.0 / 11.0);
  const auto lines = matrix({{1.0, 2.0, 4.0}, {11.0, 12.0, 14.0}, {1.0, 3.0, 2.0}});
  const auto pearson = dense_similarity(lines, nullptr, VectorMeasure::pearson, "x").similarity;
  EXPECT_DOUBLE_EQ(pearson->at(0, 1), 1.0);
  EXPECT_NEAR(pearson->at(0, 2), 1.0 / std::sqrt(14.0 / 3.0 * 2.0), 1e-15);
}

TEST(Dense, RowsWithoutLengthAreCountedAndSimilarToNothing) {
  const auto rows = matrix({{0.0, 0.0}, {2.0, 2.0}, {1.0, 3.0}, {0.0, 0.0}});
  const auto cosine = dense_similarity(rows, nullptr, VectorMeasure::cosine, "x");
  EXPECT_EQ(cosine.rows_without_length, 2U);
  EXPECT_EQ(cosine.similarity->at(0, 3), 0.0);
  const auto pearson = dense_similarity(rows, &rows, VectorMeasure::pearson, "x");
  EXPECT_EQ(pearson.rows_without_length, 6U);
  EXPECT_EQ(pearson.similarity->at(1, 2), 0.0);
  EXPECT_EQ(dense_similarity(rows, nullptr, VectorMeasure::euclid, "x").rows_without_length, 0U);
}

/// Equal rows anywhere are exactly 1 alike, however large or long they are.
TEST(Dense, EqualRowsHaveSimilarityOne) {
  Rng rng(1, "vectors");
  Matrix<double> rows(200, 333);
  for (double& value : rows.values) value = 1e6 + 1e-3 * rng.normal();
  for (std::size_t i = 0; i < 70; ++i) {
    std::copy(rows.row(i).begin(), rows.row(i).end(), rows.row(i + 100).begin());
  }
  for (const auto measure :
       {VectorMeasure::cosine, VectorMeasure::pearson, VectorMeasure::euclid}) {
    const auto similarity = dense_similarity(rows, nullptr, measure, "x").similarity;
    for (std::size_t i = 0; i < 70; ++i) {
      ASSERT_EQ(similarity->at(i, i + 100), 1.0) << to_string(measure) << ", row " << i;
    }
    // Seen from the origin, these rows differ in direction by less than a double can tell.
    if (measure != VectorMeasure::cosine) {
      EXPECT_LT(similarity->at(3, 104), 1.0) << to_string(measure);
    }
  }
}

TEST(Dense, AgreesWithPlainSumsInManyTiles) {
  Rng rng(2, "vectors");
  Matrix<double> rows(150, 40);
  for (double& value : rows.values) value = rng.normal();
  const auto similarity = dense_similarity(rows, nullptr, VectorMeasure::cosine, "x").similarity;
  for (std::size_t i = 0; i < rows.rows; i += 7) {
    for (std::size_t j = 0; j < rows.rows; j += 3) {
      double product = 0.0;
      double left = 0.0;
      double right = 0.0;
      for (std::size_t k = 0; k < rows.cols; ++k) {
        product += rows(i, k) * rows(j, k);
        left += rows(i, k) * rows(i, k);
        right += rows(j, k) * rows(j, k);
      }
      EXPECT_NEAR(similarity->at(i, j), product / std::sqrt(left * right), 1e-14);
    }
  }
}

TEST(Dense, RefusesWhatIsNotFiniteOrDoesNotMatch) {
  const auto good = matrix({{1.0, 2.0}});
  const auto bad = matrix({{1.0, std::nan("")}});
  const auto wide = matrix({{1.0, 2.0, 3.0}});
  EXPECT_THROW(dense_similarity(bad, nullptr, VectorMeasure::cosine, "x"), Error);
  EXPECT_THROW(dense_similarity(good, &bad, VectorMeasure::cosine, "x"), Error);
  EXPECT_THROW(dense_similarity(good, &wide, VectorMeasure::euclid, "x"), Error);
}

TEST(GivenMatrix, IsTakenIfItIsSymmetric) {
  auto values = matrix({{1.0, 0.25, 0.5}, {0.25, 1.0, 0.75}, {0.5, 0.75, 1.0}});
  const auto similarity = matrix_similarity(values, true, "m.csv");
  EXPECT_TRUE(similarity->is_symmetric());
  EXPECT_EQ(similarity->at(1, 2), 0.75);
  values(2, 0) = 0.5 + 1e-12;  // rounding of whoever wrote it: the value above the diagonal counts
  EXPECT_EQ(matrix_similarity(values, true, "m.csv")->at(2, 0), 0.5);
  values(2, 0) = 0.6;
  try {
    matrix_similarity(values, true, "m.csv");
    FAIL() << "taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_NE(error.message().find("row 1, column 3"), std::string::npos) << error.message();
  }
  EXPECT_EQ(matrix_similarity(values, false, "m.csv")->at(2, 0), 0.6);
  EXPECT_THROW(matrix_similarity(matrix({{1.0, 0.5}}), true, "m.csv"), Error);
}

TEST(Dense, CentredPearsonIsPearsonWithoutTheColumnMeans) {
  // A common profile (10, 20, 30, 40) plus (1,-1,1,-1), (1,1,-1,-1) and (-2,0,0,2).
  const auto rows = matrix({{11, 19, 31, 39}, {11, 21, 29, 39}, {8, 20, 30, 42}});
  const auto among =
      dense_similarity(rows, nullptr, VectorMeasure::centred_pearson, "x").similarity;
  EXPECT_EQ(among->kind(), "centred-pearson");
  EXPECT_NEAR(among->at(0, 1), 0.0, 1e-15);
  EXPECT_NEAR(among->at(0, 2), -std::sqrt(0.5), 1e-15);
  EXPECT_EQ(among->at(0, 2), among->at(2, 0));
  const auto raw = dense_similarity(rows, nullptr, VectorMeasure::pearson, "x").similarity;
  EXPECT_GT(raw->at(0, 2), 0.98);  // the common profile alone
  // Two sets are centred on their common means: the same items in two files, the same values.
  const auto first = matrix({{11, 19, 31, 39}});
  const auto others = matrix({{11, 21, 29, 39}, {8, 20, 30, 42}});
  const auto between =
      dense_similarity(first, &others, VectorMeasure::centred_pearson, "x").similarity;
  EXPECT_NEAR(between->at(0, 0), 0.0, 1e-15);
  EXPECT_NEAR(between->at(0, 1), -std::sqrt(0.5), 1e-15);
}

}  // namespace
}  // namespace cupel
