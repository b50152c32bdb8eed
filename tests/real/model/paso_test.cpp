/// The baselines on GDSC2 with the published folds of PASO (CUPEL_MIRROR/drug_response): the
/// numbers that drevalpy 1.4 prints for the same rows, and what the identities alone can reach.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "area/drug_response/baselines.hpp"
#include "io/csv.hpp"

namespace cupel {
namespace {

using drug_response::make_baseline;

struct Paso {
  Dataset data;
  std::map<std::string, std::vector<std::int64_t>> fold;  ///< mixed, cell_blind, drug_blind
};

Entity entity_from(const Column& column, const char* name) {
  Entity entity{.name = name};
  std::set<std::string> ids;
  for (std::size_t r = 0; r < column.size(); ++r) ids.insert(column.as_text(r));
  entity.ids.assign(ids.begin(), ids.end());
  for (std::size_t r = 0; r < column.size(); ++r) {
    const auto found = std::lower_bound(entity.ids.begin(), entity.ids.end(), column.as_text(r));
    entity.code_of_sample.push_back(static_cast<std::uint32_t>(found - entity.ids.begin()));
  }
  return entity;
}

/// Tissue descriptor 1 of every line, by COSMIC id; unknown for lines without one.
LabelBlock tissues(const Table& responses, const Table& lines, const Entity& cell) {
  std::map<std::int64_t, std::string> of_cosmic;
  for (std::size_t r = 0; r < lines.n_rows; ++r) {
    if (lines.at("tissue1").is_missing(r)) continue;
    of_cosmic[static_cast<std::int64_t>(lines.at("COSMIC_ID").as_number(r))] =
        lines.at("tissue1").as_text(r);
  }
  std::vector<std::string> of_cell(cell.ids.size());
  std::set<std::string> levels;
  for (std::size_t r = 0; r < responses.n_rows; ++r) {
    if (responses.at("COSMIC_ID").is_missing(r)) continue;
    const auto cosmic = static_cast<std::int64_t>(responses.at("COSMIC_ID").as_number(r));
    if (!of_cosmic.contains(cosmic)) continue;
    of_cell[cell.code_of_sample[r]] = of_cosmic[cosmic];
    levels.insert(of_cosmic[cosmic]);
  }
  LabelBlock block{.name = "tissue", .levels = {levels.begin(), levels.end()}};
  for (const auto& tissue : of_cell) {
    const auto found = std::find(block.levels.begin(), block.levels.end(), tissue);
    block.code.push_back(found == block.levels.end()
                             ? LabelBlock::kUnknown
                             : static_cast<std::uint32_t>(found - block.levels.begin()));
  }
  return block;
}

Paso load(const std::filesystem::path& folder) {
  const Table responses = read_csv(folder / "gdsc2_paso_response_folds.csv.gz", {}, {});
  const Table lines = read_csv(folder / "gdsc_cell_lines.csv", {}, {});
  Paso paso;
  paso.data.targets = Matrix<double>(responses.n_rows, 1);
  for (std::size_t r = 0; r < responses.n_rows; ++r) {
    paso.data.targets(r, 0) = responses.at("LN_IC50").as_number(r);
  }
  paso.data.entities = {entity_from(responses.at("drug"), "drug"),
                        entity_from(responses.at("cell_line"), "cell")};
  paso.data.entities[1].labels.push_back(tissues(responses, lines, paso.data.entities[1]));
  for (const char* scheme : {"mixed", "cell_blind", "drug_blind"}) {
    paso.fold[scheme] = responses.at("fold_" + std::string(scheme)).integers;
  }
  return paso;
}

class PasoFolds : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const char* mirror = std::getenv("CUPEL_MIRROR");
    if (mirror != nullptr) paso = new Paso(load(std::filesystem::path(mirror) / "drug_response"));
  }
  static void TearDownTestSuite() {
    delete paso;
    paso = nullptr;
  }
  void SetUp() override {
    if (paso == nullptr) GTEST_SKIP() << "set CUPEL_MIRROR to the folder with the data sets";
  }

