// Annotations of .h5ad files of every version, and what the writer writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "cupel/error.hpp"
#include "io/cells.hpp"
#include "io/h5ad_write.hpp"
#include "odd_h5ad.hpp"

namespace cupel {
namespace {

using test::OddFile;
using test::TemporaryPath;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Texts = std::vector<std::string>;

constexpr auto kMissing = Categories::kMissing;

// A file with obs of three cells that `add` gives columns, and var of two genes.
std::unique_ptr<CellFile> with_obs(const Texts& columns, const std::function<void(OddFile&)>& add) {
  const TemporaryPath path;
  {
    OddFile file(path);
    file.names("obs", 3, "c", columns);
    file.names("var", 2, "g");
    add(file);
  }
  return open_cells(path, {});
}

std::string problem_of(const Texts& columns, const std::function<void(OddFile&)>& add) {
  try {
    with_obs(columns, add);
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

void categorical(OddFile& file, const std::vector<std::int8_t>& codes) {
  file.group("obs/a");
  file.attribute("obs/a", "encoding-type", std::string("categorical"));
  file.numbers("obs/a/codes", codes);
  file.texts("obs/a/categories", {"z", "b"});
}

TEST(H5adTables, CategoricalKeepsTheOrderOfItsLevels) {
  const auto file = with_obs({"a"}, [](OddFile& f) { categorical(f, {1, -1, 0}); });
  EXPECT_THAT(file->cell_ids(), ElementsAre("c0", "c1", "c2"));
  const Categories a = file->obs_categories("a");
  EXPECT_THAT(a.levels, ElementsAre("z", "b"));
  EXPECT_THAT(a.code, ElementsAre(1, kMissing, 0));
  EXPECT_EQ(file->obs().at("a").as_text(2), "z");
  EXPECT_TRUE(file->obs().at("a").is_missing(1));
}

TEST(H5adTables, CodesWithoutACategory) {
  EXPECT_THAT(problem_of({"a"}, [](OddFile& f) { categorical(f, {1, 2, 0}); }),
              HasSubstr("obs/a/codes: row 1 has the code 2, there are 2 categories"));
  EXPECT_THAT(problem_of({"a"}, [](OddFile& f) { categorical(f, {1, 0, -2}); }),
              HasSubstr("row 2 has the code -2"));
  EXPECT_THAT(problem_of({"a"}, [](OddFile& f) { categorical(f, {1, 0}); }),
              HasSubstr("has 2 values, there are 3 rows"));
}

TEST(H5adTables, CategoriesBehindAReference) {
  const auto file = with_obs({"a"}, [](OddFile& f) {
    f.group("obs/__categories");
    f.texts("obs/__categories/a", {"x", "y"});
    f.numbers<std::int16_t>("obs/a", {1, 0, -1});
    f.reference("obs/a", "categories", "/obs/__categories/a");
  });
  EXPECT_THAT(file->obs_categories("a").code, ElementsAre(1, 0, kMissing));
  EXPECT_EQ(file->obs().columns.size(), 1U);
}

TEST(H5adTables, ACategoryThatRefersToItself) {
  EXPECT_NE(problem_of({"a"},
                       [](OddFile& f) {
                         f.numbers<std::int16_t>("obs/a", {1, 0, 9});
                         f.reference("obs/a", "categories", "/obs/a");
                       }),
            "no error");
  EXPECT_NE(problem_of({"a"},
                       [](OddFile& f) {
                         f.numbers<std::int16_t>("obs/a", {1, 0, 9});
                         f.reference("obs/a", "categories", "/obs");
                       }),
            "no error");
}

TEST(H5adTables, ColumnsOfEveryKind) {
  const auto file = with_obs({"n", "m", "t", "s", "wide"}, [](OddFile& f) {
    f.group("obs/n");
    f.attribute("obs/n", "encoding-type", std::string("nullable-integer"));
    f.numbers<std::int64_t>("obs/n/values", {7, 8, 9});
    f.numbers<std::uint8_t>("obs/n/mask", {0, 1, 0});
    f.numbers<float>("obs/m", {1.5F, std::nanf(""), 3.0F});
    f.texts("obs/t", {"\xc3\xa4", "", "x"});
    f.fixed_texts("obs/s", {"one", "two", "three"}, 4);
    f.numbers<float>("obs/wide", {1, 2, 3, 4, 5, 6}, {3, 2});
  });
  const Table& obs = file->obs();
  ASSERT_EQ(obs.columns.size(), 4U);
  EXPECT_EQ(obs.at("n").type, ColumnType::integer);
  EXPECT_EQ(obs.at("n").as_number(2), 9.0);
  EXPECT_TRUE(obs.at("n").is_missing(1));
  EXPECT_EQ(obs.at("m").type, ColumnType::number);
  EXPECT_TRUE(std::isnan(obs.at("m").as_number(1)));
  EXPECT_EQ(obs.at("t").text(0), "\xc3\xa4");
  EXPECT_EQ(obs.at("s").text(2), "thre");
  const Diagnostic* left_out = file->diagnostics().find("column_left_out");
  ASSERT_NE(left_out, nullptr);
  EXPECT_THAT(left_out->examples, ElementsAre("obs/wide has 2 dimensions"));
}

TEST(H5adTables, NullableWithAnotherMask) {
  EXPECT_THAT(problem_of({"n"},
                         [](OddFile& f) {
                           f.group("obs/n");
                           f.attribute("obs/n", "encoding-type", std::string("nullable-integer"));
                           f.numbers<std::int64_t>("obs/n/values", {7, 8, 9});
                           f.numbers<std::uint8_t>("obs/n/mask", {0, 1});
                         }),
              HasSubstr("has 3 values and a mask of 2"));
}

TEST(H5adTables, CompoundOfOldVersions) {
  struct Row {
    char name[4];
    float depth;
    std::int8_t kind;
  };
  const std::vector<Row> rows = {{"c1", 1.5F, 1}, {"c2", 2.5F, -1}, {"c3", 3.0F, 0}};
  const TemporaryPath path;
  {
    OddFile file(path);
    const hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, 4);
    const hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(Row));
    H5Tinsert(type, "index", offsetof(Row, name), text);
    H5Tinsert(type, "depth", offsetof(Row, depth), H5T_NATIVE_FLOAT);
    H5Tinsert(type, "kind", offsetof(Row, kind), H5T_NATIVE_INT8);
    const hsize_t n = rows.size();
    const hid_t space = H5Screate_simple(1, &n, nullptr);
    for (const char* name : {"obs", "var"}) {
      const hid_t made =
          H5Dcreate2(file.id(), name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
      H5Dwrite(made, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows.data());
      H5Dclose(made);
    }
    H5Sclose(space);
    H5Tclose(type);
    H5Tclose(text);
    file.group("uns");
    file.texts("uns/kind_categories", {"ctrl", "drug"});
  }
  const auto file = open_cells(path, {});
  EXPECT_THAT(file->cell_ids(), ElementsAre("c1", "c2", "c3"));
  EXPECT_EQ(file->obs().at("depth").as_number(1), 2.5);
  EXPECT_THAT(file->obs_categories("kind").levels, ElementsAre("ctrl", "drug"));
  EXPECT_THAT(file->obs_categories("kind").code, ElementsAre(1, kMissing, 0));
  EXPECT_NE(file->diagnostics().find("old_encoding"), nullptr);
}

TEST(H5adTables, NamesThatStandTwiceAreCounted) {
  const TemporaryPath path;
  {
    OddFile file(path);
    file.names("obs", 2, "c");
    file.group("var");
    file.attribute("var", "_index", std::string("symbol"));
    file.attribute("var", "column-order", Texts{});
    file.texts("var/symbol", {"A", "B", "A", "A"});
  }
  const auto file = open_cells(path, {});
  EXPECT_THAT(file->gene_ids(), ElementsAre("A", "B", "A", "A"));
  const Diagnostic* twice = file->diagnostics().find("duplicate_gene");
  ASSERT_NE(twice, nullptr);
  EXPECT_EQ(twice->count, 2U);
}

TEST(H5adTables, ALinkIntoAnotherFileIsNotFollowed) {
  EXPECT_THAT(problem_of({"a"},
                         [](OddFile& f) {
                           H5Lcreate_external("/etc/passwd", "/x", f.id(), "obs/a", H5P_DEFAULT,
                                              H5P_DEFAULT);
                         }),
              HasSubstr("link into another file"));
  EXPECT_THAT(problem_of({"a"},
                         [](OddFile& f) {
                           const hsize_t n = 3;
                           const hid_t space = H5Screate_simple(1, &n, nullptr);
                           const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
                           H5Pset_external(properties, "/etc/passwd", 0, 3);
                           H5Dclose(H5Dcreate2(f.id(), "obs/a", H5T_NATIVE_UINT8, space,
                                               H5P_DEFAULT, properties, H5P_DEFAULT));
                           H5Pclose(properties);
                           H5Sclose(space);
                         }),
              HasSubstr("the data lie in another file"));
}

// --- the writer ---

H5adContent content() {
  H5adContent made{.cell_ids = {"c0", "c1", "c2"}, .gene_ids = {"g0", "g1"}};
  Column label{.name = "label"};
  for (const char* text : {"b", "a", "b"}) label.push_text(text);
  Column gap = label;
  gap.name = "gap";
  gap.missing = {0, 1, 0};
  Column unique{.name = "unique"};
  for (const char* text : {"x", "\xc3\xa9", ""}) unique.push_text(text);
  Column n{.name = "n", .type = ColumnType::integer};
  n.integers = {3, std::int64_t{1} << 60, -1};
  Column m = n;
  m.name = "m";
  m.missing = {1, 0, 0};
  Column d{.name = "d", .type = ColumnType::number};
  d.numbers = {0.1, std::nan(""), 1e300};
  made.obs.columns = {label, gap, unique, n, m, d};
  made.obs.n_rows = 3;
  made.obsm["X_pca"] = Matrix<double>(3, 2, 0.5);
  made.uns["how"] = "by hand";
  return made;
}

TEST(H5adWrite, ComesBackAsItWas) {
  const TemporaryPath path;
  Matrix<double> x(3, 2);
  x.values = {0.1, 2, 3, 0, 0, 6};
  for (const int gzip : {0, 6}) {
    write_h5ad(path, content(), x, {.gzip_level = gzip, .float32 = false, .rows_per_chunk = 2}, {});
    const auto file = open_cells(path, {});
    EXPECT_THAT(file->cell_ids(), ElementsAre("c0", "c1", "c2"));
    EXPECT_THAT(file->gene_ids(), ElementsAre("g0", "g1"));
    EXPECT_TRUE(file->diagnostics().empty());
    const Table& obs = file->obs();
    ASSERT_EQ(obs.columns.size(), 6U);
    for (const auto& column : content().obs.columns) {
      SCOPED_TRACE(column.name);
      const Column& read = obs.at(column.name);
      EXPECT_EQ(read.type, column.type);
      for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(read.is_missing(i), column.is_missing(i));
        if (!column.is_missing(i)) {
          EXPECT_EQ(read.as_text(i), column.as_text(i));
        }
      }
    }
    EXPECT_THAT(file->obs_categories("label").levels, ElementsAre("a", "b"));
    std::vector<double> values;
    file->matrix("X").stream({}, {},
                             std::function<void(CellBlock<double>&)>([&](CellBlock<double>& b) {
                               values.insert(values.end(), b.values.begin(), b.values.end());
                             }));
    EXPECT_EQ(values, x.values);
    EXPECT_EQ(file->matrix("X_pca").info().cols, 2U);
  }
}

TEST(H5adWrite, NothingIsLeftOfWhatFailed) {
  const TemporaryPath folder("");
  std::filesystem::create_directories(folder.get());
  const auto fails = [](CellBlock<double>&) -> bool { throw std::runtime_error("no"); };
  EXPECT_THROW(write_h5ad(folder.get() / "a.h5ad", content(), fails, {}, {}), std::runtime_error);
  EXPECT_TRUE(std::filesystem::is_empty(folder.get()));
  auto bad = content();
  bad.obs.columns[0].name = "a/b";
  EXPECT_THROW(write_h5ad(folder.get() / "a.h5ad", bad, Matrix<double>(3, 2), {}, {}), Error);
  EXPECT_TRUE(std::filesystem::is_empty(folder.get()));
  EXPECT_THROW(
      write_h5ad(folder.get() / "none" / "a.h5ad", content(), Matrix<double>(3, 2), {}, {}), Error);
}

TEST(H5adWrite, TheSameContentIsTheSameBytes) {
  const TemporaryPath one;
  const TemporaryPath other;
  write_h5ad(one, content(), Matrix<double>(3, 2, 1.0), {}, {.n_threads = 1});
  write_h5ad(other, content(), Matrix<double>(3, 2, 1.0), {}, {.n_threads = 3});
  EXPECT_EQ(one.bytes(), other.bytes());
}

TEST(H5adWrite, NoCellsOrNoGenes) {
  const TemporaryPath path;
  for (const auto& [n, g] : {std::pair{0UL, 2UL}, std::pair{2UL, 0UL}}) {
    H5adContent made{.cell_ids = Texts(n, "c"), .gene_ids = Texts(g, "g")};
    write_h5ad(path, made, Matrix<double>(n, g), {}, {});
    const auto file = open_cells(path, {});
    EXPECT_EQ(file->n_cells(), n);
    EXPECT_EQ(file->n_genes(), g);
    std::size_t rows = 0;
    file->matrix("X").stream(
        {}, {}, std::function<void(CellBlock<float>&)>([&](auto& b) { rows += b.n_rows; }));
    EXPECT_EQ(rows, n);
  }
}

}  // namespace
}  // namespace cupel
