#include "similarity/alignment.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "similarity/substitution_matrices.hpp"

namespace cupel {
namespace {

/// The smallest whole factor up to 1000 that makes all values whole.
std::int32_t common_scale(std::span<const double> values) {
  for (std::int32_t scale = 1; scale <= 1000; ++scale) {
    const bool whole = std::all_of(values.begin(), values.end(), [&](double value) {
      return std::abs(value * scale - std::round(value * scale)) < 1e-9;
    });
    if (whole) return scale;
  }
  fail(ErrorKind::usage, "alignment scores must be multiples of 1/1000, so that ties are exact", {},
       "round match, mismatch, gap_open and gap_extend to three decimals");
}

void fill_match(AlignmentScoring& scoring, double match, double mismatch) {
  for (std::size_t a = 0; a < kLetters; ++a) {
    for (std::size_t b = 0; b < kLetters; ++b) {
      scoring.substitution[a * kLetters + b] =
          static_cast<std::int32_t>(std::lround((a == b ? match : mismatch) * scoring.scale));
    }
  }
}

void fill_matrix(AlignmentScoring& scoring, const SubstitutionMatrix& matrix) {
  const std::size_t unknown = kMatrixLetters.find('X');
  const auto place = [&](std::size_t letter) {
    return std::min(kMatrixLetters.find(static_cast<char>('A' + letter)), unknown);
  };
  for (std::size_t a = 0; a < kLetters; ++a) {
    for (std::size_t b = 0; b < kLetters; ++b) {
      const auto [column, row] = std::minmax({place(a), place(b)});
      scoring.substitution[a * kLetters + b] =
          scoring.scale * matrix.lower[row * (row + 1) / 2 + column];
    }
  }
}

}  // namespace

AlignmentScoring alignment_scoring(const std::string& matrix, double match, double mismatch,
                                   double gap_open, double gap_extend, AlignmentMode mode,
                                   Denominator denominator) {
  AlignmentScoring scoring{.mode = mode, .denominator = denominator};
  if (gap_open < gap_extend || gap_extend < 0.0) {
    fail(ErrorKind::usage, "gap_open must not be less than gap_extend, and neither less than 0", {},
         "both are costs: 10 and 0.5 are EMBOSS needle's; equal values are a linear gap cost");
  }
  const auto matrices = substitution_matrices();
  const auto found = std::find_if(matrices.begin(), matrices.end(),
                                  [&](const auto& known) { return known.name == matrix; });
  const bool by_match = found == matrices.end();
  const std::array<double, 4> values = {gap_open, gap_extend, by_match ? match : 0.0,
                                        by_match ? mismatch : 0.0};
  scoring.scale = common_scale(values);
  scoring.gap_open = static_cast<std::int32_t>(std::lround(gap_open * scoring.scale));
  scoring.gap_extend = static_cast<std::int32_t>(std::lround(gap_extend * scoring.scale));
  if (by_match) {
    fill_match(scoring, match, mismatch);
  } else {
    fill_matrix(scoring, *found);
  }
  return scoring;
}

ExtraSum extra_sum(const AlignmentScoring& scoring) noexcept {
  if (scoring.denominator == Denominator::aligned) return ExtraSum::minus_pairs;
  if (scoring.denominator != Denominator::alignment) return ExtraSum::none;
  return scoring.mode == AlignmentMode::local ? ExtraSum::minus_columns : ExtraSum::plus_pairs;
}

double identity(const AlignmentSums& sums, const AlignmentScoring& scoring, std::size_t length_a,
                std::size_t length_b) noexcept {
  const auto a = static_cast<double>(length_a);
  const auto b = static_cast<double>(length_b);
  double denominator = 0.0;
  switch (scoring.denominator) {
    case Denominator::alignment:
      denominator = scoring.mode == AlignmentMode::local ? -static_cast<double>(sums.extra)
                                                         : a + b - static_cast<double>(sums.extra);
      break;
    case Denominator::shortest:
      denominator = std::min(a, b);
      break;
    case Denominator::longest:
      denominator = std::max(a, b);
      break;
    case Denominator::mean:
      denominator = (a + b) / 2.0;
      break;
    case Denominator::aligned:
      denominator = -static_cast<double>(sums.extra);
      break;
  }
  return denominator > 0.0 ? static_cast<double>(sums.identities) / denominator : 0.0;
}

}  // namespace cupel
