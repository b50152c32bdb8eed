// Similarities of the ids of an entity, and of groups of them.
#include "similarity/entity_similarity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cupel/error.hpp"
#include "similarity/dense.hpp"
#include "similarity/grouped.hpp"

namespace cupel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

FeatureBlock block(const std::string& name, bool binary, std::vector<std::vector<float>> rows) {
  FeatureBlock out{.name = name, .binary = binary};
  out.values = Matrix<float>(rows.size(), rows.front().size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows[i].size(); ++j) out.values(i, j) = rows[i][j];
  }
  out.present.assign(rows.size(), 1);
  return out;
}

// Three drugs, the second without features.
Entity drugs() {
  Entity drug{.name = "drug", .ids = {"a", "b", "c"}};
  drug.features.push_back(block("bits", true, {{1, 1, 0, 0}, {0, 0, 0, 0}, {1, 1, 1, 0}}));
  drug.features.front().present[1] = 0;
  return drug;
}

Error error_of(const Entity& entity, const std::string& kind, const std::string& features) {
  try {
    entity_similarity(entity, kind, features, {});
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return Error(ErrorKind::internal, "none");
}

TEST(EntitySimilarity, TakesTheNaturalKindOfTheOnlyBlock) {
  const Entity drug = drugs();
  const auto by = entity_similarity(drug, "", "", {});
  EXPECT_EQ(by.similarity->kind(), "fingerprint-tanimoto");
  EXPECT_EQ(by.features, "bits");
  EXPECT_THAT(by.code_of_item, ElementsAre(0U, 2U));
  EXPECT_DOUBLE_EQ(by.similarity->at(0, 1), 2.0 / 3.0);
}

TEST(EntitySimilarity, SeveralBlocksNeedAName) {
  Entity drug = drugs();
  drug.features.push_back(block("numbers", false, {{1, 2, 3, 4}, {1, 2, 3, 5}, {4, 3, 2, 1}}));
  EXPECT_THAT(error_of(drug, "", "").hint(), HasSubstr("bits, numbers"));
  EXPECT_EQ(entity_similarity(drug, "", "numbers", {}).similarity->kind(), "centred-pearson");
  EXPECT_NEAR(entity_similarity(drug, "pearson", "numbers", {}).similarity->at(0, 2), -1.0, 1e-12);
  // Of the two only one is binary.
  EXPECT_EQ(entity_similarity(drug, "fingerprint_tanimoto", "", {}).features, "bits");
  EXPECT_THAT(error_of(drug, "", "nubers").hint(), HasSubstr("did you mean \"numbers\"?"));
  EXPECT_EQ(error_of(drug, "tanimto", "").kind(), ErrorKind::usage);
}

TEST(EntitySimilarity, SaysWhatIsMissing) {
  Entity drug = drugs();
  drug.features.front().present[0] = 0;
  EXPECT_THAT(error_of(drug, "", "").message(), HasSubstr("at least two"));
  drug.features.clear();
  EXPECT_THAT(error_of(drug, "", "").message(), HasSubstr("needs a feature table"));
  EXPECT_THAT(error_of(drug, "ecfp-tanimoto", "").message(), HasSubstr("label \"smiles\""));
  EXPECT_EQ(error_of(drug, "matrix", "").kind(), ErrorKind::input);
}

TEST(GroupedItems, AreAsAlikeAsTheirClosestMembers) {
  Matrix<double> values(4, 4, 1.0);
  const double upper[] = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6};  // 01 02 03 12 13 23
  std::size_t k = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = i + 1; j < 4; ++j) values(i, j) = values(j, i) = upper[k++];
  }
  const auto groups =
      group_items(matrix_similarity(std::move(values), true, "test"), {{3, 0}, {1}, {2}});
  EXPECT_EQ(groups->n_rows(), 3U);
  EXPECT_EQ(groups->at(0, 1), 0.5);  // of 01 and 13
  EXPECT_EQ(groups->at(1, 0), 0.5);
  EXPECT_EQ(groups->at(0, 2), 0.6);
  EXPECT_EQ(groups->at(1, 2), 0.4);
}

}  // namespace
}  // namespace cupel
