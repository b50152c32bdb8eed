#include "report/spectrum_page.hpp"

#include <nlohmann/json.hpp>
#include <system_error>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "io/write.hpp"
#include "report/json_spectrum.hpp"
#include "report/report_page.hpp"

namespace cupel {

void write_spectrum_report(const std::filesystem::path& folder, const SpectrumReport& report,
                           const std::vector<Spectrum>& spectra) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem) {
    fail(ErrorKind::io, "the folder of the report cannot be made: " + problem.message(),
         {.file = folder.string()}, "choose another folder with --out");
  }
  nlohmann::ordered_json json;
  json["schema"] = "cupel-spectrum";
  json["schema_version"] = 1;
  json["cupel_version"] = version();
  json["title"] = report.title;
  json["command"] = report.command_line;
  json["data"] = report.data_lines;
  json["spectra"] = detail::spectra_json(spectra);
  // A name that is no UTF-8 must not cost the run.
  const std::string text =
      json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  write_file_atomic(folder / "spectrum.json", text);
  if (has_report_page()) write_file_atomic(folder / "report.html", render_report_page(text));
}

}  // namespace cupel
