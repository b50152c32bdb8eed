// The keys of the study file of `cupel spectra`.
#include "study/spectrum_schema.hpp"

#include <utility>

namespace cupel::detail {
namespace {

using Kind = ValueSpec::Kind;

ValueSpec text() { return {}; }
ValueSpec number(double minimum, double maximum) {
  return {.kind = Kind::number, .minimum = minimum, .maximum = maximum};
}
ValueSpec whole(double minimum, double maximum) {
  return {.kind = Kind::integer, .minimum = minimum, .maximum = maximum};
}
ValueSpec choice(std::vector<std::string> allowed) {
  return {.kind = Kind::choice, .allowed = std::move(allowed)};
}
ValueSpec boolean() { return {.kind = Kind::boolean}; }
ValueSpec list(ValueSpec item) {
  return {.kind = Kind::list, .item = std::make_shared<const ValueSpec>(std::move(item))};
}
ValueSpec table(ValueSpec item) {
  return {.kind = Kind::table, .item = std::make_shared<const ValueSpec>(std::move(item))};
}
ValueSpec section(SectionSpec spec) {
  return {.kind = Kind::section, .section = std::make_shared<const SectionSpec>(std::move(spec))};
}

SectionSpec items() {
  SectionSpec targets{.name = "items.targets", .doc = "Targets in a file of their own."};
  targets.keys = {
      {.name = "file", .value = text(), .doc = "Table of ids and targets.", .required = true},
      {.name = "header",
       .value = boolean(),
       .default_yaml = "true",
       .doc = "false: no header; the first column is the id, the second the target."},
      {.name = "id", .value = text(), .doc = "Column of the ids."},
      {.name = "target", .value = text(), .doc = "Column of the targets."}};
  SectionSpec spec{.name = "items", .doc = "The items and their targets."};
  spec.keys = {
      {.name = "file", .value = text(), .doc = "Table, FASTA, .smi, .npy, ...", .required = true},
      {.name = "header",
       .value = boolean(),
       .default_yaml = "true",
       .doc = "false: no header; the first column is the id, the second the text."},
      {.name = "id", .value = text(), .doc = "Column of the ids."},
      {.name = "text", .value = text(), .doc = "Column of mutations, sequence or SMILES."},
      {.name = "target", .value = text(), .doc = "Column of the target: a number, or 0 and 1."},
      {.name = "features", .value = list(text()), .doc = "Columns of a vector."},
      {.name = "targets",
       .value = section(std::move(targets)),
       .doc = "Targets in another file. Without `target` and `targets` they are taken from the "
              "files of an imported series."}};
  return spec;
}

SectionSpec similarity() {
  SectionSpec spec{.name = "similarity", .doc = "How alike two items are."};
  spec.keys = {{.name = "kind",
                .value = text(),
                .doc = "mutation-share, ecfp-tanimoto, global-identity, ...",
                .required = true},
               {.name = "threshold",
                .value = number(-1e300, 1e300),
                .doc = "From which similarity an item is a neighbour (default: the kind's)."},
               {.name = "options", .value = table(text()), .doc = "Options of the kind, by name."}};
  return spec;
}

SectionSpec series() {
  SectionSpec spec{.name = "series", .doc = "The splits, from most to least overlap."};
  spec.keys = {
      {.name = "folder",
       .value = text(),
       .doc = "Splits that SPECTRA has left on disk: a folder, or catalogue:NAME of an entry."},
      {.name = "variant",
       .value = choice({"spectrae-1.0.3", "paper-sd", "paper-msd", "2.0"}),
       .doc = "Makes SPECTRA's splits; without folder and variant cupel's own series is made."},
      {.name = "lambdas",
       .value = list(number(0.0, 1.0)),
       .default_yaml = "[0, 0.25, 0.5, 0.75, 1]",
       .doc = "Spectral parameters of a variant."},
      {.name = "levels",
       .value = list(number(-1e300, 1e300)),
       .doc = "cupel's series: the overlaps wanted (default: 8, evenly spread)."},
      {.name = "repeats", .value = whole(1, 100), .default_yaml = "3", .doc = "Per level."},
      {.name = "test_share",
       .value = number(0.01, 0.9),
       .default_yaml = "0.2",
       .doc = "Share of the test items."},
      {.name = "controls",
       .value = boolean(),
       .default_yaml = "true",
       .doc = "Beside every split a random one of the same sizes."}};
  return spec;
}

SectionSpec model() {
  SectionSpec spec{.name = "models.*", .doc = "A model under audit."};
  spec.keys = {
      {.name = "title", .value = text(), .doc = "Name for people."},
      {.name = "command",
       .value = text(),
       .doc = "Trains and predicts: {train} {test} {out} {seed} {items}, run by /bin/sh."},
      {.name = "timeout",
       .value = {.kind = Kind::duration, .minimum = 0.001, .maximum = 31536000.0},
       .default_yaml = "2h",
       .doc = "Per run of the command."},
      {.name = "predictions",
       .value = text(),
       .doc = "Table with id, prediction and, where they differ by split, parameter and repeat."},
      {.name = "id", .value = text(), .default_yaml = "id", .doc = "Column of the ids."},
      {.name = "column",
       .value = text(),
       .default_yaml = "prediction",
       .doc = "Column of the predictions."}};
  return spec;
}

SectionSpec published() {
  SectionSpec spec{.name = "published", .doc = "Points of curves printed elsewhere."};
  spec.keys = {{.name = "file", .value = text(), .doc = "Table.", .required = true},
               {.name = "x", .value = text(), .default_yaml = "lambda", .doc = "Column."},
               {.name = "value", .value = text(), .default_yaml = "value", .doc = "Column."},
               {.name = "model", .value = text(), .default_yaml = "model", .doc = "Column."}};
  return spec;
}

SectionSpec statistics() {
  SectionSpec spec{.name = "statistics", .doc = "Intervals and margin."};
  spec.keys = {
      {.name = "draws", .value = whole(50, 1000000), .default_yaml = "1000", .doc = "Bootstrap."},
      {.name = "confidence",
       .value = number(0.5, 0.9999),
       .default_yaml = "0.95",
       .doc = "Level of the intervals."},
      {.name = "margin",
       .value = number(0.0, 1e300),
       .default_yaml = "0.02",
       .doc = "Gain that matters."},
      {.name = "relative",
       .value = boolean(),
       .default_yaml = "true",
       .doc = "The margin is a share of the bar's error, or of 1 - score."}};
  return spec;
}

SectionSpec whole_file() {
  SectionSpec spec{.name = "spectrum study", .doc = "The study file of `cupel spectra`."};
  spec.keys = {
      {.name = "title", .value = text(), .default_yaml = "Spectrum", .doc = "Of the report."},
      {.name = "seed", .value = whole(0, 9007199254740992.0), .default_yaml = "0", .doc = "Seed."},
      {.name = "metric", .value = text(), .doc = "auroc, rmse, spearman, ...", .required = true},
      {.name = "axis",
       .value = choice({"parameter", "overlap", "novelty"}),
       .default_yaml = "parameter",
       .doc = "x of the curves and areas."},
      {.name = "items", .value = section(items()), .doc = "The items.", .required = true},
      {.name = "similarity",
       .value = section(similarity()),
       .doc = "The similarity.",
       .required = true},
      {.name = "series", .value = section(series()), .doc = "The splits."},
      {.name = "models", .value = table(section(model())), .doc = "Models, by name."},
      {.name = "baselines",
       .value = list(text()),
       .doc = "Names of baselines (default: all that the items allow)."},
      {.name = "published", .value = section(published()), .doc = "Curves to stand beside."},
      {.name = "statistics", .value = section(statistics()), .doc = "Intervals and margin."}};
  return spec;
}

}  // namespace

const SectionSpec& spectrum_schema() {
  static const SectionSpec kSchema = whole_file();
  return kSchema;
}

}  // namespace cupel::detail
