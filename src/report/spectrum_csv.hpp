#pragma once
/// spectrum.csv: the curves of all overlap series, one line per series, predictor and level.
#include <string>
#include <vector>

#include "verdict/spectrum.hpp"

namespace cupel {

std::string spectrum_csv(const std::vector<Spectrum>& spectra);

}  // namespace cupel
