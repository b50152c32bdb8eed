#pragma once
/// The page: a template built from web/, into which report.json is put.
#include <string>
#include <string_view>

namespace cupel {

/// False if cupel was configured with CUPEL_WEB=OFF.
bool has_report_page() noexcept;
/// The whole HTML file. `report_json` is embedded with every "<" as an escape, so that no text in
/// it can end the script element. Throws Error{unsupported} if the page was not built in.
std::string render_report_page(std::string_view report_json);

}  // namespace cupel
