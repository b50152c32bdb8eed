#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "cupel/error.hpp"
#include "io/compressed.hpp"
#include "io/fingerprint_files.hpp"
#include "io/molecules.hpp"
#include "io/npy.hpp"
#include "io/write.hpp"
#include "similarity/items_read.hpp"

namespace cupel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class MoleculeFiles : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path put(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }
  std::vector<MoleculeRecord> read(const std::string& name, const std::string& bytes,
                                   const MoleculeFileOptions& options = {}) {
    diagnostics_ = {};
    return read_molecules(put(name, bytes), options, {.n_threads = 2}, diagnostics_);
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("cupel_molecules_" + std::to_string(getpid()));
  Diagnostics diagnostics_;
};

std::vector<std::string> smiles_of(const std::vector<MoleculeRecord>& records) {
  std::vector<std::string> texts;
  for (const auto& record : records) texts.push_back(record.smiles);
  return texts;
}
std::vector<std::string> ids_of(const std::vector<MoleculeRecord>& records) {
  std::vector<std::string> texts;
  for (const auto& record : records) texts.push_back(record.id);
  return texts;
}
std::vector<std::uint64_t> lines_of(const std::vector<MoleculeRecord>& records) {
  std::vector<std::uint64_t> lines;
  for (const auto& record : records) lines.push_back(record.line);
  return lines;
}

TEST_F(MoleculeFiles, SmilesListsHaveNamesCommentsAndHeaders) {
  const auto records =
      read("a.smi", "# made by hand\nSMILES\tname\nCCO\tethanol and more\r\n\nc1ccccc1\nC1CC bad");
  EXPECT_THAT(smiles_of(records), ElementsAre("CCO", "", "c1ccccc1", "C1CC"));
  EXPECT_THAT(ids_of(records), ElementsAre("ethanol and more", "", "", "bad"));
  EXPECT_THAT(lines_of(records), ElementsAre(3, 4, 5, 6));
  EXPECT_EQ(records[1].problem, "the line is empty");
  EXPECT_EQ(records[0].problem + records[2].problem, "");
  ASSERT_NE(diagnostics_.find("bad_smiles"), nullptr);
  EXPECT_THAT(diagnostics_.find("bad_smiles")->examples,
              ElementsAre(HasSubstr("line 6 (bad): not a valid SMILES: ring 1")));
  EXPECT_EQ(diagnostics_.find("no_molecule")->count, 1U);
}

TEST_F(MoleculeFiles, TablesHaveQuotesRaggedRowsAndEmptyLines) {
  const std::string text =
      "id,SMILES,note\n1,CCO,\"two\nlines, "
      "\"\"quoted\"\"\"\n2,\"C[N+](=O)[O-]\",x\n\n3,CC\n4,,y\n5,CO,z\n\n\n";
  const auto records = read("t.csv", text, {.extra_columns = {"note"}});
  EXPECT_THAT(smiles_of(records), ElementsAre("CCO", "C[N+](=O)[O-]", "", "CC", "", "CO"));
  EXPECT_THAT(ids_of(records), ElementsAre("1", "2", "2", "3", "4", "5"));
  EXPECT_THAT(lines_of(records), ElementsAre(2, 4, 5, 6, 7, 8));
  EXPECT_EQ(records[0].extra[0], "two\nlines, \"quoted\"");
  EXPECT_EQ(records[2].problem, "the line is empty");
  EXPECT_EQ(records[3].problem, "the row has 2 cells, the header 3");
  EXPECT_EQ(records[4].problem, "the cell is empty");
  EXPECT_EQ(records[5].problem, "");
}

