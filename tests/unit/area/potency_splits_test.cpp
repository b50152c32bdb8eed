#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "area/potency/split_facts.hpp"
#include "area/potency/split_schemes.hpp"
#include "area/potency/splits.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "potency_toy.hpp"
#include "split/files.hpp"
#include "split/ordered_parts.hpp"
#include "split/sklearn_shuffle.hpp"

namespace cupel::potency {
namespace {

using test::toy_molecules;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<Split> make(const LoadedData& loaded, const SplitSpec& spec, unsigned threads = 1) {
  return make_potency_splits(loaded, spec, ".", {.n_threads = threads});
}

std::string message_of(const LoadedData& loaded, const SplitSpec& spec) {
  try {
    make(loaded, spec);
  } catch (const Error& error) {
    return error.message() + " | " + error.hint();
  }
  return "no error";
}

/// Label of the ligands on test rows, and on training and validation rows.
struct Sides {
  std::set<std::uint32_t> test;
  std::set<std::uint32_t> train;
  [[nodiscard]] bool share() const {
    return std::any_of(test.begin(), test.end(), [&](auto one) { return train.contains(one); });
  }
};

Sides sides_of(const Dataset& data, const Split& split, const std::string& label = "") {
  const Entity& ligand = data.entity("ligand");
  Sides sides;
  for (std::size_t i = 0; i < split.role.size(); ++i) {
    const auto code = ligand.code_of_sample[i];
    const auto unit = label.empty() ? code : ligand.find_label(label)->code[code];
    if (split.role[i] == Role::test) sides.test.insert(unit);
    if (split.role[i] == Role::train || split.role[i] == Role::validation) sides.train.insert(unit);
  }
  return sides;
}

TEST(PotencySplits, GivenRolesAreTakenWithinEveryAssay) {
  const auto loaded = toy_molecules({.n_ligands = 30, .n_assays = 3});
  const auto splits = make(loaded, {.name = "ace", .scheme = "given", .role_column = "split"});
  ASSERT_EQ(splits.size(), 3U);
  for (std::uint32_t a = 0; a < 3; ++a) {
    EXPECT_EQ(splits[a].task, "A" + std::to_string(a));
    EXPECT_EQ(splits[a].fold, a);
    EXPECT_EQ(splits[a].name, "ace");
    EXPECT_EQ(splits[a].count(Role::test), 6U);
    EXPECT_EQ(splits[a].count(Role::train), 24U);
    EXPECT_EQ(splits[a].count(Role::left_out), 60U);
    for (std::size_t i = 0; i < 90; ++i) {
      const bool own = i / 30 == a;
      EXPECT_EQ(splits[a].reasons[splits[a].reason[i]], own ? "" : "other_task");
      EXPECT_EQ(splits[a].role[i] == Role::test, own && i % 5 == 0);
    }
    EXPECT_THAT(splits[a].blind_to, Contains("ligand"));
    EXPECT_THAT(splits[a].blind_to, Not(Contains("assay")));
  }
}

TEST(PotencySplits, FoldsThatAssaysShareAreNumberedThrough) {
  const auto loaded = toy_molecules({.n_ligands = 30, .n_assays = 2});
  const auto splits = make(loaded, {.scheme = "given", .fold_column = "fold"});
  ASSERT_EQ(splits.size(), 6U);
  for (std::uint32_t k = 0; k < 6; ++k) {
    EXPECT_EQ(splits[k].fold, k);
    EXPECT_EQ(splits[k].task, k < 3 ? "A0" : "A1");
    EXPECT_EQ(splits[k].count(Role::test), 10U);
    EXPECT_EQ(splits[k].count(Role::train), 20U);
  }
  const auto one = make(loaded, {.scheme = "given", .fold_column = "fold", .only_folds = {4}});
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].task, "A1");
  EXPECT_EQ(one[0].role, splits[4].role);
  EXPECT_THAT(message_of(loaded, {.scheme = "given", .fold_column = "fold", .only_folds = {6}}),
              HasSubstr("no fold 6 | its folds are 0 to 5"));
}

