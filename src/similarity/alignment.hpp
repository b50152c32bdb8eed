#pragma once
/// Optimal pairwise alignment with affine gaps, and the identity of the aligned sequences.
///
/// Many alignments share the best score, and their identities differ. cupel takes the best score,
/// among those the most identical pairs, among those the smallest denominator (the fewest columns,
/// or the fewest aligned pairs where these are counted). All three are sums over the steps of an
/// alignment, so one dynamic programme over (score, identities, -denominator), compared in this
/// order, gives them; the result does not depend on the order of the two sequences, nor on a
/// traceback.
/// A gap of length k costs open + (k - 1) extend, as in EMBOSS needle (Rice et al. 2000,
/// doi:10.1016/S0168-9525(00)02024-2), parasail and Biopython. Recurrences: Gotoh 1982,
/// doi:10.1016/0022-2836(82)90398-9; Smith & Waterman 1981, doi:10.1016/0022-2836(81)90087-5.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cupel {

constexpr std::size_t kLetters = 26;  ///< A-Z

enum class AlignmentMode {
  global,            ///< gaps at the ends are charged like others (Needleman-Wunsch)
  global_free_ends,  ///< gaps at the ends are free (EMBOSS needle's default)
  local,             ///< the best stretch (Smith-Waterman)
};

enum class Denominator {
  alignment,  ///< columns of the alignment, gaps included
  shortest,
  longest,
  mean,     ///< of the two lengths
  aligned,  ///< pairs of residues, without gaps
};

/// Scores in whole units of 1/scale, so that kernels are exact.
struct AlignmentScoring {
  std::array<std::int32_t, kLetters * kLetters> substitution{};  ///< symmetric
  std::int32_t gap_open = 0;    ///< cost of the first residue of a gap, > = gap_extend
  std::int32_t gap_extend = 0;  ///< of every further one, >= 0
  std::int32_t scale = 1;
  AlignmentMode mode = AlignmentMode::global_free_ends;
  Denominator denominator = Denominator::alignment;

  [[nodiscard]] std::int32_t score(char a, char b) const noexcept {
    return substitution[static_cast<std::size_t>(a - 'A') * kLetters +
                        static_cast<std::size_t>(b - 'A')];
  }
};

/// `matrix`: a name of substitution_matrices(), or "match" for match / mismatch scores. J, O and U
/// score like X. Throws Error{usage} if the scores are not whole multiples of 1/1000, or
/// gap_open < gap_extend.
AlignmentScoring alignment_scoring(const std::string& matrix, double match, double mismatch,
                                   double gap_open, double gap_extend, AlignmentMode mode,
                                   Denominator denominator);

/// What the chosen alignment adds up to.
struct AlignmentSums {
  std::int64_t score = 0;  ///< in units of 1/scale
  std::int64_t identities = 0;
  std::int64_t extra = 0;  ///< see `ExtraSum`
};

/// The third sum: what has to be counted to know the denominator, with the sign that makes larger
/// better.
enum class ExtraSum {
  none,          ///< the denominator follows from the lengths
  plus_pairs,    ///< global: columns = length a + length b - pairs
  minus_pairs,   ///< denominator `aligned`
  minus_columns  ///< local: columns of the stretch
};
ExtraSum extra_sum(const AlignmentScoring& scoring) noexcept;

/// The identity in [0, 1]; 0 if the denominator is 0.
double identity(const AlignmentSums& sums, const AlignmentScoring& scoring, std::size_t length_a,
                std::size_t length_b) noexcept;

/// The plain form of the definition above, with the whole matrices in memory: what every fast
/// kernel is tested against. Letters A-Z. O(nm) time and memory.
AlignmentSums align_reference(std::string_view a, std::string_view b,
                              const AlignmentScoring& scoring);

/// Identity as SPECTRA's TAPE and PEER scripts compute it with Biopython's PairwiseAligner: global,
/// match 1, mismatch -2, every gap position -2.5, at the ends too; 1 - differing columns / columns
/// of the *first* of the co-optimal alignments that Biopython lists (from the ends of both
/// sequences backwards: gap in `a` before gap in `b` before pair). Not symmetric: (a, b) and (b, a)
/// differ for about half of all unrelated pairs. 0 if both are empty.
double spectra_identity(std::string_view a, std::string_view b);

}  // namespace cupel
