// Notes on splits of molecules, and the order of the hypotheses' bars.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "area/potency/checks.hpp"
#include "area/potency/hypotheses.hpp"
#include "simd/packed_bits.hpp"

namespace cupel {
namespace {

using testing::HasSubstr;

/// 200 ligands a row each, with bits of their own; a label `parent` of its own each.
Dataset toy() {
  constexpr std::uint32_t kLigands = 200;
  Dataset data;
  data.area = "potency";
  Entity ligand;
  ligand.name = "ligand";
  auto bits = std::make_shared<PackedBits>(kLigands, 1024);
  LabelBlock parent{.name = "parent", .levels = {}, .code = {}};
  for (std::uint32_t i = 0; i < kLigands; ++i) {
    ligand.ids.push_back("m" + std::to_string(1000 + i));
    ligand.code_of_sample.push_back(i);
    parent.levels.push_back("p" + std::to_string(1000 + i));
    parent.code.push_back(i);
    for (std::uint32_t b = 0; b < 5; ++b) bits->set(i, 5 * i + b);
    data.source_row.push_back(i);
  }
  FeatureBlock block;
  block.name = "fingerprint";
  block.binary = true;
  block.present.assign(kLigands, 1);
  block.bits = std::move(bits);
  ligand.features.push_back(std::move(block));
  ligand.labels.push_back(std::move(parent));
  data.entities.push_back(std::move(ligand));
  data.targets = Matrix<double>(kLigands, 1);
  data.n_source_rows = kLigands;
  return data;
}

/// The last 100 rows are tested.
Split half(const Dataset& data) {
  Split split{.name = "s", .scheme = "random"};
  split.role.assign(data.n_samples(), Role::train);
  split.reason.assign(data.n_samples(), 0);
  split.reasons = {""};
  for (std::size_t i = 100; i < 200; ++i) split.role[i] = Role::test;
  return split;
}

const ProtocolNote* find(const std::vector<ProtocolNote>& notes, std::string_view code) {
  for (const auto& note : notes) {
    if (note.code == code) return &note;
  }
  return nullptr;
}

TEST(PotencyProtocol, ACleanSplitHasNoNotes) {
  const Dataset data = toy();
  const std::vector<Split> folds{half(data)};
  EXPECT_TRUE(find_area("potency").check_protocol(data, folds).empty());
}

TEST(PotencyProtocol, TheSameLigandOnBothSidesIsAFault) {
  Dataset data = toy();
  data.entities[0].code_of_sample[150] = 3;
  const auto notes = find_area("potency").check_protocol(data, std::vector<Split>{half(data)});
  const auto* note = find(notes, "ligand_on_both_sides");
  ASSERT_NE(note, nullptr);
  EXPECT_EQ(note->severity, Severity::serious);
  EXPECT_THAT(note->sentence, HasSubstr("1 of 100 test rows"));
  EXPECT_EQ(find(notes, "parent_on_both_sides"), nullptr);  // counted once
}

TEST(PotencyProtocol, OtherFormsOfATrainingCompoundAreCounted) {
  Dataset data = toy();
  auto& parent = data.entities[0].labels[0];
  parent.code[150] = parent.code[3];
  const auto notes = find_area("potency").check_protocol(data, std::vector<Split>{half(data)});
  const auto* note = find(notes, "parent_on_both_sides");
  ASSERT_NE(note, nullptr);
  EXPECT_EQ(note->severity, Severity::note);
  for (std::size_t i = 151; i < 160; ++i) parent.code[i] = parent.code[4];
  EXPECT_EQ(find(find_area("potency").check_protocol(data, std::vector<Split>{half(data)}),
                 "parent_on_both_sides")
                ->severity,
            Severity::warning);
}

TEST(PotencyProtocol, NearCopiesAreCounted) {
  Dataset data = toy();
  auto& block = data.entities[0].features[0];
  auto bits = std::make_shared<PackedBits>(*block.bits);
  for (std::size_t i = 100; i < 130; ++i) {
    for (std::size_t b = 0; b < 5; ++b) {
      bits->words[i * bits->n_words + (5 * i + b) / 64] = 0;
      bits->set(i, 5 * (i - 100) + b);
    }
  }
  block.bits = std::move(bits);
  const auto notes = find_area("potency").check_protocol(data, std::vector<Split>{half(data)});
  const auto* note = find(notes, "near_copies_in_training");
  ASSERT_NE(note, nullptr);
  EXPECT_EQ(note->severity, Severity::warning);
  EXPECT_THAT(note->sentence, HasSubstr("(30.0 %)"));
}

TEST(PotencyProtocol, FiltersThatFollowCliffsAreFaults) {
  Dataset data = toy();
  LabelBlock cliff{.name = "cliff", .levels = {"cliff", "noncliff"}, .code = {}};
  for (std::size_t i = 0; i < 200; ++i) cliff.code.push_back(i < 40 ? 0 : 1);
  data.sample_labels.push_back(std::move(cliff));
  Split split = half(data);
  split.reasons = {"", "too_similar"};
  for (std::size_t i = 0; i < 30; ++i) {  // cliffs only
    split.role[i] = Role::left_out;
    split.reason[i] = 1;
  }
  EXPECT_NE(find(find_area("potency").check_protocol(data, std::vector<Split>{split}),
                 "filter_follows_cliffs"),
            nullptr);
  split.reasons[1] = "other_task";  // rows of other assays are not filtered
  split.task = "A";
  EXPECT_EQ(find(find_area("potency").check_protocol(data, std::vector<Split>{split}),
                 "filter_follows_cliffs"),
            nullptr);
}

/// Folds of 100 test rows, `n_cliffs(fold)` of 80 cliffs among them.
std::vector<Split> folds_with_cliffs(Dataset& data, const std::vector<int>& n_cliffs) {
  LabelBlock cliff{.name = "cliff", .levels = {"cliff", "noncliff"}, .code = {}};
  for (std::size_t i = 0; i < 200; ++i) cliff.code.push_back(i % 5 < 2 ? 0 : 1);
  std::vector<Split> folds;
  for (const int wanted : n_cliffs) {
    Split split = half(data);
    split.role.assign(200, Role::train);
    int cliffs = wanted;
    int others = 100 - wanted;
    for (std::size_t i = 0; i < 200; ++i) {
      int& left = cliff.code[i] == 0 ? cliffs : others;
      if (left-- > 0) split.role[i] = Role::test;
    }
    folds.push_back(split);
  }
  data.sample_labels = {cliff};
  return folds;
}

TEST(PotencyProtocol, CliffsDealtMoreEvenlyThanByChanceAreSaid) {
  Dataset data = toy();
  const auto even = folds_with_cliffs(data, {40, 40, 41, 40, 39, 40, 40, 41});
  const auto notes = find_area("potency").check_protocol(data, even);
  const auto* note = find(notes, "split_follows_cliffs");
  ASSERT_NE(note, nullptr);
  EXPECT_EQ(note->severity, Severity::note);
  EXPECT_THAT(note->sentence, HasSubstr("test labels had a say"));
  EXPECT_THAT(note->sentence, HasSubstr("8 test sets"));
  const auto chance = folds_with_cliffs(data, {36, 42, 44, 39, 40, 35, 41, 45});  // sd 3.5
  EXPECT_EQ(find(find_area("potency").check_protocol(data, chance), "split_follows_cliffs"),
            nullptr);
  const std::vector<Split> one{even.front()};  // one even fold is no wonder
  EXPECT_EQ(find(find_area("potency").check_protocol(data, one), "split_follows_cliffs"), nullptr);
  std::vector<Split> named{chance.front()};
  named.front().scheme = "cluster_stratified";
  EXPECT_NE(find(find_area("potency").check_protocol(data, named), "split_follows_cliffs"),
            nullptr);
}

TEST(PotencyProtocol, LimitsAndSmallTestSetsAreSaid) {
  Dataset data = toy();
  LabelBlock censored{.name = "censored", .levels = {"censored", "exact"}, .code = {}};
  for (std::size_t i = 0; i < 200; ++i) censored.code.push_back(i % 10 == 0 ? 0 : 1);
  data.sample_labels.push_back(std::move(censored));
  Split split = half(data);
  EXPECT_NE(find(find_area("potency").check_protocol(data, std::vector<Split>{split}),
                 "limits_as_values"),
            nullptr);
  for (std::size_t i = 115; i < 200; ++i) split.role[i] = Role::train;
  const auto notes = find_area("potency").check_protocol(data, std::vector<Split>{split});
  ASSERT_NE(find(notes, "small_test_sets"), nullptr);
  EXPECT_EQ(find(notes, "small_test_sets")->severity, Severity::warning);
}

TEST(PotencyHypotheses, EachBarSeesMoreThanTheOneBefore) {
  const auto all = potency::hypotheses();
  ASSERT_EQ(all.size(), 5U);
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_LT(all[i].hidden.size(), all[i - 1].hidden.size()) << all[i].id;
    for (const auto& what : all[i].hidden) EXPECT_TRUE(all[i - 1].hidden.contains(what)) << what;
    EXPECT_FALSE(all[i].about_pairs);
  }
  EXPECT_EQ(all[4].id, "activity_cliffs");
  EXPECT_TRUE(all[4].about_pairs);
}

}  // namespace
}  // namespace cupel