TEST(PotencySplits, AFileOfFoldsOverAssaysComesBackAsItWas) {
  const auto loaded = toy_molecules({.n_ligands = 40, .n_assays = 3, .twice_every = 9});
  const auto splits = make(loaded, {.scheme = "random", .folds = 4});
  ASSERT_EQ(splits.size(), 12U);
  const auto path = std::filesystem::temp_directory_path() / "cupel_potency_folds.csv";
  write_fold_file(path, loaded.data, splits);
  SplitSpec spec{.scheme = "given", .file = path.string()};
  const auto again = make(loaded, spec);
  ASSERT_EQ(again.size(), 12U);
  for (std::size_t k = 0; k < 12; ++k) {
    EXPECT_EQ(again[k].fold, splits[k].fold);
    EXPECT_EQ(again[k].task, splits[k].task);
    EXPECT_EQ(again[k].role, splits[k].role);
  }
}

TEST(PotencySplits, RolesOfSeveralAssaysAreOneFile) {
  const auto loaded = toy_molecules({.n_ligands = 40, .n_assays = 3});
  SplitSpec spec{.scheme = "scaffold_balanced", .validation = 0.1};
  const auto splits = make(loaded, spec);
  ASSERT_EQ(splits.size(), 3U);
  const auto path = std::filesystem::temp_directory_path() / "cupel_potency_roles.csv";
  write_task_file(path, loaded.data, splits);
  const auto again = make(loaded, {.scheme = "given", .file = path.string()});
  ASSERT_EQ(again.size(), 3U);
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_EQ(again[k].task, splits[k].task);
    EXPECT_EQ(again[k].role, splits[k].role);
  }
}

TEST(PotencySplits, RandomFoldsTestEveryRowOncePerRepeatAndKeepCompoundsWhole) {
  const auto loaded =
      toy_molecules({.n_ligands = 100, .n_assays = 2, .salt_every = 4, .twice_every = 5});
  const auto splits = make(loaded, {.scheme = "random", .folds = 5, .repeats = 5});
  ASSERT_EQ(splits.size(), 50U);
  std::map<std::uint32_t, std::vector<int>> tested;
  for (const auto& split : splits) {
    auto& times = tested[split.repeat];
    times.resize(split.role.size());
    for (const auto row : split.rows(Role::test)) ++times[row];
    EXPECT_FALSE(sides_of(loaded.data, split).share());
    EXPECT_FALSE(sides_of(loaded.data, split, "parent").share());
    EXPECT_NEAR(static_cast<double>(split.count(Role::test)), 120.0 / 5, 3.0);
  }
  for (const auto& [repeat, times] : tested) EXPECT_THAT(times, testing::Each(1));
  EXPECT_NE(splits[0].role, splits[10].role);  // repeats differ
  SplitSpec apart{.scheme = "random", .folds = 5, .merge_compounds = false};
  const auto cut = make(loaded, apart);
  EXPECT_TRUE(std::any_of(cut.begin(), cut.end(), [&](const Split& split) {
    return sides_of(loaded.data, split, "parent").share();
  }));
  EXPECT_FALSE(sides_of(loaded.data, cut[0]).share());
}

TEST(PotencySplits, StratifiedFoldsHaveTheSameTargets) {
  const auto loaded = toy_molecules({.n_ligands = 200});
  const auto bin = quantile_labels(loaded.data.targets.values, 5);
  const auto most_uneven = [&](const char* scheme) {
    int worst = 0;
    for (const auto& split : make(loaded, {.scheme = scheme, .folds = 5})) {
      std::vector<int> n(5, -8);  // 200 molecules, 5 folds, 5 bins
      for (const auto row : split.rows(Role::test)) ++n[bin[row]];
      for (const int off : n) worst = std::max(worst, std::abs(off));
    }
    return worst;
  };
  EXPECT_LE(most_uneven("stratified"), 1);
  EXPECT_GT(most_uneven("random"), 1);
}

