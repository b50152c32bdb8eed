// cupel spectra: performance along a series of splits of falling overlap.
#include "report/spectra.hpp"

#include <memory>

#include "commands.hpp"
#include "cupel/error.hpp"
#include "inputs.hpp"
#include "json_out.hpp"
#include "spectra_nested.hpp"

namespace cupel::cli {
namespace {

struct Flags {
  std::string study;
  std::string out;
  std::string store;
  NestedFlags nested;
};

JsonOut estimate_json(const Estimate& estimate) {
  JsonOut out = JsonOut::part();
  out.number("value", estimate.value).number("low", estimate.low).number("high", estimate.high);
  return out;
}

std::string as_json(const SpectraOutcome& outcome, const Flags& flags) {
  const Spectrum& spectrum = outcome.spectrum;
  JsonOut out;
  out.text("metric", spectrum.options.metric).text("axis", to_string(spectrum.options.axis));
  out.boolean("higher_is_better", spectrum.higher_is_better);
  out.boolean("is_partial", spectrum.is_partial);
  out.boolean("is_falling", spectrum.monotonicity.is_falling);
  std::vector<JsonOut> levels;
  for (std::size_t l = 0; l < spectrum.levels.size(); ++l) {
    const auto& level = spectrum.levels[l];
    JsonOut one = JsonOut::part();
    one.number("parameter", level.parameter).number("x", level.x);
    one.number("n_train", level.n_train).number("n_test", level.n_test);
    one.number("share_with_neighbour", level.overlap.share_with_neighbour);
    one.number("nearest_mean", level.overlap.nearest_mean);
    if (!outcome.set_jaccard.empty()) one.number("set_jaccard", outcome.set_jaccard[l]);
    levels.push_back(std::move(one));
  }
  out.objects("levels", levels);
  std::vector<JsonOut> curves;
  for (const auto& curve : spectrum.curves) {
    const auto& predictor = spectrum.input.predictors[curve.predictor];
    JsonOut one = JsonOut::part();
    one.text("predictor", predictor.name).text("title", predictor.title);
    one.boolean("is_model", predictor.is_model).object("auspc", estimate_json(curve.auspc));
    one.number("standard_error", curve.auspc_se);
    std::vector<JsonOut> points;
    for (const auto& point : curve.points) points.push_back(estimate_json(point));
    one.objects("points", points);
    curves.push_back(std::move(one));
  }
  out.objects("curves", curves);
  std::vector<JsonOut> contrasts;
  for (const auto& contrast : spectrum.contrasts) {
    JsonOut one = JsonOut::part();
    one.text("model", spectrum.input.predictors[contrast.model].name);
    one.text("against", contrast.is_pointwise ? "best baseline at each level"
                                              : spectrum.input.predictors[contrast.against].name);
    one.object("difference", estimate_json(contrast.difference));
    one.number("p_adjusted", contrast.p_adjusted).number("margin", contrast.margin);
    one.text("verdict", to_string(contrast.verdict)).text("sentence", contrast.sentence);
    contrasts.push_back(std::move(one));
  }
  out.objects("contrasts", contrasts).texts("sentences", spectrum.sentences);
  out.number("n_trials_run", static_cast<double>(outcome.n_trials_run));
  out.number("n_trials_reused", static_cast<double>(outcome.n_trials_reused));
  out.text("out", flags.out).diagnostics("diagnostics", outcome.diagnostics);
  return out.dump();
}

int run(Flags& flags, Session& session) {
  if (flags.study.empty() == flags.nested.predictions.empty()) {
    fail(ErrorKind::usage, "what is to be looked at?", {},
         "give a study file (`cupel spectra study.yaml --out DIR`), or --predictions FILE with "
         "--train and --test, --nearest, or --similarity-column");
  }
  const SpectraOptions options{.out = flags.out,
                               .store = flags.store,
                               .catalogue = catalogue_options(session.mirror),
                               .command_line = session.command_line};
  SpectraOutcome outcome;
  std::string title = "Spectrum of " + flags.nested.predictions;
  if (flags.study.empty()) {
    outcome = nested_outcome(flags.nested, session);
  } else {
    SpectrumStudy study = read_spectrum_study(flags.study);
    if (session.seed) study.seed = *session.seed;
    session.context.seed = study.seed;
    title = study.title;
    outcome = run_spectra(study, options, session.context);
  }
  session.context.report({.task = "done", .done = 1, .total = 1});
  show(outcome.diagnostics, session);
  write_spectra(outcome, title, options);
  session.print(session.json ? as_json(outcome, flags) : spectra_text(outcome));
  return 0;
}

}  // namespace

Run define_spectra(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  NestedFlags& nested = flags->nested;
  arguments.example("cupel spectra study.yaml --out spectrum");
  arguments.example(
      "cupel spectra --predictions pred.csv --train train.csv --test test.csv \\\n"
      "      --kind ecfp-tanimoto --out spectrum");
  arguments.example("cupel spectra --predictions pred.csv --nearest nearest.csv --out spectrum");
  arguments.description(
      "With a study: fits baselines and models on every split of a series. With predictions: no\n"
      "training; performance on the test rows that are at most so similar to the training set.\n"
      "Writes spectrum.json, spectrum.csv, auspc.csv and report.html.");
  arguments.positional("STUDY", flags->study, "Study file (YAML), - for stdin", false);
  arguments.option(
      "--out", flags->out, "Folder of the results",
      {.required = true, .environment = "CUPEL_OUT", .placeholder = "DIR", .is_file = true});
  arguments.option("--store", flags->store, "Folder of the trials (default: OUT/store)",
                   {.environment = "CUPEL_STORE", .placeholder = "DIR", .is_file = true});
  arguments.option("--predictions", nested.predictions,
                   "Table: id (or row), target, and a column per model",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--prediction-column", nested.columns,
                   "Columns of the predictions (default: all other numeric ones)",
                   {.placeholder = "COLUMN"});
  arguments.option("--train", nested.train, "Training items",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--test", nested.test, "Test items", {.placeholder = "FILE", .is_file = true});
  arguments.option("--nearest", nested.nearest, "What `cupel overlap --out` wrote",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--similarity-column", nested.similarity_column,
                   "Column of the predictions with the similarity of the nearest training item",
                   {.placeholder = "COLUMN"});
  arguments.option("--levels", nested.limits,
                   "Limits of the similarity (default: eight quantiles of the test rows)",
                   {.placeholder = "S"});
  arguments.option("--metric", nested.metric, "Default: auroc if all targets are 0 or 1, else rmse",
                   {.placeholder = "NAME"});
  arguments.option("--axis", nested.axis,
                   "x of the areas: novelty = 1 - mean nearest similarity (default), overlap, "
                   "parameter = the limit",
                   {.allowed = {"novelty", "overlap", "parameter"}});
  arguments.option("--threshold", nested.threshold,
                   "Similarity from which an item is a neighbour (default: the kind's)",
                   {.placeholder = "T"});
  arguments.option("--draws", nested.draws, "Bootstrap draws (default: 1000)",
                   {.placeholder = "N"});
  arguments.option("--confidence", nested.confidence, "Level of the intervals (default: 0.95)",
                   {.placeholder = "SHARE"});
  arguments.option("--margin", nested.margin,
                   "Gain that matters, as a share of the bar's error (default: 0.02)",
                   {.placeholder = "SHARE"});
  add_kind_flags(arguments, nested.kind, false);
  add_item_flags(arguments, nested.items);
  return [flags](Session& session) { return run(*flags, session); };
}

}  // namespace cupel::cli
