// Rows of a table can be chosen; columns and line numbers follow.
#include <gtest/gtest.h>

#include "cupel/table.hpp"

namespace cupel {
namespace {

TEST(KeepRows, EveryTypeOfColumnFollows) {
  Table table{.source = "a.csv", .n_rows = 3};
  Column name{.name = "name"};
  for (const char* value : {"x", "", "longer"}) name.push_text(value);
  table.columns.push_back(std::move(name));
  table.columns.push_back(
      {.name = "value", .type = ColumnType::number, .numbers = {1.5, 2.5, 3.5}});
  table.columns.push_back(
      {.name = "count", .type = ColumnType::integer, .integers = {7, 8, 9}, .missing = {0, 1, 0}});
  keep_rows(table, std::vector<std::size_t>{2, 1});
  EXPECT_EQ(table.n_rows, 2U);
  EXPECT_EQ(table.columns[0].text(0), "longer");
  EXPECT_EQ(table.columns[0].text(1), "");
  EXPECT_EQ(table.columns[1].numbers, (std::vector<double>{3.5, 2.5}));
  EXPECT_EQ(table.columns[2].integers, (std::vector<std::int64_t>{9, 8}));
  EXPECT_TRUE(table.columns[2].is_missing(1));
  EXPECT_FALSE(table.columns[2].is_missing(0));
  EXPECT_EQ(table.line(0), 4U);  // as before
  EXPECT_EQ(table.line(1), 3U);
  for (const auto& column : table.columns) EXPECT_EQ(column.size(), 2U);
}

}  // namespace
}  // namespace cupel
