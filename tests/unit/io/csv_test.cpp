#include "io/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "cupel/error.hpp"

namespace cupel {
namespace {

TEST(Csv, ReadsTypedColumns) {
  const Table table = parse_csv("drug,cell,n,y\nA,007,1,0.5\nB,008,2,-1e3\n", "t.csv", {}, {});
  ASSERT_EQ(table.n_rows, 2U);
  EXPECT_EQ(table.at("cell").type, ColumnType::text);
  EXPECT_EQ(table.at("cell").text(1), "008");
  EXPECT_EQ(table.at("n").type, ColumnType::integer);
  EXPECT_EQ(table.at("n").integers[1], 2);
  EXPECT_EQ(table.at("y").numbers[1], -1000.0);
}

}  // namespace
}  // namespace cupel
