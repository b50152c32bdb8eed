#pragma once
/// What `cupel spectra` leaves in its folder: the spectra as data, and as a page.
#include <filesystem>
#include <string>
#include <vector>

#include "verdict/spectrum.hpp"

namespace cupel {

struct SpectrumReport {
  std::string title;
  std::string command_line;             ///< the command that makes it again
  std::vector<std::string> data_lines;  ///< what went in, a sentence or name and number each
};

/// Writes `folder`/spectrum.json (schema "cupel-spectrum", version 1; the contract is
/// SpectrumReport in web/src/report_types.ts) and, if cupel was built with the page, report.html
/// from it. Makes the folder. Throws Error{io}.
void write_spectrum_report(const std::filesystem::path& folder, const SpectrumReport& report,
                           const std::vector<Spectrum>& spectra);

}  // namespace cupel