TEST(PotencySplits, ShuffleIsShuffleSplitOnTheRowsOfEachAssay) {
  const auto loaded = toy_molecules({.n_ligands = 53, .n_assays = 2});
  SplitSpec spec{.scheme = "shuffle", .repeats = 3, .seed = 20021997};
  const auto splits = make(loaded, spec);
  ASSERT_EQ(splits.size(), 6U);
  const auto wanted = sklearn_shuffle_split(53, {.n_splits = 3, .seed = 20021997});
  for (const auto& split : splits) {
    std::set<std::uint32_t> test;
    for (const auto row : split.rows(Role::test)) test.insert(row % 53);
    const auto& theirs = wanted[split.repeat].test;
    EXPECT_EQ(test, std::set<std::uint32_t>(theirs.begin(), theirs.end()));
    EXPECT_EQ(split.count(Role::test), 11U);  // ceil(0.2 * 53)
  }
}

TEST(PotencySplits, ScaffoldsAreWholeAndMoleculesWithoutRingAreOneGroup) {
  const auto loaded = toy_molecules({.n_ligands = 160, .family = 5});
  for (const char* scheme : {"scaffold", "scaffold_balanced", "groups"}) {
    SCOPED_TRACE(scheme);
    SplitSpec spec{.scheme = scheme, .validation = 0.1, .parts = {.test = 0.1}};
    const auto splits = make(loaded, spec);
    ASSERT_EQ(splits.size(), 1U);
    EXPECT_FALSE(sides_of(loaded.data, splits[0], "scaffold").share());
    EXPECT_THAT(splits[0].blind_to, ElementsAre("ligand", "ligand.scaffold"));
    EXPECT_NEAR(static_cast<double>(splits[0].count(Role::test)), 16.0, 6.0);
    EXPECT_NEAR(static_cast<double>(splits[0].count(Role::validation)), 16.0, 6.0);
  }
}

TEST(PotencySplits, AnalogueSeriesIsTheLargestGroupThenTheNext) {
  const auto loaded = toy_molecules({.n_ligands = 121});
  SplitSpec spec{.scheme = "analogue_series", .repeats = 2, .parts = {.column = "series"}};
  const auto splits = make(loaded, spec);
  ASSERT_EQ(splits.size(), 2U);
  // i % 11 % 7: residues 0-3 hold two elevenths, the first of them comes first.
  for (std::size_t i = 0; i < 121; ++i) {
    EXPECT_EQ(splits[0].role[i] == Role::test, i % 11 % 7 == 0) << i;
    EXPECT_EQ(splits[1].role[i] == Role::test, i % 11 % 7 == 1) << i;
  }
}

TEST(PotencySplits, PotentTakesTheHighestTenthRoundedHalfToEven) {
  const auto loaded = toy_molecules({.n_ligands = 125});
  const auto split = make(loaded, {.scheme = "potent"}).front();
  EXPECT_EQ(split.count(Role::test), 12U);  // round(12.5) = 12, as Python's
  double lowest_test = 1e9;
  double highest_train = -1e9;
  for (std::size_t i = 0; i < 125; ++i) {
    if (split.role[i] == Role::test) {
      lowest_test = std::min(lowest_test, loaded.data.target(i));
    } else {
      highest_train = std::max(highest_train, loaded.data.target(i));
    }
  }
  EXPECT_GE(lowest_test, highest_train);
}

