#include "verdict/protocol.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "metric/metric.hpp"
#include "toy.hpp"

namespace cupel {
namespace {

// A predictor that only carries a name: the runs below are put together by hand.
class Named final : public Predictor {
 public:
  explicit Named(std::string name) {
    info_.name = name;
    info_.title = std::move(name);
    info_.is_model = true;
    info_.rung = Rung::model;
  }
  [[nodiscard]] const PredictorInfo& info() const noexcept override { return info_; }
  [[nodiscard]] std::unique_ptr<Fitted> fit(const FitRequest&, const Context&) const override {
    return nullptr;
  }

 private:
  PredictorInfo info_;
};

// A run with one model whose prediction is f(truth) on a test fold that is every third pair.
template <typename F>
StudyRun run_with(Dataset data, const F& predict) {
  StudyRun run;
  run.area = &find_area("drug_response");
  run.data = std::move(data);
  run.study.models = {{.name = "model"}};
  run.predictors.push_back(std::make_unique<Named>("model"));
  SplitResult split{.name = "mixed"};
  Split fold{.name = "mixed", .scheme = "mixed"};
  fold.role.assign(run.data.n_samples(), Role::train);
  fold.reason.assign(run.data.n_samples(), 0);
  fold.reasons = {""};
  for (std::uint32_t i = 0; i < run.data.n_samples(); ++i) {
    const auto pair =
        run.data.entities[0].code_of_sample[i] * 1000U + run.data.entities[1].code_of_sample[i];
    if (pair % 3 != 0) continue;
    fold.role[i] = Role::test;
    split.rows.push_back(i);
    split.fold.push_back(0);
    split.truth.push_back(run.data.target(i));
  }
  split.fold_begin = {0, split.rows.size()};
  split.folds = {fold};
  Entry entry;
  for (std::size_t i = 0; i < split.rows.size(); ++i)
    entry.values.push_back(predict(split.truth[i], i));
  split.entries = {entry};
  run.splits.push_back(std::move(split));
  return run;
}

const ProtocolNote* find_note(const std::vector<ProtocolNote>& notes, const std::string& code) {
  for (const auto& note : notes) {
    if (note.code == code) return &note;
  }
  return nullptr;
}

std::vector<ProtocolNote> check(const StudyRun& run) {
  return check_protocol(run, estimate_noise(run.data));
}

TEST(Protocol, AnHonestModelRaisesNothingSerious) {
  Rng rng(3, "honest");
  const auto notes = check(run_with(toy::crossed(0.5, 2),
                                    [&](double y, std::size_t) { return y + 0.7 * rng.normal(); }));
  for (const auto& note : notes) EXPECT_NE(note.severity, Severity::serious) << note.code;
}

TEST(Protocol, BetterThanTheNoiseHasSeenTheTestValues) {
  Rng rng(3, "leak");
  const auto notes = check(run_with(toy::crossed(0.5, 2),
                                    [&](double y, std::size_t) { return y + 0.2 * rng.normal(); }));
  const ProtocolNote* note = find_note(notes, "better_than_noise");
  ASSERT_NE(note, nullptr);
  EXPECT_EQ(note->severity, Severity::serious);
  EXPECT_EQ(note->model, "model");
}

TEST(Protocol, CopiesOfATenthOfTheRowsAreSeen) {
  Rng rng(3, "copies");
  const auto notes = check(run_with(toy::crossed(0.5, 2), [&](double y, std::size_t i) {
    return i % 4 == 0 ? y : y + 0.8 * rng.normal();
  }));
  EXPECT_NE(find_note(notes, "copied_test_rows"), nullptr);
  EXPECT_EQ(find_note(notes, "better_than_noise"), nullptr);
}

TEST(Protocol, SquashedPredictionsAreNamed) {
  const auto notes = check(run_with(toy::crossed(0.5, 1), [](double y, std::size_t) {
    return 1.0 / (1.0 + std::exp(-0.1 * y));
  }));
  const ProtocolNote* note = find_note(notes, "rescaled_predictions");
  ASSERT_NE(note, nullptr);
  EXPECT_NE(note->sentence.find("squashed"), std::string::npos);
}

TEST(Protocol, ConstantAndMissingPredictionsAreCounted) {
  const auto notes = check(run_with(
      toy::crossed(0.5, 1), [](double, std::size_t i) { return i < 10 ? std::nan("") : 1.5; }));
  EXPECT_NE(find_note(notes, "constant_predictions"), nullptr);
  const ProtocolNote* missing = find_note(notes, "missing_predictions");
  ASSERT_NE(missing, nullptr);
  EXPECT_NE(missing->sentence.find("10 of"), std::string::npos);
}

TEST(Protocol, TargetsStandardisedOverAllRowsAreNamed) {
  Dataset data = toy::crossed(0.5, 1);
  for (std::uint32_t d = 0; d < 12; ++d) {
    double mean = 0.0;
    double squares = 0.0;
    for (std::size_t i = d * 30; i < (d + 1) * 30; ++i) mean += data.targets(i, 0) / 30.0;
    for (std::size_t i = d * 30; i < (d + 1) * 30; ++i) {
      squares += (data.targets(i, 0) - mean) * (data.targets(i, 0) - mean) / 30.0;
    }
    for (std::size_t i = d * 30; i < (d + 1) * 30; ++i) {
      data.targets(i, 0) = (data.targets(i, 0) - mean) / std::sqrt(squares);
    }
  }
  Rng rng(5, "any");
  const auto notes = check(run_with(data, [&](double y, std::size_t) { return y + rng.normal(); }));
  EXPECT_NE(find_note(notes, "normalised_targets"), nullptr);
}

TEST(Claims, SwappedArgumentsAreNamed) {
  Rng rng(7, "claims");
  StudyRun run = run_with(toy::crossed(0.5, 1),
                          [&](double y, std::size_t) { return 0.5 * y + 0.3 * rng.normal(); });
  const auto& split = run.splits.front();
  const double right = evaluate("r2", split.truth, split.entries.front().values);
  const double swapped = evaluate("r2", split.entries.front().values, split.truth);
  ASSERT_GT(std::abs(right - swapped), 1e-3);
  run.study.models.front().claims = {{.metric = "r2", .value = swapped}};
  EXPECT_NE(find_note(check(run), "swapped_r2"), nullptr);
  run.study.models.front().claims = {{.metric = "r2", .value = right}};
  EXPECT_NE(find_note(check(run), "claim_reproduced"), nullptr);
  run.study.models.front().claims = {{.metric = "r2", .value = right + 0.01}};
  EXPECT_NE(find_note(check(run), "claim_differs"), nullptr);
}

TEST(Claims, SelectionOnTheTestFoldIsNamedWhenDeclared) {
  StudyRun run = run_with(toy::crossed(0.5, 1),
                          [](double y, std::size_t i) { return y + (i % 2 == 0 ? 0.6 : -0.6); });
  run.study.models.front().selected_on = "test";
  EXPECT_NE(find_note(check(run), "selected_on_test"), nullptr);
  run.study.models.front().selected_on = "validation";
  EXPECT_EQ(find_note(check(run), "selected_on_test"), nullptr);
}

}  // namespace
}  // namespace cupel
