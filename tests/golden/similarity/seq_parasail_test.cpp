// Alignments against parasail's (Daily 2016, doi:10.1186/s12859-016-0930-z), which reports one
// of the best alignments: the same score, and never more identities than cupel's.
#include <gtest/gtest.h>
#include <parasail.h>

#include "base/random.hpp"
#include "similarity/alignment.hpp"

namespace cupel {
namespace {

std::string draw(Rng& rng, const std::string* of) {
  static const std::string kLetters = "ARNDCQEGHILKMFPSTWYV";
  const auto letter = [&] { return kLetters[rng.below(20)]; };
  std::string text;
  if (!of) {
    const std::uint32_t length = 1 + rng.below(250);
    for (std::uint32_t k = 0; k < length; ++k) text += letter();
    return text;
  }
  const std::uint32_t rate = 1 + rng.below(60);
  for (const char c : *of) {
    if (rng.below(100) >= rate) {
      text += c;
    } else if (rng.below(3) > 0) {
      text += letter();
      if (rng.below(3) == 0) text += letter();
    }
  }
  return text.empty() ? "A" : text;
}

using Oracle = parasail_result_t* (*)(const char*, int, const char*, int, int, int,
                                      const parasail_matrix_t*);

void compare(Oracle oracle, AlignmentMode mode) {
  const auto scoring = alignment_scoring("blosum62", 0, 0, 11, 1, mode, Denominator::alignment);
  Rng rng(5, "parasail");
  std::size_t n_more = 0;
  for (int k = 0; k < 600; ++k) {
    const std::string a = draw(rng, nullptr);
    const std::string b = draw(rng, k % 2 == 0 ? nullptr : &a);
    parasail_result_t* const found =
        oracle(a.data(), static_cast<int>(a.size()), b.data(), static_cast<int>(b.size()), 11, 1,
               parasail_matrix_lookup("blosum62"));
    const auto sums = align_reference(a, b, scoring);
    EXPECT_EQ(sums.score, parasail_result_get_score(found)) << a << " " << b;
    EXPECT_GE(sums.identities, parasail_result_get_matches(found)) << a << " " << b;
    n_more += sums.identities > parasail_result_get_matches(found) ? 1 : 0;
    parasail_result_free(found);
  }
  EXPECT_LT(n_more, 300U) << "most best alignments have one number of identities";
}

TEST(Parasail, GlobalWithChargedEnds) { compare(parasail_nw_stats, AlignmentMode::global); }
TEST(Parasail, GlobalWithFreeEnds) { compare(parasail_sg_stats, AlignmentMode::global_free_ends); }
TEST(Parasail, Local) { compare(parasail_sw_stats, AlignmentMode::local); }

}  // namespace
}  // namespace cupel
