// Presets against numpy, scanpy and scikit-learn on real cells (perturbation_presets.json, made by
// make_perturbation_presets.py), and the published numbers of Ahlmann-Eltze et al.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "area/perturbation/cell_space.hpp"
#include "area/perturbation/presets.hpp"
#include "io/csv.hpp"
#include "metric/energy_distance.hpp"
#include "metric/profile_metrics.hpp"
#include "stat/ratio.hpp"

namespace cupel::perturbation {
namespace {

namespace fs = std::filesystem;
const Context kContext{.n_threads = 2};
using Key = std::pair<std::string, std::string>;  // context, perturbation

fs::path folder() {
  const char* mirror = std::getenv("CUPEL_MIRROR");
  return mirror == nullptr ? fs::path() : fs::path(mirror) / "perturbation";
}

Column text_column(const std::string& name, const std::vector<std::string>& values) {
  Column column{.name = name};
  for (const auto& value : values) column.push_text(value);
  return column;
}

/// Dense rows with a label and a context each.
std::unique_ptr<CellFile> file_of(const std::vector<std::string>& genes,
                                  const std::vector<Key>& keys,
                                  const std::vector<std::vector<double>>& rows) {
  CellsInMemory cells{.gene_ids = genes};
  std::vector<std::string> contexts;
  std::vector<std::string> labels;
  for (const auto& [context, label] : keys) {
    contexts.push_back(context);
    labels.push_back(label);
  }
  cells.obs.n_rows = rows.size();
  cells.obs.columns = {text_column("cell_type", contexts), text_column("condition", labels)};
  cells.x.is_sparse = false;
  cells.x.n_rows = rows.size();
  cells.x.n_cols = genes.size();
  for (const auto& row : rows) {
    cells.x.values.insert(cells.x.values.end(), row.begin(), row.end());
  }
  return cells_in_memory(std::move(cells));
}

class RealPresets : public testing::Test {
 protected:
  void SetUp() override {
    if (folder().empty()) GTEST_SKIP() << "set CUPEL_MIRROR";
    if (!fs::exists(folder())) GTEST_SKIP() << folder() << " is not there";
    std::ifstream in(std::string(CUPEL_TEST_DATA) + "/real/area/perturbation_presets.json");
    golden_ = nlohmann::json::parse(in);
    truth_ = open_cells(folder() / "perturbench/devel.h5ad", kContext);
    predict();
  }

  /// control + 0.7 (p - control) + 0.3 (q - control), q the next label of the cell line.
  void predict() {
    const auto labels = truth_->obs_categories("condition");
    const auto lines = truth_->obs_categories("cell_type");
    const std::size_t n_genes = truth_->n_genes();
    std::map<std::string, std::map<std::string, std::pair<std::vector<double>, double>>> sums;
    truth_->matrix("X").stream(
        {}, kContext, std::function<void(CellBlock<double>&)>([&](CellBlock<double>& block) {
          for (std::size_t i = 0; i < block.n_rows; ++i) {
            const std::size_t row = block.first_row + i;
            auto& [sum, n] = sums[lines.levels[lines.code[row]]][labels.levels[labels.code[row]]];
            sum.resize(n_genes);
            n += 1.0;
            for (auto k = block.row_begin[i]; k < block.row_begin[i + 1]; ++k) {
              sum[block.columns[k]] += block.values[k];
            }
          }
        }));
    std::vector<Key> keys;
    std::vector<std::vector<double>> rows;
    for (auto& [line, of_line] : sums) {
      for (auto& [label, part] : of_line) {
        for (double& value : part.first) value /= part.second;
      }
      const auto control = of_line.at("control").first;
      of_line.erase("control");
      for (auto p = of_line.begin(); p != of_line.end(); ++p) {
        const auto q = std::next(p) == of_line.end() ? of_line.begin() : std::next(p);
        keys.emplace_back(line, p->first);
        auto& row = rows.emplace_back(n_genes);
        for (std::size_t g = 0; g < n_genes; ++g) {
          row[g] = control[g] + 0.7 * (p->second.first[g] - control[g]) +
                   0.3 * (q->second.first[g] - control[g]);
        }
      }
    }
    predicted_ = file_of(truth_->gene_ids(), keys, rows);
  }

