// Pickles that Python itself wrote (make_pickle.py), in all protocols.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "cupel/error.hpp"
#include "io/pickle.hpp"

namespace cupel {
namespace {

using Json = nlohmann::json;

const Json& golden() {
  static const Json data =
      Json::parse(std::ifstream(std::string(CUPEL_TEST_DATA) + "/golden/io/pickle.json"));
  return data;
}

std::string bytes_of(const Json& hex) {
  const auto digits = hex.get<std::string>();
  std::string bytes;
  for (std::size_t k = 0; k < digits.size(); k += 2) {
    bytes += static_cast<char>(std::stoi(digits.substr(k, 2), nullptr, 16));
  }
  return bytes;
}

TEST(PickleGolden, ReadsListsOfIds) {
  for (const auto& entry : golden()["read"]) {
    SCOPED_TRACE(entry["name"].get<std::string>());
    const std::string bytes = bytes_of(entry["hex"]);
    const Pickle pickle = Pickle::parse(bytes, "x.pkl");
    EXPECT_EQ(pickle.texts(pickle.root()), entry["texts"].get<std::vector<std::string>>());
  }
}

TEST(PickleGolden, RefusesCallsAndObjects) {
  for (const auto& entry : golden()["refused"]) {
    SCOPED_TRACE(entry["name"].get<std::string>());
    try {
      const Pickle pickle = Pickle::parse(bytes_of(entry["hex"]), "x.pkl");
      static_cast<void>(pickle.texts(pickle.root()));
      ADD_FAILURE() << "was read";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input);
      EXPECT_EQ(error.where().file, "x.pkl");
    }
  }
}

TEST(PickleGolden, ReadsTheStatsOfASplit) {
  for (const auto& hex : golden()["stats"]) {
    const Pickle pickle = Pickle::parse(bytes_of(hex), "stats.pkl");
    ASSERT_NE(pickle.find(pickle.root(), "cross_split_overlap"), nullptr);
    EXPECT_EQ(pickle.find(pickle.root(), "cross_split_overlap")->number, 0.25);
    EXPECT_EQ(pickle.find(pickle.root(), "train_size")->integer, 80);
    EXPECT_EQ(pickle.find(pickle.root(), "absent"), nullptr);
  }
}

TEST(PickleGolden, CutOffAnywhereIsAnError) {
  for (const auto& entry : golden()["read"]) {
    const std::string bytes = bytes_of(entry["hex"]);
    if (bytes.size() > 600) continue;
    for (std::size_t n = 0; n < bytes.size(); ++n) {
      EXPECT_THROW(Pickle::parse(bytes.substr(0, n), "x.pkl"), Error) << entry["name"] << n;
    }
  }
}

}  // namespace
}  // namespace cupel
