// Every kernel of every instruction set gives the sums of the plain reference.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "../../unit/similarity/seq_items.hpp"
#include "base/random.hpp"
#include "similarity/alignment.hpp"
#include "similarity/alignment_identity.hpp"
#include "similarity/alignment_tile.hpp"
#include "similarity/engine.hpp"

namespace cupel {
namespace {

constexpr const char* kSets[] = {"portable", "avx2", "avx512"};

/// Unrelated sequences and mutated relatives, of few or many letters, short and not so short.
std::vector<std::string> draw_sequences(Rng& rng, std::size_t n, std::uint32_t longest) {
  const std::uint32_t n_letters = rng.below(2) == 0 ? 3 : 26;
  const auto letter = [&] { return static_cast<char>('A' + rng.below(n_letters)); };
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < n; ++i) {
    std::string text;
    if (i > 0 && rng.below(2) == 0) {
      for (const char c : texts[rng.below(static_cast<std::uint32_t>(i))]) {
        const auto what = rng.below(10);
        if (what > 1) text += c;
        if (what == 1) text += letter();
        if (what == 9 && text.size() < longest) text += letter();
      }
    } else {
      const std::uint32_t length = rng.below(longest + 1);
      for (std::uint32_t k = 0; k < length; ++k) text += letter();
    }
    texts.push_back(text);
  }
  return texts;
}

AlignmentScoring draw_scoring(Rng& rng) {
  const auto mode = static_cast<AlignmentMode>(rng.below(3));
  const auto denominator = static_cast<Denominator>(rng.below(5));
  switch (rng.below(4)) {
    case 0:
      return alignment_scoring("blosum62", 0, 0, 10, 0.5, mode, denominator);
    case 1:
      return alignment_scoring("pam250", 0, 0, 3, 3, mode, denominator);
    case 2:  // many ties
      return alignment_scoring("match", 1, rng.below(2) == 0 ? 0 : -1, 1, rng.below(2), mode,
                               denominator);
    default:
      return alignment_scoring("match", 2.5, -1.25, 0.75, 0.0, mode, denominator);
  }
}

std::unique_ptr<Similarity> make(const std::vector<std::string>& rows,
                                 const std::vector<std::string>* cols,
                                 const AlignmentScoring& scoring, const AlignKernels* kernels) {
  return make_alignment_identity(rows, cols,
                                 {.scoring = scoring, .kind = "test", .kernels = kernels});
}

/// Checks all pairs, tile by tile of a random shape.
void check_kernels(Rng& rng, std::size_t n, std::uint32_t longest) {
  const auto rows = draw_sequences(rng, n, longest);
  const auto cols = draw_sequences(rng, n, longest);
  const auto scoring = draw_scoring(rng);
  std::vector<double> expected;
  for (const auto& a : rows) {
    for (const auto& b : cols) {
      const auto sums = align_reference(a, b, scoring);
      expected.push_back(identity(sums, scoring, a.size(), b.size()));
    }
  }
  for (const char* set : kSets) {
    const auto* kernels = align_kernels(set);
    if (!kernels) continue;
    const auto similarity = make(rows, &cols, scoring, kernels);
    const std::size_t step = 1 + rng.below(static_cast<std::uint32_t>(n));
    for (std::size_t begin = 0; begin < n; begin += step) {
      const Range part{begin, std::min(begin + step, n)};
      std::vector<double> got(n * part.size());
      similarity->values({0, n}, part, got);
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = part.begin; j < part.end; ++j) {
          RC_ASSERT(got[i * part.size() + j - part.begin] == expected[i * n + j]);
        }
      }
    }
  }
}

RC_GTEST_PROP(Alignment, EveryKernelIsTheReference, (std::uint64_t seed)) {
  Rng rng(seed, "alignment kernels");
  check_kernels(rng, 18, 70);
}

RC_GTEST_PROP(Alignment, LongSequencesNeed64Bits, (std::uint64_t seed)) {
  if (seed % 8 != 0) return;  // some of the cases: they take longer
  Rng rng(seed, "long alignments");
  check_kernels(rng, 3, 900);
}

RC_GTEST_PROP(Alignment, SumsAreTheReferenceToTheLastOne, (std::uint64_t seed)) {
  Rng rng(seed, "alignment sums");
  const auto texts = draw_sequences(rng, 12, 90);
  const auto scoring = draw_scoring(rng);
  const AlignedItems items(texts, scoring);
  std::vector<std::uint32_t> list;
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    if (!texts[i].empty()) list.push_back(i);
  }
  std::sort(list.begin(), list.end(),
            [&](auto a, auto b) { return texts[a].size() < texts[b].size(); });
  std::size_t n_taken = 0;
  align_tile({.queries = items, .targets = items, .query_list = list, .target_list = list}, scoring,
             align_kernels(), [&](std::uint32_t i, std::uint32_t j, const AlignmentSums& sums) {
               const auto expected = align_reference(texts[i], texts[j], scoring);
               RC_ASSERT(sums.score == expected.score);
               RC_ASSERT(sums.identities == expected.identities);
               RC_ASSERT(sums.extra == expected.extra);
               ++n_taken;
             });
  RC_ASSERT(n_taken == list.size() * list.size());
}

