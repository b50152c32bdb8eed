// The fast paths of cliffs against all pairs one by one, on random molecules and options.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

#include "area/potency/cliffs.hpp"
#include "base/text.hpp"
#include "io/rdkit_fingerprint.hpp"
#include "io/scaffolds.hpp"

namespace cupel::potency {
namespace {

using Options = std::map<std::string, std::string>;

/// Chains of pieces, so that some share cores, some are alike and some are equal.
std::vector<std::string> any_molecules() {
  const auto piece =
      rc::gen::element<std::string>("C", "CC", "N", "O", "C(C)", "C(=O)N", "c1ccccc1", "C1CCNCC1",
                                    "c1ccncc1", "C(F)", "[C@H](Cl)");
  const auto cap = rc::gen::element<std::string>("C", "Cl", "F", "c1ccccc1", "C#N");
  const auto start = rc::gen::element<std::string>("C", "Cl", "F", "c1ccccc1", "N#C");
  const auto n = *rc::gen::inRange<std::size_t>(0, 24);
  std::vector<std::string> smiles;
  for (std::size_t i = 0; i < n; ++i) {
    std::string text = *start;
    for (auto k = *rc::gen::inRange(2, 7); k > 0; --k) text += *piece;
    smiles.push_back(text + *cap);
  }
  return smiles;
}

std::vector<double> any_values(std::size_t n) {
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) {
    values.push_back(*rc::gen::element(0.5, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0));
  }
  return values;
}

double tanimoto(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) {
  int both = 0;
  int either = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    both += std::popcount(a[k] & b[k]);
    either += std::popcount(a[k] | b[k]);
  }
  return either == 0 ? 0.0 : static_cast<double>(both) / either;
}

/// The textbook's table.
double edit_similarity(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] != b[j - 1] ? 1 : 0);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return 1.0 -
         static_cast<double>(row[b.size()]) / static_cast<double>(std::max(a.size(), b.size()));
}

using Found = std::map<std::pair<std::uint32_t, std::uint32_t>, std::string>;

Found found_by(const Cliffs& cliffs) {
  Found found;
  for (const CliffPair& pair : cliffs.pairs) found[{pair.first, pair.second}] = pair.because;
  return found;
}

RC_GTEST_PROP(CliffsProperty, StructuralRulesEqualAllPairs, ()) {
  const auto smiles = any_molecules();
  const auto values = any_values(smiles.size());
  const double threshold = *rc::gen::element(0.3, 0.5, 0.7, 0.75, 0.9, 1.0);
  const double fold = *rc::gen::element(3.0, 10.0, 100.0);
  const bool at_least = *rc::gen::arbitrary<bool>();
  const ScaffoldKind kind =
      *rc::gen::element(ScaffoldKind::murcko, ScaffoldKind::generic, ScaffoldKind::generic_whole);
  const auto molecules = ecfp(smiles, {.n_bits = 1024}, {});
  const auto graphs = scaffold_ecfp(smiles, kind, {.n_bits = 1024}, {});
  Found expected;
  for (std::uint32_t i = 0; i < smiles.size(); ++i) {
    for (std::uint32_t j = i + 1; j < smiles.size(); ++j) {
      const double ratio = std::max(values[i], values[j]) / std::min(values[i], values[j]);
      if (at_least ? ratio < fold : ratio <= fold) continue;
      std::vector<std::string> words;
      if (tanimoto(molecules.bits.row(i), molecules.bits.row(j)) >= threshold)
        words.emplace_back("ecfp");
      if (tanimoto(graphs.bits.row(i), graphs.bits.row(j)) >= threshold)
        words.emplace_back("scaffold");
      if (edit_similarity(smiles[i], smiles[j]) >= threshold) words.emplace_back("levenshtein");
      if (!words.empty()) expected[{i, j}] = join(words, "+");
    }
  }
  const Options options{{"similarity", format_double(threshold)},
                        {"fold", format_double(fold)},
                        {"at_least", at_least ? "yes" : "no"},
                        {"scaffold", std::string(to_string(kind))}};
  const CliffRule& rule = find_cliff_rule("moleculeace");
  const auto cliffs = find_cliffs(smiles, values, rule, options, {.n_threads = 2});
  RC_ASSERT(found_by(cliffs) == expected);
  for (std::uint32_t i = 0; i < smiles.size(); ++i) {
    const bool in_pair = std::ranges::any_of(expected, [&](const auto& pair) {
      return pair.first.first == i || pair.first.second == i;
    });
    RC_ASSERT((cliffs.flag[i] != 0) == in_pair);
  }
}

