#include "split/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "cupel/error.hpp"
#include "io/compressed.hpp"
#include "io/write.hpp"
#include "split/make.hpp"
#include "toy.hpp"

namespace cupel {
namespace {

using test::toy_dataset;
using testing::HasSubstr;

class SplitFiles : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("cupel_split_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path path(const char* name) const { return folder_ / name; }

  std::string refuse(const Dataset& data, const std::string& text) const {
    write_file_atomic(path("bad.csv"), text);
    try {
      read_split_file(path("bad.csv"), data, {});
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  std::filesystem::path folder_;
};

TEST_F(SplitFiles, RolesComeBackAsTheyWere) {
  const Dataset data = toy_dataset();
  SplitSpec spec;
  spec.scheme = "both_blind";
  spec.folds = 3;
  spec.validation = 0.3;
  const auto made = make_splits(data, spec, {}, {.seed = 9});
  write_split_file(path("split.csv"), data, made[1]);
  EXPECT_EQ(read_split_file(path("split.csv"), data, {}).role, made[1].role);
  SplitSpec again;
  again.file = "split.csv";
  const auto read = make_splits(data, again, {.base_folder = folder_.string()}, {});
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].role, made[1].role);
  EXPECT_EQ(read[0].blind_to, made[1].blind_to);

  const auto json = nlohmann::json::parse(read_bytes(path("split.json")));
  EXPECT_EQ(json["data_sha256"], "toy");
  EXPECT_EQ(json["splits"][0]["split_sha256"], made[1].sha256());
  EXPECT_EQ(json["splits"][0]["seed"], 9);
  std::uint64_t total = 0;
  for (const auto& line : json["splits"][0]["counts"]) total += line["count"].get<std::uint64_t>();
  EXPECT_EQ(total, data.n_source_rows);
}

TEST_F(SplitFiles, FoldsComeBackAsTheyWere) {
  const Dataset data = toy_dataset();
  SplitSpec spec;
  spec.scheme = "cancer_blind";
  spec.folds = 4;
  const auto made = make_splits(data, spec, {}, {});
  write_fold_file(path("folds.csv"), data, made);
  SplitSpec again;
  again.file = "folds.csv";
  const auto read = make_splits(data, again, {.base_folder = folder_.string()}, {});
  ASSERT_EQ(read.size(), 4U);
  for (std::size_t f = 0; f < 4; ++f) EXPECT_EQ(read[f].role, made[f].role);
}

TEST_F(SplitFiles, RowsThatAreNotSamplesAreInTheFileToo) {
  Dataset data = toy_dataset();
  // The loader left out source rows 0 and 1.
  for (auto& row : data.source_row) row += 2;
  data.n_source_rows += 2;
  data.left_out = {{"target_missing", {0, 1}}};
  SplitSpec spec;
  spec.scheme = "mixed";
  const auto made = make_splits(data, spec, {}, {});
  write_split_file(path("split.csv"), data, made[0]);
  const auto file = read_split_file(path("split.csv"), data, {});
  ASSERT_EQ(file.role.size(), data.n_source_rows);
  EXPECT_EQ(file.role[0], Role::left_out);
  EXPECT_EQ(file.role[2], made[0].role[0]);
  std::uint64_t total = 0;
  for (const auto& line : count_source_rows(data, made[0])) total += line.count;
  EXPECT_EQ(total, data.n_source_rows);
  EXPECT_EQ(count_source_rows(data, made[0]).back().reason, "target_missing");
}

TEST_F(SplitFiles, BadFilesAreRefusedWithTheirLine) {
  const Dataset data = toy_dataset({.n_drugs = 1, .n_cells = 3, .replicate_every = 0});
  EXPECT_THAT(refuse(data, "row,role\n0,train\n1,test\n"),
              HasSubstr("row 2 of the data has no line"));
  EXPECT_THAT(refuse(data, "row,role\n0,train\n1,test\n1,train\n"),
              AllOf(HasSubstr("given twice"), HasSubstr("bad.csv:4")));
  EXPECT_THAT(refuse(data, "row,role\n0,train\n1,test\n2,train\n3,train\n"),
              HasSubstr("no row of the data, which have 3 rows"));
  EXPECT_THAT(refuse(data, "row,role\n0,train\n1,tset\n2,train\n"),
              HasSubstr("unknown role \"tset\""));
  EXPECT_THAT(refuse(data, "row,set\n0,train\n"), HasSubstr("`role` or `fold`"));
  EXPECT_THAT(refuse(data, "row,fold\n0,0\n1,-1\n2,1\n"), HasSubstr("whole number from 0"));
}

TEST_F(SplitFiles, TheJsonBesideItMustBelongToTheData) {
  const Dataset data = toy_dataset();
  SplitSpec spec;
  spec.scheme = "mixed";
  write_split_file(path("split.csv"), data, make_splits(data, spec, {}, {})[0]);
  const Dataset other = toy_dataset({.n_drugs = 7});
  EXPECT_THROW(read_split_file(path("split.csv"), other, {}), Error);
}

}  // namespace
}  // namespace cupel
