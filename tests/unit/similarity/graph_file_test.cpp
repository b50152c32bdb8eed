#include "similarity/graph_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "cupel/error.hpp"
#include "toy.hpp"

namespace cupel {
namespace {

using testing::HasSubstr;

class GraphFile : public testing::Test {
 protected:
  void SetUp() override {
    folder =
        std::filesystem::path(testing::TempDir()) /
        ("graph_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::create_directories(folder);
    file = folder / "graph";
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  [[nodiscard]] std::string bytes() const {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  void put(const std::string& text) const { std::ofstream(file, std::ios::binary) << text; }
  [[nodiscard]] std::string problem() const {
    try {
      load_graph(file);
      return "";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input);
      EXPECT_EQ(error.where().file, file.string());
      return error.message();
    }
  }

  std::filesystem::path folder;
  std::filesystem::path file;
  test::TableSimilarity similarity{50, 50, true, 1, 30};
  Context context{.n_threads = 2};
};

void expect_same(const NeighbourGraph& a, const NeighbourGraph& b) {
  EXPECT_EQ(a.begin, b.begin);
  EXPECT_EQ(a.neighbour, b.neighbour);
  EXPECT_EQ(a.weight, b.weight);
  EXPECT_EQ(a.threshold, b.threshold);
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.parameters, b.parameters);
}

TEST_F(GraphFile, GivesBackWhatWasSaved) {
  for (const double threshold : {0.0, 0.8, 1.0, 2.0}) {  // complete, some, few, no edges
    const auto graph = build_graph(similarity, threshold, context);
    save_graph(graph, file);
    expect_same(load_graph(file), graph);
  }
  NeighbourGraph plain = make_graph(4, std::vector<Hit>{{0, 2, 1.0}, {1, 2, 1.0}});
  plain.weight.clear();
  save_graph(plain, file);
  expect_same(load_graph(file), plain);
  save_graph(NeighbourGraph{}, file);
  EXPECT_EQ(load_graph(file).n_nodes(), 0U);
}

TEST_F(GraphFile, IsTheSameWrittenWhilePairsAreCompared) {
  const auto graph = build_graph(similarity, 0.7, context);
  save_graph(graph, file);
  const std::string saved = bytes();
  EXPECT_EQ(write_graph(similarity, 0.7, file, context), graph.n_edges());
  EXPECT_EQ(bytes(), saved);
}

TEST_F(GraphFile, EveryChangedByteIsSeen) {
  save_graph(build_graph(similarity, 0.95, context), file);
  const std::string good = bytes();
  for (std::size_t place = 0; place < good.size(); ++place) {
    std::string bad = good;
    bad[place] = static_cast<char>(bad[place] ^ 4);
    put(bad);
    ASSERT_NE(problem(), "") << "byte " << place;
  }
  for (std::size_t size = 0; size < good.size(); ++size) {
    put(good.substr(0, size));
    ASSERT_NE(problem(), "") << size << " bytes";
  }
  put(good + "x");
  EXPECT_NE(problem(), "");
  put(good);
  EXPECT_EQ(problem(), "");
}

/// Without the SHA-256 in the way: what is wrong is found, or it is a graph that holds together.
TEST_F(GraphFile, ParsingFindsWhatIsWrongByItself) {
  save_graph(build_graph(similarity, 0.95, context), file);
  const std::string good = bytes();
  std::size_t refused = 0;
  for (std::size_t place = 0; place + 64 < good.size(); ++place) {
    for (const char mask : {'\x01', '\x80', '\x7F'}) {
      std::string bad = good;
      bad[place] = static_cast<char>(bad[place] ^ mask);
      std::istringstream in(bad);
      try {
        const auto graph = parse_graph(in, bad.size(), "bad", {.bytes = 1 << 26});
        for (const std::uint32_t node : graph.neighbour) ASSERT_LT(node, graph.n_nodes());
      } catch (const Error& error) {
        ASSERT_EQ(error.kind(), ErrorKind::input);
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, good.size() / 2);
}

TEST_F(GraphFile, SaysWhatItIsNot) {
  put(std::string(200, 'x'));
  EXPECT_THAT(problem(), HasSubstr("CUPELGRF"));
  EXPECT_THROW(load_graph(folder / "nothing"), Error);
}

TEST_F(GraphFile, ThatDoesNotFitIsRefusedBeforeItIsRead) {
  save_graph(build_graph(similarity, 0.5, context), file);
  try {
    load_graph(file, {.bytes = 1000});
    FAIL() << "loaded";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_THAT(error.message(), HasSubstr("GiB"));
  }
}

}  // namespace
}  // namespace cupel
