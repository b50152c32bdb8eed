#include "study/schema.hpp"

#include <utility>

#include "study/schema_words.hpp"

namespace cupel {

const KeySpec* SectionSpec::find(std::string_view key) const noexcept {
  for (const auto& known : keys) {
    if (known.name == key) return &known;
  }
  return nullptr;
}

namespace {

using namespace detail::words;

SectionSpec claim_section() {
  return {
      .name = "models.NAME.claims[]",
      .doc = "A number that the model's authors printed, to be checked.",
      .keys = {
          {.name = "metric",
           .value = text(),
           .doc = "Metric (`cupel list metrics`).",
           .required = true},
          {.name = "value", .value = number(), .doc = "The printed number.", .required = true},
          {.name = "split", .value = text(), .doc = "Name of the split; default: the only one."},
          {.name = "fold", .value = integer(0, 999), .doc = "Fold; default: mean over folds."},
          {.name = "tolerance",
           .value = number(0.0, 1e9),
           .default_yaml = "5e-7",
           .doc = "Half of the last printed digit."},
      }};
}

SectionSpec prediction_columns() {
  const auto role = [](std::string name, std::string doc) {
    return KeySpec{.name = std::move(name), .value = text(), .doc = std::move(doc)};
  };
  return {.name = "models.NAME.columns",
          .doc = "Which column of the prediction file plays which role.",
          .keys = {
              role("row", "0-based data row of the responses; instead of `drug` and `cell`."),
              role("drug", "Drug id as in the responses; default `drug`, if there is one."),
              role("cell", "Cell-line id as in the responses; default `cell`, if there is one."),
              role("smiles", "`potency`: the molecule, in any way to write it; or `id`."),
              role("id", "`potency`: the ligand's id as in the samples."),
              role("assay", "`potency`: the assay, where there are several."),
              role("perturbation",
                   "`perturbation`: label of the perturbation; default: as in the data."),
              role("context", "`perturbation`: the context; default: as in the data."),
              role("split", "Name of the split, if the file holds several."),
              role("fold", "Test fold that the prediction was made for."),
              role("seed", "Seed of the run, if there are several per row."),
              role("epoch",
                   "Training epoch, if there are several per row; shows selection on the "
                   "test set."),
              role("prediction", "The predicted response; the same as `column`."),
          }};
}

SectionSpec model_section() {
  return {
      .name = "models.NAME",
      .doc =
          "A model under audit. Exactly one of `predictions`, `command` and `reference` says "
          "what it is.",
      .keys = {
          {.name = "title", .value = text(), .doc = "Name for people; default: NAME."},
          {.name = "predictions",
           .value = text(),
           .doc = "File with ready predictions; `perturbation`: .h5ad of cells or profiles, or CSV "
                  "with a column per gene."},
          {.name = "column",
           .value = text(),
           .doc = "Column with the prediction; default `prediction`."},
          {.name = "columns",
           .value = section(prediction_columns()),
           .doc = "Columns of the prediction file."},
          {.name = "columns_as_models",
           .value = any_of(choice({"all"}), {list(text())}),
           .doc = "A wide file: one model per named prediction column, named like the column; "
                  "`all` = every numeric column without another role."},
          {.name = "command",
           .value = text(),
           .doc = "Shell command that trains and predicts; {train} {test} {out} {seed} {drugs} "
                  "{cells} {fold} {split} are filled in."},
          {.name = "timeout",
           .value = duration(),
           .default_yaml = "2h",
           .doc = "Time that one run of the command may take."},
          {.name = "seeds",
           .value = integer(1, 1000),
           .default_yaml = "1",
           .doc = "Runs per fold, each with its own seed."},
          {.name = "reference",
           .value = text(),
           .doc =
               "A built-in learner (`cupel list models`): ridge, xgboost, mlp; `potency`: ridge, "
               "forest, xgboost, mlp, knn; `perturbation`: linear, ridge, knn."},
          {.name = "features",
           .value = list(text()),
           .doc = "Views that the reference model sees (`drug.fingerprint`, `cell.expression`, "
                  "`ligand.fingerprint`); default: all."},
          {.name = "options",
           .value = table(option()),
           .doc = "Options of the reference model; `perturbation`: also of a file of "
                  "predictions (`values`: expression or change; `scale`, `normalize`, `log1p`)."},
          {.name = "sees",
           .value = list(text()),
           .doc = "Information that the model is given; default: everything in the area."},
          {.name = "splits",
           .value = list(text()),
           .doc = "Names of the splits it takes part in; default: all."},
          {.name = "selected_on",
           .value = choice({"", "validation", "test"}),
           .doc = "Rows that chose the epoch or the settings; `test` is reported as a fault."},
          {.name = "claims",
           .value = list(section(claim_section())),
           .doc = "Printed numbers to be checked."},
      }};
}

SectionSpec published_section() {
  return {.name = "published[]",
          .doc =
              "A table of printed scores, one line per model and assay. Without predictions "
              "nothing can be paired within an assay: such models are compared over assays only.",
          .keys = {
              {.name = "file",
               .value = text(),
               .doc = "CSV or TSV, plain, .gz or .zst.",
               .required = true},
              {.name = "split",
               .value = text(),
               .doc = "Name of the split that the scores are for; default: the only one."},
              {.name = "model",
               .value = any_of(text(), {list(text())}),
               .doc = "Column that names the model, or several, joined by a blank.",
               .required = true},
              {.name = "task",
               .value = text(),
               .doc = "Column with the assay, named as in the data.",
               .required = true},
              {.name = "metrics",
               .value = table(text()),
               .doc = "Metric -> column: {rmse: RMSE, rmse_cliff: RMSE_cliff}.",
               .required = true},
              {.name = "only",
               .value = list(text()),
               .doc = "Names of the models to take; default: all."},
              {.name = "sees",
               .value = list(text()),
               .doc = "Information that these models are given; default: everything in the area."},
              {.name = "source", .value = text(), .doc = "Paper or DOI."},
          }};
}

SectionSpec baselines_section() {
  const ValueSpec entry = any_of(text(), {table(table(option()))});
  return {
      .name = "baselines",
      .doc = "Changes to the area's default baselines.",
      .keys = {
          {.name = "default",
           .value = boolean(),
           .default_yaml = "true",
           .doc = "Run the area's default baselines (`cupel list baselines`)."},
          {.name = "add", .value = list(entry), .doc = "More of them: names, or {name: options}."},
          {.name = "exclude", .value = list(text()), .doc = "Names not to run."},
      }};
}

SectionSpec margin_section() {
  return {.name = "margin",
          .doc = "The smallest gain that matters.",
          .keys = {
              {.name = "metric", .value = text(), .doc = "Default: the primary metric."},
              {.name = "value",
               .value = number(0.0, 1e9),
               .default_yaml = "0.02",
               .doc = "The gain, in the metric's unit or as a share."},
              {.name = "relative",
               .value = boolean(),
               .default_yaml = "true",
               .doc = "A share of the bar's error (or of 1 - score), not the metric's unit."},
          }};
}

SectionSpec statistics_section() {
  return {.name = "statistics",
          .doc = "Intervals and tests.",
          .keys = {
              {.name = "draws",
               .value = integer(100, 1e6),
               .default_yaml = "2000",
               .doc = "Bootstrap draws, shared by all predictors."},
              {.name = "confidence",
               .value = number(0.5, 0.9999),
               .default_yaml = "0.95",
               .doc = "Level of the intervals."},
              {.name = "unit",
               .value = choice({"auto", "drug", "cell", "both", "ligand", "assay"}),
               .default_yaml = "auto",
               .doc = "What is resampled; `auto` = the unit that the split leaves out."},
          }};
}

SectionSpec binarise_section() {
  return {.name = "binarise",
          .doc = "Sensitive or resistant, for the metrics of classification.",
          .keys = {
              {.name = "rule",
               .value = choice({"drug_median", "threshold", "waterfall", "none"}),
               .default_yaml = "drug_median",
               .doc = "How the cut is made, on training rows."},
              {.name = "threshold",
               .value = number(),
               .default_yaml = "0",
               .doc = "For rule `threshold`: a response below it is sensitive."},
          }};
}

SectionSpec twins_section() {
  return {.name = "twins",
          .doc = "Trainable models retrained on features that say nothing.",
          .keys = {
              {.name = "draws",
               .value = integer(0, 10000),
               .default_yaml = "3",
               .doc = "Draws per kind and view; 0 = no twins."},
              {.name = "kinds",
               .value = list(choice({"permuted", "random", "identifiers", "labels"})),
               .default_yaml = "[permuted, identifiers]",
               .doc = "What replaces the features; `labels` permutes the training targets instead. "
                      "Default in area potency: [permuted, labels]."},
              {.name = "modes",
               .value = list(choice({"svrc", "svcc", "svrd", "svcd", "one", "all_but"})),
               .default_yaml = "[svrc, svrd]",
               .doc = "`one`: each view randomised in turn; `all_but`: each kept in turn, the "
                      "others of its entity randomised. drevalpy's modes say so of cells (svrc, "
                      "svcc) or drugs (svrd, svcd) only. Default in area potency: [one]."},
              {.name = "splits", .value = list(text()), .doc = "Default: all."},
              {.name = "folds",
               .value = integer(1, 1000),
               .default_yaml = "1",
               .doc = "On the first so many folds of each split (assays, where folds are assays)."},
          }};
}

SectionSpec learning_curve_section() {
  return {.name = "learning_curve",
          .doc = "Score against the size of the training set.",
          .keys = {
              {.name = "over",
               .value = list(
                   choice({"pairs", "cells", "drugs", "ligands", "perturbations", "contexts"})),
               .doc = "What is taken away; default: the unit of each split."},
              {.name = "sizes",
               .value = integer(0, 100),
               .default_yaml = "7",
               .doc = "Number of sizes, log-spaced; 0 = no curves."},
              {.name = "repeats",
               .value = integer(1, 1000),
               .default_yaml = "3",
               .doc = "Draws of the training set per size."},
              {.name = "predictors",
               .value = list(text()),
               .doc = "Default: models that can be trained, and the cheap baselines."},
              {.name = "splits", .value = list(text()), .doc = "Default: all."},
          }};
}

SectionSpec make_study_schema() {
  const ValueSpec none = choice({"none"});
  const ValueSpec entry = any_of(text(), {table(table(option()))});
  return {
      .name = "study",
      .doc = "A study: one data set, its splits, and the models to audit on it.",
      .keys = {
          {.name = "title", .value = text(), .doc = "Title of the report."},
          {.name = "area",
           .value = choice({"drug_response", "potency", "perturbation"}),
           .default_yaml = "drug_response",
           .doc = "What the samples are."},
          {.name = "seed",
           .value = integer(0, kMaxSeed),
           .default_yaml = "0",
           .doc = "Everything that is drawn follows from it."},
          {.name = "data",
           .value = section(detail::data_section()),
           .doc = "The data set.",
           .required = true},
          {.name = "splits",
           .value = list(section(detail::split_section())),
           .default_yaml = "[{scheme: mixed}]",
           .doc = "How train and test are parted; the default of potency is `random`, of "
                  "perturbation `unseen_perturbation`."},
          {.name = "models",
           .value = table(section(model_section())),
           .doc = "The models under audit, by name."},
          {.name = "published",
           .value = list(section(published_section())),
           .doc = "Models that are known by their printed scores only."},
          {.name = "baselines",
           .value =
               any_of(choice({"default", "none"}), {list(entry), section(baselines_section())}),
           .default_yaml = "default",
           .doc = "`default`, `none`, a list of names or {name: options} (which may hold "
                  "`default`), or the section below. The option `as` gives another name, "
                  "for one baseline with several options: {knn: {k: 1, as: knn_1}}."},
          {.name = "primary_metric",
           .value = text(),
           .default_yaml = "rmse",
           .doc = "The metric that verdicts are about (`cupel list metrics`); `perturbation`: a "
                  "metric of samples, default l2."},
          {.name = "margin",
           .value = section(margin_section()),
           .default_yaml = "{}",
           .doc = "The smallest gain that matters."},
          {.name = "statistics",
           .value = section(statistics_section()),
           .default_yaml = "{}",
           .doc = "Intervals and tests."},
          {.name = "binarise",
           .value = any_of(section(binarise_section()), {none}),
           .default_yaml = "{}",
           .doc = "How responses become two classes, or `none`."},
          {.name = "twins",
           .value = any_of(section(twins_section()), {none}),
           .default_yaml = "{}",
           .doc = "Twins with features that say nothing, or `none`."},
          {.name = "learning_curve",
           .value = any_of(section(learning_curve_section()), {none}),
           .default_yaml = "{}",
           .doc = "Learning curves, or `none`."},
      }};
}

}  // namespace

const SectionSpec& study_schema() {
  static const SectionSpec schema = make_study_schema();
  return schema;
}

}  // namespace cupel
