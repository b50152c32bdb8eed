#pragma once
/// What a spectrum shows, in words.
#include "verdict/spectrum.hpp"

namespace cupel::detail {

/// The baseline with the best area, among those with a value at every level if there is one (areas
/// over different ranges cannot be compared); null if no baseline has an area.
const SpectrumCurve* best_baseline(const Spectrum& spectrum);

/// Fills the sentences of contrasts and monotonicity, and `sentences`, most important first.
void write_sentences(Spectrum& spectrum);

}  // namespace cupel::detail