TEST(PotencySplits, TimePutsTheLatestIntoTheTestSet) {
  const auto loaded = toy_molecules({.n_ligands = 200, .twice_every = 3});
  SplitSpec spec{.scheme = "time", .parts = {.column = "year"}};
  const auto split = make(loaded, spec).front();
  std::map<std::uint32_t, std::int64_t> first_year;
  const auto& codes = loaded.data.entity("ligand").code_of_sample;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const auto year = loaded.samples.columns[0].integers[i];
    const auto place = first_year.try_emplace(codes[i], year).first;
    place->second = std::min(place->second, year);
  }
  std::int64_t latest_train = 0;
  std::int64_t earliest_test = 9999;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (split.role[i] == Role::test) earliest_test = std::min(earliest_test, first_year[codes[i]]);
    if (split.role[i] == Role::train) latest_train = std::max(latest_train, first_year[codes[i]]);
  }
  EXPECT_LT(latest_train, earliest_test);
  EXPECT_THAT(message_of(loaded, {.scheme = "time"}), HasSubstr("--value on the command line"));
}

TEST(PotencySplits, ClusterStratifiedSpreadsClustersAndCliffs) {
  const auto loaded = toy_molecules({.n_ligands = 300, .family = 60});
  const auto split = make(loaded, {.scheme = "cluster_stratified"}).front();
  // The families are the clusters: each gives 12 of its 60 to the test set.
  std::map<std::size_t, int> tested;
  std::map<std::size_t, int> tested_cliffs;
  std::map<std::size_t, int> cliffs;
  for (std::size_t i = 0; i < 300; ++i) {
    const bool is_cliff = loaded.data.sample_labels[0].code[i] == 0;
    cliffs[i / 60] += is_cliff;
    if (split.role[i] != Role::test) continue;
    ++tested[i / 60];
    tested_cliffs[i / 60] += is_cliff;
  }
  for (std::size_t family = 0; family < 5; ++family) {
    EXPECT_EQ(tested[family], 12);
    EXPECT_NEAR(tested_cliffs[family], 0.2 * cliffs[family], 1.0);
  }
}

TEST(PotencySplits, DiverseUsesAQuarterAndLeavesTheRestOut) {
  const auto loaded = toy_molecules({.n_ligands = 200});
  const auto split = make(loaded, {.scheme = "diverse"}).front();
  EXPECT_EQ(split.count(Role::test), 10U);
  EXPECT_EQ(split.count(Role::train), 40U);
  EXPECT_THAT(split.reasons, ElementsAre("", "not_in_the_diverse_subset"));
}

TEST(PotencySplits, OverlapSeriesIsOfOneAssay) {
  const auto loaded = toy_molecules({.n_ligands = 150, .salt_every = 10});
  SplitSpec spec{.scheme = "overlap"};
  spec.overlap.levels = 3;
  const auto splits = make(loaded, spec);
  ASSERT_EQ(splits.size(), 6U);  // with controls
  EXPECT_EQ(splits[0].series_entity, "ligand");
  EXPECT_GT(splits[0].overlap.nearest_mean, splits[4].overlap.nearest_mean);
  for (const auto& split : splits) EXPECT_FALSE(sides_of(loaded.data, split, "parent").share());
  EXPECT_THAT(message_of(toy_molecules({.n_assays = 2}), spec),
              HasSubstr("is made of one assay, and the data have 2"));
}

