// What presets that compare two files of cells ask of them, and the totals of the two challenges.
#include "area/perturbation/presets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>

#include "cupel/error.hpp"
#include "io/cells.hpp"

namespace cupel::perturbation {
namespace {

using testing::HasSubstr;

struct Cell {
  std::string label;
  std::vector<double> values;
};

std::unique_ptr<CellFile> file_of(const std::vector<Cell>& cells,
                                  const std::vector<std::string>& genes) {
  CellsInMemory out{.source = "cells.h5ad"};
  out.gene_ids = genes;
  out.x = {.n_rows = cells.size(), .n_cols = genes.size(), .is_sparse = false};
  Column labels{.name = "condition"};
  for (const auto& cell : cells) {
    labels.push_text(cell.label);
    out.x.values.insert(out.x.values.end(), cell.values.begin(), cell.values.end());
  }
  out.obs.n_rows = cells.size();
  out.obs.columns.push_back(std::move(labels));
  return cells_in_memory(std::move(out));
}

/// Three perturbations that each move the gene of their name and another, twelve cells of each;
/// `strength` 1 = the truth.
std::vector<Cell> screen(double strength, bool counts) {
  std::vector<Cell> cells;
  for (const std::string label : {"A", "B", "C", "ctrl"}) {
    for (int i = 0; i < 12; ++i) {
      std::vector<double> values = {3.0 + i % 3,  5.0 + i % 4, 7.0 + i % 2, 20.0,
                                    11.0 + i % 5, 4.0 + i % 2, 6.0 + i % 3, 8.0 + i % 4};
      if (label != "ctrl") {
        const auto own = static_cast<std::size_t>(label[0] - 'A');
        values[own] += 16.0 * strength;
        values[own + 5] += 10.0 * strength;
      }
      if (!counts) {
        for (double& value : values) value = std::log1p(value * 0.37);
      }
      cells.push_back({label, values});
    }
  }
  return cells;
}

const std::vector<std::string> kGenes = {"A", "B", "C", "D", "E", "F", "G", "H"};

using Means = std::map<std::string, double>;

ScoreResult run(const std::string& name, const CellFile& truth, const CellFile& predicted,
                std::map<std::string, std::string> options = {}, unsigned n_threads = 1) {
  const ScoreRequest request{.truth = &truth,
                             .predicted = &predicted,
                             .group_by = "condition",
                             .reference = "ctrl",
                             .options = std::move(options)};
  return preset(name).function(request, Context{.n_threads = n_threads});
}

Means means(const ScoreResult& result) {
  Means out;
  for (const auto& score : result.scores) {
    if (score.perturbation.empty()) out[score.metric] = score.value;
  }
  return out;
}

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.message() + " | " + error.hint();
  }
  return "no error";
}

class OfPreset : public testing::TestWithParam<std::string> {};

TEST_P(OfPreset, TruthAsPredictionIsPerfect) {
  const auto truth = file_of(screen(1.0, true), kGenes);
  const auto result = run(GetParam(), *truth, *truth);
  const Means mean = means(result);
  for (const auto& metric : preset(GetParam()).metrics) {
    ASSERT_TRUE(mean.contains(metric.name)) << metric.name;
    const double value = mean.at(metric.name);
    if (std::isnan(metric.perfect) || std::isnan(value)) continue;
    if (metric.name.find("unbiased") != std::string::npos) {
      EXPECT_LT(value, 0.1) << metric.name;  // noise is taken out although there is none
    } else if (metric.name.find("adjusted") == std::string::npos) {
      EXPECT_NEAR(value, metric.perfect, 1e-9) << metric.name;
    }
  }
}

