/// What twins change in the data that the model is given, and what they leave.
#include "model/twin.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "area/drug_response/baselines.hpp"
#include "cupel/error.hpp"
#include "ligand_toy.hpp"
#include "model/function_predictor.hpp"
#include "simd/packed_bits.hpp"
#include "toy.hpp"

namespace cupel {
namespace {

/// A model that keeps a copy of the data it was fitted on.
struct Spy {
  std::shared_ptr<Dataset> seen = std::make_shared<Dataset>();
  std::unique_ptr<Predictor> predictor = make_predictor(
      {.name = "spy",
       .sees = {"targets", "cell_features", "drug_features"},
       .is_model = true,
       .trainable = true},
      [seen = seen](const FitRequest& request, const Context&) -> PredictFunction {
        *seen = request.data;
        return [](const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
          Prediction prediction;  // says what it is given: the first feature of the cell
          for (const auto row : rows) {
            prediction.values.push_back(static_cast<double>(
                data.entities[1].features[0].values(data.entities[1].code_of_sample[row], 0)));
          }
          return prediction;
        };
      });
};

std::map<std::vector<float>, std::uint32_t> rows_of(const FeatureBlock& block) {
  std::map<std::vector<float>, std::uint32_t> out;
  for (std::uint32_t i = 0; i < block.values.rows; ++i) {
    const auto row = block.values.row(i);
    out[{row.begin(), row.end()}] = i;
  }
  return out;
}

TEST(twin, permutes_within_training_and_within_the_rest) {
  Dataset data = toy::dataset({});
  data.entities[1].features[0].present[7] = 0;
  const auto cut = toy::blind(data, "cell");  // codes 0, 5, 10, ... are test only
  const Spy spy;
  const auto twin = make_twin(*spy.predictor, {.view = "cell.expression", .draw = 2});
  EXPECT_EQ(twin->info().name, "spy~permuted.cell.expression.2");
  EXPECT_EQ(twin->info().twin_of, "spy");
  EXPECT_EQ(twin->info().sees, (Information{"targets", "cell_id", "drug_features"}));
  const auto prediction = toy::predict(*twin, data, cut);
  const auto from = rows_of(data.entities[1].features[0]);
  const auto& altered = spy.seen->entities[1].features[0];
  ASSERT_EQ(rows_of(altered).size(), from.size());  // nothing lost, nothing twice
  for (std::uint32_t c = 0; c < altered.values.rows; ++c) {
    const auto row = altered.values.row(c);
    const std::uint32_t source = from.at({row.begin(), row.end()});
    EXPECT_EQ(source % 5 == 0, c % 5 == 0);
    EXPECT_EQ(source == c, c == 7) << "only the line without the view keeps its row";
  }
  EXPECT_EQ(spy.seen->entities[0].features[0].values.values,
            data.entities[0].features[0].values.values);
  for (std::size_t i = 0; i < cut.test.size(); ++i) {  // predicts on the altered copy too
    EXPECT_EQ(prediction[i], altered.values(data.entities[1].code_of_sample[cut.test[i]], 0));
  }
}

TEST(twin, draws_differ_and_repeat) {
  const Dataset data = toy::dataset({});
  const auto cut = toy::mixed(data);
  const Spy spy;
  for (const auto kind : {TwinKind::permuted, TwinKind::random}) {
    const auto fit = [&](std::uint32_t draw) {
      const auto twin =
          make_twin(*spy.predictor, {.kind = kind, .view = "cell.expression", .draw = draw});
      toy::predict(*twin, data, cut);
      return spy.seen->entities[1].features[0].values.values;
    };
    const auto first = fit(0);
    EXPECT_NE(first, fit(1));
    EXPECT_EQ(first, fit(0));
  }
}

TEST(twin, single_view_constant_randomises_all_others_at_once) {
  Dataset data = toy::dataset({});
  for (const char* name : {"mutation", "copy_number"}) {
    data.entities[1].features.push_back(toy::block(name, 30, 5, true, 4));
  }
  const auto cut = toy::mixed(data);
  const Spy spy;
  const auto twin = make_twin(*spy.predictor, {.mode = TwinMode::svcc, .view = "cell.expression"});
  EXPECT_EQ(twin->info().name, "spy~permuted.all_but.cell.expression.0");
  EXPECT_TRUE(twin->info().sees.contains("cell_features"));
  toy::predict(*twin, data, cut);
  const auto& before = data.entities[1].features;
  const auto& after = spy.seen->entities[1].features;
  EXPECT_EQ(before[0].values.values, after[0].values.values);
  EXPECT_NE(before[1].values.values, after[1].values.values);
  EXPECT_NE(before[2].values.values, after[2].values.values);
  const auto used =
      make_twin(*spy.predictor, {.mode = TwinMode::svcc,
                                 .view = "cell.expression",
                                 .views_in_use = {"cell.expression", "cell.mutation"}});
  toy::predict(*used, data, cut);
  EXPECT_EQ(before[2].values.values, spy.seen->entities[1].features[2].values.values);
}

TEST(twin, identifiers_are_one_per_entity) {
  const Dataset data = toy::dataset({});
  const Spy spy;
  const auto twin = make_twin(
      *spy.predictor,
      {.kind = TwinKind::identifiers, .mode = TwinMode::svrd, .view = "drug.fingerprint"});
  toy::predict(*twin, data, toy::mixed(data));
  const auto& block = spy.seen->entities[0].features[0];
  EXPECT_EQ(rows_of(block).size(), 12U);
  EXPECT_EQ(block.values.cols, 12U);
}

TEST(twin, refuses_what_makes_no_sense) {
  const Dataset data = toy::dataset({});
  const Spy spy;
  const auto usage = [](auto&& call) {
    try {
      call();
      return false;
    } catch (const Error& error) {
      return error.kind() == ErrorKind::usage;
    }
  };
  EXPECT_TRUE(usage(
      [&] { make_twin(*spy.predictor, {.mode = TwinMode::svrd, .view = "cell.expression"}); }));
  EXPECT_TRUE(usage([&] { parse_twin_kind("shuffled"); }));
  EXPECT_TRUE(usage([&] {
    toy::predict(*make_twin(*spy.predictor, {.view = "cell.methylation"}), data, toy::mixed(data));
  }));
  EXPECT_TRUE(usage([&] {  // the only view of the cell line is kept: nothing is left to randomise
    toy::predict(*make_twin(*spy.predictor, {.mode = TwinMode::svcc, .view = "cell.expression"}),
                 data, toy::mixed(data));
  }));
  const auto fixed = make_predictor({.name = "file"}, {});
  EXPECT_TRUE(usage([&] { make_twin(*fixed, {.view = "cell.expression"}); }));
  EXPECT_EQ(parse_twin_mode("svcd"), TwinMode::svcd);
}

TEST(label_null, keeps_the_targets_of_every_drug_and_leaves_test_rows_alone) {
  const Dataset data = toy::dataset({});
  const auto cut = toy::mixed(data);
  const Spy spy;
  const auto null = make_label_null(*spy.predictor, {});
  EXPECT_EQ(null->info().name, "spy~labels.drug.0");
  toy::predict(*null, data, cut);
  const auto& drug = data.entities[0].code_of_sample;
  std::map<std::uint32_t, std::multiset<double>> before;
  std::map<std::uint32_t, std::multiset<double>> after;
  std::size_t n_moved = 0;
  for (const auto row : cut.train) {
    before[drug[row]].insert(data.target(row));
    after[drug[row]].insert(spy.seen->target(row));
    n_moved += data.target(row) != spy.seen->target(row);
  }
  EXPECT_EQ(before, after);
  EXPECT_GT(n_moved, cut.train.size() / 2);
  for (const auto row : cut.test) EXPECT_EQ(data.target(row), spy.seen->target(row));
}

/// The point of it all: where expression matters, cell-blind, the real model beats its twin.
TEST(twin, of_a_model_that_learned_is_worse_where_the_cell_line_is_new) {
  const Dataset data = toy::dataset({.n_drugs = 20, .n_cells = 120, .noise = 0.1});
  const auto cut = toy::blind(data, "cell");
  const auto model = drug_response::make_reference("ridge", "ridge", {}, {}, data);
  const auto real = toy::r2(data, cut, toy::predict(*model, data, cut));
  const auto permuted = make_twin(*model, {.view = "cell.expression"});
  const auto twin = toy::r2(data, cut, toy::predict(*permuted, data, cut));
  const auto null = make_label_null(*model, {});
  EXPECT_GT(real, 0.85);
  EXPECT_GT(real, twin + 0.15);
  EXPECT_GT(real, toy::r2(data, cut, toy::predict(*null, data, cut)) + 0.15);
}

/// Ligands of two tasks, of which a fold is about the first: 0-19 train, 20-29 test, 30-39 others.
struct LigandSpy {
  std::shared_ptr<Dataset> seen = std::make_shared<Dataset>();
  std::unique_ptr<Predictor> predictor = make_predictor(
      {.name = "spy", .sees = {"targets", "fingerprint"}, .is_model = true, .trainable = true},
      [seen = seen](const FitRequest& request, const Context&) -> PredictFunction {
        *seen = request.data;
        return [](const Dataset&, std::span<const std::uint32_t> rows, const Context&) {
          return Prediction{.values = std::vector<double>(rows.size(), 0.0)};
        };
      });
  Dataset data = toy::ligands(40);
  std::vector<std::uint32_t> train = toy::range(0, 20);
  Split split{.task = "first"};

