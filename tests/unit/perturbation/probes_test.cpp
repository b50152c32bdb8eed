// Gaming probes and leakage checks on small planted cases.
#include "area/perturbation/probes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "area/perturbation/leaks.hpp"
#include "profile_toy.hpp"

namespace cupel::perturbation {
namespace {

using test::random_effects;
using test::toy_profiles;
using test::toy_scorer;
using test::toy_split;
using test::ToySample;

const Context kContext{.n_threads = 1};
enum : std::size_t { kMse, kPearson, kDiscrimination };

class Probes : public testing::Test {
 protected:
  // Every perturbation knocks its own gene down by 2; the truth is seen with too large a change
  // and no knock-down.
  void SetUp() override {
    auto samples = random_effects(40, 50, 0.4);
    for (std::uint32_t i = 0; i < 40; ++i) {
      samples[i].effect[i] = -2.0;
      samples[i].targets = {i};
    }
    data_ = toy_profiles(samples);
    folds_ = {toy_split(data_, 10)};
    rows_ = folds_[0].rows(Role::test);
    fold_.assign(rows_.size(), 0);
    controls_ = controls_of_rows(data_, data_.profiles->controls, rows_);
    prediction_ = gather(data_.targets, rows_);
    for (std::size_t i = 0; i < prediction_.size(); ++i) {
      prediction_[i] = controls_[i] + 3.0 * (prediction_[i] - controls_[i]);
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      prediction_[i * 50 + rows_[i]] = controls_[i * 50 + rows_[i]];
    }
    probed_ = probe_predictor(toy_scorer(), data_, test(), prediction_, kPearson,
                              draw_perturbations(data_, rows_, 300, 0.95, 0, kContext), 0);
  }
  [[nodiscard]] TestRows test() const { return {folds_, rows_, fold_}; }
  [[nodiscard]] const Estimate& gain(const std::string& probe, std::size_t metric) const {
    for (const auto& response : probed_.responses) {
      if (response.probe == probe) return response.gain[metric];
    }
    throw std::out_of_range(probe);
  }
  [[nodiscard]] std::vector<double> made(std::size_t probe) const {
    return manipulate(probes()[probe], data_, test(), prediction_, 0);
  }

  Dataset data_;
  std::vector<Split> folds_;
  std::vector<std::uint32_t> rows_;
  std::vector<std::uint32_t> fold_;
  std::vector<double> controls_;
  std::vector<double> prediction_;
  ProbedPredictor probed_;
};

TEST_F(Probes, MetricsRespondAsTheyShould) {
  EXPECT_EQ(probed_.responses.size(), probes().size());
  EXPECT_GT(gain("scale_0.5", kMse).low, 0.0);
  EXPECT_LT(gain("scale_2", kMse).high, 0.0);
  EXPECT_NEAR(gain("scale_0.5", kPearson).value, 0.0, 1e-12);
  // Exactly: rounding must not count as a gain.
  EXPECT_EQ(gain("scale_5", kPearson).value, 0.0);
  EXPECT_EQ(gain("scale_5", kPearson).low, 0.0);
  EXPECT_EQ(gain("scale_5", kPearson).high, 0.0);
  EXPECT_LT(gain("shuffled_labels", kPearson).high, 0.0);
  EXPECT_LT(gain("shuffled_labels", kDiscrimination).high, 0.0);
  EXPECT_LT(gain("noise", kPearson).value, 0.0);
  EXPECT_LT(gain("noise_of_effect", kPearson).high, gain("noise", kPearson).value);
  EXPECT_GT(gain("spiked_targets", kPearson).low, 0.0);
  EXPECT_GT(gain("spiked_targets", kMse).low, 0.0);
  EXPECT_GT(gain("worst_left_out", kPearson).value, 0.0);
  EXPECT_TRUE(std::isnan(gain("control", kPearson).value));  // a correlation with nothing
  EXPECT_TRUE(std::isfinite(gain("control", kMse).value));
}

TEST_F(Probes, ShuffleHandsEveryChangeToAnother) {
  const auto shuffled = made(3);
  std::set<std::vector<double>> before;
  std::set<std::vector<double>> after;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const auto of = [&](const std::vector<double>& values) {
      std::vector<double> row(values.begin() + static_cast<std::ptrdiff_t>(i * 50),
                              values.begin() + static_cast<std::ptrdiff_t>(i * 50 + 50));
      for (double& value : row) value = std::round(value * 1e9) / 1e9;
      return row;
    };
    EXPECT_NE(of(shuffled), of(prediction_)) << i;
    before.insert(of(prediction_));
    after.insert(of(shuffled));
  }
  EXPECT_EQ(before, after);  // one context: controls are the same
}

TEST_F(Probes, SpikeTouchesTheTargetsOnly) {
  const auto spiked = made(7);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    for (std::size_t g = 0; g < 50; ++g) {
      const std::size_t at = i * 50 + g;
      if (g == rows_[i]) {
        EXPECT_NEAR(spiked[at] - controls_[at], -2.0, 0.15);
      } else {
        EXPECT_EQ(spiked[at], prediction_[at]);
      }
    }
  }
}

