// Presets against the tools they are named after, on pairs made from real data (CUPEL_MIRROR). The
// numbers come from make_golden_presets.py, which makes the same pairs.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "area/perturbation/presets.hpp"
#include "io/cells.hpp"

namespace cupel::perturbation {
namespace {

const Context kContext{.n_threads = 2};
constexpr double kTolerance = 1e-6;

struct Source {
  std::string file;
  std::string only_column;
  std::string only_value;
  std::string group;
  std::string control;
};

const std::map<std::string, Source>& sources() {
  static const std::map<std::string, Source> all = {
      {"devel", {"perturbench/devel.h5ad", "cell_type", "k562", "condition", "control"}},
      {"papalexi",
       {"sceptre_papalexi/papalexi2021_lowmoi_299genes_counts.h5ad", "", "", "perturbation",
        "non-targeting"}},
      {"datlinger",
       {"scperturb_datlinger/datlinger2021_tcr_2000genes_counts.h5ad", "perturbation_2",
        "stimulated", "target", "control"}},
      {"glioblastoma",
       {"lemur_glioblastoma/glioblastoma_panobinostat_300genes_counts.h5ad", "", "", "condition",
        "ctrl"}}};
  return all;
}

struct Pair {
  std::unique_ptr<CellFile> truth;
  std::unique_ptr<CellFile> predicted;
};

/// All rows of X.
CellBlock<double> all_rows(const CellFile& file) {
  CellBlock<double> all{.n_cols = file.n_genes(), .is_sparse = true, .row_begin = {0}};
  file.matrix("X").stream(
      {}, kContext, std::function<void(CellBlock<double>&)>([&](CellBlock<double>& block) {
        const auto offset = all.values.size();
        for (std::size_t i = 0; i < block.n_rows; ++i) {
          all.row_begin.push_back(offset + block.row_begin[i + 1]);
        }
        all.n_rows += block.n_rows;
        all.columns.insert(all.columns.end(), block.columns.begin(), block.columns.end());
        all.values.insert(all.values.end(), block.values.begin(), block.values.end());
      }));
  return all;
}

using Labelled = std::vector<std::pair<std::string, std::size_t>>;  // label, row

std::unique_ptr<CellFile> cells(const CellFile& file, const CellBlock<double>& x,
                                const Labelled& rows, const Source& source, double scale) {
  CellsInMemory out;
  out.gene_ids = file.gene_ids();
  out.is_wide = file.matrix("X").is_wide();
  out.x = {.n_rows = rows.size(), .n_cols = file.n_genes(), .is_sparse = true, .row_begin = {0}};
  Column labels{.name = source.group};
  for (const auto& [label, row] : rows) {
    labels.push_text(label);
    const double by = label == source.control ? 1.0 : scale;
    for (auto k = x.row_begin[row]; k < x.row_begin[row + 1]; ++k) {
      out.x.columns.push_back(x.columns[k]);
      out.x.values.push_back(x.values[k] * by);
    }
    out.x.row_begin.push_back(out.x.values.size());
  }
  out.obs.n_rows = rows.size();
  out.obs.columns.push_back(std::move(labels));
  return cells_in_memory(std::move(out));
}

Pair make_pair(const std::string& mirror, const Source& source, const std::string& kind) {
  const auto file = open_cells(mirror + "/perturbation/" + source.file, kContext);
  const Categories groups = file->obs_categories(source.group);
  const Categories only =
      source.only_column.empty() ? Categories{} : file->obs_categories(source.only_column);
  std::map<std::string, std::vector<std::size_t>> of_group;
  for (std::size_t i = 0; i < groups.code.size(); ++i) {
    if (!only.code.empty() && only.levels[only.code[i]] != source.only_value) continue;
    of_group[groups.levels[groups.code[i]]].push_back(i);
  }
  Labelled truth;
  std::map<std::string, std::vector<std::size_t>> odd;
  for (const auto& [label, rows] : of_group) {
    if (rows.size() < 6) continue;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i % 2 == 0) truth.emplace_back(label, rows[i]);
      if (i % 2 == 1) odd[label].push_back(rows[i]);
    }
  }
  std::vector<std::string> names;
  for (const auto& [label, rows] : odd) {
    if (label != source.control) names.push_back(label);
  }
  Labelled predicted;
  for (const auto& [label, rows] : odd) {
    const bool is_control = label == source.control;
    std::vector<std::size_t> from = rows;
    if (kind == "swapped" && !is_control) {
      const auto at = std::ranges::find(names, label) - names.begin();
      from = odd[names[(static_cast<std::size_t>(at) + 1) % names.size()]];
    }
    if (kind == "control" && !is_control) {
      const auto& pool = odd[source.control];
      for (std::size_t i = 0; i < from.size(); ++i) from[i] = pool[i % pool.size()];
    }
    for (const auto row : from) predicted.emplace_back(label, row);
  }
  const auto x = all_rows(*file);
  return {.truth = cells(*file, x, truth, source, 1.0),
          .predicted = cells(*file, x, predicted, source, kind == "shrunk" ? 0.5 : 1.0)};
}