  LigandSpy() {
    split.role.assign(40, Role::left_out);
    for (std::size_t i = 0; i < 30; ++i) split.role[i] = i < 20 ? Role::train : Role::test;
  }
  const Dataset& altered(const Predictor& twin) {
    const FitRequest request{data, train, {}, split, 1};
    (void)twin.fit(request, {});
    return *seen;
  }
};

std::vector<std::uint64_t> bits_of(const FeatureBlock& block, std::uint32_t id) {
  const auto row = block.bits->row(id);
  return {row.begin(), row.end()};
}

TEST(twin, packed_bits_move_within_training_and_test_of_the_task) {
  LigandSpy spy;
  const auto twin = make_twin(*spy.predictor, {.view = "ligand.fingerprint"});
  EXPECT_EQ(twin->info().name, "spy~permuted.ligand.fingerprint.0");
  const FeatureBlock& before = spy.data.entities[0].features[0];
  const FeatureBlock& after = spy.altered(*twin).entities[0].features[0];
  std::map<std::vector<std::uint64_t>, std::uint32_t> from;
  for (std::uint32_t i = 0; i < 40; ++i) from[bits_of(before, i)] = i;
  ASSERT_EQ(from.size(), 40U);
  std::set<std::uint32_t> used;
  for (std::uint32_t i = 0; i < 40; ++i) {
    const std::uint32_t source = from.at(bits_of(after, i));
    EXPECT_TRUE(used.insert(source).second);
    EXPECT_EQ(source < 20, i < 20) << source;
    EXPECT_EQ(source < 30, i < 30) << source;
    EXPECT_EQ(source == i, i >= 30) << "ligands of the other task keep theirs, nobody else";
  }
  EXPECT_EQ(spy.seen->entities[0].features[1].bits, spy.data.entities[0].features[1].bits);
  EXPECT_EQ(spy.seen->entities[0].features[2].values.values,
            spy.data.entities[0].features[2].values.values);
}

TEST(twin, random_bits_have_their_share_in_training_and_stay_bits) {
  LigandSpy spy;
  const auto twin =
      make_twin(*spy.predictor, {.kind = TwinKind::random, .view = "ligand.fingerprint"});
  const FeatureBlock& before = spy.data.entities[0].features[0];
  const FeatureBlock& after = spy.altered(*twin).entities[0].features[0];
  ASSERT_NE(after.bits, nullptr);
  EXPECT_TRUE(after.binary);
  std::size_t n_before = 0;
  std::size_t n_after = 0;
  for (std::uint32_t id = 0; id < 20; ++id) {
    EXPECT_NE(bits_of(after, id), bits_of(before, id));
    for (std::size_t bit = 0; bit < 128; ++bit) {
      n_before += before.bits->test(id, bit) ? 1 : 0;
      n_after += after.bits->test(id, bit) ? 1 : 0;
    }
  }
  EXPECT_NEAR(static_cast<double>(n_after), static_cast<double>(n_before), 60.0);  // 4 sd
  EXPECT_EQ(bits_of(after, 35), bits_of(before, 35));
}

TEST(twin, identifiers_of_packed_views_are_packed) {
  LigandSpy spy;
  const auto twin =
      make_twin(*spy.predictor, {.kind = TwinKind::identifiers, .view = "ligand.maccs"});
  const FeatureBlock& after = spy.altered(*twin).entities[0].features[1];
  ASSERT_NE(after.bits, nullptr);
  EXPECT_EQ(after.bits->n_bits, 40U);
  for (std::uint32_t id = 0; id < 40; ++id) {
    for (std::size_t bit = 0; bit < 40; ++bit) EXPECT_EQ(after.bits->test(id, bit), bit == id);
  }
}

TEST(twin, all_but_keeps_one_view_of_any_entity) {
  LigandSpy spy;
  const auto twin =
      make_twin(*spy.predictor, {.mode = TwinMode::all_but,
                                 .view = "ligand.physchem",
                                 .views_in_use = {"ligand.fingerprint", "ligand.physchem"}});
  EXPECT_EQ(twin->info().name, "spy~permuted.all_but.ligand.physchem.0");
  const auto& before = spy.data.entities[0].features;
  const auto& after = spy.altered(*twin).entities[0].features;
  EXPECT_NE(bits_of(after[0], 0), bits_of(before[0], 0));
  EXPECT_EQ(after[1].bits, before[1].bits) << "the model does not read it";
  EXPECT_EQ(after[2].values.values, before[2].values.values);
}

TEST(twin, permuted_labels_of_all_training_rows) {
  LigandSpy spy;
  const auto twin = make_label_null(*spy.predictor, {.within = "", .draw = 3});
  EXPECT_EQ(twin->info().name, "spy~labels.3");
  auto before = spy.data.targets.values;
  auto after = spy.altered(*twin).targets.values;
  EXPECT_TRUE(std::equal(before.begin() + 20, before.end(), after.begin() + 20));
  EXPECT_NE(before, after);
  std::sort(before.begin(), before.begin() + 20);
  std::sort(after.begin(), after.begin() + 20);
  EXPECT_EQ(before, after);
}

}  // namespace
}  // namespace cupel
