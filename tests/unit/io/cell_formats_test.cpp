// MatrixMarket, GCT, NPZ and CSV as cells x genes: what is read, and what is refused and where.
#include "io/cell_formats.hpp"

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
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class CellFormats : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("cupel_cells_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path put(const std::string& name, std::string_view bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }
  fs::path folder_;
};

template <typename Call>
Error error_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return {ErrorKind::internal, ""};
}

/// Row after row.
std::vector<double> dense_of(const CellFile& file) {
  std::vector<double> all;
  file.matrix("X").stream({}, {}, [&](CellBlock<double>& block) {
    if (!block.is_sparse) {
      all.insert(all.end(), block.values.begin(), block.values.end());
      return;
    }
    for (std::size_t i = 0; i < block.n_rows; ++i) {
      std::vector<double> row(block.n_cols, 0.0);
      for (std::size_t k = block.row_begin[i]; k < block.row_begin[i + 1]; ++k) {
        row[block.columns[k]] += block.values[k];
      }
      all.insert(all.end(), row.begin(), row.end());
    }
  });
  return all;
}

const std::string kBanner = "%%MatrixMarket matrix coordinate integer general\n";

TEST_F(CellFormats, MatrixMarketIsTurnedByTheNumbersOfNames) {
  put("barcodes.tsv", "a\nb\nc\n");
  put("genes.csv", "\"\",\"x\"\n\"1\",\"G1\"\n\"2\",\"G2\"\n");  // as R writes it
  const auto genes_by_cells =
      open_cells(put("matrix.mtx", kBanner + "% c\n2 3 2\n1 3 5\n2 1 7\n"), {});
  EXPECT_THAT(dense_of(*genes_by_cells), ElementsAre(0, 7, 0, 0, 5, 0));
  EXPECT_THAT(genes_by_cells->gene_ids(), ElementsAre("G1", "G2"));
  const auto cells_by_genes = open_cells(
      put("matrix.mtx.gz", gzip_compressed(kBanner + "3 2 3\n1 2 7\n3 1 2\n\n3 1 3\n")), {});
  EXPECT_THAT(dense_of(*cells_by_genes), ElementsAre(0, 7, 0, 0, 5, 0));
  EXPECT_NE(cells_by_genes->diagnostics().find("duplicate_entry"), nullptr);
}

TEST_F(CellFormats, ASquareMatrixAsksForAComment) {
  put("barcodes.csv", "cell,perturbation\na,x\nb,control\n");
  put("genes.tsv", "E1\tG1\nE2\tG2\n");
  const std::string rest = "2 2 1\n1 2 5\n";
  const auto path = put("matrix.mtx", kBanner + rest);
  EXPECT_THAT(error_of([&] { open_cells(folder_, {}); }).what(), HasSubstr("%rows: genes"));
  put("matrix.mtx", kBanner + "%rows: genes\n" + rest);
  const auto file = open_cells(path, {});
  EXPECT_THAT(dense_of(*file), ElementsAre(0, 0, 5, 0));
  EXPECT_EQ(file->obs_categories("perturbation").levels,
            (std::vector<std::string>{"control", "x"}));
  put("matrix.mtx", kBanner + "%rows: cells\n" + rest);
  EXPECT_THAT(dense_of(*open_cells(path, {})), ElementsAre(0, 5, 0, 0));
}

TEST_F(CellFormats, MetadataIsJoinedByName) {
  put("GSM1_barcodes.tsv", "a\nb\nc\n");
  put("GSM1_features.tsv", "G1\nG2\n");
  put("GSM1_matrix.mtx", kBanner + "2 3 1\n1 3 5\n");
  put("GSM1_metadata.csv", ",condition\nc,x\nb,y\nunused,z\na,w\n");
  const auto file = open_cells(folder_, {});
  EXPECT_EQ(file->obs().at("condition").text(0), "w");
  EXPECT_EQ(file->obs().at("condition").text(2), "x");
  put("GSM1_metadata.csv", ",condition\nc,x\nb,y\n");
  EXPECT_THAT(error_of([&] { open_cells(folder_, {}); }).what(),
              AllOf(HasSubstr("GSM1_metadata.csv"), HasSubstr("value \"a\"")));
}

