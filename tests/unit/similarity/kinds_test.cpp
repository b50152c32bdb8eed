#include "similarity/kinds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "cupel/error.hpp"
#include "io/rdkit_fingerprint.hpp"

namespace cupel {
namespace {

using testing::HasSubstr;

Items smiles(std::vector<std::string> texts) {
  Items items{.source = "drugs.csv"};
  for (std::size_t i = 0; i < texts.size(); ++i) items.ids.push_back("D" + std::to_string(i));
  items.texts = std::move(texts);
  return items;
}

/// The error that `action` ends with.
template <typename Action>
Error error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return {ErrorKind::internal, ""};
}

TEST(Kinds, HaveNamesOfTheirOwnAndSayWhatTheyAre) {
  std::set<std::string> names;
  for (const auto& kind : similarity_kinds()) {
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_FALSE(kind.description.empty()) << kind.name;
    EXPECT_FALSE(kind.options.empty()) << kind.name;
    EXPECT_FALSE(kind.source.empty()) << kind.name;
    EXPECT_NE(kind.make, nullptr) << kind.name;
  }
  for (const char* name :
       {"ecfp-tanimoto", "fingerprint-tanimoto", "cosine", "pearson", "euclid", "matrix"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

TEST(Kinds, AreFoundWithEitherDash) {
  EXPECT_EQ(&find_similarity_kind("ecfp_tanimoto"), &find_similarity_kind("ecfp-tanimoto"));
  const Error error = error_of([] { find_similarity_kind("ecfp-tanimto"); });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_THAT(error.hint(), HasSubstr("did you mean \"ecfp-tanimoto\""));
}

TEST(Kinds, EcfpGivesTheTanimotoOfTheFingerprints) {
  const Items items = smiles({"CCO", "CCN", "c1ccccc1O", "CCO"});
  const auto similarity = make_similarity("ecfp-tanimoto", items, nullptr, {}, Context{});
  EXPECT_EQ(similarity->kind(), "ecfp-tanimoto");
  EXPECT_EQ(similarity->parameters(),
            "bits=2048;chirality=no;measure=tanimoto;radius=2;unreadable=refuse");
  EXPECT_EQ(similarity->at(0, 3), 1.0);
  const auto dense = ecfp4(items.texts);
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      double both = 0.0;
      double either = 0.0;
      for (std::size_t b = 0; b < 2048; ++b) {
        both += dense.bits(i, b) * dense.bits(j, b);
        either += std::max(dense.bits(i, b), dense.bits(j, b));
      }
      EXPECT_EQ(similarity->at(i, j), both / either);
    }
  }
  const auto other = make_similarity("ecfp-tanimoto", items, &items,
                                     {{"radius", "0"}, {"bits", "512"}, {"measure", "dice"}}, {});
  EXPECT_FALSE(other->is_symmetric());
  EXPECT_NE(other->at(0, 1), similarity->at(0, 1));
}

TEST(Kinds, EcfpSeesChiralityOnlyWhenAsked) {
  const Items items = smiles({"C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O"});
  const auto flat = make_similarity("ecfp-tanimoto", items, nullptr, {}, Context{});
  const auto chiral =
      make_similarity("ecfp-tanimoto", items, nullptr, {{"chirality", "yes"}}, Context{});
  EXPECT_EQ(flat->at(0, 1), 1.0);
  EXPECT_LT(chiral->at(0, 1), 1.0);
}

TEST(Kinds, EcfpIsTheSameOnAllThreads) {
  std::vector<std::string> texts;
  for (int i = 0; i < 300; ++i)
    texts.push_back("C" + std::string(static_cast<std::size_t>(i % 17), 'N') + "CC(=O)O");
  Context many;
  many.n_threads = 5;
  EXPECT_EQ(ecfp(texts, {}, many).bits.words, ecfp(texts, {}, Context{}).bits.words);
  const auto dense = ecfp4(texts);
  const auto packed = ecfp(texts, {}, many);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (std::size_t b = 0; b < 2048; ++b) {
      ASSERT_EQ(packed.bits.test(i, b), dense.bits(i, b) == 1.0F);
    }
  }
}

TEST(Kinds, UnreadableSmilesEndTheComputationOrAreSimilarToNothing) {
  const Items items = smiles({"CCO", "C1CC", "CCO", ""});
  const Error error =
      error_of([&] { make_similarity("ecfp-tanimoto", items, nullptr, {}, Context{}); });
  EXPECT_EQ(error.kind(), ErrorKind::input);
  EXPECT_THAT(error.message(), HasSubstr("2 of 4 SMILES"));
  EXPECT_THAT(error.message(), HasSubstr("D1"));
  EXPECT_THAT(error.hint(), HasSubstr("unreadable=empty"));
  std::string said;
  Context context;
  context.log = [&](LogLevel, std::string_view text) { said += text; };
  const auto similarity =
      make_similarity("ecfp-tanimoto", items, nullptr, {{"unreadable", "empty"}}, context);
  EXPECT_EQ(similarity->at(0, 1), 0.0);
  EXPECT_EQ(similarity->at(0, 2), 1.0);
  EXPECT_THAT(said, HasSubstr("2 of 4"));
}

TEST(Kinds, RefuseWrongOptionsByName) {
  const Items items = smiles({"CCO"});
  const auto make = [&](KindOptions options) {
    return error_of([&] { make_similarity("ecfp-tanimoto", items, nullptr, options, {}); });
  };
  EXPECT_THAT(make({{"radios", "2"}}).hint(), HasSubstr("did you mean \"radius\""));
  EXPECT_EQ(make({{"radius", "two"}}).kind(), ErrorKind::usage);
  EXPECT_EQ(make({{"bits", "0"}}).kind(), ErrorKind::usage);
  EXPECT_EQ(make({{"measure", "jaccard"}}).kind(), ErrorKind::usage);
  EXPECT_EQ(
      error_of([&] { make_similarity("cosine", items, nullptr, {{"bits", "1"}}, {}); }).kind(),
      ErrorKind::usage);
}

TEST(Kinds, RefuseItemsOfAnotherForm) {
  const Items items = smiles({"CCO", "CCN"});
  for (const char* kind : {"cosine", "fingerprint-tanimoto", "matrix"}) {
    const Error error = error_of([&] { make_similarity(kind, items, nullptr, {}, Context{}); });
    EXPECT_EQ(error.kind(), ErrorKind::input) << kind;
    EXPECT_EQ(error.where().file, "drugs.csv") << kind;
  }
}

TEST(Kinds, VectorsWithoutLengthAreSaid) {
  Items items = smiles({"", ""});
  items.vectors = Matrix<double>(2, 3);
  items.vectors(0, 0) = 1.0;
  std::string said;
  Context context;
  context.log = [&](LogLevel, std::string_view text) { said += text; };
  EXPECT_EQ(make_similarity("cosine", items, nullptr, {}, context)->at(0, 1), 0.0);
  EXPECT_THAT(said, HasSubstr("1 items of drugs.csv"));
}

}  // namespace
}  // namespace cupel