using Scores = std::map<std::string, std::map<std::string, double>>;  // metric, perturbation

Scores scores_of(const Pair& pair, const Source& source, const std::string& tool,
                 std::map<std::string, std::string> options) {
  const ScoreRequest request{.truth = pair.truth.get(),
                             .predicted = pair.predicted.get(),
                             .group_by = source.group,
                             .reference = source.control,
                             .options = std::move(options)};
  Scores out;
  for (const auto& score : preset(tool).function(request, kContext).scores) {
    out[score.metric][score.perturbation] = score.value;
  }
  return out;
}

/// Where cupel has its own rule; docs/reference/perturbation_presets.md names each.
bool differs_by_rule(const std::string& tool, const std::string& item, const std::string& metric,
                     const std::string& perturbation) {
  if (metric == "clustering_agreement") return true;
  // The predicted change is exactly 0 but for the rounding of the tool's sums.
  return tool == "cell-eval" && item == "devel/control" &&
         (perturbation == "MAP4K3" || perturbation.empty()) &&
         (metric == "pearson_delta" || metric == "discrimination_score_cosine");
}

void compare(const std::string& tool, const std::string& file) {
  const char* mirror = std::getenv("CUPEL_MIRROR");
  if (mirror == nullptr) GTEST_SKIP() << "set CUPEL_MIRROR";
  std::ifstream in(std::string(CUPEL_TEST_DATA "/golden/area/") + file);
  const auto golden = nlohmann::json::parse(in);
  std::size_t n = 0;
  for (const auto& [item, metrics] : golden.items()) {
    SCOPED_TRACE(tool + " on " + item);
    const Source& source = sources().at(item.substr(0, item.find('/')));
    const Pair pair = make_pair(mirror, source, item.substr(item.find('/') + 1));
    std::map<std::string, std::string> options;
    if (tool == "cell-eval2" && item.starts_with("glio")) options["target_genes"] = "none";
    const Scores actual = scores_of(pair, source, tool, options);
    for (const auto& [metric, values] : metrics.items()) {
      for (const auto& [perturbation, value] : values.items()) {
        if (differs_by_rule(tool, item, metric, perturbation)) continue;
        ASSERT_TRUE(actual.contains(metric)) << metric;
        const auto found = actual.at(metric).find(perturbation);
        if (value.is_null()) {
          EXPECT_EQ(found, actual.at(metric).end()) << metric << " " << perturbation;
          continue;
        }
        ASSERT_NE(found, actual.at(metric).end()) << metric << " " << perturbation;
        ++n;
        if (value.is_string()) {
          EXPECT_TRUE(std::isnan(found->second)) << metric << " " << perturbation;
        } else {
          const double expected = value.get<double>();
          EXPECT_NEAR(found->second, expected, kTolerance * std::max(1.0, std::abs(expected)))
              << metric << " " << perturbation;
        }
      }
    }
  }
  EXPECT_GE(n, 3000U);
}

TEST(PresetsGolden, CellEvalEqualsTheTool) { compare("cell-eval", "presets_cell_eval.json"); }

TEST(PresetsGolden, CellEval2EqualsTheTool) { compare("cell-eval2", "presets_cell_eval2.json"); }

}  // namespace
}  // namespace cupel::perturbation