TEST(MatrixMarket, ReadsEveryKind) {
  const auto dense = detail::parse_matrix_market(
      "%%MatrixMarket matrix array real general\n2 2\n1\n-2.5\n3e1\n+4\n", "m");
  EXPECT_THAT(dense.dense, ElementsAre(1, 30, -2.5, 4));
  const auto half =
      detail::parse_matrix_market("%%MatrixMarket matrix array real symmetric\n2 2\n1\n2\n3", "m");
  EXPECT_THAT(half.dense, ElementsAre(1, 2, 2, 3));
  const auto skew = detail::parse_matrix_market(
      "%%MatrixMarket MATRIX coordinate Real skew-symmetric\r\n2 2 1\r\n2 1 4\r\n", "m");
  ASSERT_EQ(skew.entries.size(), 2U);
  EXPECT_EQ(skew.entries[1].value, -4.0);
  const auto pattern = detail::parse_matrix_market(
      "%%MatrixMarket matrix coordinate pattern general\n1 2 1\n1 2\n", "m");
  EXPECT_EQ(pattern.entries.at(0).value, 1.0);
}

TEST(MatrixMarket, SaysWhatIsWrongAndWhere) {
  const std::vector<std::tuple<std::string, std::string, std::size_t>> cases = {
      {"", "banner", 1},
      {"1 2 3\n", "banner", 1},
      {"%%MatrixMarket matrix coordinate complex general\n1 1 1\n1 1 1 1\n", "field", 1},
      {"%%MatrixMarket matrix coordinate real\n", "five words", 1},
      {kBanner, "size line is missing", 1},
      {kBanner + "2 2\n", "number of values", 2},
      {kBanner + "2 -2 1\n1 1 1\n", "number of columns", 2},
      {kBanner + "2 2 3\n1 1 1\n1 2 1\n", "cut off", 4},
      {kBanner + "2 2 2\n1 1 10000\n", "1 of the 2 values", 3},
      {kBanner + "2 2 99999999999\n1 1 1\n", "cut off", 2},  // and no memory taken for it
      {kBanner + "2 2 1\n1 1 1\n1 2 1\n", "more than the 1", 4},
      {kBanner + "2 2 1\n3 1 1\n", "row lies outside of 1 to 2", 3},
      {kBanner + "2 2 1\n1 0 1\n", "column lies outside", 3},
      {kBanner + "2 2 1\n1 1 x\n", "not a number", 3},
      {kBanner + "2 2 1\n1 1 1 1\n", "more in the line", 3},
      {kBanner + "2 2 1\n1 1\n", "not a number", 3},
      {"%%MatrixMarket matrix array real general\n99999999 99999999\n1\n", "cut off", 2},
      {"%%MatrixMarket matrix coordinate real symmetric\n2 3 1\n1 1 1\n", "as many rows", 2},
  };
  for (const auto& [text, message, row] : cases) {
    SCOPED_TRACE(text);
    const std::string& content = text;
    const Error error = error_of([&] { detail::parse_matrix_market(content, "m.mtx"); });
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_THAT(error.message(), HasSubstr(message));
    EXPECT_EQ(error.where().file, "m.mtx");
    EXPECT_EQ(error.where().row, row);
  }
}

TEST_F(CellFormats, MatrixMarketNeedsNamesThatFit) {
  EXPECT_THAT(error_of([&] { open_cells(folder_, {}); }).what(), HasSubstr("no MatrixMarket"));
  put("a.mtx", kBanner + "2 3 1\n1 3 5\n");
  EXPECT_THAT(error_of([&] { open_cells(folder_, {}); }).what(), HasSubstr("barcodes.tsv"));
  put("barcodes.tsv", "a\nb\nc\n");
  EXPECT_THAT(error_of([&] { open_cells(folder_, {}); }).what(), HasSubstr("genes.csv"));
  put("genes.tsv", "G1\nG2\nG3\nG4\nG5\n");
  EXPECT_THAT(
      error_of([&] { open_cells(folder_, {}); }).what(),
      AllOf(HasSubstr("2 x 3"), HasSubstr("3 lines of cells"), HasSubstr("5 lines of genes")));
  put("genes.tsv", "G1\n\"\"\n");
  EXPECT_THAT(error_of([&] { open_cells(folder_, {}); }).what(),
              AllOf(HasSubstr("a name is missing"), HasSubstr("genes.tsv:2")));
  put("b.mtx", kBanner + "2 3 1\n1 3 5\n");
  EXPECT_THAT(error_of([&] { open_cells(folder_, {}); }).what(), HasSubstr("several"));
}

