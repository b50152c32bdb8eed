// Splits of perturbations: what is tested is unseen, as the name says.
#include "area/perturbation/splits.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "base/random.hpp"
#include "cells_toy.hpp"
#include "cupel/error.hpp"
#include "data/profiles.hpp"

namespace cupel::perturbation {
namespace {

using ::testing::Contains;
using ::testing::Not;

/// Eight singles and three combinations in x and y; Z in x only.
LoadedData screen() {
  Rng rng(1, "screen");
  const auto values = [&] {
    return std::vector<double>{1.0 * rng.below(9), 1.0 * rng.below(9), 1.0 * rng.below(9),
                               1.0 * rng.below(9)};
  };
  std::vector<ToyCell> cells{
      {"ctrl", "x", values()}, {"ctrl", "y", values()}, {"Z", "x", values()}};
  for (const auto* label : {"A", "B", "C", "D", "E", "F", "G", "H", "A+B", "C+D", "E+F"}) {
    cells.push_back({label, "x", values()});
    cells.push_back({label, "y", values()});
  }
  DataSpec spec = toy_spec();
  spec.profiles.scale = "counts";
  return load_toy(cells, {"g1", "g2", "g3", "g4"}, spec);
}

std::string id_of(const Dataset& data, std::uint32_t row) {
  return data.entities[0].ids[data.entities[0].code_of_sample[row]];
}
std::string context_at(const Dataset& data, std::uint32_t row) {
  return data.entities[1].ids[data.entities[1].code_of_sample[row]];
}

std::vector<Split> make(const LoadedData& loaded, SplitSpec spec) {
  return make_perturbation_splits(loaded, spec, ".", Context{});
}

TEST(PerturbationSplits, UnseenPerturbation) {
  const auto loaded = screen();
  std::set<std::string> tested;
  for (const auto& split : make(loaded, {.scheme = "unseen_perturbation", .folds = 3})) {
    EXPECT_THAT(split.blind_to, Contains("perturbation"));
    std::set<std::string> own;
    for (const auto row : split.rows(Role::test)) own.insert(id_of(loaded.data, row));
    for (const auto& id : own) EXPECT_TRUE(tested.insert(id).second) << id << " in two folds";
    for (const auto row : split.rows(Role::train)) {
      const auto code = loaded.data.entities[0].code_of_sample[row];
      for (const auto& member : loaded.data.profiles->members[code]) {
        EXPECT_FALSE(own.contains(member)) << member << " is trained on in a combination";
      }
    }
    for (const auto row : split.rows(Role::left_out)) {
      EXPECT_EQ(split.reasons[split.reason[row]], "holds_tested_single");
    }
  }
  EXPECT_EQ(tested.size(), 12U);
}

TEST(PerturbationSplits, UnseenCombination) {
  const auto loaded = screen();
  for (const auto& split : make(loaded, {.scheme = "unseen_combination", .folds = 3})) {
    EXPECT_THAT(split.blind_to, Contains("combination"));
    EXPECT_EQ(split.count(Role::test), 2U);
    EXPECT_EQ(split.count(Role::train), 21U);
    for (const auto row : split.rows(Role::test)) {
      EXPECT_THAT(id_of(loaded.data, row), ::testing::HasSubstr("+"));
    }
  }
}

TEST(PerturbationSplits, UnseenContext) {
  const auto loaded = screen();
  const auto splits = make(loaded, {.scheme = "unseen_context"});
  ASSERT_EQ(splits.size(), 2U);
  EXPECT_THAT(splits[1].blind_to, ::testing::ElementsAre("context"));
  for (const auto row : splits[1].rows(Role::test)) EXPECT_EQ(context_at(loaded.data, row), "y");
}

TEST(PerturbationSplits, UnseenPairKnowsBothSides) {
  const auto loaded = screen();
  for (const auto& split : make(loaded, {.scheme = "unseen_pair", .folds = 2})) {
    EXPECT_TRUE(split.blind_to.empty());
    EXPECT_EQ(split.count(Role::test), 11U);
    std::set<std::string> trained;
    for (const auto row : split.rows(Role::train)) trained.insert(id_of(loaded.data, row));
    for (const auto row : split.rows(Role::test)) {
      EXPECT_TRUE(trained.contains(id_of(loaded.data, row)));
    }
  }
}

TEST(PerturbationSplits, ValidationByPerturbation) {
  const auto loaded = screen();
  for (const auto& split :
       make(loaded, {.scheme = "unseen_perturbation", .folds = 3, .validation = 0.3})) {
    EXPECT_GT(split.count(Role::validation), 0U);
    std::set<std::string> trained;
    for (const auto row : split.rows(Role::train)) trained.insert(id_of(loaded.data, row));
    for (const auto row : split.rows(Role::validation)) {
      EXPECT_FALSE(trained.contains(id_of(loaded.data, row)));
    }
  }
}

class SplitFile : public ::testing::Test {
 protected:
  void write(const std::string& text) { std::ofstream(path_) << text; }
  ~SplitFile() override { std::filesystem::remove(path_); }
  std::filesystem::path path_ = std::filesystem::temp_directory_path() /
                                ("cupel_perturbation_split_" + std::to_string(::getpid()) + ".csv");
  LoadedData loaded_ = screen();
};

TEST_F(SplitFile, RolesByLabelAndContext) {
  write("perturbation,context,role\nB+A,x,test\nA,,train\nB,x,train\nctrl,x,train\n");
  const auto splits = make(loaded_, {.scheme = "file", .file = path_.string()});
  ASSERT_EQ(splits.size(), 1U);
  EXPECT_EQ(splits[0].role[row_of(loaded_.data, "A+B", "x")], Role::test);
  EXPECT_EQ(splits[0].role[row_of(loaded_.data, "A+B", "y")], Role::left_out);
  EXPECT_EQ(splits[0].role[row_of(loaded_.data, "A", "y")], Role::train);
  EXPECT_EQ(splits[0].count(Role::train), 3U);
}

TEST_F(SplitFile, UnknownLabelsAreListed) {
  write("perturbation,context,role\nA,x,train\nB,x,test\nnot_there,x,test\n");
  try {
    (void)make(loaded_, {.scheme = "file", .file = path_.string()});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_NE(error.message().find("not_there"), std::string::npos);
  }
}

TEST_F(SplitFile, ComesBackAsItWasWritten) {
  const auto made = make(loaded_, {.scheme = "unseen_perturbation", .folds = 3, .validation = 0.2});
  write_split_labels(path_, loaded_.data, made);
  const auto read = make(loaded_, {.scheme = "file", .file = path_.string()});
  ASSERT_EQ(read.size(), 3U);
  for (std::size_t f = 0; f < 3; ++f) EXPECT_EQ(read[f].role, made[f].role);
  const std::vector<Split> one{made[1]};
  write_split_labels(path_, loaded_.data, one);
  EXPECT_EQ(make(loaded_, {.scheme = "file", .file = path_.string()})[0].role, made[1].role);
}

TEST_F(SplitFile, TwoRolesAreAnError) {
  write("perturbation,role\nA,test\nA,train\nB,train\n");
  EXPECT_THROW(make(loaded_, {.scheme = "file", .file = path_.string()}), Error);
}

TEST_F(SplitFile, CellLoadToml) {
  write(R"([datasets]
screen = "screen.h5ad"
[training]
screen = "train"
[zeroshot]
"screen.y" = "test"
[fewshot."screen.x"]
val = ["A", "D+C"]
test = ["B", "unknown"]
)");
  const auto splits = make(loaded_, {.scheme = "cell_load", .file = path_.string()});
  ASSERT_EQ(splits.size(), 1U);
  EXPECT_EQ(splits[0].role[row_of(loaded_.data, "H", "y")], Role::test);
  EXPECT_EQ(splits[0].role[row_of(loaded_.data, "B", "x")], Role::test);
  EXPECT_EQ(splits[0].role[row_of(loaded_.data, "C+D", "x")], Role::validation);
  EXPECT_EQ(splits[0].role[row_of(loaded_.data, "H", "x")], Role::train);
  write("[zeroshot]\n\"screen.q\" = \"test\"\n");
  EXPECT_THROW(make(loaded_, {.scheme = "cell_load", .file = path_.string()}), Error);
  write("[zeroshot\n");
  EXPECT_THROW(make(loaded_, {.scheme = "cell_load", .file = path_.string()}), Error);
}

TEST(PerturbationSplits, OverlapSeriesOfResponses) {
  const auto loaded = screen();
  const auto splits =
      make(loaded, {.scheme = "overlap", .overlap = {.levels = 2, .test = 0.25, .control = false}});
  ASSERT_GE(splits.size(), 1U);
  EXPECT_EQ(splits[0].series_entity, "perturbation");
  EXPECT_THAT(splits[0].blind_to, Contains("perturbation"));
}

}  // namespace
}  // namespace cupel::perturbation