TEST_P(OfPreset, OrderOfGenesAndThreadsChangeNothing) {
  const auto truth = file_of(screen(1.0, true), kGenes);
  const auto predicted = file_of(screen(0.5, true), kGenes);
  std::vector<Cell> cells = screen(0.5, true);
  for (auto& cell : cells) std::ranges::reverse(cell.values);
  const auto reversed = file_of(cells, {"H", "G", "F", "E", "D", "C", "B", "A"});
  const auto one = run(GetParam(), *truth, *predicted);
  const auto two = run(GetParam(), *truth, *reversed, {}, 3);
  ASSERT_EQ(one.scores.size(), two.scores.size());
  for (std::size_t i = 0; i < one.scores.size(); ++i) {
    EXPECT_EQ(one.scores[i].metric, two.scores[i].metric);
    if (!std::isnan(one.scores[i].value)) {
      EXPECT_EQ(one.scores[i].value, two.scores[i].value) << one.scores[i].metric;
    }
  }
  EXPECT_NE(two.diagnostics.find("reordered_genes"), nullptr);
  EXPECT_EQ(one.diagnostics.find("reordered_genes"), nullptr);
}

TEST_P(OfPreset, EveryPerturbationHasToBePredicted) {
  auto cells = screen(1.0, true);
  const auto truth = file_of(cells, kGenes);
  std::erase_if(cells, [](const Cell& cell) { return cell.label == "B"; });
  const auto without = file_of(cells, kGenes);
  EXPECT_THAT(message_of([&] { run(GetParam(), *truth, *without); }),
              HasSubstr("1 of 3 perturbations have no predicted cells: B"));
  // One that only the prediction has is left out, and said.
  cells = screen(1.0, true);
  cells.push_back({"Z", {1, 2, 3, 4, 5, 6, 7, 8}});
  const auto result = run(GetParam(), *truth, *file_of(cells, kGenes));
  ASSERT_NE(result.diagnostics.find("only_predicted"), nullptr);
  for (const auto& score : result.scores) EXPECT_NE(score.perturbation, "Z");
}

TEST_P(OfPreset, GenesControlAndScaleAreChecked) {
  const auto truth = file_of(screen(1.0, true), kGenes);
  const auto other = file_of(screen(1.0, true), {"A", "B", "C", "D", "X", "F", "G", "H"});
  EXPECT_THAT(message_of([&] { run(GetParam(), *truth, *other); }),
              HasSubstr("1 of 8 are not predicted (E)"));
  auto cells = screen(1.0, true);
  std::erase_if(cells, [](const Cell& cell) { return cell.label == "ctrl"; });
  const auto no_control = file_of(cells, kGenes);
  EXPECT_THAT(message_of([&] { run(GetParam(), *no_control, *truth); }),
              HasSubstr("no control cells \"ctrl\""));
  cells = screen(1.0, true);
  cells[0].values[0] = -1.0;
  EXPECT_THAT(message_of([&] { run(GetParam(), *truth, *file_of(cells, kGenes)); }),
              HasSubstr("1 negative values"));
  cells[0].values[0] = 20.5;  // one fractional value among counts: mixed scales
  EXPECT_THAT(message_of([&] { run(GetParam(), *truth, *file_of(cells, kGenes)); }),
              HasSubstr("log1p"));
}