TEST(Gct, ReadsBothVersions) {
  const auto old = detail::parse_gct(
      "#1.2\n2\t3\nName\tDescription\ta\tb\tc\nG1\tx\t1\t2\t3\nG2\t\t4\tNaN\t6\n", "g", {});
  EXPECT_THAT(old.cell_ids, ElementsAre("a", "b", "c"));
  EXPECT_EQ(old.x.values[0], 1.0);
  EXPECT_EQ(old.x.values[1], 4.0);
  EXPECT_TRUE(std::isnan(old.x.values[3]));
  EXPECT_TRUE(old.var.at("Description").is_missing(1));
  const auto now = detail::parse_gct(
      "#1.3\r\n1\t2\t1\t1\r\nid\tlen\ta\tb\r\ndose\tna\t-666\t0.5\r\nG1\t7\t1\t2\r\n", "g", {});
  EXPECT_TRUE(now.obs.at("dose").is_missing(0));
  EXPECT_EQ(now.obs.at("dose").as_number(1), 0.5);
  EXPECT_EQ(now.var.at("len").integers[0], 7);
}

TEST(Gct, SaysWhatIsWrongAndWhere) {
  const std::string head = "#1.3\n1\t2\t0\t0\nid\ta\tb\n";
  const std::vector<std::tuple<std::string, std::string, std::size_t>> cases = {
      {"", "no GCT file", 1},
      {"#1.4\n", "no GCT file", 1},
      {"#1.3\n1\t2\n", "2 numbers instead of 4", 2},
      {"#1.2\n1\tx\n", "not a whole number", 2},
      {"#1.3\n999999\t999999\t0\t0\nid\ta\n", "more values than the file holds", 2},
      {head, "row 1 of 1 is missing", 4},
      {head + "G1\t1", "2 cells instead of 3", 4},
      {head + "G1\t1\tx\n", "not a number", 4},
      {head + "G1\t1\t1e\n", "not a number", 4},
      {head + "\t1\t2\n", "no id", 4},
      {head + "G1\t1\t2\nG2\t1\t2\n", "more rows than the 1", 5},
      {"#1.3\n2\t1\t0\t0\nid\ta\nG1\t1234567\n", "row 2 of 2 is missing", 5},
      {"#1.3\n1\t2\t0\t0\nid\ta\t\nG1\t1\t2\n", "sample has no name", 3},
      {head + "G\xff\t1\t2\n", "UTF-8", 4},
  };
  for (const auto& [text, message, row] : cases) {
    SCOPED_TRACE(text);
    const std::string& content = text;
    const Error error = error_of([&] { detail::parse_gct(content, "m.gct", {}); });
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_THAT(error.message(), HasSubstr(message));
    EXPECT_EQ(error.where().row, row);
  }
}

TEST_F(CellFormats, ProfilesAsCsv) {
  const auto file = open_cells(
      put("p.csv", ",perturbation,dose,context,G1,G2\nr1,A,1,k562,0.5,-1\nr2,A+B,2,k562,2,\n"), {});
  EXPECT_THAT(file->cell_ids(), ElementsAre("r1", "r2"));
  EXPECT_THAT(file->gene_ids(), ElementsAre("G1", "G2"));
  EXPECT_EQ(file->obs().columns.size(), 3U);
  const auto values = dense_of(*file);
  EXPECT_EQ(values[1], -1.0);
  EXPECT_TRUE(std::isnan(values[3]));
  const Error error =
      error_of([&] { open_cells(put("q.csv", "perturbation,G1,G2\nA,1,2\nB,1,2x\n"), {}); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("q.csv:3:3"), HasSubstr("2x")));
  EXPECT_THAT(error_of([&] { open_cells(put("r.csv", "perturbation\nA\n"), {}); }).what(),
              HasSubstr("no gene"));
}

/// A ZIP archive of stored members, as numpy.savez writes it.
class Zip {
 public:
  void add(const std::string& name, const std::string& bytes) {
    const std::size_t offset = bytes_.size();
    const auto common = [&] {
      return number(20, 2) + number(0, 2) + number(0, 2) + number(0, 4) + number(crc(bytes), 4) +
             number(bytes.size(), 4) + number(bytes.size(), 4) + number(name.size(), 2) +
             number(0, 2);
    };
    bytes_ += "PK\3\4" + common() + name + bytes;
    list_ += "PK\1\2" + number(20, 2) + common() + number(0, 2) + number(0, 2) + number(0, 2) +
             number(0, 4) + number(offset, 4) + name;
    ++n_;
  }
  [[nodiscard]] std::string bytes() const {
    return bytes_ + list_ + "PK\5\6" + number(0, 4) + number(n_, 2) + number(n_, 2) +
           number(list_.size(), 4) + number(bytes_.size(), 4) + number(0, 2);
  }

