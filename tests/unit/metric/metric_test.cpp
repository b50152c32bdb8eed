#include "metric/metric.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "cupel/error.hpp"
#include "metric/groups.hpp"

namespace cupel {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::IsNan;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(Metric, WithinTenfoldAndTwofoldOfExperiment) {
  const std::vector<double> truth{6.3, 6.3, 6.3, 6.3};
  const std::vector<double> prediction{6.3, 6.6, 5.3, 5.2};  // 5.3: 1 apart, up to the last bit
  EXPECT_DOUBLE_EQ(evaluate("within_10_fold", truth, prediction), 0.75);
  EXPECT_DOUBLE_EQ(evaluate("within_2_fold", truth, prediction), 0.5);
  EXPECT_TRUE(std::isnan(evaluate("within_10_fold", std::vector<double>{}, std::vector<double>{})));
  EXPECT_TRUE(metric("within_10_fold").higher_is_better);
}

TEST(Metric, RegistryIsComplete) {
  std::set<std::string> names;
  for (const MetricInfo& info : metrics()) {
    names.insert(info.name);
    EXPECT_NE(info.function, nullptr) << info.name;
    EXPECT_FALSE(info.description.empty() || info.source.empty() || info.title.empty());
  }
  EXPECT_EQ(names.size(), metrics().size());
  EXPECT_EQ(names,
            (std::set<std::string>{"rmse", "mse", "mae", "r2", "pearson", "spearman", "kendall",
                                   "auroc", "auprc", "mcc", "within_10_fold", "within_2_fold"}));
  EXPECT_TRUE(find_metric("rmse")->same_unit_as_target);
  EXPECT_FALSE(find_metric("rmse")->higher_is_better);
  EXPECT_TRUE(find_metric("auroc")->needs_labels);
  EXPECT_EQ(find_metric("nonsense"), nullptr);
}

TEST(Metric, UnknownNameIsAnErrorWithTheNearest) {
  try {
    (void)evaluate("peerson", {}, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.hint(), testing::HasSubstr("pearson"));
  }
}

TEST(Metric, UndefinedIsNaNNeverZero) {
  const std::vector<double> none, one = {1.0}, flat = {0.1, 0.1, 0.1}, rising = {1.0, 2.0, 4.0};
  for (const MetricInfo& info : metrics()) EXPECT_THAT(evaluate(info, none, none), IsNan());
  for (const char* name : {"r2", "pearson", "spearman", "kendall", "auroc", "auprc"}) {
    EXPECT_THAT(evaluate(name, one, one), IsNan()) << name;
    EXPECT_THAT(evaluate(name, flat, rising), IsNan()) << name;
  }
  for (const char* name : {"pearson", "spearman", "kendall"}) {
    EXPECT_THAT(evaluate(name, rising, flat), IsNan()) << name;
  }
  EXPECT_THAT(evaluate("rmse", one, one), DoubleEq(0.0));
  EXPECT_LT(evaluate("r2", rising, flat), 0.0);
}

TEST(Metric, ConstantUpToRoundingIsConstant) {
  const std::vector<double> truth = {1.0, 2.0, 3.0};
  const std::vector<double> noise = {5.0, 5.0 + 1e-15, 5.0 - 1e-15};
  EXPECT_THAT(evaluate("pearson", truth, noise), IsNan());
}

TEST(Metric, InputThatIsNotFiniteIsUndefined) {
  const std::vector<double> truth = {1.0, 2.0, 3.0}, prediction = {1.0, kNaN, 2.0};
  for (const MetricInfo& info : metrics()) {
    EXPECT_THAT(evaluate(info, truth, prediction), IsNan()) << info.name;
  }
  const auto rows = complete_rows(truth, prediction);
  EXPECT_THAT(rows, ElementsAre(0, 2));
  EXPECT_THAT(gather(prediction, rows), ElementsAre(1.0, 2.0));
}

TEST(Metric, LengthsMustAgree) {
  const std::vector<double> two = {1.0, 2.0}, three = {1.0, 2.0, 3.0};
  EXPECT_THROW((void)evaluate("rmse", two, three), Error);
  const std::vector<std::uint32_t> codes = {0, 0, 0};
  EXPECT_THROW((void)evaluate_groups("rmse", two, two, codes, 1), Error);
}

TEST(Groups, MacroGivesBothRulesForUndefinedGroups) {
  // Group 0: r = 1; group 1: constant prediction; group 2: one row.
  const std::vector<double> truth = {1, 2, 3, 1, 2, 3, 5};
  const std::vector<double> prediction = {2, 4, 6, 7, 7, 7, 5};
  const std::vector<std::uint32_t> groups = {0, 0, 0, 1, 1, 1, 2};
  const auto scores = evaluate_groups("pearson", truth, prediction, groups, 4);
  ASSERT_EQ(scores.size(), 3U);
  const Macro macro = macro_average(scores);
  EXPECT_EQ(macro.n_groups, 3U);
  EXPECT_EQ(macro.n_undefined, 2U);
  EXPECT_DOUBLE_EQ(macro.mean_defined, 1.0);
  EXPECT_DOUBLE_EQ(macro.mean_zero_filled, 1.0 / 3.0);
  EXPECT_THAT(macro_average({}).mean_defined, IsNan());
  const auto large = evaluate_groups("pearson", truth, prediction, groups, 4, {.min_rows = 4});
  EXPECT_EQ(macro_average(large).n_undefined, 3U);
}

TEST(Groups, DrugMeanHasNoNormalisedCorrelation) {
  // (mu + effect) computed by two routes differs by rounding only: still the same prediction.
  const double mu = 0.1 + 0.2;
  const std::vector<double> truth = {1.0, 2.0, 4.0};
  const std::vector<double> reference = {0.3, 0.3, 0.7};
  const std::vector<double> prediction = {mu, 0.3, 0.7};
  ASSERT_NE(prediction[0], reference[0]);
  EXPECT_THAT(evaluate_normalised("pearson", truth, prediction, reference), IsNan());
  EXPECT_DOUBLE_EQ(
      evaluate_normalised("r2", {reference}, prediction, {truth}),
      evaluate("r2", remove_reference(reference, truth), remove_reference(prediction, truth)));
}

TEST(Groups, MeansFallBackWhereTheGroupIsUnknown) {
  const std::vector<double> means =
      group_means(std::vector<double>{1, 3, 10}, std::vector<std::uint32_t>{0, 0, 2}, 3);
  EXPECT_THAT(means, ElementsAre(2.0, IsNan(), 10.0));
  EXPECT_THAT(remove_group_means(std::vector<double>{5, 5, 5}, std::vector<std::uint32_t>{0, 1, 9},
                                 means, 4.0),
              ElementsAre(3.0, 1.0, 1.0));
}

TEST(Binarise, MedianAndFixedCutoffs) {
  const std::vector<double> values = {1, 5, 3, 2, 4, kNaN};
  const std::vector<std::uint32_t> drugs = {0, 0, 0, 1, 1, 1};
  EXPECT_THAT(median_cutoffs(values, drugs, 3), ElementsAre(3.0, 3.0, IsNan()));
  EXPECT_THAT(fixed_cutoffs(-1.5, 2), ElementsAre(-1.5, -1.5));
}

TEST(Binarise, WaterfallFindsTheBend) {
  // Ten sensitive lines on a steep slope, forty resistant ones on a plateau: the bend is at 10.
  std::vector<double> values;
  for (int i = 0; i < 10; ++i) values.push_back(-10.0 + i);
  for (int i = 0; i < 40; ++i) values.push_back(0.001 * i);
  std::vector<std::uint32_t> drugs(values.size(), 0);
  // A straight line has no bend: the median of -2 .. 2.
  for (int i = -2; i <= 2; ++i) {
    values.push_back(i);
    drugs.push_back(1);
  }
  std::ranges::reverse(values);
  std::ranges::reverse(drugs);
  const auto cutoffs = waterfall_cutoffs(values, drugs, 2);
  EXPECT_DOUBLE_EQ(cutoffs[0], 0.0);
  EXPECT_DOUBLE_EQ(cutoffs[1], 0.0);
  EXPECT_LT(median_cutoffs(values, drugs, 2)[0], 0.03);
  EXPECT_GT(median_cutoffs(values, drugs, 2)[0], 0.0);
}

TEST(Binarise, LabelsScoresAndMargins) {
  const std::vector<double> truth = {1, 3, 2, 9}, prediction = {0, 4, 2.5, 9};
  const std::vector<std::uint32_t> drugs = {0, 0, 0, 1};
  const std::vector<double> cutoffs = {2.0, kNaN};
  const Binarised out = binarise(truth, prediction, drugs, cutoffs);
  EXPECT_THAT(out.rows, ElementsAre(0, 1, 2));
  EXPECT_THAT(out.labels, ElementsAre(1.0, 0.0, 0.0));  // the cut-off itself is not sensitive
  EXPECT_THAT(out.score, ElementsAre(0.0, -4.0, -2.5));
  EXPECT_THAT(out.margin, ElementsAre(2.0, -2.0, -0.5));
  EXPECT_EQ(out.n_without_cutoff, 1U);
  EXPECT_DOUBLE_EQ(evaluate("auroc", out.labels, out.score), 1.0);
  EXPECT_DOUBLE_EQ(evaluate("mcc", out.labels, out.margin), 1.0);
}

}  // namespace
}  // namespace cupel
