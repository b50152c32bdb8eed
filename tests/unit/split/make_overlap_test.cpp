// Overlap series over an entity: roles of rows, compounds, what is left out.
#include "split/make_overlap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/random.hpp"
#include "cupel/error.hpp"
#include "split/files.hpp"
#include "split/make.hpp"
#include "toy.hpp"

namespace cupel {
namespace {

// 30 drugs in ten families of three that share most bits; drug 29 has no fingerprint.
Dataset family_data() {
  Dataset data = test::toy_dataset({.n_drugs = 30, .n_cells = 5});
  FeatureBlock bits{.name = "fingerprint", .values = Matrix<float>(30, 64), .binary = true};
  bits.present.assign(30, 1);
  bits.present[29] = 0;
  for (std::uint32_t d = 0; d < 30; ++d) {
    Rng family(1, "family", d / 3);
    Rng own(1, "own", d);
    for (std::size_t b = 0; b < 64; ++b) {
      const bool shared = family.uniform() < 0.4;
      bits.values(d, b) = (own.uniform() < 0.2 ? own.uniform() < 0.4 : shared) ? 1.0F : 0.0F;
    }
  }
  data.entities[0].features.push_back(bits);
  return data;
}

SplitSpec drug_series() {
  SplitSpec spec{.name = "series", .scheme = "overlap", .repeats = 2};
  spec.overlap = {.entity = "drug", .levels = 3};
  return spec;
}

std::map<std::uint32_t, std::set<Role>> roles_of_drugs(const Dataset& data, const Split& split) {
  std::map<std::uint32_t, std::set<Role>> roles;
  for (std::size_t row = 0; row < split.role.size(); ++row) {
    roles[data.entities[0].code_of_sample[row]].insert(split.role[row]);
  }
  return roles;
}

std::size_t n_drugs(const Dataset& data, const Split& split, Role role) {
  std::size_t n = 0;
  for (const auto& [drug, roles] : roles_of_drugs(data, split)) n += roles.contains(role);
  return n;
}

TEST(MakeOverlap, EveryRowFollowsItsDrugAtConstantSizes) {
  const Dataset data = family_data();
  const auto splits = make_splits(data, drug_series(), {}, {.seed = 3});
  ASSERT_EQ(splits.size(), 12U);  // levels x repeats x (series, control)
  std::set<std::string> hashes;
  for (std::size_t i = 0; i < splits.size(); ++i) {
    const Split& split = splits[i];
    EXPECT_EQ(split.fold, i);
    EXPECT_EQ(split.scheme, "overlap");
    EXPECT_EQ(split.series_entity, "drug");
    EXPECT_EQ(split.is_control, i % 2 == 1);
    EXPECT_EQ(split.role.size(), data.n_samples());
    EXPECT_THAT(split.blind_to, testing::ElementsAre("drug"));
    hashes.insert(split.sha256());
    for (const auto& [drug, roles] : roles_of_drugs(data, split)) EXPECT_EQ(roles.size(), 1U);
    EXPECT_EQ(n_drugs(data, split, Role::test), n_drugs(data, splits[0], Role::test));
    EXPECT_EQ(n_drugs(data, split, Role::train), n_drugs(data, splits[0], Role::train));
    for (std::size_t row = 0; row < split.role.size(); ++row) {
      EXPECT_EQ(split.role[row] == Role::left_out, split.reason[row] != 0);
      if (data.entities[0].code_of_sample[row] != 29) continue;
      EXPECT_EQ(split.reasons[split.reason[row]], "no_features_drug");
    }
    std::uint64_t n = 0;
    for (const auto& line : count_source_rows(data, split)) n += line.count;
    EXPECT_EQ(n, data.n_source_rows);
  }
  EXPECT_EQ(hashes.size(), splits.size());
  for (std::size_t i = 0; i + 2 < 6; i += 2) {
    EXPECT_GT(splits[i].overlap.nearest_mean, splits[i + 2].overlap.nearest_mean);
    EXPECT_GT(splits[i].level, splits[i + 2].level);
  }
}

TEST(MakeOverlap, IdsOfOneCompoundAreNeverParted) {
  const Dataset data = family_data();
  std::vector<std::uint32_t> compound(30);
  for (std::uint32_t d = 0; d < 30; ++d) compound[d] = d - d % 2;  // pairs 0-1, 2-3, ...
  const auto joined = make_splits(data, drug_series(), {.compound_of_drug = compound}, {});
  for (const auto& split : joined) {
    auto roles = roles_of_drugs(data, split);
    for (std::uint32_t d = 0; d < 30; d += 2) EXPECT_EQ(roles[d], roles[d + 1]) << d;
    // Drug 29 has no features, but its compound has: it goes where drug 28 goes.
    EXPECT_EQ(split.overlap.n_train + split.overlap.n_test <= 15, true);
  }
  SplitSpec apart = drug_series();
  apart.merge_compounds = false;
  bool is_parted = false;
  for (const auto& split : make_splits(data, apart, {.compound_of_drug = compound}, {})) {
    auto roles = roles_of_drugs(data, split);
    for (std::uint32_t d = 0; d < 28; d += 2) is_parted = is_parted || roles[d] != roles[d + 1];
  }
  EXPECT_TRUE(is_parted);
}

TEST(MakeOverlap, AValidationSetIsMadeOfWholeTrainingDrugs) {
  const Dataset data = family_data();
  SplitSpec spec = drug_series();
  spec.validation = 0.2;
  for (const auto& split : make_splits(data, spec, {}, {})) {
    EXPECT_GT(split.count(Role::validation), 0U);
    for (const auto& [drug, roles] : roles_of_drugs(data, split)) EXPECT_EQ(roles.size(), 1U);
  }
}

TEST(MakeOverlap, SaysWhatIsMissing) {
  const Dataset data = family_data();
  SplitSpec spec = drug_series();
  spec.overlap.entity = "cell";
  EXPECT_THROW(make_splits(data, spec, {}, {}), Error);
  spec.overlap.entity = "protein";
  EXPECT_THROW(make_splits(data, spec, {}, {}), Error);
}

}  // namespace
}  // namespace cupel
