// Labels of perturbed cells: order, separators, controls, guides.
#include "area/perturbation/labels.hpp"

#include <gmock/gmock.h>

#include "cupel/error.hpp"

namespace cupel::perturbation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Kind = ParsedLabel::Kind;

TEST(Labels, OrderOfMembersAndControlDoNotMatter) {
  const LabelRules rules{.control = "ctrl"};
  EXPECT_EQ(parse_label("B+A", rules).id, "A+B");
  EXPECT_EQ(parse_label("A+B", rules).id, "A+B");
  EXPECT_EQ(parse_label(" A + B ", rules).id, "A+B");
  EXPECT_EQ(parse_label("A+ctrl", rules).id, "A");
  EXPECT_EQ(parse_label("ctrl+A", rules).id, "A");
  EXPECT_EQ(parse_label("C+A+B", rules).members, (std::vector<std::string>{"A", "B", "C"}));
  EXPECT_EQ(parse_label("A+A", rules).id, "A");
}

TEST(Labels, ControlAndMissing) {
  const LabelRules rules{.control = "ctrl"};
  EXPECT_EQ(parse_label("ctrl", rules).kind, Kind::control);
  EXPECT_EQ(parse_label("ctrl+ctrl", rules).kind, Kind::control);
  EXPECT_EQ(parse_label("  ", rules).kind, Kind::missing);
  EXPECT_EQ(parse_label("A+", rules).id, "A");
}

TEST(Labels, SeparatorsAreChosen) {
  EXPECT_EQ(parse_label("B_A", {.control = "c", .separators = {"_"}}).id, "A+B");
  EXPECT_EQ(parse_label("B_A", {.control = "c", .separators = {"+"}}).id, "B_A");
  EXPECT_EQ(parse_label("B_A+C", {.control = "c", .separators = parse_separators("+ _")}).id,
            "A+B+C");
  EXPECT_EQ(parse_label("A+B", {.control = "c", .separators = parse_separators("")}).members,
            (std::vector<std::string>{"A+B"}));
  // The longer of two that fit.
  EXPECT_EQ(parse_label("A__B", {.control = "c", .separators = {"_", "__"}}).id, "A+B");
}

TEST(Labels, GuidesHaveTargets) {
  LabelRules rules{.control = "NT"};
  rules.guide_target = {{"g1", "STAT1"}, {"g2", "STAT1"}, {"g3", "IRF1"}, {"nt_1", "NT"}};
  EXPECT_EQ(parse_label("g1", rules).id, "STAT1");
  EXPECT_EQ(parse_label("g2+g1", rules).id, "STAT1");
  EXPECT_EQ(parse_label("g3+g1", rules).id, "IRF1+STAT1");
  EXPECT_EQ(parse_label("nt_1", rules).kind, Kind::control);
  EXPECT_EQ(parse_label("g3+nt_1", rules).id, "IRF1");
  const auto unmapped = parse_label("g9", rules);
  EXPECT_EQ(unmapped.kind, Kind::unmapped);
  EXPECT_EQ(unmapped.unmapped, "g9");
}

TEST(Labels, ColumnJoinsLabelsThatMeanTheSame) {
  Categories labels{.name = "condition", .levels = {"A+B", "B+A", "C", "ctrl", "unused"}};
  labels.code = {0, 1, 2, 3, Categories::kMissing, 3};
  const auto column = parse_column(labels, {.control = "ctrl"}, "file");
  EXPECT_THAT(column.ids, ElementsAre("A+B", "C"));
  EXPECT_THAT(column.code, ElementsAre(0U, 0U, 1U, ParsedColumn::kControl, ParsedColumn::kMissing,
                                       ParsedColumn::kControl));
  EXPECT_THAT(column.written[0], ElementsAre("A+B", "B+A"));
  EXPECT_EQ(column.n_control, 2U);
  EXPECT_EQ(column.n_missing, 1U);
}

TEST(Labels, MissingControlNamesTheNearest) {
  const Categories labels{.name = "condition", .levels = {"A", "control"}, .code = {0, 1}};
  try {
    parse_column(labels, {.control = "contrl"}, "file");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_THAT(error.hint(), HasSubstr("did you mean \"control\""));
    EXPECT_THAT(error.hint(), HasSubstr("labels: A, control"));
  }
}

}  // namespace
}  // namespace cupel::perturbation
