#include "data/catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <set>

#include "base/hash.hpp"
#include "cupel/error.hpp"
#include "io/write.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class Catalogue : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("cupel_catalogue_" + std::to_string(getpid()));
    fs::create_directories(folder_ / "mirror/drug_response");
    options_ = {.mirror = folder_ / "mirror", .cache = folder_ / "cache"};
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string refusal(const std::string& reference) const {
    try {
      resolve_file(reference, "", options_);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }
  fs::path folder_;
  CatalogueOptions options_;
};

TEST_F(Catalogue, IsComplete) {
  std::set<std::string> names;
  for (const auto& file : catalogue_files()) {
    EXPECT_TRUE(names.insert(file.name).second) << file.name;
    EXPECT_EQ(file.sha256.size(), 64U);
    EXPECT_GT(file.bytes, 0U);
    ASSERT_FALSE(file.sources.empty());
    EXPECT_TRUE(file.mirror_path.ends_with("/" + file.name));
    EXPECT_EQ(file.url().empty(), file.is_assembled());
    for (const auto& source : file.sources) {
      EXPECT_NE(source.repository.find('/'), std::string::npos);
      EXPECT_GE(source.commit.size(), file.is_assembled() ? 7U : 40U);
    }
  }
  std::set<std::string> entries;
  for (const auto& entry : catalogue()) {
    EXPECT_TRUE(entries.insert(entry.name).second);
    for (const auto* text :
         {&entry.title, &entry.description, &entry.licence, &entry.terms, &entry.citation}) {
      EXPECT_FALSE(text->empty()) << entry.name;
    }
    ASSERT_FALSE(entry.files.empty());
    for (const auto& file : entry.files) EXPECT_TRUE(names.count(file)) << file;
    // A preset names only files of its entry.
    std::vector<std::string> used;
    if (!entry.data.file.empty()) used.push_back(entry.data.file);
    for (const auto& table : entry.data.entity_tables) used.push_back(table.file);
    for (const auto& table : entry.data.feature_tables) used.push_back(table.file);
    for (const auto& file : used) {
      EXPECT_THAT(entry.files, testing::Contains(file.substr(std::string("catalogue:").size())));
    }
  }
}

TEST_F(Catalogue, AddressesPointAtOneCommit) {
  EXPECT_EQ(find_catalogue_file("gdsc2_paso_drugs.csv").url(),
            "https://raw.githubusercontent.com/TaekyungHeo/drug-response-distribution/"
            "049c97989755822da2e096369a1f18a18bbf286e/external/PASO/data/CCLE-GDSC-SMILES.csv");
}

TEST_F(Catalogue, UnknownNamesGetASuggestion) {
  try {
    find_entry("gdsc2_paso");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr("did you mean \"gdsc2-paso\""));
  }
}

TEST_F(Catalogue, PathsAreRelativeToTheStudy) {
  EXPECT_EQ(resolve_file("a.csv", "/base", options_), fs::path("/base/a.csv"));
  EXPECT_EQ(resolve_file("/x/a.csv", "/base", options_), fs::path("/x/a.csv"));
  EXPECT_EQ(resolve_file("a.csv", "", options_), fs::path("a.csv"));
}

TEST_F(Catalogue, AMissingFileNamesTheCommand) {
  EXPECT_THAT(refusal("catalogue:gdsc2_paso_drugs.csv"),
              AllOf(HasSubstr("neither in a mirror nor in the cache"),
                    HasSubstr("`cupel data get gdsc2-paso`")));
  EXPECT_THAT(refusal("catalogue:gdsc1_v17_response.csv.gz"),
              AllOf(HasSubstr("assembled from CancerRxGene/gdsctools"), HasSubstr("CUPEL_MIRROR")));
}

TEST_F(Catalogue, ADamagedFileIsNotUsed) {
  write_file_atomic(options_.mirror / "drug_response/gdsc2_paso_drugs.csv", "CID,SMILES\n");
  EXPECT_THAT(refusal("catalogue:gdsc2_paso_drugs.csv"), HasSubstr("not the catalogue's file"));
  const auto statuses = verify_entry(find_entry("gdsc2-paso"), options_);
  EXPECT_EQ(statuses[1].state, FileState::damaged);
  EXPECT_EQ(statuses[0].state, FileState::missing);
}

TEST_F(Catalogue, GetRefusesWrongBytesAndLeavesNothingBehind) {
  // A mirror that serves other bytes under the right name: no network is needed to see it fail.
  const std::string path = "drug_response/branson2023_learning_curves.csv";
  write_file_atomic(options_.mirror / path, "other bytes\n");
  const auto statuses = get_entry(find_entry("branson2023-learning-curves"), options_, {});
  ASSERT_EQ(statuses.size(), 1U);
  EXPECT_EQ(statuses[0].state, FileState::damaged);
  EXPECT_THAT(statuses[0].note, HasSubstr(sha256_hex("other bytes\n")));
  for (const auto& file : fs::recursive_directory_iterator(options_.cache)) {
    EXPECT_FALSE(file.is_regular_file()) << file.path();
  }
  // Without a mirror an assembled file is said to be one.
  const auto without =
      get_entry(find_entry("branson2023-learning-curves"), {.cache = options_.cache}, {});
  EXPECT_EQ(without[0].state, FileState::assembled);
}

TEST_F(Catalogue, StudyKeysComeBeforeThePreset) {
  DataSpec spec;
  spec.catalogue = "gdsc2-paso";
  spec.unit = "AUC";
  const auto filled = apply_catalogue(spec);
  EXPECT_EQ(filled.unit, "AUC");
  EXPECT_EQ(filled.columns.at("cell"), "cell_line");
  EXPECT_EQ(filled.entity_tables.size(), 2U);
  EXPECT_EQ(filled.entity_tables[1].via, "COSMIC_ID");
  EXPECT_EQ(filled.entity_tables[1].labels.at("tissue"), "tissue1");
  spec.catalogue = "gdsc-expression";
  EXPECT_THROW(apply_catalogue(spec), Error);
}

TEST_F(Catalogue, FoldersComeFromFlagAndEnvironment) {
  setenv("CUPEL_MIRROR", "/from/environment", 1);
  setenv("CUPEL_CACHE", "/cache/here", 1);
  EXPECT_EQ(catalogue_options().mirror, fs::path("/from/environment"));
  EXPECT_EQ(catalogue_options("/flag").mirror, fs::path("/flag"));
  EXPECT_EQ(catalogue_options().cache, fs::path("/cache/here"));
  unsetenv("CUPEL_MIRROR");
  unsetenv("CUPEL_CACHE");
  setenv("XDG_CACHE_HOME", "/xdg", 1);
  EXPECT_EQ(catalogue_options().cache, fs::path("/xdg/cupel"));
  unsetenv("XDG_CACHE_HOME");
}

}  // namespace
}  // namespace cupel
