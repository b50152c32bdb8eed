// Presets that compare mean profiles, on cells that are made up: what each rule does by hand, and
// what must change nothing.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "area/perturbation/cell_space.hpp"
#include "area/perturbation/preset_profiles.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"

namespace cupel::perturbation {
namespace {

struct Made {
  std::vector<std::string> labels;
  std::vector<std::vector<double>> rows;
};

std::unique_ptr<CellFile> file_of(const Made& made, std::vector<std::string> genes) {
  CellsInMemory cells{.gene_ids = std::move(genes)};
  Column column{.name = "condition"};
  for (const auto& label : made.labels) column.push_text(label);
  cells.obs.n_rows = made.rows.size();
  cells.obs.columns = {column};
  cells.x.is_sparse = false;
  cells.x.n_rows = made.rows.size();
  cells.x.n_cols = cells.gene_ids.size();
  for (const auto& row : made.rows) {
    cells.x.values.insert(cells.x.values.end(), row.begin(), row.end());
  }
  return cells_in_memory(std::move(cells));
}

std::vector<std::string> gene_names(std::size_t n) {
  std::vector<std::string> names;
  for (std::size_t g = 0; g < n; ++g) names.push_back("gene" + std::to_string(g));
  return names;
}

Made random_cells(std::size_t n_genes, std::uint64_t seed) {
  Rng rng(seed, "presets");
  Made made;
  for (const char* label : {"control", "A", "B", "C"}) {
    for (std::size_t i = 0; i < 12; ++i) {
      made.labels.emplace_back(label);
      auto& row = made.rows.emplace_back(n_genes);
      for (std::size_t g = 0; g < n_genes; ++g) {
        row[g] = rng.uniform() + (g % 4 == static_cast<std::size_t>(label[0] - 'A') ? 1.0 : 0.0);
      }
    }
  }
  return made;
}

using Scores = std::map<std::pair<std::string, std::string>, double>;  // metric, perturbation

Scores score(const std::string& name, const CellFile& truth, const CellFile& predicted,
             std::map<std::string, std::string> options = {}) {
  const auto result = preset(name).function({.truth = &truth,
                                             .predicted = &predicted,
                                             .group_by = "condition",
                                             .reference = "control",
                                             .scale = Scale::log1p,
                                             .options = std::move(options)},
                                            {.n_threads = 2});
  Scores scores;
  for (const auto& one : result.scores) scores[{one.metric, one.perturbation}] = one.value;
  return scores;
}

const std::vector<std::string> kPresets{"ahlmann", "systema",   "miller",  "perturbench",
                                        "gears",   "scperturb", "pertval", "cupel"};

TEST(ProfilePresets, AhlmannByHand) {
  const auto genes = gene_names(3);
  const auto truth =
      file_of({{"control", "control", "A"}, {{4, 0, 1}, {2, 2, 1}, {5, 1, 4}}}, genes);
  const auto predicted = file_of({{"A"}, {{4, -1, 1}}}, genes);
  // Control mean 3, 1, 1: the two highest genes are 0 and (first of equal ones) 1.
  const auto scores = score("ahlmann", *truth, *predicted, {{"genes", "top_control:2"}});
  EXPECT_DOUBLE_EQ(scores.at({"l2", "A"}), std::sqrt(1.0 + 4.0));
  // Changes: truth 2, 0; predicted 1, -2.
  EXPECT_DOUBLE_EQ(scores.at({"r2_delta", "A"}), 1.0);
  // The mean baseline is (A + control) / 2 = 4, 1: off by 1; no change: off by 2.
  EXPECT_DOUBLE_EQ(scores.at({"relative_l2_to_mean", ""}), std::sqrt(5.0));
  EXPECT_DOUBLE_EQ(scores.at({"relative_l2_to_no_change", ""}), std::sqrt(5.0) / 2.0);
  EXPECT_THROW(score("ahlmann", *truth, *predicted, {{"genes", "most"}}), Error);
  EXPECT_THROW(score("ahlmann", *truth, *predicted, {{"gene", "all"}}), Error);
}

TEST(ProfilePresets, NoChangeIsUndefinedOrZeroAsEachToolSays) {
  const auto genes = gene_names(2);
  const auto truth = file_of({{"control", "A", "B"}, {{1, 2}, {2, 2}, {1, 4}}}, genes);
  const auto predicted = file_of({{"A", "B"}, {{1, 2}, {1, 2}}}, genes);
  EXPECT_TRUE(std::isnan(score("ahlmann", *truth, *predicted).at({"r2_delta", "A"})));
  EXPECT_DOUBLE_EQ(score("gears", *truth, *predicted).at({"pearson_delta", "A"}), 0.0);
  const auto ours = score("cupel", *truth, *predicted);
  EXPECT_TRUE(std::isnan(ours.at({"pearson_delta", ""})));
  EXPECT_DOUBLE_EQ(ours.at({"discrimination_cosine", ""}), 0.5);
}

TEST(ProfilePresets, OrderOfCellsAndGenesChangesNothing) {
  constexpr std::size_t kGenes = 24;
  const Made truth = random_cells(kGenes, 1);
  const Made predicted = random_cells(kGenes, 2);
  const auto turned = [](Made made) {
    std::ranges::reverse(made.labels);
    std::ranges::reverse(made.rows);
    for (auto& row : made.rows) std::ranges::reverse(row);
    return made;
  };
  auto genes = gene_names(kGenes);
  const auto a = file_of(truth, genes);
  const auto b = file_of(predicted, genes);
  std::ranges::reverse(genes);
  const auto c = file_of(turned(truth), genes);
  const auto d = file_of(turned(predicted), genes);
  for (const auto& name : kPresets) {
    const Scores one = score(name, *a, *b);
    const Scores two = score(name, *c, *d);
    ASSERT_EQ(one.size(), two.size());
    for (const auto& [key, value] : one) {
      if (std::isnan(value)) {
        EXPECT_TRUE(std::isnan(two.at(key))) << name << " " << key.first;
      } else if (key.first.find("_low") == std::string::npos &&
                 key.first.find("_high") == std::string::npos) {
        EXPECT_NEAR(value, two.at(key), 1e-9) << name << " " << key.first << " " << key.second;
      }
    }
  }
}

TEST(ProfilePresets, MomentsOfTheRest) {
  Rng rng(5, "moments");
  std::vector<double> x(30);
  for (double& value : x) value = rng.normal();
  const auto moments = [](std::span<const double> values) {
    double mean = 0.0;
    for (const double value : values) mean += value / static_cast<double>(values.size());
    double squares = 0.0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    return std::pair{mean, squares / (static_cast<double>(values.size()) - 1.0)};
  };
  const auto [mean, variance] = moments(x);
  const auto [part_mean, part_variance] = moments(std::span(x).first(9));
  const auto [rest_mean, rest_variance] = moments(std::span(x).subspan(9));
  const RestMoments rest =
      rest_of({{&mean, 1}, {&variance, 1}, 30.0}, {{&part_mean, 1}, {&part_variance, 1}, 9.0});
  EXPECT_NEAR(rest.mean[0], rest_mean, 1e-14);
  EXPECT_NEAR(rest.variance[0], rest_variance, 1e-14);
}

// scipy.stats.ttest_ind_from_stats(1.5, 1, 8, 1, 2, 12, equal_var=False)
TEST(ProfilePresets, WelchFromMoments) {
  const std::vector<double> a{1.5, 0.0, 1.0};
  const std::vector<double> b{1.0, 0.0, 0.0};
  const std::vector<double> vb{2.0, 0.0, 0.0};
  const std::vector<double> variance_a{1.0, 0.0, 0.0};
  const MomentTest test = welch_from_moments({a, variance_a, 8.0}, {b, vb, 12.0});
  EXPECT_NEAR(test.statistic[0], 0.5 / std::sqrt(1.0 / 8.0 + 2.0 / 12.0), 1e-14);
  EXPECT_NEAR(test.p_value[0], 0.36686672953345134, 1e-12);
  EXPECT_EQ(test.statistic[1], 0.0);
  EXPECT_EQ(test.p_value[1], 1.0);
  EXPECT_TRUE(std::isinf(test.statistic[2]));
}

TEST(CellSpace, AllComponentsKeepDistances) {
  const Made made = random_cells(6, 3);
  const auto file = file_of(made, gene_names(6));
  const auto genes = read_space(*file, {}, {});
  const auto axes = read_space(*file, {.space = "pca:6"}, {});
  const std::vector<PointSet> sets{{12, 13, 14, 15, 16}, {24, 25, 26}};
  const PointSet reference{0, 1, 2, 3, 4, 5, 6};
  for (const char* variant : {"euclid-v", "euclid-u", "squared-v", "squared-u"}) {
    const auto v = parse_energy_variant(variant);
    const auto one = energy_distances(genes.points, sets, reference, v, {});
    const auto two = energy_distances(axes.points, sets, reference, v, {});
    EXPECT_NEAR(one[0], two[0], 1e-12) << variant;
    EXPECT_NEAR(one[1], two[1], 1e-12) << variant;
  }
  EXPECT_THROW(read_space(*file, {.space = "pca:7"}, {}), Error);
  EXPECT_THROW(read_space(*file, {.space = "pca:"}, {}), Error);
  EXPECT_THROW(read_space(*file, {.space = "umap"}, {}), Error);
  EXPECT_THROW(read_space(*file, {.space = "obsm:X_pca"}, {}), Error);
}

}  // namespace
}  // namespace cupel::perturbation