  struct Fold {
    Split split;
    std::vector<std::uint32_t> train;
    std::vector<std::uint32_t> test;
  };
  static Fold fold_of(const std::string& scheme, std::int64_t number) {
    Fold fold;
    fold.split.name = scheme;
    if (scheme != "mixed") fold.split.blind_to = {scheme.substr(0, scheme.find('_'))};
    for (std::uint32_t row = 0; row < paso->data.n_samples(); ++row) {
      (paso->fold[scheme][row] == number ? fold.test : fold.train).push_back(row);
    }
    return fold;
  }
  static std::vector<double> predict(const std::string& name, const Fold& fold) {
    return make_baseline(name, {}, paso->data)
        ->fit({paso->data, fold.train, {}, fold.split, 0}, {})
        ->predict(paso->data, fold.test, {})
        .values;
  }
  static double r2(const Fold& fold, const std::vector<double>& prediction) {
    double mean = 0.0;
    for (const auto row : fold.test) mean += paso->data.target(row);
    mean /= static_cast<double>(fold.test.size());
    double error = 0.0;
    double total = 0.0;
    for (std::size_t i = 0; i < fold.test.size(); ++i) {
      error += std::pow(paso->data.target(fold.test[i]) - prediction[i], 2);
      total += std::pow(paso->data.target(fold.test[i]) - mean, 2);
    }
    return 1.0 - error / total;
  }
  static double mean_r2(const std::string& name, const std::string& scheme) {
    double sum = 0.0;
    for (std::int64_t f = 0; f < 10; ++f) {
      const Fold fold = fold_of(scheme, f);
      sum += r2(fold, predict(name, fold)) / 10.0;
    }
    return sum;
  }

  static Paso* paso;
};
Paso* PasoFolds::paso = nullptr;

TEST_F(PasoFolds, naive_predictors_are_drevalpys_to_seven_digits) {
  const Fold fold = fold_of("mixed", 0);
  EXPECT_NEAR(r2(fold, predict("drug_mean", fold)), 0.7053063, 1e-7);
  EXPECT_NEAR(r2(fold, predict("additive", fold)), 0.8155616, 1e-7);

  // drevalpy takes lines of unknown tissue for a tissue, and gives the global mean where the drug
  // was not measured in the tissue; ours gives the drug's mean for both.
  EXPECT_NEAR(r2(fold, predict("tissue_drug_mean", fold)), 0.7667822, 1e-7);
  Paso theirs = *paso;
  LabelBlock& tissue = theirs.data.entities[1].labels[0];
  tissue.levels.emplace_back("~unknown");
  for (auto& code : tissue.code) {
    if (code == LabelBlock::kUnknown) code = static_cast<std::uint32_t>(tissue.levels.size() - 1);
  }
  const LabelBlock with_unknown = tissue;
  std::swap(*paso, theirs);
  auto values = predict("tissue_drug_mean", fold);
  std::swap(*paso, theirs);
  const auto& drug = paso->data.entities[0].code_of_sample;
  const auto& cell = paso->data.entities[1].code_of_sample;
  const double mu = predict("global_mean", fold).front();
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  for (const auto row : fold.train) seen.insert({with_unknown.code[cell[row]], drug[row]});
  for (std::size_t i = 0; i < fold.test.size(); ++i) {
    if (!seen.contains({with_unknown.code[cell[fold.test[i]]], drug[fold.test[i]]})) values[i] = mu;
  }
  EXPECT_NEAR(r2(fold, values), 0.7666929, 1e-7);
}

TEST_F(PasoFolds, identities_alone_reach_0_90_in_the_mixed_set) {
  const double factorisation = mean_r2("id_factorisation", "mixed");
  EXPECT_GT(factorisation, 0.898);
  EXPECT_LT(factorisation, 0.915);
  EXPECT_NEAR(mean_r2("additive_ls", "mixed"), 0.812, 0.002);
}

TEST_F(PasoFolds, tissue_x_drug_is_the_bar_for_new_cell_lines) {
  EXPECT_NEAR(mean_r2("tissue_drug_mean", "cell_blind"), 0.764, 0.003);
  EXPECT_LT(mean_r2("drug_mean", "cell_blind"), 0.72);
}

TEST_F(PasoFolds, an_id_model_knows_no_more_than_a_mean_of_what_it_has_not_seen) {
  const Fold cells = fold_of("cell_blind", 0);
  EXPECT_NEAR(r2(cells, predict("id_factorisation", cells)), r2(cells, predict("drug_mean", cells)),
              0.01);
  const Fold drugs = fold_of("drug_blind", 0);
  EXPECT_NEAR(r2(drugs, predict("id_factorisation", drugs)), r2(drugs, predict("cell_mean", drugs)),
              0.02);
}

}  // namespace
}  // namespace cupel
