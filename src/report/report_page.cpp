#include "report/report_page.hpp"

#include "cupel/error.hpp"

// The template is part of the program: the assembler includes the file as it stands.
#ifdef CUPEL_REPORT_TEMPLATE
asm(".section .rodata\n"
    ".global cupel_report_template_begin\n"
    ".global cupel_report_template_end\n"
    "cupel_report_template_begin:\n"
    ".incbin \"" CUPEL_REPORT_TEMPLATE
    "\"\n"
    "cupel_report_template_end:\n"
    ".byte 0\n"
    ".previous\n");
extern "C" const char cupel_report_template_begin[];
extern "C" const char cupel_report_template_end[];
#endif

namespace cupel {
namespace {

constexpr std::string_view kMarker = "__CUPEL_REPORT_JSON__";

std::string_view report_template() noexcept {
#ifdef CUPEL_REPORT_TEMPLATE
  return {cupel_report_template_begin,
          static_cast<std::size_t>(cupel_report_template_end - cupel_report_template_begin)};
#else
  return {};
#endif
}

}  // namespace

bool has_report_page() noexcept { return !report_template().empty(); }

std::string render_report_page(std::string_view report_json) {
  const std::string_view page = report_template();
  if (page.empty()) {
    fail(ErrorKind::unsupported, "this cupel was built without the HTML page", {},
         "install nodejs and npm and build with -DCUPEL_WEB=ON; report.json holds everything");
  }
  const std::size_t marker = page.find(kMarker);
  if (marker == std::string_view::npos) {
    fail(ErrorKind::internal, "the report's template has no place for the data");
  }
  std::string html;
  html.reserve(page.size() + report_json.size() + report_json.size() / 16);
  html += page.substr(0, marker);
  for (const char c : report_json) {
    if (c == '<') {
      html += "\\u003c";  // inside JSON strings only, where it means the same
    } else {
      html += c;
    }
  }
  html += page.substr(marker + kMarker.size());
  return html;
}

}  // namespace cupel
