// Reading what SPECTRA tools have left on disk.
#include "split/spectra_import.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cupel/error.hpp"
#include "io/gexf.hpp"
#include "split/spectra.hpp"
#include "split/spectra_files.hpp"

namespace cupel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

/// An empty folder for one test.
class Folder : public testing::Test {
 protected:
  void SetUp() override {
    path = fs::temp_directory_path() /
           ("cupel_import_" +
            std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(path);
    fs::create_directories(path);
  }
  void TearDown() override { fs::remove_all(path); }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name, std::ios::binary) << text;
  }
  [[nodiscard]] std::string message() const {
    try {
      import_spectra_splits(path, {});
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  fs::path path;
};

using SpectraImport = Folder;

const fs::path kSpectrae = fs::path(CUPEL_TEST_DATA) / "golden/split/spectrae_folder";

TEST(SpectraeFolder, PicklesAndGraphMakeTheSameSplitsAgain) {
  const auto series = import_spectra_splits(kSpectrae / "set_SPECTRA_splits", {});
  EXPECT_EQ(series.layout, "spectrae");
  EXPECT_TRUE(series.diagnostics.empty());
  ASSERT_EQ(series.splits.size(), 4U);
  const auto graph = import_property_graph(
      kSpectrae / "set_spectral_property_graphs/set_SPECTRA_property_graph.gexf");
  const auto pairs = read_spectra_pairs(kSpectrae / "set_precalculated_spectra_properties", {});
  ASSERT_EQ(graph.edges.size(), pairs.size());
  std::vector<SpectraPair> from_gexf;
  for (const auto& edge : graph.edges) {
    from_gexf.push_back({.i = static_cast<std::uint32_t>(std::stoul(graph.ids[edge.a])),
                         .j = static_cast<std::uint32_t>(std::stoul(graph.ids[edge.b])),
                         .value = edge.value});
  }
  std::vector<std::uint32_t> nodes;
  for (const auto& id : graph.ids) nodes.push_back(static_cast<std::uint32_t>(std::stoul(id)));
  for (const bool is_gexf : {false, true}) {
    const auto made = is_gexf ? make_spectra_graph(40, from_gexf, false, nodes)
                              : make_spectra_graph(40, pairs, false);
    const auto components = find_spectra_components(made);
    for (const auto& split : series.splits) {
      const auto ours = make_spectra_split(
          made, components, {.parameter = split.parameter, .seed = split.repeat == 0 ? 42U : 44U});
      std::vector<std::string> train;
      for (const auto sample : ours.train) train.push_back(std::to_string(sample));
      EXPECT_EQ(train, split.train) << split.source;
      EXPECT_EQ(ours.test.size(), split.test.size());
      EXPECT_DOUBLE_EQ(split.stated_overlap,
                       static_cast<double>(split.test.size()) /
                           static_cast<double>(split.train.size() + split.test.size()));
    }
  }
  EXPECT_EQ(series.splits[2].parameter_text, "0.50");
  EXPECT_EQ(series.splits[3].repeat, 1U);
}

TEST(SpectraeFolder, OneSplitFolderIsASeriesOfOne) {
  const auto series = import_spectra_splits(kSpectrae / "set_SPECTRA_splits/SP_0.50_1", {});
  ASSERT_EQ(series.splits.size(), 1U);
  EXPECT_EQ(series.splits[0].parameter, 0.5);
}

TEST_F(SpectraImport, CupelsOwnFolders) {
  const std::vector<SpectraPair> pairs = {{0, 1, 1}, {1, 2, 1}, {2, 3, 1}, {3, 4, 1}, {4, 5, 1},
                                          {5, 6, 1}, {6, 7, 1}, {7, 8, 1}, {8, 9, 1}, {9, 10, 1}};
  const auto graph = make_spectra_graph(12, pairs, false);
  const auto split =
      make_spectra_split(graph, find_spectra_components(graph), {.parameter = 0.25, .seed = 7});
  const auto overlap = measure_spectra_overlap(graph, split);
  write_spectra_split(path / "SP_0.25_0", graph, split, overlap, "0.25", {});
  const auto series = import_spectra_splits(path, {});
  EXPECT_EQ(series.layout, "cupel");
  ASSERT_EQ(series.splits.size(), 1U);
  EXPECT_EQ(series.splits[0].train.size(), split.train.size());
  EXPECT_EQ(series.splits[0].test[0], std::to_string(split.test[0]));
  EXPECT_EQ(series.splits[0].stated_overlap, overlap.share_with_neighbour);
}

TEST_F(SpectraImport, LambdaFilesOfThePaper) {
  write("lambda_0_5.txt", "0.5\t0.25\t4\nTrain: ['A1B', \"it's\", 'C']\nTest: ['D2E:F3G']\n");
  write("lambda_0_0.txt", "0.0\t0.75\t3\nTrain: [0, 12]\nTest: [7]\n");
  const auto series = import_spectra_splits(path, {});
  EXPECT_EQ(series.layout, "paper-lambda");
  ASSERT_EQ(series.splits.size(), 2U);
  EXPECT_THAT(series.splits[0].train, ElementsAre("0", "12"));
  EXPECT_THAT(series.splits[1].train, ElementsAre("A1B", "it's", "C"));
  EXPECT_THAT(series.splits[1].test, ElementsAre("D2E:F3G"));
  EXPECT_EQ(series.splits[1].stated_overlap, 0.25);
}

TEST_F(SpectraImport, DamagedLambdaFiles) {
  write("lambda_0_5.txt", "0.5\t0.25\t9\nTrain: ['A']\nTest: ['B']\n");
  EXPECT_THAT(message(), HasSubstr("states 9 samples, but there are 1 + 1"));
  write("lambda_0_5.txt", "0.5\t0.25\t2\nTrain: ['A'\nTest: ['B']\n");
  EXPECT_THAT(message(), HasSubstr("lambda_0_5.txt:2: there is no list"));
  write("lambda_0_5.txt", "0.5\t0.25\t2\nTrain: ['A]\nTest: ['B']\n");
  EXPECT_THAT(message(), HasSubstr("cut off"));
  write("lambda_0_5.txt", "half\t0.25\t2\nTrain: ['A']\nTest: ['B']\n");
  EXPECT_THAT(message(), HasSubstr("first line"));
  write("lambda_0_5.txt", "0.5\t0.25\t2\n");
  EXPECT_THAT(message(), HasSubstr("1 lines instead of three"));
}

TEST_F(SpectraImport, MutationSplits) {
  write("RIF_0_5_MUTATION_SPLIT_2_TRAIN", "01R0897\t1\n01R1018\t0\n");
  write("RIF_0_5_MUTATION_SPLIT_2_TEST", "02R0016\t1\n01R1018\t0\n");
  write("RIF_1_0_MUTATION_SPLIT_0_TEST", "02R0016\t1\n");
  const auto series = import_spectra_splits(path, {});
  EXPECT_EQ(series.layout, "paper-mutation");
  ASSERT_EQ(series.splits.size(), 1U);
  EXPECT_EQ(series.splits[0].parameter, 0.5);
  EXPECT_EQ(series.splits[0].repeat, 2U);
  EXPECT_THAT(series.splits[0].train, ElementsAre("01R0897", "01R1018"));
  EXPECT_THAT(series.splits[0].train_phenotype, ElementsAre("1", "0"));
  ASSERT_NE(series.diagnostics.find("half_a_split"), nullptr);
  ASSERT_NE(series.diagnostics.find("id_on_both_sides"), nullptr);
}

TEST_F(SpectraImport, NothingThereIsSaid) {
  EXPECT_THAT(message(), HasSubstr("no split was found"));
  write("SP_0.5_0/train.pt", "x");
  EXPECT_THAT(message(), HasSubstr("no split was found"));
  write("SP_0.5_1/train.pkl", "cos\nsystem\n(S'true'\ntR.");
  write("SP_0.5_1/test.pkl", "(lp0\n.");
  EXPECT_THAT(message(), HasSubstr("wants to call \"os.system\""));
  EXPECT_THROW(import_spectra_splits(path / "absent", {}), Error);
}

TEST_F(SpectraImport, TwoLayoutsAreRefused) {
  write("lambda_0_5.txt", "0.5\t0.25\t2\nTrain: ['A']\nTest: ['B']\n");
  write("SP_0.5_0/train.csv", "1\n");
  write("SP_0.5_0/test.csv", "2\n");
  EXPECT_THAT(message(), HasSubstr("two kinds"));
}

// ---- GEXF

std::string gexf(const std::string& inside, const std::string& type = "undirected") {
  return "<?xml version='1.0' encoding='utf-8'?>\n<gexf "
         "xmlns=\"http://www.gexf.net/1.2draft\">\n<!-- < -->"
         "<graph defaultedgetype=\"" +
         type + "\">\n" + inside + "\n</graph></gexf>";
}

std::string gexf_error(const std::string& text) {
  try {
    parse_gexf(text, "g.gexf");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Gexf, NodesEdgesAndEntities) {
  const auto graph = parse_gexf(
      gexf("<nodes><node id=\"a&amp;b\" label='x'/><ns0:node id='&#955;&#x3c;' ></ns0:node></nodes>"
           "<edges><edge source='a&amp;b' target='&#955;&lt;' id='0' weight='0.25' /></edges>"),
      "g.gexf");
  EXPECT_THAT(graph.ids, ElementsAre("a&b", "\xCE\xBB<"));
  ASSERT_EQ(graph.edges.size(), 1U);
  EXPECT_EQ(graph.edges[0].weight, 0.25);
}

TEST(Gexf, ErrorsNameTheLine) {
  EXPECT_THAT(gexf_error("hello"), HasSubstr("no GEXF"));
  EXPECT_THAT(gexf_error("<html></html>"), HasSubstr("no GEXF"));
  EXPECT_THAT(gexf_error(gexf("", "directed")), HasSubstr("g.gexf:3: the graph is directed"));
  EXPECT_THAT(gexf_error(gexf("<node id='1'/><node id='1'/>")), HasSubstr("there twice"));
  EXPECT_THAT(gexf_error(gexf("<node id='1'/><edge source='1' target='2'/>")),
              HasSubstr("(value \"2\"): an edge is of a node"));
  EXPECT_THAT(
      gexf_error(gexf("<node id='1'/><node id='2'/><edge source='1' target='2' weight='nan'/>")),
      HasSubstr("finite"));
  EXPECT_THAT(gexf_error("<gexf><node id='1"), HasSubstr("no quotes"));
  EXPECT_THAT(gexf_error("<gexf><node id=1/>"), HasSubstr("no quotes"));
  EXPECT_THAT(gexf_error("<!DOCTYPE gexf [<!ENTITY a 'b'>]><gexf/>"), HasSubstr("document type"));
  EXPECT_THAT(gexf_error(gexf("<node id='&a;'/>")), HasSubstr("entity"));
  EXPECT_THAT(gexf_error(gexf("<node id='&#xD800;'/>")), HasSubstr("character"));
}

}  // namespace
}  // namespace cupel
