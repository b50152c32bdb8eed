// Reading the items of a similarity: every form, the columns found, the rows left out.
#include "similarity/items_read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "cupel/error.hpp"
#include "io/compressed.hpp"
#include "io/npy.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class ItemsRead : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("cupel_items_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  Items read(const std::string& name, const std::string& bytes, ItemForm form,
             const ItemsOptions& options = {}) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return read_items(folder_ / name, form, options, {});
  }
  Error error(const std::string& name, const std::string& bytes, ItemForm form,
              const ItemsOptions& options = {}) const {
    try {
      read(name, bytes, form, options);
    } catch (const Error& problem) {
      return problem;
    }
    ADD_FAILURE() << "no error";
    return {ErrorKind::internal, ""};
  }
  fs::path folder_;
};

std::size_t n_left_out(const Items& items) {
  std::size_t n = 0;
  for (const auto& one : items.left_out) n += one.source_rows.size();
  return n;
}

TEST_F(ItemsRead, SmilesTableLeavesBadRowsOutAndSaysWhich) {
  const Items items =
      read("a.csv", "id,SMILES,y\na,CCO,1.5\nb,C1CC,2\nc,,3\nd,c1ccccc1,NA\n", ItemForm::smiles);
  EXPECT_THAT(items.ids, ElementsAre("a", "d"));
  EXPECT_THAT(items.texts, ElementsAre("CCO", "c1ccccc1"));
  EXPECT_THAT(items.source_row, ElementsAre(0U, 3U));
  EXPECT_EQ(items.targets[0], 1.5);
  EXPECT_TRUE(std::isnan(items.targets[1]));
  EXPECT_EQ(items.size() + n_left_out(items), items.n_source_rows);
  const auto* bad = items.diagnostics.find("bad_smiles");
  ASSERT_NE(bad, nullptr);
  EXPECT_THAT(bad->examples.front(), HasSubstr("row 1: C1CC"));
  EXPECT_NE(items.diagnostics.find("empty"), nullptr);
}

TEST_F(ItemsRead, SmiFileWithAndWithoutNames) {
  const Items items =
      read("a.smi.gz", gzip_compressed("CCO ethanol\nCC\nCXX bad\n"), ItemForm::smiles);
  EXPECT_THAT(items.ids, ElementsAre("ethanol", "1"));
  EXPECT_EQ(n_left_out(items), 1U);
}

TEST_F(ItemsRead, FastaJoinsLinesAndKeepsEmptyRecordsInTheAccount) {
  const Items items =
      read("a.txt", ">p1 first\nMKV\nLA\n>p2\n>p3\nMK1\n>p4\nNA\n", ItemForm::sequence);
  EXPECT_THAT(items.ids, ElementsAre("p1", "p4"));
  EXPECT_THAT(items.texts, ElementsAre("MKVLA", "NA"));
  EXPECT_EQ(items.n_source_rows, 4U);
  EXPECT_EQ(n_left_out(items), 2U);
}

TEST_F(ItemsRead, SequenceNamedLikeAMissingValueIsASequence) {
  const Items items = read("a.tsv", "name\tsequence\nx\tNA\ny\tNULL\n", ItemForm::sequence);
  EXPECT_THAT(items.texts, ElementsAre("NA", "NULL"));
}

TEST_F(ItemsRead, AmbiguousOrUnknownColumnsSayWhichFlagToGive) {
  const Error none = error("a.csv", "molecule_text,y\nCC,1\n", ItemForm::smiles);
  EXPECT_EQ(none.kind(), ErrorKind::input);
  EXPECT_THAT(none.hint(), HasSubstr("--text-column"));
  EXPECT_THAT(none.hint(), HasSubstr("molecule_text"));
  const Error two = error("b.csv", "seq,sequence\nMK,MK\n", ItemForm::sequence);
  EXPECT_THAT(two.what(), HasSubstr("several columns"));
  EXPECT_EQ(read("b.csv", "seq,sequence\nMK,MKV\n", ItemForm::sequence, {.text_column = "sequence"})
                .texts.front(),
            "MKV");
  EXPECT_THAT(error("c.csv", "smiles\nCC\n", ItemForm::smiles, {.id_column = "nr"}).hint(),
              HasSubstr("--id-column"));
}