  ScoreResult score(const std::string& name, std::map<std::string, std::string> options = {}) {
    return preset(name).function({.truth = truth_.get(),
                                  .predicted = predicted_.get(),
                                  .group_by = "condition",
                                  .reference = "control",
                                  .context = "cell_type",
                                  .scale = Scale::log1p,
                                  .options = std::move(options)},
                                 kContext);
  }

  void expect_golden(const std::string& name, const ScoreResult& result) {
    std::map<std::tuple<std::string, std::string, std::string>, double> ours;
    for (const auto& one : result.scores) {
      ours[{one.context, one.metric, one.perturbation}] = one.value;
    }
    std::size_t n = 0;
    for (const auto& [line, tables] : golden_.items()) {
      if (!tables.contains(name)) continue;
      for (const auto& [metric, values] : tables[name].items()) {
        // scanpy's scores are in single precision; a change of 0 may be rounded to either sign.
        const bool is_share = metric.starts_with("frac_correct_direction");
        const bool is_weighted = metric == "wmse" || metric.starts_with("weighted");
        for (const auto& [label, value] : values.items()) {
          const auto found = ours.find({line, metric, label});
          ASSERT_NE(found, ours.end()) << name << " " << line << " " << metric << " " << label;
          ++n;
          if (value.is_null()) {
            EXPECT_TRUE(std::isnan(found->second)) << name << " " << metric << " " << label;
            continue;
          }
          const double expected = value.get<double>();
          const double tolerance = is_share ? 0.0201 : (is_weighted ? 1e-6 : 1e-12);
          EXPECT_NEAR(found->second, expected, tolerance * std::max(1.0, std::abs(expected)))
              << name << " " << line << " " << metric << " " << label;
        }
      }
    }
    EXPECT_GT(n, 100U) << name;
  }

