#pragma once
/// What a spectrum shows, in words.
#include "verdict/spectrum.hpp"

namespace cupel::detail {

/// Fills the sentences of contrasts and monotonicity, and `sentences`, most important first.
void write_sentences(Spectrum& spectrum);

}  // namespace cupel::detail