RC_GTEST_PROP(Alignment, SpectraIdentityInEveryOrientation, (std::uint64_t seed)) {
  Rng rng(seed, "spectra identity");
  const std::size_t n = 12;
  const auto rows = draw_sequences(rng, n, 130);
  const auto cols = draw_sequences(rng, n, 130);
  std::vector<double> across_expected;
  std::vector<double> among_expected;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      across_expected.push_back(spectra_identity(rows[i], cols[j]));
      among_expected.push_back(spectra_identity(rows[std::min(i, j)], rows[std::max(i, j)]));
    }
  }
  for (const char* set : kSets) {
    const auto* kernels = align_kernels(set);
    if (!kernels) continue;
    const auto across = make_spectra_identity(rows, &cols, kernels);
    const auto among = make_spectra_identity(rows, nullptr, kernels);
    std::vector<double> all(n * n);
    across->values({0, n}, {0, n}, all);
    RC_ASSERT(all == across_expected);
    among->values({0, n}, {0, n}, all);
    RC_ASSERT(all == among_expected);
    std::vector<Hit> fast;
    std::vector<Hit> plain;
    among->at_least({0, n}, {0, n}, 0.4, fast);
    among->Similarity::at_least({0, n}, {0, n}, 0.4, plain);
    RC_ASSERT(fast.size() == plain.size());
    for (std::size_t k = 0; k < fast.size(); ++k) RC_ASSERT(fast[k].value == plain[k].value);
  }
}

RC_GTEST_PROP(Alignment, IsSymmetricToTheBit, (std::uint64_t seed)) {
  Rng rng(seed, "alignment symmetry");
  const auto texts = draw_sequences(rng, 20, 60);
  const auto similarity = make(texts, nullptr, draw_scoring(rng), nullptr);
  std::vector<double> all(texts.size() * texts.size());
  similarity->values({0, texts.size()}, {0, texts.size()}, all);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      RC_ASSERT(all[i * texts.size() + j] == all[j * texts.size() + i]);
    }
  }
}

std::size_t longest_common(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (const char letter : a) {
    std::size_t diagonal = 0;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = letter == b[j - 1] ? diagonal + 1 : std::max(above, row[j - 1]);
      diagonal = above;
    }
  }
  return row.back();
}

RC_GTEST_PROP(Alignment, ScreenIsTheLongestCommonSubsequence, (std::uint64_t seed)) {
  Rng rng(seed, "common subsequence");
  auto texts = draw_sequences(rng, 12, 200);
  // Runs of a letter over whole words carry from word to word.
  texts.push_back(std::string(64, 'A') + std::string(64, 'C') + std::string(64, 'A'));
  texts.push_back(std::string(20, 'A') + std::string(70, 'C') + std::string(90, 'A'));
  const AlignedItems items(texts, {});
  const auto list = by_length(items, {0, texts.size()});
  if (list.empty()) return;
  for (const char* set : kSets) {
    const auto* kernels = align_kernels(set);
    if (!kernels) continue;
    CommonScreen screen(*kernels);
    screen.prepare(items, list);
    for (const auto query : list) {
      const auto common = screen.common(items, query);
      for (std::size_t k = 0; k < list.size(); ++k) {
        RC_ASSERT(common[k] == longest_common(texts[query], texts[list[k]]));
      }
    }
  }
}

RC_GTEST_PROP(Alignment, ThresholdLosesNoPair, (std::uint64_t seed)) {
  Rng rng(seed, "alignment threshold");
  const auto texts = draw_sequences(rng, 16, 150);
  const auto scoring = draw_scoring(rng);
  for (const char* set : kSets) {
    const auto* kernels = align_kernels(set);
    if (!kernels) continue;
    const auto similarity = make(texts, nullptr, scoring, kernels);
    for (const double threshold : {0.0, 0.2, 1.0 / 3.0, 0.5, 0.8, 1.0}) {
      std::vector<Hit> fast;
      std::vector<Hit> plain;
      similarity->at_least({0, 16}, {0, 16}, threshold, fast);
      similarity->Similarity::at_least({0, 16}, {0, 16}, threshold, plain);
      RC_ASSERT(fast.size() == plain.size());
      for (std::size_t k = 0; k < fast.size(); ++k) {
        RC_ASSERT(fast[k].row == plain[k].row && fast[k].col == plain[k].col);
        RC_ASSERT(fast[k].value == plain[k].value);
      }
    }
  }
}

}  // namespace
}  // namespace cupel