  nlohmann::json golden_;
  std::unique_ptr<CellFile> truth_;
  std::unique_ptr<CellFile> predicted_;
};

TEST_F(RealPresets, EqualTheDefinitions) {
  expect_golden("ahlmann", score("ahlmann", {{"genes", "top_control:100"}}));
  for (const std::string name : {"systema", "miller", "perturbench", "gears", "pertval"}) {
    expect_golden(name, score(name));
  }
}

TEST_F(RealPresets, TruthIsAPerfectPrediction) {
  predicted_ = open_cells(folder() / "perturbench/devel.h5ad", kContext);
  for (const auto& known : presets()) {
    if (known.name.starts_with("cell-eval") || known.name.starts_with("vcc")) continue;
    std::map<std::string, std::string> options;
    if (known.name == "scperturb") options = {{"space", "X"}, {"variant", "euclid-v"}};
    const ScoreResult result = score(known.name, options);
    std::map<std::string, double> perfect;
    for (const auto& metric : known.metrics) perfect[metric.name] = metric.perfect;
    for (const auto& one : result.scores) {
      // Less the noise of two means that are the same: below 0.
      if (one.metric == "mse_unbiased" || std::isnan(one.value)) continue;
      const auto wanted = perfect.find(one.metric);
      if (wanted == perfect.end() || std::isnan(wanted->second)) continue;
      EXPECT_NEAR(one.value, wanted->second, 1e-9)
          << known.name << " " << one.metric << " " << one.context << " " << one.perturbation;
    }
  }
}

TEST_F(RealPresets, TrainingPerturbationsAreAReferenceAndNotScored) {
  const ScoreResult result = preset("systema").function({.truth = truth_.get(),
                                                         .predicted = predicted_.get(),
                                                         .group_by = "condition",
                                                         .reference = "control",
                                                         .scale = Scale::log1p,
                                                         .train = {"KLF1", "no_such"}},
                                                        kContext);
  std::size_t n_scored = 0;
  for (const auto& one : result.scores) {
    EXPECT_NE(one.perturbation, "KLF1");
    n_scored += one.metric == "pearson_delta_pertref" && !one.perturbation.empty() ? 1 : 0;
  }
  EXPECT_EQ(n_scored, truth_->obs_categories("condition").levels.size() - 2);
}

TEST_F(RealPresets, EnergyDistances) {
  const auto space = read_space(*truth_, {}, kContext);
  const auto labels = truth_->obs_categories("condition");
  const auto lines = truth_->obs_categories("cell_type");
  for (std::uint32_t line = 0; line < lines.levels.size(); ++line) {
    std::vector<PointSet> sets(labels.levels.size());
    PointSet control;
    for (std::uint32_t i = 0; i < labels.code.size(); ++i) {
      if (lines.code[i] != line) continue;
      (labels.levels[labels.code[i]] == "control" ? control : sets[labels.code[i]]).push_back(i);
    }
    for (const char* name : {"euclid-v", "euclid-u", "squared-v", "squared-u"}) {
      const auto distance =
          energy_distances(space.points, sets, control, parse_energy_variant(name), kContext);
      const auto& expected = golden_[lines.levels[line]]["scperturb"][std::string("X ") + name];
      for (std::size_t p = 0; p < sets.size(); ++p) {
        if (!expected.contains(labels.levels[p])) continue;
        EXPECT_NEAR(distance[p], expected[labels.levels[p]].get<double>(), 1e-10)
            << name << " " << labels.levels[p];
      }
    }
  }
}

class Ahlmann : public testing::Test {
 protected:
  void SetUp() override {
    if (folder().empty()) GTEST_SKIP() << "set CUPEL_MIRROR";
    source_ = folder() / "ahlmann_eltze_source_data";
    if (!fs::exists(source_)) GTEST_SKIP() << source_ << " is not there";
  }
  Table read(const std::string& name) { return read_csv((source_ / name).string(), {}, kContext); }
  fs::path source_;
};

// 1,000 genes of CEBPE+CEBPB by nine methods: l2, r2, r2_delta as published, through the preset.
TEST_F(Ahlmann, PanelB) {
  const Table table = read("perturbation_prediction__Panel_B.csv");
  struct Method {
    std::vector<std::string> genes;
    std::vector<double> predicted;
    std::vector<double> observed;
    std::vector<double> control;
    double l2 = 0.0;
    double r2 = 0.0;
    double r2_delta = 0.0;
  };
  std::map<std::string, Method> methods;
  const auto number = [&](const char* column, std::size_t i) {
    const Column& of = table.at(column);
    if (of.type != ColumnType::text) return of.as_number(i);
    return of.is_missing(i) || of.text(i) == "NA" ? std::nan("") : std::stod(of.as_text(i));
  };
  for (std::size_t i = 0; i < table.n_rows; ++i) {
    Method& method = methods[table.at("method").as_text(i)];
    method.genes.push_back(table.at("gene_name").as_text(i));
    method.predicted.push_back(number("prediction", i));
    method.observed.push_back(number("observed", i));
    method.control.push_back(number("baseline", i));
    method.l2 = number("l2", i);
    method.r2 = number("r2", i);
    method.r2_delta = number("r2_delta", i);
  }
  ASSERT_EQ(methods.size(), 9U);
  for (auto& [name, method] : methods) {
    ASSERT_EQ(method.genes.size(), 1000U);
    for (std::size_t g = 0; g < 1000; ++g) method.genes[g] += "_" + std::to_string(g);
    const auto truth = file_of(method.genes, {{"", "ctrl"}, {"", "CEBPE+CEBPB"}},
                               {method.control, method.observed});
    const auto predicted = file_of(method.genes, {{"", "CEBPE+CEBPB"}}, {method.predicted});
    const auto result = preset("ahlmann").function({.truth = truth.get(),
                                                    .predicted = predicted.get(),
                                                    .group_by = "condition",
                                                    .reference = "ctrl",
                                                    .scale = Scale::log1p},
                                                   kContext);
    std::map<std::string, double> ours;
    for (const auto& one : result.scores) {
      if (!one.perturbation.empty()) ours[one.metric] = one.value;
    }
    EXPECT_NEAR(ours.at("l2"), method.l2, 1e-12) << name;
    EXPECT_NEAR(ours.at("r2"), method.r2, 1e-12) << name;
    if (std::isnan(method.r2_delta)) {
      EXPECT_TRUE(std::isnan(ours.at("r2_delta"))) << name;
    } else {
      EXPECT_NEAR(ours.at("r2_delta"), method.r2_delta, 1e-12) << name;
    }
    if (name == "additive_model") {
      EXPECT_NEAR(ours.at("l2"), 4.660790512540394, 1e-12);
      EXPECT_NEAR(ours.at("r2_delta"), 0.9270733511910139, 1e-12);
    }
  }
}

// Means of 310 doubles and of the singles as in the paper, and intervals of the relative L2. The
// interval's ends are those of 10,000 draws by numpy (default_rng(0)), to the noise of the draws.
TEST_F(Ahlmann, PanelsOfMeans) {
  std::map<std::pair<std::string, std::string>, std::map<std::string, double>> l2;
  const auto collect = [&](const std::string& file) {
    const Table table = read(file);
    for (std::size_t i = 0; i < table.n_rows; ++i) {
      if (table.at("train").as_text(i) == "train") continue;
      l2[{table.at("dataset_name").as_text(i), table.at("method").as_text(i)}]
        [table.at("perturbation").as_text(i) + "/" + table.at("seed").as_text(i)] =
            table.at("l2").as_number(i);
    }
  };
  collect("perturbation_prediction__Panel_A.csv");
  collect("single_perturbation_prediction__Panel_A.csv");
  const auto values = [&](const std::string& set, const std::string& method) {
    std::vector<double> out;
    for (const auto& [key, value] : l2.at({set, method})) out.push_back(value);
    return out;
  };
  const auto mean = [](const std::vector<double>& x) {
    double sum = 0.0;
    for (const double value : x) sum += value;
    return sum / static_cast<double>(x.size());
  };
  const std::string norman = "norman_from_scfoundation";
  for (const auto& [method, expected] : {std::pair<const char*, double>{"additive_model", 2.7658},
                                         {"geneformer", 3.4785},
                                         {"gears", 4.0956},
                                         {"scbert", 4.2793},
                                         {"uce", 4.2794},
                                         {"scgpt", 4.6159},
                                         {"scfoundation", 4.7216},
                                         {"no_change", 5.6165},
                                         {"cpa", 12.2047}}) {
    const auto of = values(norman, method);
    EXPECT_EQ(of.size(), 310U);
    EXPECT_NEAR(mean(of), expected, 5e-5) << method;
  }
  for (const auto& [set, of_mean, of_linear, of_gears, of_scgpt] :
       {std::tuple{"adamson", 3.9360, 4.0812, 3.8666, 4.9507},
        {"replogle_k562_essential", 4.1935, 4.0970, 4.0787, 4.4373},
        {"replogle_rpe1_essential", 5.5337, 5.3902, 6.1134, 5.9914}}) {
    EXPECT_NEAR(mean(values(set, "mean")), of_mean, 5e-5) << set;
    EXPECT_NEAR(mean(values(set, "lpm_selftrained")), of_linear, 5e-5) << set;
    EXPECT_NEAR(mean(values(set, "gears")), of_gears, 5e-5) << set;
    EXPECT_NEAR(mean(values(set, "scgpt")), of_scgpt, 5e-5) << set;
  }
  for (const auto& [set, method, baseline, value, low, high] : {
           std::tuple{"norman_from_scfoundation", "scgpt", "additive_model", 1.668933055661719,
                      1.600012, 1.739526},
           {"norman_from_scfoundation", "gears", "no_change", 0.729218467977176, 0.701733,
            0.758481},
           {"adamson", "gears", "mean", 0.9823664108033322, 0.945167, 1.013739},
           {"replogle_k562_essential", "lpm_selftrained", "mean", 0.9769962092426783, 0.958565,
            0.994300},
           {"replogle_rpe1_essential", "scgpt", "mean", 1.082705928004808, 1.059869, 1.105444},
       }) {
    const auto ratio = ratio_of_sums(values(set, method), values(set, baseline), 10000, 0);
    EXPECT_NEAR(ratio.value, value, 1e-12) << set << " " << method;
    EXPECT_NEAR(ratio.interval.low, low, 0.05 * (high - low)) << set << " " << method;
    EXPECT_NEAR(ratio.interval.high, high, 0.05 * (high - low)) << set << " " << method;
  }
}

}  // namespace
}  // namespace cupel::perturbation