 private:
  static std::string number(std::uint64_t value, int n_bytes) {
    std::string out;
    for (int i = 0; i < n_bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
    return out;
  }
  static std::uint32_t crc(const std::string& bytes) {
    std::uint32_t sum = 0xFFFF'FFFF;
    for (const char c : bytes) {
      sum ^= static_cast<unsigned char>(c);
      for (int k = 0; k < 8; ++k) sum = sum >> 1 ^ (0xEDB8'8320U & (0U - (sum & 1U)));
    }
    return ~sum;
  }
  std::string bytes_;
  std::string list_;
  std::size_t n_ = 0;
};

template <typename T>
std::string npy(const std::string& type, std::size_t n, const std::vector<T>& values) {
  std::string header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" +
                       (n == 0 ? std::string() : std::to_string(n) + ",") + "), }\n";
  std::string out = std::string("\x93NUMPY\1\0", 8) + static_cast<char>(header.size() & 0xFF) +
                    static_cast<char>(header.size() >> 8) + header;
  out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  return out;
}

struct Sparse {
  std::string format = "csr";
  std::vector<std::int64_t> shape = {2, 3};
  std::vector<double> data = {1, 2};
  std::vector<std::int32_t> indices = {2, 0};
  std::vector<std::int32_t> indptr = {0, 1, 2};
  [[nodiscard]] std::string bytes() const {
    Zip zip;
    zip.add("format.npy", npy("|S3", 0, std::vector<char>(format.begin(), format.end())));
    zip.add("shape.npy", npy("<i8", shape.size(), shape));
    zip.add("data.npy", npy("<f8", data.size(), data));
    zip.add("indices.npy", npy("<i4", indices.size(), indices));
    zip.add("indptr.npy", npy("<i4", indptr.size(), indptr));
    return zip.bytes();
  }
};

TEST(Npz, ReadsAndChecksSparse) {
  const auto cells = detail::parse_npz(Sparse{}.bytes(), "x.npz");
  EXPECT_THAT(cells.x.columns, ElementsAre(2U, 0U));
  EXPECT_THAT(cells.x.row_begin, ElementsAre(0U, 1U, 2U));
  const std::vector<std::pair<Sparse, std::string>> cases = {
      {{.format = "dia"}, "sparse format \"dia\""},
      {{.shape = {2}}, "two numbers"},
      {{.shape = {-2, 3}}, "outside"},
      {{.shape = {3, 3}}, "3 elements instead of 4"},
      {{.shape = {2, 2'000'000'000}}, "rows or columns"},
      {{.indices = {3, 0}}, "index 3 at place 0"},
      {{.indices = {0}}, "1 elements instead of 2"},
      {{.indptr = {0, 2, 1}}, "does not rise"},
      {{.indptr = {0, 1, 1}}, "does not rise"},
      {{.indptr = {0, 1, 7}}, "index 7"},
  };
  for (const auto& [sparse, message] : cases) {
    const Sparse& content = sparse;
    const Error error = error_of([&] { detail::parse_npz(content.bytes(), "x.npz"); });
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_THAT(error.message(), HasSubstr(message));
    EXPECT_THAT(error.where().file, HasSubstr("x.npz"));
  }
}

TEST(Npz, DamagedArchives) {
  const std::string whole = Sparse{}.bytes();
  for (std::size_t n = 0; n < whole.size(); n += 7) {
    EXPECT_EQ(error_of([&] { detail::parse_npz(whole.substr(0, n), "x"); }).kind(),
              ErrorKind::input);
  }
  std::string bad = whole;
  bad[bad.find("NUMPY") + 60] ^= 1;  // inside the first array
  EXPECT_THAT(error_of([&] { detail::parse_npz(bad, "x"); }).message(), HasSubstr("checksum"));
  Zip other;
  other.add("arr_0.npy", npy("<f8", 1, std::vector<double>{1}));
  EXPECT_THAT(error_of([&] { detail::parse_npz(other.bytes(), "x"); }).what(),
              AllOf(HasSubstr("no array \"X\""), HasSubstr("arr_0.npy")));
}

TEST(Npz, DenseWithNames) {
  Matrix<double> x(2, 2);
  x(0, 1) = 3.0;
  Zip zip;
  zip.add("X.npy", npy_bytes(x));
  zip.add("obs_names.npy", npy("<U2", 2, std::vector<std::uint32_t>{'a', 'b', 0xDC, 0}));
  const auto cells = detail::parse_npz(zip.bytes(), "x");
  EXPECT_THAT(cells.cell_ids, ElementsAre("ab", "\xC3\x9C"));
  EXPECT_THAT(cells.x.values, ElementsAre(0, 3, 0, 0));
  Zip wrong;
  wrong.add("X.npy", npy_bytes(x));
  wrong.add("var_names.npy", npy("<U1", 1, std::vector<std::uint32_t>{'a'}));
  EXPECT_THAT(error_of([&] { detail::parse_npz(wrong.bytes(), "x"); }).message(),
              HasSubstr("1 names for 2"));
}

}  // namespace
}  // namespace cupel