INSTANTIATE_TEST_SUITE_P(All, OfPreset,
                         testing::Values("cell-eval", "vcc2025", "cell-eval2", "vcc2026"),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(Presets, UnknownNameSuggestsTheNearest) {
  EXPECT_THAT(message_of([] { preset("cell-evl"); }), HasSubstr("did you mean cell-eval?"));
}

TEST(Presets, UnknownOptionIsRefused) {
  const auto truth = file_of(screen(1.0, true), kGenes);
  EXPECT_THAT(message_of([&] { run("cell-eval", *truth, *truth, {{"celing", "on"}}); }),
              HasSubstr("celing"));
}

TEST(Presets, OnlyCellEvalNeedsControlsInThePrediction) {
  auto cells = screen(1.0, true);
  const auto truth = file_of(cells, kGenes);
  std::erase_if(cells, [](const Cell& cell) { return cell.label == "ctrl"; });
  const auto predicted = file_of(cells, kGenes);
  EXPECT_THAT(message_of([&] { run("cell-eval", *truth, *predicted); }),
              HasSubstr("the prediction has no control cells"));
  EXPECT_NEAR(means(run("vcc2026", *truth, *predicted)).at("pds_cosine"), 1.0, 1e-12);
}

TEST(Presets, SkipLeavesMetricsOut) {
  const auto truth = file_of(screen(1.0, true), kGenes);
  const Means mean = means(run("cell-eval", *truth, *truth, {{"skip", "de+mse"}}));
  EXPECT_FALSE(mean.contains("mse"));
  EXPECT_TRUE(mean.contains("mae"));
  EXPECT_TRUE(mean.contains("mse_delta"));
}

TEST(Presets, CeilingIsSpearmanBrownOfHalves) {
  const auto truth = file_of(screen(1.0, true), kGenes);
  const Means mean = means(run("cell-eval", *truth, *truth, {{"ceiling", "on"}}));
  EXPECT_GT(mean.at("ceiling:pearson_delta"), 0.9);
  EXPECT_LE(mean.at("ceiling:pearson_delta"), 1.0);
  EXPECT_TRUE(std::isnan(mean.at("ceiling:mae")));
}

class Totals : public testing::Test {
 protected:
  void write(const std::string& text) { std::ofstream(path_) << text; }
  std::string path_ = testing::TempDir() + "cupel_baseline.csv";
};

TEST_F(Totals, Vcc2025IsTheMeanOfFlooredGains) {
  const auto truth = file_of(screen(1.0, true), kGenes);
  const auto predicted = file_of(screen(0.5, true), kGenes);
  const Means plain = means(run("vcc2025", *truth, *predicted));
  EXPECT_FALSE(plain.contains("total"));
  write("statistic,mae,discrimination_score_l1,overlap_at_N\ncount,3,3,3\nmean,0.0001,0.5,0.25\n");
  const Means mean = means(run("vcc2025", *truth, *predicted, {{"baseline", path_}}));
  EXPECT_DOUBLE_EQ(mean.at("scaled:mae"), 0.0);  // far worse than the baseline costs nothing
  const double pds = (mean.at("discrimination_score_l1") - 0.5) / 0.5;
  const double des = std::max(0.0, (mean.at("overlap_at_N") - 0.25) / 0.75);
  EXPECT_NEAR(mean.at("scaled:discrimination_score_l1"), pds, 1e-12);
  EXPECT_NEAR(mean.at("total"), (pds + des) / 3.0, 1e-12);
}

TEST_F(Totals, BaselineWithoutTheMetricIsRefused) {
  const auto truth = file_of(screen(1.0, true), kGenes);
  write("perturbation,context,metric,value\n,,mae,0.1\n");
  EXPECT_THAT(message_of([&] { run("vcc2025", *truth, *truth, {{"baseline", path_}}); }),
              HasSubstr("no mean of"));
}

TEST(Presets, Vcc2026WantsCounts) {
  const auto truth = file_of(screen(1.0, false), kGenes);
  EXPECT_THAT(message_of([&] { run("vcc2026", *truth, *truth); }), HasSubstr("raw counts"));
  EXPECT_GT(means(run("cell-eval2", *truth, *truth)).at("pds_cosine"), 0.99);
}

TEST(Presets, LabelsWithoutGenesMustBeDeclared) {
  auto cells = screen(1.0, true);
  for (auto& cell : cells) {
    if (cell.label != "ctrl") cell.label = "guide-" + cell.label;
  }
  const auto truth = file_of(cells, kGenes);
  EXPECT_THAT(message_of([&] { run("vcc2026", *truth, *truth); }), HasSubstr("target_genes=none"));
  EXPECT_NO_THROW(run("vcc2026", *truth, *truth, {{"target_genes", "none"}}));
}

}  // namespace
}  // namespace cupel::perturbation
