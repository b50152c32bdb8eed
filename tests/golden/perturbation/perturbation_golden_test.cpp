// The linear model and GEARS' split against numpy (make_golden.py).
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "area/perturbation/baselines.hpp"
#include "area/perturbation/split_gears.hpp"
#include "area/perturbation/splits.hpp"
#include "data/profiles.hpp"

namespace cupel::perturbation {
namespace {

nlohmann::json read(const std::string& name) {
  std::ifstream file(std::string(CUPEL_TEST_DATA) + "/golden/perturbation/" + name);
  return nlohmann::json::parse(file);
}

TEST(LinearGolden, IsNumpys) {
  const auto golden = read("linear.json");
  const auto x = golden["profiles"].get<std::vector<std::vector<double>>>();
  const auto control = golden["control"].get<std::vector<double>>();
  const auto targets = golden["targets"].get<std::vector<std::size_t>>();
  const auto n_train = golden["n_train"].get<std::size_t>();
  auto profiles = std::make_shared<ProfileData>();
  Dataset data;
  data.targets = Matrix<double>(x.size(), control.size());
  data.entities.resize(2);
  data.entities[0].name = "perturbation";
  data.entities[1] = {.name = "context", .ids = {"all"}};
  profiles->controls = Matrix<double>(1, control.size());
  profiles->controls.values = control;
  for (std::size_t j = 0; j < control.size(); ++j) {
    profiles->genes.push_back("G" + std::to_string(100 + j));
  }
  data.output_names = profiles->genes;
  std::vector<std::string> names;
  for (const auto target : targets) names.push_back(profiles->genes[target]);
  data.entities[0].ids = names;
  std::sort(data.entities[0].ids.begin(), data.entities[0].ids.end());
  for (const auto& id : data.entities[0].ids) profiles->members.push_back({id});
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> test;
  for (std::uint32_t row = 0; row < x.size(); ++row) {
    std::copy(x[row].begin(), x[row].end(), data.targets.row(row).begin());
    const auto place =
        std::lower_bound(data.entities[0].ids.begin(), data.entities[0].ids.end(), names[row]);
    data.entities[0].code_of_sample.push_back(
        static_cast<std::uint32_t>(place - data.entities[0].ids.begin()));
    data.entities[1].code_of_sample.push_back(0);
    (row < n_train ? train : test).push_back(row);
  }
  profiles->target_genes.resize(x.size());
  data.profiles = profiles;
  Split split;
  split.role.assign(x.size(), Role::train);
  const auto model = make_baseline("linear", {{"dim", "4"}, {"ridge", "0.1"}}, data);
  const auto fitted =
      model->fit({.data = data, .train = train, .validation = {}, .split = split}, Context{});
  const auto predicted = fitted->predict(data, test, Context{}).values;
  const auto want = golden["predicted"].get<std::vector<std::vector<double>>>();
  for (std::size_t i = 0; i < test.size(); ++i) {
    for (std::size_t j = 0; j < control.size(); ++j) {
      EXPECT_NEAR(predicted[i * control.size() + j], want[i][j], 1e-10);
    }
  }
}

std::string_view word(GearsGroup group) {
  constexpr std::array<std::string_view, 5> kWords{"train", "unseen_single", "combo_seen0",
                                                   "combo_seen1", "combo_seen2"};
  return kWords[static_cast<std::size_t>(group)];
}

TEST(GearsGolden, IsTheDefinitionWithNumpysNumbers) {
  const auto golden = read("gears.json");
  std::vector<GearsPerturbation> perturbations;
  for (const auto& label : golden["perturbations"]) {
    GearsPerturbation one{.label = label.get<std::string>()};
    const auto plus = one.label.find('+');
    one.members = {one.label.substr(0, plus), one.label.substr(plus + 1)};
    std::erase(one.members, "ctrl");
    perturbations.push_back(std::move(one));
  }
  for (const auto& test_case : golden["cases"]) {
    const auto groups =
        gears_simulation(perturbations, 0.75, 0.75, test_case["seed"].get<std::uint32_t>());
    for (std::size_t i = 0; i < groups.size(); ++i) {
      EXPECT_EQ(word(groups[i]), test_case["group"][i].get<std::string>())
          << perturbations[i].label << ", seed " << test_case["seed"];
    }
  }
}

}  // namespace
}  // namespace cupel::perturbation