TEST_F(MoleculeFiles, TablesSayWhichColumnIsMissing) {
  const auto message = [&](const std::string& text, const MoleculeFileOptions& options) {
    try {
      read("t.csv", text, options);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input);
      return error.message() + " / " + error.hint();
    }
    return std::string("none");
  };
  EXPECT_THAT(message("a,b\n1,2\n", {}), HasSubstr("no column is named smiles"));
  EXPECT_THAT(message("a,b\n1,2\n", {}), HasSubstr("there are: a, b"));
  EXPECT_THAT(message("smile,b\nC,2\n", {.smiles_column = "smiles"}),
              HasSubstr("did you mean \"smile\""));
  EXPECT_THAT(message("x_smiles,y_smiles\nC,2\n", {}), HasSubstr("several columns"));
  EXPECT_EQ(message("nonstereo_smiles;y\nC;2\n", {}), "none");
  EXPECT_THAT(message("smiles\n\"CC\nC\n", {}), HasSubstr("a quoted cell is not closed"));
  EXPECT_THAT(message("", {}), HasSubstr("the table is empty"));
}

/// A V2000 entry of an atom each, without bonds.
std::string entry(const std::string& title, const std::string& element, const std::string& fields) {
  return title +
         "\n  test\n\n  1  0  0  0  0  0  0  0  0  0999 V2000\n    0.0000    0.0000    0.0000 " +
         element + "  0  0  0  0  0  0  0  0  0  0  0  0\nM  END\n" + fields + "$$$$\n";
}

TEST_F(MoleculeFiles, SdFilesHaveTitlesAndFields) {
  const std::string text =
      entry("methane", "C ", "> <value>\n5.5\n\n>  25 <name>\nfirst\nline\n\n") +
      entry("", "N ", "") + "$$$$\n" + entry("odd", "Qq", "") +
      entry("cut", "O ", "").substr(0, 60);
  const auto records = read("a.sdf", text, {.extra_columns = {"value", "name"}});
  EXPECT_THAT(smiles_of(records), ElementsAre("C", "N", "", "", ""));
  EXPECT_THAT(ids_of(records), ElementsAre("methane", "", "", "odd", "cut"));
  EXPECT_THAT(lines_of(records), ElementsAre(1, 15, 22, 23, 30));
  EXPECT_THAT(records[0].extra, ElementsAre("5.5", "first line"));
  EXPECT_THAT(records[1].extra, ElementsAre("", ""));
  EXPECT_EQ(records[2].problem, "the entry is empty");
  EXPECT_NE(records[3].problem, "");
  EXPECT_NE(records[4].problem, "");
  EXPECT_THAT(ids_of(read("a.sdf", text, {.id_column = "value"})),
              ElementsAre("5.5", "", "", "", ""));
}

TEST_F(MoleculeFiles, StandardisedStandsBesideWhatWasWritten) {
  const auto records = read("a.smi", "CC(=O)[O-].[Na+] acetate\nX\n", {.standardise = "parent"});
  EXPECT_EQ(records[0].smiles, "CC(=O)[O-].[Na+]");
  EXPECT_EQ(records[0].standardised, "CC(=O)O");
  EXPECT_EQ(records[1].standardised, "");
  EXPECT_NE(records[1].problem, "");
}

TEST_F(MoleculeFiles, LargeFilesComeInOrderAndWhole) {
  std::string text;
  constexpr std::size_t kRecords = 20'000;  // more than two batches
  for (std::size_t i = 0; i < kRecords; ++i) {
    text += (i % 1000 == 7 ? "C1CC" : "CCO") + (" m" + std::to_string(i)) + "\n";
  }
  const auto path = put("big.smi.gz", gzip_compressed(text));
  std::size_t n_batches = 0;
  std::size_t next = 0;
  std::size_t n_bad = 0;
  stream_molecules(path, {}, {.n_threads = 2}, [&](MoleculeBatch&& batch) {
    ++n_batches;
    for (const auto& record : batch.records) {
      EXPECT_EQ(record.number, next);
      EXPECT_EQ(record.id, "m" + std::to_string(next));
      EXPECT_EQ(record.line, ++next);
      n_bad += record.problem.empty() ? 0 : 1;
    }
  });
  EXPECT_EQ(next, kRecords);
  EXPECT_EQ(n_bad, 20U);
  EXPECT_GT(n_batches, 2U);
}

