// Random splits of scikit-learn and scaffold splits by the rules of DeepChem and chemprop, to the
// row, against what make_molecule_splits.py wrote.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/hash.hpp"
#include "split/item_clusters.hpp"
#include "split/scaffold_parts.hpp"
#include "split/sklearn_shuffle.hpp"

namespace cupel {
namespace {

using Json = nlohmann::json;
using Numbers = std::vector<std::uint32_t>;

const Json& golden() {
  static const Json data = Json::parse(
      std::ifstream(std::string(CUPEL_TEST_DATA) + "/golden/split/molecule_splits.json"));
  return data;
}

std::string digest(const std::vector<Numbers>& parts) {
  std::string text;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    if (p > 0) text += " | ";
    for (std::size_t i = 0; i < parts[p].size(); ++i) {
      text += (i > 0 ? " " : "") + std::to_string(parts[p][i]);
    }
  }
  return sha256_hex(text).substr(0, 16);
}

/// The script's made_groups.
Numbers made_groups(std::size_t n, std::uint64_t n_groups, std::uint64_t salt) {
  Numbers groups;
  for (std::size_t i = 0; i < n; ++i) {
    salt = (1103515245 * salt + 12345) % 2147483648U;
    const auto draw = static_cast<double>((salt >> 8U) % (n_groups * n_groups));
    groups.push_back(static_cast<std::uint32_t>(std::sqrt(draw)));
  }
  return groups;
}

TEST(MoleculeSplitsGolden, ShuffleSplitOfScikitLearn) {
  for (const auto& wanted : golden()["shuffle"]) {
    SCOPED_TRACE(wanted.dump());
    const auto splits = sklearn_shuffle_split(
        wanted["n"],
        {.n_splits = wanted["n_splits"], .test_size = wanted["test_size"], .seed = wanted["seed"]});
    ASSERT_EQ(splits.size(), wanted["digest"].size());
    for (std::size_t r = 0; r < splits.size(); ++r) {
      EXPECT_EQ(splits[r].test.size(), wanted["n_test"][r].get<std::size_t>());
      EXPECT_EQ(digest({splits[r].train, splits[r].test}), wanted["digest"][r]);
    }
    for (std::size_t i = 0; i < wanted["first_test"].size(); ++i) {
      EXPECT_EQ(splits.back().test[i], wanted["first_test"][i].get<std::uint32_t>());
    }
  }
}

TEST(MoleculeSplitsGolden, StratifiedShuffleSplitOfScikitLearn) {
  for (const auto& wanted : golden()["stratified"]) {
    SCOPED_TRACE(wanted.dump());
    auto label = made_groups(wanted["n"], wanted["n_classes"], wanted["n"]);
    const auto n_classes = wanted["n_classes"].get<std::uint32_t>();
    for (std::uint32_t i = 0; wanted["even"].get<bool>() && i < label.size(); ++i) {
      label[i] = i % n_classes;  // equal classes: remainders tie
    }
    const auto splits = sklearn_stratified_shuffle_split(
        label, {.n_splits = 3, .test_size = wanted["test_size"], .seed = wanted["seed"]});
    for (std::size_t r = 0; r < splits.size(); ++r) {
      EXPECT_EQ(digest({splits[r].train, splits[r].test}), wanted["digest"][r]);
    }
  }
}

std::vector<Numbers> three_parts(const ItemParts& parts, std::size_t n_parts) {
  std::vector<Numbers> rows(3);
  for (std::uint32_t i = 0; i < parts.part.size(); ++i) {
    const auto part = static_cast<std::size_t>(parts.part[i]);
    rows[part == n_parts - 1 ? 2 : part].push_back(i);
  }
  return rows;
}

void expect_parts(const Json& wanted, const ItemParts& parts, std::size_t n_parts) {
  const auto rows = three_parts(parts, n_parts);
  for (std::size_t p = 0; p < 3; ++p) {
    EXPECT_EQ(rows[p].size(), wanted["sizes"][p].get<std::size_t>()) << "part " << p;
  }
  EXPECT_EQ(digest(rows), wanted["digest"]);
}

TEST(MoleculeSplitsGolden, ScaffoldsOfDeepChemAndChemprop) {
  for (const auto& wanted : golden()["scaffold"]) {
    SCOPED_TRACE(wanted.dump());
    const auto groups = first_met(made_groups(wanted["n"], wanted["n_groups"], wanted["salt"]));
    for (const bool three : {true, false}) {
      const PartRequest request = three ? role_request(0.1, 0.1) : role_request(0.2, 0.0);
      const std::string suffix = three ? "_three" : "_two";
      expect_parts(wanted["deepchem" + suffix],
                   split_scaffold(groups.of_item, groups.count, request, {}), request.share.size());
      expect_parts(wanted["chemprop" + suffix],
                   split_scaffold_balanced(groups.of_item, groups.count, request, {},
                                           wanted["seed"].get<std::uint64_t>()),
                   request.share.size());
    }
  }
}

}  // namespace
}  // namespace cupel
