// k-mer and mutation sets against counting by hand.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "../../unit/similarity/seq_items.hpp"
#include "base/random.hpp"
#include "similarity/engine.hpp"
#include "similarity/kinds.hpp"
#include "similarity/mutation_sets.hpp"

namespace cupel {
namespace {

using Words = std::set<std::string>;

Words kmers_of(const std::string& text, std::size_t k) {
  Words words;
  for (std::size_t i = 0; i + k <= text.size(); ++i) words.insert(text.substr(i, k));
  return words;
}

double expected(const std::string& kind, const Words& a, const Words& b) {
  std::size_t shared = 0;
  for (const auto& word : a) shared += b.count(word);
  if (a.empty() && b.empty()) return kind == "mutation-jaccard" ? 1.0 : 0.0;
  if (shared == 0) return 0.0;
  if (kind == "mutation-share") return 1.0;
  const double n = static_cast<double>(shared);
  if (kind == "kmer-containment") return n / static_cast<double>(std::min(a.size(), b.size()));
  return n / static_cast<double>(a.size() + b.size() - shared);
}

std::vector<std::string> draw_texts(Rng& rng, std::size_t n, bool mutations) {
  std::vector<std::string> texts(n);
  for (auto& text : texts) {
    const std::uint32_t length = rng.below(mutations ? 6 : 40);
    for (std::uint32_t k = 0; k < length; ++k) {
      if (!mutations) {
        text += static_cast<char>('A' + rng.below(4));
        continue;
      }
      if (k > 0) text += ':';
      text += "A" + std::to_string(rng.below(8)) + "G";
    }
  }
  return texts;
}

Words words_of(const std::string& kind, const std::string& text, std::size_t k) {
  if (kind.starts_with("kmer")) return kmers_of(text, k);
  Words words;
  for (const auto part : split_mutations(text, ":")) words.emplace(part);
  return words;
}

void check(const std::string& kind, std::uint64_t seed) {
  Rng rng(seed, kind);
  const bool mutations = kind.starts_with("mutation");
  const std::uint32_t k = 1 + rng.below(7);
  const Items rows = test::items_of(draw_texts(rng, 30, mutations));
  const Items cols = test::items_of(draw_texts(rng, 25, mutations));
  KindOptions options;
  if (!mutations) options["k"] = std::to_string(k);
  for (const Items* other : {static_cast<const Items*>(nullptr), &cols}) {
    const auto similarity = make_similarity(kind, rows, other, options, {});
    const Items& against = other ? *other : rows;
    const Range all_rows{0, rows.size()};
    for (const double threshold : {0.0, 0.05, 1.0 / 3.0, 0.5, 1.0}) {
      std::vector<Hit> hits;
      const std::size_t cut = rng.below(static_cast<std::uint32_t>(against.size()));
      similarity->at_least(all_rows, {0, cut}, threshold, hits);
      similarity->at_least(all_rows, {cut, against.size()}, threshold, hits);
      std::size_t n_expected = 0;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t j = 0; j < against.size(); ++j) {
          const double value =
              expected(kind, words_of(kind, rows.texts[i], k), words_of(kind, against.texts[j], k));
          RC_ASSERT(similarity->at(i, j) == value);
          n_expected += value >= threshold ? 1 : 0;
        }
      }
      RC_ASSERT(hits.size() == n_expected);
      for (const Hit& hit : hits) {
        RC_ASSERT(hit.value >= threshold);
        RC_ASSERT(hit.value == similarity->at(hit.row, hit.col));
      }
    }
  }
}

RC_GTEST_PROP(Sets, KmerJaccardByHand, (std::uint64_t seed)) { check("kmer-jaccard", seed); }
RC_GTEST_PROP(Sets, KmerContainmentByHand, (std::uint64_t seed)) {
  check("kmer-containment", seed);
}
RC_GTEST_PROP(Sets, MutationJaccardByHand, (std::uint64_t seed)) {
  check("mutation-jaccard", seed);
}
RC_GTEST_PROP(Sets, MutationShareByHand, (std::uint64_t seed)) { check("mutation-share", seed); }

TEST(Sets, MinHashIsWithinItsStandardError) {
  Rng rng(1, "minhash");
  double squares = 0.0;
  double expected_squares = 0.0;
  const Items items = [&] {
    std::vector<std::string> texts;
    std::string text;
    for (int k = 0; k < 4000; ++k) text += static_cast<char>('A' + rng.below(20));
    for (int i = 0; i < 20; ++i) {
      for (int n = 0; n < 100; ++n) text[rng.below(4000)] = static_cast<char>('A' + rng.below(20));
      texts.push_back(text);
    }
    return test::items_of(texts);
  }();
  const auto exact = make_similarity("kmer-jaccard", items, nullptr, {{"k", "5"}}, {});
  const auto sketch = make_similarity("minhash-jaccard", items, nullptr,
                                      {{"k", "5"}, {"sketch", "200"}, {"seed", "3"}}, {});
  for (std::size_t i = 0; i < 20; ++i) {
    for (std::size_t j = i + 1; j < 20; ++j) {
      const double error = sketch->at(i, j) - exact->at(i, j);
      squares += error * error;
      expected_squares += exact->at(i, j) * (1.0 - exact->at(i, j)) / 200.0;
    }
  }
  EXPECT_GT(squares, 0.1 * expected_squares);
  EXPECT_LT(squares, 3.0 * expected_squares);
}

}  // namespace
}  // namespace cupel
