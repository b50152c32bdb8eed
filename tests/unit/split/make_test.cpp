#include "split/make.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "cupel/error.hpp"
#include "split/inner.hpp"
#include "split/leaks.hpp"
#include "toy.hpp"

namespace cupel {
namespace {

using test::toy_dataset;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

SplitSpec spec_of(const std::string& scheme, std::uint32_t folds = 3) {
  SplitSpec spec;
  spec.scheme = scheme;
  spec.folds = folds;
  return spec;
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::set<std::uint32_t> members(const Dataset& data, const char* entity, const Split& split,
                                Role role) {
  std::set<std::uint32_t> found;
  for (const auto row : split.rows(role)) found.insert(data.entity(entity).code_of_sample[row]);
  return found;
}

TEST(MakeSplits, MeasuresWhatEachSchemeIsBlindTo) {
  const Dataset data = toy_dataset();
  const auto blind = [&](const char* scheme) {
    return make_splits(data, spec_of(scheme), {}, {})[0].blind_to;
  };
  EXPECT_THAT(blind("mixed"), IsEmpty());
  EXPECT_THAT(blind("cancer_blind"), ElementsAre("cell"));
  EXPECT_THAT(blind("drug_blind"), ElementsAre("drug"));
  EXPECT_THAT(blind("both_blind"), ElementsAre("drug", "cell"));
  EXPECT_THAT(blind("tissue_blind"), ElementsAre("cell", "cell.tissue"));
}

TEST(MakeSplits, BothBlindLeavesOutTheOffDiagonalWithItsReason) {
  const Dataset data = toy_dataset();
  for (const auto& split : make_splits(data, spec_of("both_blind"), {}, {})) {
    for (std::size_t i = 0; i < data.n_samples(); ++i) {
      const bool has_reason = split.reason[i] != 0;
      EXPECT_EQ(has_reason, split.role[i] == Role::left_out);
    }
    EXPECT_THAT(split.reasons, testing::UnorderedElementsAre("", "test_drug_on_training_cell",
                                                             "training_drug_on_test_cell"));
  }
}

TEST(MakeSplits, ValidationIsDrawnByTheSameUnit) {
  const Dataset data = toy_dataset({.n_drugs = 12, .n_cells = 20});
  for (const char* scheme : {"cancer_blind", "drug_blind", "both_blind"}) {
    SplitSpec spec = spec_of(scheme);
    spec.validation = 0.25;
    for (const auto& split : make_splits(data, spec, {}, {})) {
      ASSERT_GT(split.count(Role::validation), 0U) << scheme;
      for (const char* entity : {"drug", "cell"}) {
        const bool is_unit =
            std::string(scheme) == "both_blind" ||
            (std::string(entity) == "cell") == (std::string(scheme) == "cancer_blind");
        if (!is_unit) continue;
        const auto train = members(data, entity, split, Role::train);
        for (const auto code : members(data, entity, split, Role::validation)) {
          EXPECT_EQ(train.count(code), 0U) << scheme << " " << entity;
        }
      }
    }
  }
}

TEST(MakeSplits, CompoundsStayTogetherUnlessToldNotTo) {
  const Dataset data = toy_dataset({.n_drugs = 8});
  // Drugs 0 and 1, 2 and 3, ... are one compound.
  const SplitSources sources{.compound_of_drug = {0, 0, 2, 2, 4, 4, 6, 6}};
  SplitSpec spec = spec_of("drug_blind", 4);
  for (const auto& split : make_splits(data, spec, sources, {})) {
    EXPECT_TRUE(find_leaks(data, split, sources.compound_of_drug).empty());
    EXPECT_EQ(members(data, "drug", split, Role::test).size(), 2U);
  }
  spec.merge_compounds = false;
  std::size_t leaking = 0;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    for (const auto& split : make_splits(data, spec, sources, {.seed = seed})) {
      for (const auto& leak : find_leaks(data, split, sources.compound_of_drug)) {
        EXPECT_EQ(leak.code, "compound_on_both_sides");
        EXPECT_GT(leak.n_test_rows, 0U);
        ++leaking;
      }
    }
  }
  EXPECT_GT(leaking, 0U);
}

TEST(MakeSplits, LinesOfUnknownTissueAreLeftOutOfTissueBlind) {
  Dataset data = toy_dataset();
  data.entities[1].labels[0].code[4] = LabelBlock::kUnknown;
  const auto splits = make_splits(data, spec_of("tissue_blind"), {}, {});
  for (const auto& split : splits) {
    for (std::size_t i = 0; i < data.n_samples(); ++i) {
      if (data.entities[1].code_of_sample[i] != 4) continue;
      EXPECT_EQ(split.role[i], Role::left_out);
      EXPECT_EQ(split.reasons[split.reason[i]], "tissue_unknown");
    }
    EXPECT_THAT(split.blind_to, ElementsAre("cell", "cell.tissue"));
  }
  EXPECT_EQ(make_splits(data, spec_of("tissue_blind", 0), {}, {}).size(), 3U);
}

Table fold_table(const Dataset& data, const std::vector<std::string>& values) {
  Table table{.source = "responses.csv", .n_rows = data.n_source_rows};
  Column column{.name = "fold"};
  for (std::size_t i = 0; i < data.n_source_rows; ++i) column.push_text(values[i % values.size()]);
  table.columns.push_back(column);
  return table;
}

TEST(MakeSplits, ReadsFoldsFromAColumn) {
  const Dataset data = toy_dataset({.replicate_every = 0});
  const Table table = fold_table(data, {"0", "1", "4", ""});
  SplitSpec spec;
  spec.name = "mine";
  spec.fold_column = "fold";
  const auto splits = make_splits(data, spec, {.responses = &table}, {});
  ASSERT_EQ(splits.size(), 3U);
  EXPECT_EQ(splits[2].fold, 4U);
  EXPECT_EQ(splits[0].name, "mine");
  EXPECT_EQ(splits[0].role[0], Role::test);
  EXPECT_EQ(splits[0].role[1], Role::train);
  EXPECT_EQ(splits[0].role[3], Role::left_out);
  EXPECT_EQ(splits[0].reasons[splits[0].reason[3]], "no_fold_given");
  spec.only_folds = {4};
  EXPECT_EQ(make_splits(data, spec, {.responses = &table}, {}).size(), 1U);
  spec.only_folds = {7};
  EXPECT_THAT(message_of([&] { make_splits(data, spec, {.responses = &table}, {}); }),
              HasSubstr("has no fold 7"));
}

TEST(MakeSplits, ReadsRolesFromAColumn) {
  const Dataset data = toy_dataset({.replicate_every = 0});
  const Table table = fold_table(data, {"train", "validation", "test", "left_out"});
  SplitSpec spec;
  spec.role_column = "fold";
  const auto splits = make_splits(data, spec, {.responses = &table}, {});
  ASSERT_EQ(splits.size(), 1U);
  EXPECT_EQ(splits[0].role[1], Role::validation);
  EXPECT_EQ(splits[0].reasons[splits[0].reason[3]], "left_out_as_given");
}

TEST(MakeSplits, RefusesWhatCannotBeJudged) {
  const Dataset data = toy_dataset();
  const auto refuse = [&](SplitSpec spec, const Table* table = nullptr) {
    return message_of([&] { make_splits(data, spec, {.responses = table}, {}); });
  };
  EXPECT_THAT(refuse(spec_of("cancer_blnd")), HasSubstr("did you mean \"cancer_blind\""));
  EXPECT_THAT(refuse(spec_of("drug_blind", 7)), HasSubstr("the data have 6 units (drug)"));
  EXPECT_THAT(refuse(spec_of("mixed", 1)), HasSubstr("use at least 2 folds"));
  EXPECT_THAT(refuse({}), HasSubstr("names neither a scheme, a file nor a column"));
  SplitSpec by_role;
  by_role.role_column = "fold";
  const Table no_test = fold_table(data, {"train"});
  EXPECT_THAT(refuse(by_role, &no_test), HasSubstr("has no test rows"));
  const Table no_train = fold_table(data, {"test"});
  EXPECT_THAT(refuse(by_role, &no_train), HasSubstr("has no train rows"));
  const Table unknown = fold_table(data, {"train", "tset"});
  EXPECT_THAT(refuse(by_role, &unknown),
              AllOf(HasSubstr("did you mean \"test\""), HasSubstr("responses.csv:3")));
  SplitSpec by_fold;
  by_fold.fold_column = "fold";
  const Table words = fold_table(data, {"0", "one"});
  EXPECT_THAT(refuse(by_fold, &words), HasSubstr("value \"one\""));
  const Table single = fold_table(data, {"0"});
  EXPECT_THAT(refuse(by_fold, &single), HasSubstr("fewer than two folds"));
  SplitSpec all_validation = spec_of("mixed");
  all_validation.validation = 1.0;
  EXPECT_THAT(refuse(all_validation), HasSubstr("below 1"));
}

TEST(MakeSplits, SeedAndRepeatChangeTheFoldsAndNothingElseDoes) {
  const Dataset data = toy_dataset();
  SplitSpec spec = spec_of("cancer_blind");
  spec.repeats = 2;
  const auto once = make_splits(data, spec, {}, {.n_threads = 1, .seed = 3});
  const auto again = make_splits(data, spec, {}, {.n_threads = 4, .seed = 3});
  const auto other = make_splits(data, spec, {}, {.seed = 4});
  ASSERT_EQ(once.size(), 6U);
  EXPECT_NE(once[0].role, once[3].role);
  EXPECT_NE(once[0].role, other[0].role);
  for (std::size_t i = 0; i < once.size(); ++i) EXPECT_EQ(once[i].sha256(), again[i].sha256());
}

TEST(UnitHoldout, DrawsTheUnitThatTheSplitIsBlindTo) {
  const Dataset data = toy_dataset({.n_drugs = 10, .n_cells = 20, .n_tissues = 5});
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < data.n_samples(); ++i) rows.push_back(i);
  const auto unit_of = [&](std::vector<std::string> blind) {
    const auto inner = hold_out_units(data, rows, blind, 0.2, 1);
    EXPECT_EQ(inner.train.size() + inner.validation.size() + inner.left_out.size(), rows.size());
    EXPECT_FALSE(inner.validation.empty());
    return inner.unit;
  };
  EXPECT_EQ(unit_of({}), "pair");
  EXPECT_EQ(unit_of({"cell"}), "cell");
  EXPECT_EQ(unit_of({"drug"}), "drug");
  EXPECT_EQ(unit_of({"cell", "cell.tissue"}), "cell.tissue");
  EXPECT_EQ(unit_of({"drug", "cell"}), "drug and cell");
  // One tissue only: lines are drawn instead.
  const Dataset one = toy_dataset({.n_drugs = 10, .n_cells = 20, .n_tissues = 1});
  std::vector<std::string> tissue = {"cell", "cell.tissue"};
  std::vector<std::uint32_t> some(rows.begin(), rows.begin() + 100);
  EXPECT_EQ(hold_out_units(one, some, tissue, 0.2, 1).unit, "cell");
}

TEST(FindLeaks, SeesReplicatesCutApartAndCopies) {
  Dataset data = toy_dataset({.n_drugs = 3, .n_cells = 4, .replicate_every = 5});
  Split split;
  split.scheme = "mixed";
  split.role.assign(data.n_samples(), Role::train);
  split.reason.assign(data.n_samples(), 0);
  split.reasons = {""};
  // Pair 5 is rows 4 and 5, pair 10 rows 10 and 11.
  split.role[5] = Role::test;
  split.role[11] = Role::test;
  data.targets.values[11] = data.targets.values[10];
  const auto leaks = find_leaks(data, split, {});
  ASSERT_EQ(leaks.size(), 2U);
  EXPECT_EQ(leaks[0].code, "pair_on_both_sides");
  EXPECT_EQ(leaks[0].n_test_rows, 1U);
  EXPECT_THAT(leaks[0].evidence, ElementsAre("D0001 on C0000 (data rows 5 and 4)"));
  EXPECT_EQ(leaks[1].code, "copied_row_on_both_sides");
}

}  // namespace
}  // namespace cupel
