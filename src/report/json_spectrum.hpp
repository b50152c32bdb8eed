#pragma once
/// The section "spectra" of report.json and of `cupel spectra`; the contract is
/// web/src/report_types.ts. Included by .cpp files only.
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "verdict/spectrum.hpp"

namespace cupel::detail {

nlohmann::ordered_json spectra_json(const std::vector<Spectrum>& spectra);

}  // namespace cupel::detail