TEST_F(ItemsRead, ClassLabelsAreTargets) {
  const Items items =
      read("a.csv", "sequence,label\nMK,membrane\nMKV,cytosol\nMKL,\n", ItemForm::sequence);
  EXPECT_THAT(items.target_levels, ElementsAre("cytosol", "membrane"));
  EXPECT_EQ(items.target_text(0), "membrane");
  EXPECT_EQ(items.target_text(2), "");
}

TEST_F(ItemsRead, MixedTargetsAreReported) {
  const Items items = read("a.csv", "sequence,y\nMK,5.0\nMKV,>10\n", ItemForm::sequence);
  EXPECT_EQ(items.target_text(0), "5");
  EXPECT_EQ(items.target_text(1), "");
  EXPECT_NE(items.diagnostics.find("target_not_a_number"), nullptr);
}

TEST_F(ItemsRead, VectorsFromWideTableLeaveRowsWithMissingValuesOut) {
  const Items items =
      read("a.csv", "id,f1,f2,note,y\na,1,2.5,x,7\nb,,3,x,8\nc,4,inf,x,9\nd,5,6,x,1\n",
           ItemForm::vector);
  EXPECT_THAT(items.ids, ElementsAre("a", "d"));
  EXPECT_THAT(items.vectors.values, ElementsAre(1, 2.5, 5, 6));
  EXPECT_THAT(items.feature_names, ElementsAre("f1", "f2"));
  EXPECT_THAT(items.targets, ElementsAre(7, 1));
  EXPECT_EQ(n_left_out(items), 2U);
}

TEST_F(ItemsRead, TablesWithoutHeaderLoseNoRow) {
  const Items vectors = read("a.csv", "0.5,2,3\n1,2,3\n", ItemForm::vector);
  EXPECT_THAT(vectors.vectors.values, ElementsAre(0.5, 2, 3, 1, 2, 3));
  EXPECT_NE(vectors.diagnostics.find("no_header"), nullptr);
  EXPECT_EQ(read("b.csv", "1,0,1\n0,0,1\n", ItemForm::bits).size(), 2U);
  EXPECT_EQ(read("c.csv", "0,1,2\n0,0,1\n", ItemForm::bits).size(), 1U);     // columns counted
  EXPECT_EQ(read("d.csv", "7,12,4\n3,0,1\n", ItemForm::vector).size(), 1U);  // could be names
}

TEST_F(ItemsRead, VectorsFromNpy) {
  Matrix<double> values(3, 2);
  values.values = {1, 2, NAN, 4, 5, 6};
  const Items items = read("a.npy", npy_bytes(values), ItemForm::vector);
  EXPECT_THAT(items.vectors.values, ElementsAre(1, 2, 5, 6));
  EXPECT_THAT(items.ids, ElementsAre("0", "2"));
  EXPECT_EQ(items.n_source_rows, 3U);
}

TEST_F(ItemsRead, BitsAreTheSameFromEveryFile) {
  // Bits 0, 3 and 9 of 16.
  const Items columns = read("a.csv",
                             "id,b0,b1,b2,b3,b4,b5,b6,b7,b8,b9,ba,bb,bc,bd,be,bf\n"
                             "m,1,0,0,1,0,0,0,0,0,1,0,0,0,0,0,0\n",
                             ItemForm::bits);
  const Items text = read("b.csv", "id,fp\nm,1001000001000000\n", ItemForm::bits);
  const Items hex = read("c.csv", "id,fp\nm,0902\nn,ffff\nbad,xy12\nshort,ff\n", ItemForm::bits);
  const Items fps = read("d.fps", "#FPS1\n#num_bits=16\n0902\tm\n", ItemForm::bits);
  EXPECT_EQ(columns.bits.words.front(), (1U << 0) | (1U << 3) | (1U << 9));
  EXPECT_EQ(text.bits.words, columns.bits.words);
  EXPECT_EQ(fps.bits.words, columns.bits.words);
  EXPECT_EQ(fps.ids.front(), "m");
  EXPECT_EQ(hex.bits.words.front(), columns.bits.words.front());
  EXPECT_EQ(hex.bits.n_bits, 16U);
  EXPECT_THAT(hex.ids, ElementsAre("m", "n"));
  EXPECT_EQ(n_left_out(hex), 2U);
}