TEST_F(Probes, NoiseHasTheSizeOfTheMeasurementError) {
  const auto noisy = made(4);
  double sum = 0.0;
  for (std::size_t i = 0; i < noisy.size(); ++i) {
    sum += (noisy[i] - prediction_[i]) * (noisy[i] - prediction_[i]);
  }
  EXPECT_NEAR(sum / static_cast<double>(noisy.size()), 0.00625, 0.0006);
  EXPECT_EQ(made(4), noisy);
}

std::map<std::string, ProtocolNote> notes_of(const Dataset& data, const Split& split) {
  std::map<std::string, ProtocolNote> out;
  for (const auto& note : check_protocol(data, std::span(&split, 1))) out[note.code] = note;
  return out;
}

TEST(PerturbationLeaks, CleanSplitStatesItsConventionsOnly) {
  const Dataset data = toy_profiles(random_effects(20, 50, 0.4));
  const auto notes = notes_of(data, toy_split(data, 10));
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(notes.at("shared_controls").severity, Severity::note);
}

TEST(PerturbationLeaks, NamesWhatIsOnBothSides) {
  auto samples = random_effects(12, 50, 0.4);
  samples[0].targets = {4};
  samples[8].targets = {4};                            // another label, same target
  samples[11].perturbation = samples[1].perturbation;  // tested and trained
  samples[9].perturbation = "P100+P101";
  samples[10].perturbation = "P102+Z";
  samples[7].n_cells = 12;
  samples[7].targets = {5};
  const Dataset data = toy_profiles(samples);
  const auto notes = notes_of(data, toy_split(data, 7));
  EXPECT_NE(notes.at("same_target_trained").sentence.find("P108 (trained: P100)"),
            std::string::npos);
  EXPECT_EQ(notes.at("same_target_trained").severity, Severity::serious);
  EXPECT_NE(notes.at("sample_on_both_sides").sentence.find("P101"), std::string::npos);
  EXPECT_NE(notes.at("few_cells").sentence.find("P107 (12)"), std::string::npos);
  const auto& members = notes.at("combination_members").evidence;
  EXPECT_EQ(members[1].second, "1");
  EXPECT_EQ(members[2].second, "1");
  EXPECT_EQ(members[3].second, "0");
}

TEST(PerturbationLeaks, NearCopiesBeyondNoise) {
  auto samples = random_effects(20, 50, 0.4);
  samples[15].effect = samples[3].effect;
  samples[16].effect.assign(50, 0.0);
  samples[4].effect.assign(50, 0.0);  // two without effect: alike by their shared control only
  const Dataset data = toy_profiles(samples, {.n_control_cells = 40});
  const Split split = toy_split(data, 10);
  const auto copies = near_copies(data, effect_sizes(data, noise_correlation(data)), split, 0.9);
  ASSERT_EQ(copies.size(), 1U);
  EXPECT_EQ(copies[0].test, 15U);
  EXPECT_EQ(copies[0].train, 3U);
  EXPECT_LE(copies[0].cosine, 1.0);
  EXPECT_NE(notes_of(data, split).at("near_copy_trained").sentence.find("P115 like P103"),
            std::string::npos);
}

TEST(PerturbationLeaks, NewContextsAreNamed) {
  auto samples = random_effects(12, 50, 0.4);
  for (std::size_t i = 8; i < 12; ++i) samples[i].context = "a549";
  samples[7].n_cells = 60;
  const Dataset data = toy_profiles(samples, {.n_control_cells = 40});
  const auto notes = notes_of(data, toy_split(data, 6));
  EXPECT_NE(notes.at("contexts_on_both_sides").sentence.find("a549"), std::string::npos);
  EXPECT_EQ(notes.at("contexts_on_both_sides").evidence[1].second, "1");
  EXPECT_NE(notes.at("one_control_for_little").sentence.find("k562"), std::string::npos);
}

}  // namespace
}  // namespace cupel::perturbation
