// The splits of spectrae 1.0.3 to the bit, against what the package itself made (make_spectra.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "../../unit/split/spectra_graphs.hpp"
#include "base/hash.hpp"
#include "split/python_random.hpp"
#include "split/spectra.hpp"

namespace cupel {
namespace {

using Json = nlohmann::json;
using Numbers = std::vector<std::uint32_t>;

const Json& golden() {
  static const Json data =
      Json::parse(std::ifstream(std::string(CUPEL_TEST_DATA) + "/golden/split/spectra.json"));
  return data;
}

TEST(SpectraGolden, RandomNumbersOfPython) {
  for (const auto& wanted : golden()["random"]) {
    const auto seed = wanted["seed"].get<std::uint32_t>();
    PythonRandom random(seed);
    for (int i = 0; i < 395; ++i) static_cast<void>(random.random());
    for (const auto& value : wanted["random"]) EXPECT_EQ(random.random(), value.get<double>());
    const Numbers sizes = {1, 2, 3, 5, 21, 22, 64, 65, 1000, 37708};
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      EXPECT_EQ(random.below(sizes[i]), wanted["below"][i].get<std::uint32_t>());
    }
    Numbers values = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    random.shuffle(std::span(values));
    EXPECT_EQ(values, wanted["shuffled"].get<Numbers>());
  }
}

TEST(SpectraGolden, RandomNumbersOfNumpyAndSklearn) {
  for (const auto& wanted : golden()["random"]) {
    const auto seed = wanted["seed"].get<std::uint32_t>();
    EXPECT_EQ(numpy_permutation(seed, 20), wanted["permutation"].get<Numbers>());
    const auto split = sklearn_train_test_split(35, 0.2, seed);
    EXPECT_EQ(split.train, wanted["sklearn"][0].get<Numbers>());
    EXPECT_EQ(split.test, wanted["sklearn"][1].get<Numbers>());
  }
}

TEST(SpectraGolden, OrderOfPythonSets) {
  for (const auto& wanted : golden()["sets"]) {
    const auto added = wanted["added"].get<Numbers>();
    PythonIntSet set;
    for (const auto value : added) set.add(value);
    for (std::size_t i = 0; i < added.size(); i += 3) set.remove(added[i]);
    EXPECT_EQ(set.values(), wanted["order"].get<Numbers>());
  }
}

std::string digest(const SpectraSplit& split) {
  std::string text = "train";
  for (const auto sample : split.train) text += " " + std::to_string(sample);
  text += " test";
  for (const auto sample : split.test) text += " " + std::to_string(sample);
  return sha256_hex(text).substr(0, 16);
}

TEST(SpectraGolden, SplitsOfSpectrae) {
  for (const auto& wanted : golden()["graphs"]) {
    SCOPED_TRACE(wanted["name"].get<std::string>());
    const auto pairs = test::family_pairs({.n = wanted["n"],
                                           .salt = wanted["salt"],
                                           .family_size = wanted["family_size"],
                                           .family_promille = wanted["family_promille"],
                                           .other_permillion = wanted["other_permillion"],
                                           .shuffled = wanted["shuffled"],
                                           .zeros = wanted["zeros"]});
    ASSERT_EQ(pairs.size(), wanted["n_pairs"].get<std::size_t>());
    const auto graph = make_spectra_graph(wanted["n"], pairs, wanted["weighted"]);
    const auto components = find_spectra_components(graph);
    check_spectra_graph(graph, components, SpectraVariant::spectrae_1_0_3);
    for (std::size_t p = 0; p < golden()["parameters"].size(); ++p) {
      for (std::size_t r = 0; r < golden()["seeds"].size(); ++r) {
        const auto split = make_spectra_split(
            graph, components,
            {.parameter = std::stod(golden()["parameters"][p].get<std::string>()),
             .seed = golden()["seeds"][r]});
        const auto& hash = wanted["splits"][p][r];
        EXPECT_EQ(split.refusal.empty(), !hash.is_null());
        if (hash.is_null()) continue;
        EXPECT_EQ(digest(split), hash.get<std::string>()) << p << " " << r;
      }
    }
  }
}

}  // namespace
}  // namespace cupel