TEST(PotencySplits, EverySchemeAccountsForEveryRowAndDoesNotDependOnThreads) {
  const auto loaded = toy_molecules(
      {.n_ligands = 90, .n_assays = 2, .family = 6, .salt_every = 15, .twice_every = 8});
  for (const auto& scheme : schemes()) {
    SCOPED_TRACE(scheme.name);
    SplitSpec spec{.scheme = scheme.name, .validation = 0.1};
    spec.parts.tolerance = 0.3;
    spec.parts.max_left_out = 0.9;
    if (scheme.name == "time") spec.parts.column = "year";
    const auto splits = make(loaded, spec);
    const auto again = make(loaded, spec, 4);
    ASSERT_EQ(splits.size(), again.size());
    std::set<std::pair<std::uint32_t, std::uint32_t>> names;
    for (std::size_t k = 0; k < splits.size(); ++k) {
      const Split& split = splits[k];
      EXPECT_EQ(split.sha256(), again[k].sha256());
      EXPECT_TRUE(names.emplace(split.repeat, split.fold).second);
      ASSERT_EQ(split.role.size(), loaded.data.n_samples());
      for (std::size_t i = 0; i < split.role.size(); ++i) {
        EXPECT_EQ(split.role[i] == Role::left_out, split.reason[i] != 0);
        const bool own =
            "A" + std::to_string(loaded.data.entity("assay").code_of_sample[i]) == split.task;
        EXPECT_EQ(split.reasons[split.reason[i]] == "other_task", !own);
      }
      EXPECT_GT(split.count(Role::validation), 0U);
      if (scheme.items == ItemKind::compound) {
        EXPECT_FALSE(sides_of(loaded.data, split, "parent").share());
      }
    }
    if (!scheme.is_random) continue;
    // The next largest series, and a search that may find the same optimum again.
    if (scheme.name == "analogue_series" || scheme.name == "datasail") continue;
    spec.seed = 77;
    const auto other = make(loaded, spec);
    EXPECT_NE(other[0].role, splits[0].role);
  }
}

TEST(PotencySplits, ErrorsSayWhatToDo) {
  const auto loaded = toy_molecules({.n_ligands = 40});
  EXPECT_THAT(message_of(loaded, {.scheme = "scafold"}), HasSubstr("did you mean \"scaffold\"?"));
  EXPECT_THAT(message_of(loaded, {.scheme = "given"}), HasSubstr("names neither a scheme"));
  EXPECT_THAT(message_of(loaded, {.scheme = "scaffold", .folds_given = true}),
              HasSubstr("has one test set per repeat"));
  EXPECT_THAT(message_of(loaded, {.scheme = "scaffold", .repeats = 2}), HasSubstr("is not random"));
  SplitSpec both{.scheme = "random", .folds_given = true};
  both.parts.test = 0.2;
  EXPECT_THAT(message_of(loaded, both), HasSubstr("keep one of folds and test"));
  EXPECT_THAT(message_of(loaded, {.scheme = "random", .validation = 1.0}), HasSubstr("validation"));
  auto bare = toy_molecules({.n_ligands = 40});
  bare.data.entities[0].features.clear();
  bare.data.entities[0].labels.clear();
  EXPECT_THAT(message_of(bare, {.scheme = "butina"}), HasSubstr("they have no fingerprints"));
  EXPECT_THAT(message_of(bare, {.scheme = "scaffold"}), HasSubstr("needs the scaffold"));
}

TEST(PotencySplits, FactsCountWhatTestAndTrainingShare) {
  const auto loaded = toy_molecules({.n_ligands = 80, .salt_every = 4, .twice_every = 5});
  SplitSpec spec{.scheme = "shuffle"};
  const auto rows = make(loaded, spec);
  const auto facts = measure_split(loaded.data, rows, {});
  const Sides ligands = sides_of(loaded.data, rows[0]);
  const Sides parents = sides_of(loaded.data, rows[0], "parent");
  std::size_t n_known = 0;
  for (const auto code : ligands.test) n_known += ligands.train.count(code);
  EXPECT_EQ(facts.n_test, ligands.test.size());
  EXPECT_DOUBLE_EQ(facts.share_ligand,
                   static_cast<double>(n_known) / static_cast<double>(ligands.test.size()));
  EXPECT_GE(facts.share_copy, facts.share_parent);  // salts of the toy have the same bits
  EXPECT_GT(facts.share_parent, facts.share_ligand);
  EXPECT_TRUE(parents.share());
  const auto apart = make(loaded, {.scheme = "scaffold_balanced"});
  const auto far = measure_split(loaded.data, apart, {});
  EXPECT_EQ(far.share_scaffold, 0.0);
  EXPECT_LT(far.nearest_mean, facts.nearest_mean);
  EXPECT_THAT(facts_words(facts), HasSubstr("nearest training molecule at Tanimoto"));
}

}  // namespace
}  // namespace cupel::potency
