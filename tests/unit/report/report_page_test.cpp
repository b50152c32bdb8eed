#include "report/report_page.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace cupel {
namespace {

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

/// What a browser takes for the data: from the opening tag to the first end of a script.
std::string embedded(const std::string& page) {
  const std::string tag = R"(<script type="application/json" id="cupel-report">)";
  const auto begin = page.find(tag) + tag.size();
  return page.substr(begin, page.find("</script", begin) - begin);
}

TEST(ReportPage, NoNameBreaksOutOfTheData) {
  if (!has_report_page()) GTEST_SKIP() << "built without the page";
  const std::string plain = render_report_page(R"({"name":"x"})");
  for (const std::string name :
       {"</script><!--<script", "</SCRIPT ><img src=x onerror=alert(1)>", "<!-- <script> -->",
        "]]>&lt;/script&gt;", "\xE2\x80\xA8 \" \\ \n", "__CUPEL_REPORT_JSON__"}) {
    const std::string json = nlohmann::json{{"name", name}}.dump();
    const std::string page = render_report_page(json);
    EXPECT_EQ(count(page, "<"), count(plain, "<")) << name;
    const auto back = nlohmann::json::parse(embedded(page));
    EXPECT_EQ(back.at("name").get<std::string>(), name);
  }
}

TEST(ReportPage, OpensOffline) {
  if (!has_report_page()) GTEST_SKIP() << "built without the page";
  const std::string page = render_report_page("{}");
  EXPECT_EQ(page.find("__CUPEL_REPORT_JSON__"), std::string::npos);
  for (const char* part : {"<script src=", "<link rel=\"stylesheet\"", "@import"}) {
    EXPECT_EQ(count(page, part), 0U) << part;
  }
}

}  // namespace
}  // namespace cupel
