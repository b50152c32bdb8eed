#include "cupel/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cupel/diagnostics.hpp"

namespace cupel {
namespace {

TEST(ErrorText, LeavesOutWhatIsUnknown) {
  EXPECT_EQ(to_string(Where{}), "");
  EXPECT_EQ(to_string(Where{.file = "a.csv"}), "a.csv");
  EXPECT_EQ(to_string(Where{.file = "a.csv", .row = 3}), "a.csv:3");
  EXPECT_EQ(to_string(Where{.row = 3, .column = 4}), "line 3:4");
  EXPECT_EQ(to_string(Where{.file = "a.csv", .column = 4}), "a.csv");  // no column without a row
  EXPECT_EQ(to_string(Where{.value = "x"}), "(value \"x\")");
  EXPECT_EQ(
      to_string(Where{.file = "a.csv", .row = 3, .column = 4, .column_name = "IC50", .value = "x"}),
      "a.csv:3:4 (column \"IC50\", value \"x\")");
}

TEST(ErrorText, SaysWhereWhatAndHowToFix) {
  const Error full(ErrorKind::input, "not a number", {.file = "a.csv", .row = 3}, "write NA");
  EXPECT_STREQ(full.what(), "a.csv:3: not a number\n  fix: write NA");
  EXPECT_EQ(full.kind(), ErrorKind::input);
  EXPECT_EQ(full.message(), "not a number");
  EXPECT_EQ(full.where().row, 3U);
  EXPECT_EQ(full.hint(), "write NA");
  EXPECT_STREQ(Error(ErrorKind::usage, "no").what(), "no");
}

TEST(ErrorText, KindsHaveNamesAndExitCodes) {
  const std::pair<ErrorKind, std::pair<int, const char*>> all[] = {
      {ErrorKind::usage, {2, "usage"}},
      {ErrorKind::input, {3, "input"}},
      {ErrorKind::io, {4, "io"}},
      {ErrorKind::unsupported, {5, "unsupported"}},
      {ErrorKind::numeric, {6, "numeric"}},
      {ErrorKind::internal, {70, "internal"}},
      {ErrorKind::interrupted, {130, "interrupted"}},
  };
  for (const auto& [kind, code_and_name] : all) {
    EXPECT_EQ(static_cast<int>(kind), code_and_name.first);
    EXPECT_EQ(to_string(kind), code_and_name.second);
  }
}

TEST(Diagnostics, CountsByCodeAndKeepsTheFirstMessage) {
  Diagnostics diagnostics;
  EXPECT_TRUE(diagnostics.empty());
  diagnostics.add("unjoined_cell", Severity::warning, "first", "HeLa");
  diagnostics.add("unjoined_cell", Severity::serious, "second", "MCF7", 4);
  diagnostics.add("constant_target", Severity::serious, "all the same");
  diagnostics.add("never_seen", Severity::note, "nothing", "example", 0);
  ASSERT_EQ(diagnostics.all().size(), 2U);
  const Diagnostic& cells = diagnostics.all().front();
  EXPECT_EQ(cells.code, "unjoined_cell");
  EXPECT_EQ(cells.severity, Severity::warning);
  EXPECT_EQ(cells.message, "first");
  EXPECT_EQ(cells.count, 5U);
  EXPECT_THAT(cells.examples, testing::ElementsAre("HeLa", "MCF7"));
  EXPECT_TRUE(diagnostics.find("constant_target")->examples.empty());
  EXPECT_EQ(diagnostics.find("never_seen"), nullptr);
}

TEST(Diagnostics, KeepsTheFirstTwentyExamplesAndCountsAll) {
  Diagnostics diagnostics;
  for (int i = 0; i < 50; ++i) {
    diagnostics.add("bad_row", Severity::note, "bad", std::to_string(i));
  }
  const Diagnostic* bad = diagnostics.find("bad_row");
  EXPECT_EQ(bad->count, 50U);
  EXPECT_EQ(bad->examples.size(), Diagnostics::kMaxExamples);
  EXPECT_EQ(bad->examples.back(), "19");
}

TEST(Diagnostics, MergeIsAsIfAllWereCountedInOne) {
  Diagnostics left;
  Diagnostics right;
  Diagnostics both;
  for (int i = 0; i < 30; ++i) {
    const auto example = std::to_string(i);
    (i < 15 ? left : right).add("a", Severity::note, "a", example, 2);
    both.add("a", Severity::note, "a", example, 2);
  }
  right.add("b", Severity::warning, "b");
  both.add("b", Severity::warning, "b");
  left.merge(right);
  ASSERT_EQ(left.all().size(), both.all().size());
  for (std::size_t i = 0; i < both.all().size(); ++i) {
    EXPECT_EQ(left.all()[i].code, both.all()[i].code);
    EXPECT_EQ(left.all()[i].count, both.all()[i].count);
    EXPECT_EQ(left.all()[i].examples, both.all()[i].examples);
  }
}

}  // namespace
}  // namespace cupel