TEST_F(MoleculeFiles, UnknownFormatsAndColumnsOfListsAreRefused) {
  EXPECT_THROW(read("a.xyz", "C"), Error);
  EXPECT_THROW(read("a.smi", "C", {.format = "mol2"}), Error);
  EXPECT_THROW(read("a.smi", "C", {.smiles_column = "smiles"}), Error);
  EXPECT_THROW(read("a.smi", "C", {.standardise = "all"}), Error);
  EXPECT_EQ(read("a.xyz", "C", {.format = "smi"}).size(), 1U);
}

TEST_F(MoleculeFiles, FingerprintFilesAreReadBack) {
  const std::vector<std::string> smiles{"CCO", "c1ccccc1O", "C1CC"};
  const std::vector<std::string> ids{"a", "b c", "d\te"};
  for (const auto kind : {FingerprintKind::ecfp, FingerprintKind::maccs}) {
    const PackedBits bits = bit_fingerprints(smiles, {.kind = kind}, {}).bits;
    write_fps(folder_ / "f.fps", bits, ids, "type", "source");
    const Items items = read_items(folder_ / "f.fps", ItemForm::bits, {}, {});
    EXPECT_EQ(items.bits.n_bits, bits.n_bits);
    EXPECT_EQ(items.bits.words, bits.words);
    EXPECT_THAT(items.ids, ElementsAre("a", "b c", "d e"));
    write_bits_npy(folder_ / "f.npy", bits);
    EXPECT_EQ(read_items(folder_ / "f.npy", ItemForm::bits, {}, {}).bits.words, bits.words);
    write_packed_npy(folder_ / "p.npy", bits);
    const NpyArray packed = read_npy(folder_ / "p.npy");
    ASSERT_EQ(packed.cols(), (bits.n_bits + 7) / 8);
    for (std::size_t bit = 0; bit < bits.n_bits; ++bit) {
      const auto byte = static_cast<unsigned>(packed.at(1, bit / 8));
      EXPECT_EQ(((byte >> (7 - bit % 8)) & 1U) != 0, bits.test(1, bit));
    }
  }
}

// An array that is cut off right after its header, and shapes without elements, promise memory that
// is not there.
TEST_F(MoleculeFiles, ArraysWithoutTheirElementsAreRefused) {
  const auto header = [](std::size_t rows, std::size_t cols) {
    return npy_header("<f8", rows, cols);
  };
  EXPECT_EQ(parse_npy(header(0, 4), "a.npy").cols(), 4U);
  EXPECT_EQ(parse_npy(header(1, 1) + std::string(8, '\0'), "a.npy").at(0, 0), 0.0);
  const std::size_t huge = std::size_t{1} << 61;
  for (const auto& bytes : {header(5, 3), header(1, 1), header(5, huge), header(huge, 0),
                            header(0, huge), header(2, 2) + std::string(31, '\0')}) {
    EXPECT_THROW(parse_npy(bytes, "a.npy"), Error);
  }
  put("a.fps", "#FPS1\n#num_bits=1000000000000000000\n");
  EXPECT_THROW(read_items(folder_ / "a.fps", ItemForm::bits, {}, {}), Error);
}

TEST_F(MoleculeFiles, NumbersAreReadBack) {
  const Matrix<std::uint16_t> counts =
      count_fingerprints(std::vector<std::string>{"CCO", "CCCCO"}, {.n_bits = 64}, {}).counts;
  write_counts_npy(folder_ / "c.npy", counts);
  const NpyArray read_counts = read_npy(folder_ / "c.npy");
  Matrix<float> values(1, 2);
  values(0, 0) = 0.1F;
  values(0, 1) = std::nanf("");
  write_floats_npy(folder_ / "v.npy", values);
  EXPECT_EQ(read_npy(folder_ / "v.npy").at(0, 0), static_cast<double>(0.1F));
  for (std::size_t bit = 0; bit < 64; ++bit) EXPECT_EQ(read_counts.at(1, bit), counts(1, bit));
  const std::vector<std::string> names{"x", "y"};
  const std::vector<std::string> ids{"m"};
  write_floats_csv(folder_ / "v.csv", values, names, ids);
  EXPECT_EQ(read_bytes(folder_ / "v.csv"), "row,id,x,y\n0,m,0.1,\n");
}

}  // namespace
}  // namespace cupel