TEST_F(ItemsRead, OtherValuesThanBitsAreLeftOutOrRefused) {
  const Items items = read("a.csv", "b0,b1\n1,0\n2,1\n,1\n", ItemForm::bits);
  EXPECT_EQ(items.size(), 1U);
  EXPECT_EQ(n_left_out(items), 2U);
  Matrix<double> values(1, 2);
  values.values = {0.5, 1.0};
  EXPECT_THAT(error("a.npy", npy_bytes(values), ItemForm::bits).what(), HasSubstr("0 and 1"));
}

TEST_F(ItemsRead, PairsWithAndWithoutHeader) {
  const std::string body = "0\t1\t0.5\n3\t1\t0.25\n2\t2\t1\n1\t0\t0.5\n";
  for (const std::string& header : {std::string(), std::string("i\tj\tvalue\n")}) {
    const Items items = read("p.tsv", header + body, ItemForm::matrix);
    EXPECT_EQ(items.size(), 4U);
    ASSERT_EQ(items.pairs.size(), 2U);
    EXPECT_EQ(items.pairs[1].row, 1U);
    EXPECT_EQ(items.pairs[1].col, 3U);
    EXPECT_EQ(items.pairs[1].value, 0.25);
  }
  EXPECT_THAT(error("q.tsv", "i\tj\tvalue\n0\t1\t0.5\n1\t0\t0.6\n", ItemForm::matrix).what(),
              HasSubstr("two similarities"));
  EXPECT_THAT(error("r.tsv", "i\tj\tvalue\n0\t-1\t0.5\n", ItemForm::matrix).what(),
              HasSubstr("whole number"));
}

TEST_F(ItemsRead, SquareMatrices) {
  const Items named =
      read("m.csv", "id,a,b,c\na,1,0.5,0\nb,0.5,1,0.25\nc,0,0.25,1\n", ItemForm::matrix);
  EXPECT_THAT(named.ids, ElementsAre("a", "b", "c"));
  EXPECT_EQ(named.vectors(1, 2), 0.25);
  const Items bare = read("m.csv", "1,0.5,0\n0.5,1,0.25\n0,0.25,1\n", ItemForm::matrix);
  EXPECT_EQ(bare.vectors.values, named.vectors.values);
  const Items counted =
      read("m.csv", "0,1,2,3\n1,0,0,0\n0,1,0,0\n0,0,1,0\n0,0,0,1\n", ItemForm::matrix);
  EXPECT_EQ(counted.size(), 4U);
  EXPECT_THAT(error("m.csv", "a,b\n1,0.5\n0.4,1\n", ItemForm::matrix).what(),
              HasSubstr("not symmetric"));
}

TEST_F(ItemsRead, NoItemLeftIsAnErrorThatCounts) {
  const Error problem = error("a.csv", "smiles\nC1CC\nXX\n", ItemForm::smiles);
  EXPECT_THAT(problem.what(), HasSubstr("2 x bad_smiles"));
}

TEST_F(ItemsRead, NpyOfWrongLengthIsRefused) {
  std::string bytes = npy_bytes(Matrix<double>(4, 3));
  bytes.pop_back();
  EXPECT_THAT(error("a.npy", bytes, ItemForm::vector).what(), HasSubstr("4 x 3"));
}

TEST_F(ItemsRead, SelectionKeepsRowsAndTargets) {
  const Items items = read("a.csv", "sequence,y\nMK,1\n,2\nMKV,3\nMKL,4\n", ItemForm::sequence);
  const std::vector<std::uint32_t> wanted{2, 0};
  const Items some = select_items(items, wanted);
  EXPECT_THAT(some.texts, ElementsAre("MKL", "MK"));
  EXPECT_THAT(some.source_row, ElementsAre(3U, 0U));
  EXPECT_THAT(some.targets, ElementsAre(4, 1));
}

}  // namespace
}  // namespace cupel
