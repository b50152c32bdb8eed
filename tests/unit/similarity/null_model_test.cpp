// What chance gives: unrelated items keep what they should, and thresholds are judged by them.
#include "similarity/null_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/random.hpp"
#include "similarity/mutation_sets.hpp"

namespace cupel {
namespace {

using testing::HasSubstr;

/// Unrelated random proteins of 40 to 90 residues with natural frequencies.
Items random_proteins(std::size_t n, std::uint64_t seed) {
  const std::string letters =
      "LLLLLLLLLLAAAAAAAAGGGGGGGVVVVVVVEEEEEEESSSSSSSIIIIIIKKKKKKRRRRRDDDDDTTTTTPPPPPNNNN"
      "QQQQFFFFYYYMMHHCW";
  Items items;
  for (std::size_t i = 0; i < n; ++i) {
    Rng rng(seed, "proteins", i);
    std::string text;
    const std::uint32_t length = 40 + rng.below(51);
    for (std::uint32_t k = 0; k < length; ++k) {
      text += letters[rng.below(static_cast<std::uint32_t>(letters.size()))];
    }
    items.ids.push_back(std::to_string(i));
    items.texts.push_back(text);
  }
  return items;
}

NullModel null_of(std::vector<double> values) {
  NullModel null;
  std::sort(values.begin(), values.end());
  null.values = std::move(values);
  null.p999 =
      null.values[static_cast<std::size_t>(0.999 * static_cast<double>(null.values.size() - 1))];
  return null;
}

TEST(NullModel, ShuffledSequencesKeepCompositionAndLength) {
  const Items items = random_proteins(30, 1);
  std::multiset<std::string> sorted;
  for (auto text : items.texts) {
    std::sort(text.begin(), text.end());
    sorted.insert(text);
  }
  const Items shuffled = unrelated_items(items, ItemForm::sequence, 200, 5, "a", "");
  std::size_t n_changed = 0;
  for (auto text : shuffled.texts) {
    n_changed += std::count(items.texts.begin(), items.texts.end(), text) == 0 ? 1 : 0;
    std::sort(text.begin(), text.end());
    EXPECT_TRUE(sorted.contains(text));
  }
  EXPECT_EQ(n_changed, 200U);
}

TEST(NullModel, DrawnBitsKeepTheirFrequencies) {
  Items items;
  items.bits = PackedBits(100, 64);
  for (std::size_t i = 0; i < 100; ++i) {
    items.ids.push_back(std::to_string(i));
    if (i < 80) items.bits.set(i, 3);
    if (i < 10) items.bits.set(i, 40);
    if (i < 10) items.bits.set(i, 41);  // always with 40
  }
  const Items drawn = unrelated_items(items, ItemForm::bits, 4000, 5, "a", "");
  std::size_t n3 = 0;
  std::size_t n40 = 0;
  std::size_t both = 0;
  std::size_t others = 0;
  for (std::size_t i = 0; i < 4000; ++i) {
    n3 += drawn.bits.test(i, 3) ? 1 : 0;
    n40 += drawn.bits.test(i, 40) ? 1 : 0;
    both += drawn.bits.test(i, 40) && drawn.bits.test(i, 41) ? 1 : 0;
    others += drawn.bits.test(i, 7) ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(n3), 3200.0, 5 * std::sqrt(4000 * 0.16));
  EXPECT_NEAR(static_cast<double>(n40), 400.0, 5 * std::sqrt(4000 * 0.09));
  EXPECT_NEAR(static_cast<double>(both), 40.0, 5 * std::sqrt(40.0));  // no longer together
  EXPECT_EQ(others, 0U);
}

TEST(NullModel, DrawnMutationsKeepSizesAndAreDistinct) {
  Items items;
  items.ids = {"a", "b", "c"};
  items.texts = {"A1G:C2D:E3F", "A1G", "A1G:K9L"};
  const Items drawn = unrelated_items(items, ItemForm::mutations, 600, 5, "a", ":");
  std::size_t n_common = 0;
  std::size_t n_all = 0;
  for (const auto& text : drawn.texts) {
    const auto parts = split_mutations(text, ":");
    EXPECT_EQ(std::set<std::string_view>(parts.begin(), parts.end()).size(), parts.size());
    EXPECT_TRUE(parts.size() >= 1 && parts.size() <= 3);
    n_all += parts.size();
    n_common += static_cast<std::size_t>(std::count(parts.begin(), parts.end(), "A1G"));
  }
  EXPECT_NEAR(static_cast<double>(n_all) / 600.0, 2.0, 0.2);
  EXPECT_GT(static_cast<double>(n_common), 0.45 * 600);  // three of six places
}

TEST(NullModel, SameSeedSameValuesForAnyNumberOfThreads) {
  const Items items = random_proteins(40, 1);
  const auto& kind = find_similarity_kind("kmer-jaccard");
  const NullOptions few{.n_queries = 60};
  const auto one = null_model(kind, items, nullptr, {}, few, {.n_threads = 1, .seed = 7});
  const auto three = null_model(kind, items, nullptr, {}, few, {.n_threads = 3, .seed = 7});
  const auto other = null_model(kind, items, nullptr, {}, few, {.n_threads = 1, .seed = 8});
  EXPECT_EQ(one.values, three.values);
  EXPECT_NE(one.values, other.values);
  EXPECT_EQ(one.values.size(), 3600U);
}

TEST(NullModel, ThresholdOfSpectraIsInsideTheNoiseOfShortProteins) {
  const Items items = random_proteins(300, 2);
  const auto spectra =
      null_model(find_similarity_kind("spectra-identity"), items, nullptr, {}, {}, {});
  const auto at_03 = chance_level(spectra, 0.3, 12'000);
  EXPECT_TRUE(at_03.is_inside_noise);
  EXPECT_GT(at_03.pair_share, 0.002);
  EXPECT_GT(at_03.expected_neighbours, 20.0);
  EXPECT_THAT(at_03.sentence, HasSubstr("inside the noise"));
  const auto at_05 = chance_level(spectra, 0.5, 12'000);
  EXPECT_FALSE(at_05.is_inside_noise);
  EXPECT_EQ(at_05.pair_share, 0.0);
}

TEST(NullModel, ChanceLevelByHand) {
  std::vector<double> values(10'000, 0.1);
  std::fill_n(values.begin(), 50, 0.4);
  const auto level = chance_level(null_of(values), 0.4, 300);
  EXPECT_DOUBLE_EQ(level.pair_share, 0.005);
  EXPECT_DOUBLE_EQ(level.expected_neighbours, 1.5);
  EXPECT_NEAR(level.query_share, 1.0 - std::pow(0.995, 300), 1e-12);
  EXPECT_TRUE(level.is_inside_noise);
  EXPECT_EQ(level.noise_ends, 0.4);
  EXPECT_FALSE(chance_level(null_of(values), 0.41, 300).is_inside_noise);
}

TEST(NullModel, RareHitsAreNoiseWhereManyItemsAreSearched) {
  std::vector<double> values(10'000, 0.1);
  std::fill_n(values.begin(), 3, 0.4);  // p = 0.0003: above the 99.9th percentile
  EXPECT_FALSE(chance_level(null_of(values), 0.4, 10).is_inside_noise);
  EXPECT_TRUE(chance_level(null_of(values), 0.4, 1000).is_inside_noise);
}

TEST(NullModel, AboveTheEndOfTheNoiseIsOutside) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Rng rng(seed, "null");
    std::vector<double> values(500 + rng.below(3000));
    for (auto& value : values) value = std::floor(rng.uniform() * 1000.0) / 1000.0;
    const NullModel null = null_of(values);
    const std::size_t n = 1 + rng.below(500);
    const double ends = chance_level(null, 0.5, n).noise_ends;
    EXPECT_FALSE(chance_level(null, ends + 1e-9, n).is_inside_noise) << seed;
    EXPECT_TRUE(chance_level(null, ends, n).is_inside_noise) << seed;
  }
}

TEST(NullModel, FingerprintsOfSmilesAreDrawnBitByBit) {
  Items items;
  items.texts = {"CCO", "CCCO", "c1ccccc1O", "c1ccccc1N", "CC(=O)O"};
  items.ids = {"a", "b", "c", "d", "e"};
  const auto null = null_model(find_similarity_kind("ecfp-tanimoto"), items, nullptr,
                               {{"radius", "1"}, {"bits", "512"}}, {.n_queries = 50}, {});
  EXPECT_FALSE(null.has_relatives);
  EXPECT_EQ(null.values.size(), 2500U);
  EXPECT_LT(null.mean, 0.6);
}

TEST(NullModel, GivenSimilaritiesGiveRandomPairs) {
  Items items;
  for (int i = 0; i < 4; ++i) items.ids.push_back(std::to_string(i));
  items.pairs = {{.row = 0, .col = 1, .value = 0.7}};
  const auto null =
      null_model(find_similarity_kind("matrix"), items, nullptr, {}, {.n_queries = 100}, {});
  EXPECT_TRUE(null.has_relatives);
  EXPECT_NEAR(null.share_at_least(0.7), 1.0 / 6.0, 0.02);
  EXPECT_EQ(null.max, 0.7);  // never an item with itself
  EXPECT_FALSE(chance_level(null, 0.7, 4).is_inside_noise);
}

}  // namespace
}  // namespace cupel
