// cupel report: the page made again from report.json, or from spectrum.json.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "cupel/error.hpp"
#include "io/write.hpp"
#include "json_out.hpp"
#include "report/report_page.hpp"

namespace cupel::cli {
namespace {

namespace fs = std::filesystem;

int run(const std::string& input, const std::string& out, Session& session) {
  const fs::path given(input);
  std::error_code ignored;
  const bool is_folder = fs::is_directory(given, ignored);
  const bool is_spectrum = is_folder && !fs::exists(given / "report.json", ignored) &&
                           fs::exists(given / "spectrum.json", ignored);
  const fs::path path = is_folder ? given / (is_spectrum ? "spectrum.json" : "report.json") : given;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    fail(ErrorKind::io, "cannot open the report for reading", {.file = path.string()},
         "give report.json or spectrum.json, or the folder that `cupel audit --out` made");
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!nlohmann::json::accept(text)) {
    fail_input("this is not JSON", {.file = path.string()}, "make it again with `cupel audit`");
  }
  const fs::path page = out.empty() ? path.parent_path() / "report.html" : fs::path(out);
  write_file_atomic(page, render_report_page(text));
  session.print(session.json ? JsonOut().text("report_html", page.string()).dump()
                             : "report: " + page.string() + "\n");
  return 0;
}

}  // namespace

Run define_report(Arguments& arguments) {
  struct Flags {
    std::string input;
    std::string out;
  };
  auto flags = std::make_shared<Flags>();
  arguments.example("cupel report report/report.json");
  arguments.example("cupel report report --out page.html");
  arguments.positional("REPORT", flags->input, "report.json, or its folder");
  arguments.option("--out", flags->out, "The page (default: report.html beside it)",
                   {.placeholder = "FILE", .is_file = true});
  return [flags](Session& session) { return run(flags->input, flags->out, session); };
}

}  // namespace cupel::cli