RC_GTEST_PROP(CliffsProperty, MatchedPairsEqualAllPairsOfCuts, ()) {
  const auto smiles = any_molecules();
  const MatchedPairOptions options{.max_substituent_atoms = *rc::gen::inRange<std::uint32_t>(1, 10),
                                   .max_difference = *rc::gen::inRange<std::uint32_t>(0, 8),
                                   .min_core_ratio = *rc::gen::element(0.0, 1.0, 2.0),
                                   .cuts = *rc::gen::element(CutRule::acyclic, CutRule::rdkit)};
  const auto cuts = single_cuts(smiles, options, {});
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> expected;
  for (std::uint32_t i = 0; i < smiles.size(); ++i) {
    for (std::uint32_t j = i + 1; j < smiles.size(); ++j) {
      for (const SingleCut& a : cuts[i]) {
        for (const SingleCut& b : cuts[j]) {
          const auto apart = std::abs(static_cast<int>(a.substituent_atoms) -
                                      static_cast<int>(b.substituent_atoms));
          if (a.core != b.core || a.substituent == b.substituent ||
              apart > static_cast<int>(options.max_difference))
            continue;
          auto& largest = expected[{i, j}];
          largest = std::max(largest, a.core_atoms);
        }
      }
    }
  }
  const auto pairs = matched_pairs(smiles, options, {.n_threads = 2});
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> found;
  for (const MatchedPair& pair : pairs) found[{pair.first, pair.second}] = pair.core_atoms;
  RC_ASSERT(found == expected);
  RC_ASSERT(pairs.size() == expected.size());
}

RC_GTEST_PROP(CliffsProperty, SaliAndSasEqualAllPairs, ()) {
  const auto smiles = any_molecules();
  const auto values = any_values(smiles.size());
  const auto prints = ecfp(smiles, {.n_bits = 1024}, {});
  const double limit = *rc::gen::element(0.2, 0.5, 0.8);
  struct Entry {
    double minus_sali;
    std::uint32_t first;
    std::uint32_t second;
    auto operator<=>(const Entry&) const = default;
  };
  std::vector<Entry> all;
  Found in_quadrant;
  for (std::uint32_t i = 0; i < smiles.size(); ++i) {
    for (std::uint32_t j = i + 1; j < smiles.size(); ++j) {
      const double s = tanimoto(prints.bits.row(i), prints.bits.row(j));
      const double difference = std::abs(std::log10(values[i]) - std::log10(values[j]));
      if (difference > 0.0) all.push_back({-(difference / (1.0 - std::min(s, 0.99))), i, j});
      if (s >= limit && difference >= 1.0 - 1e-9) in_quadrant[{i, j}] = "sas";
    }
  }
  std::ranges::sort(all);
  const std::size_t n_pairs = smiles.empty() ? 0 : smiles.size() * (smiles.size() - 1) / 2;
  all.resize(std::min(all.size(), n_pairs / 4));
  Found top;
  for (const Entry& entry : all) top[{entry.first, entry.second}] = "sali";
  const Context context{.n_threads = 2};
  RC_ASSERT(found_by(find_cliffs(smiles, values, find_cliff_rule("sali"), {{"top", "0.25"}},
                                 context)) == top);
  RC_ASSERT(found_by(find_cliffs(smiles, values, find_cliff_rule("sas"),
                                 {{"similarity", format_double(limit)}}, context)) == in_quadrant);
}

RC_GTEST_PROP(CliffsProperty, ThreadsChangeNothing, ()) {
  const auto smiles = any_molecules();
  const auto values = any_values(smiles.size());
  for (const CliffRule& rule : cliff_rules()) {
    const auto one = find_cliffs(smiles, values, rule, {}, {.n_threads = 1});
    const auto four = find_cliffs(smiles, values, rule, {}, {.n_threads = 4});
    RC_ASSERT(one.pairs.size() == four.pairs.size());
    for (std::size_t k = 0; k < one.pairs.size(); ++k) {
      RC_ASSERT(one.pairs[k].first == four.pairs[k].first);
      RC_ASSERT(one.pairs[k].second == four.pairs[k].second);
      RC_ASSERT(one.pairs[k].score == four.pairs[k].score);
    }
    RC_ASSERT(one.limits == four.limits);
  }
}

}  // namespace
}  // namespace cupel::potency
