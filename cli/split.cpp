// cupel split: makes a split and writes it with its provenance.
#include <memory>

#include "area/area.hpp"
#include "area/drug_response/compounds.hpp"
#include "area/perturbation/splits.hpp"
#include "area/potency/splits.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "cupel/error.hpp"
#include "inputs.hpp"
#include "split/leaks.hpp"
#include "split/make.hpp"
#include "split_items.hpp"
#include "split_molecules.hpp"
#include "split_out.hpp"
#include "split_profiles.hpp"
#include "split_spectra.hpp"

namespace cupel::cli {
namespace {

struct Flags {
  std::string scheme;
  std::string input;
  DataFlags data;
  std::string out;
  std::optional<std::uint32_t> folds;
  std::optional<std::uint32_t> repeats;
  std::optional<std::uint32_t> fold;
  double validation = 0.0;
  bool ids_apart = false;
  std::string given;  ///< --role-column
  std::string file;   ///< --file: cell_load's
  OverlapSpec overlap;
};

void warn_of_leaks(const Dataset& data, const Split& split,
                   const std::vector<std::uint32_t>& compounds, const Session& session) {
  for (const auto& leak : find_leaks(data, split, compounds)) {
    session.context.say(
        leak.severity == Severity::note ? LogLevel::debug : LogLevel::warning,
        "fold " + std::to_string(split.fold) + ": " + leak.code + ": " + leak.sentence);
  }
}

/// The series of `cupel split overlap --data`.
OverlapSpec series_spec(const Flags& flags, const SharedSplitFlags& shared) {
  if (flags.scheme != "overlap" && !flags.overlap.entity.empty()) {
    fail(ErrorKind::usage, "--entity belongs to the scheme overlap", {},
         "remove it, or write `cupel split overlap`");
  }
  OverlapSpec spec = flags.overlap;
  if (flags.scheme != "overlap") return spec;
  if (spec.entity.empty() && flags.data.area == "drug_response") {
    fail(ErrorKind::usage, "cupel split overlap needs --entity", {},
         "say whose similarity is to fall: --entity drug or --entity cell");
  }
  const WantedLevels levels = parse_levels(shared.levels);
  spec.wanted = levels.overlaps;
  if (levels.overlaps.empty()) spec.levels = levels.count;
  spec.similarity = shared.kind.kind;
  spec.test = shared.test.value_or(SharedSplitFlags::kTestShare);
  spec.train = shared.train;
  spec.threshold = shared.threshold;
  spec.measure = shared.measure;
  if (shared.control == "random") {
    fail(ErrorKind::usage, "an overlap series of --data has the control same_test or none", {},
         "leave --control out");
  }
  spec.control = shared.control != "none";
  return spec;
}

/// What --data has to be given for.
void check_has_data(const Flags& flags) {
  if (!flags.data.data.empty()) return;
  const bool takes_items = contains(item_split_methods(), flags.scheme);
  fail(ErrorKind::usage,
       "cupel split " + flags.scheme + " needs " + (takes_items ? "INPUT" : "--data"), {},
       takes_items ? "name the file of the items: cupel split " + flags.scheme + " items.csv ..."
                   : "give the samples with --data FILE or --data catalogue:NAME");
}

SplitSpec split_spec(const Flags& flags, const SharedSplitFlags& shared, const Session& session) {
  SplitSpec spec{.name = flags.scheme,
                 .scheme = flags.scheme,
                 .folds = flags.folds.value_or(5),
                 .folds_given = flags.folds.has_value(),
                 .repeats = flags.repeats.value_or(1),
                 .validation = flags.validation,
                 .merge_compounds = !flags.ids_apart,
                 .seed = session.context.seed,
                 .overlap = series_spec(flags, shared)};
  spec.parts = {.test = shared.test,
                .tolerance = shared.tolerance,
                .column = shared.value.empty() ? shared.group : shared.value,
                .threshold = shared.threshold,
                .clusters = shared.clusters.value_or(0),
                .bins = shared.bins,
                .max_left_out = shared.options.max_left_out};
  if (flags.fold) spec.only_folds = {*flags.fold};
  return spec;
}

int run(const Flags& flags, const SharedSplitFlags& shared, Session& session) {
  check_has_data(flags);
  SplitSpec spec = split_spec(flags, shared, session);
  const SplitOut call{.scheme = flags.scheme,
                      .out = flags.out,
                      .repeats = spec.repeats,
                      .seed = session.context.seed};
  if (flags.data.area == "potency") {
    if (!flags.given.empty()) spec.role_column = flags.given;
    return run_split_molecules(spec, flags.data, call, session);
  }
  if (flags.data.area == "perturbation") {
    spec.file = flags.file;
    return run_split_profiles(spec, flags.data, call, session);
  }
  const LoadedData loaded = load_data(flags.data, session);
  const auto compounds = find_compounds(loaded.data.entity("drug")).compound_of_drug;
  const auto splits = find_area(flags.data.area).make_splits(loaded, spec, ".", session.context);
  if (flags.scheme == "overlap") return write_series(call, loaded.data, splits, session);
  const auto files = write_split_files(call, loaded.data, splits);
  for (const auto& split : splits) warn_of_leaks(loaded.data, split, compounds, session);
  return print_splits(call, files, splits, "", nullptr, session);
}

}  // namespace

Run define_split(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example(
      "cupel split cancer_blind --data responses.csv --columns drug=DRUG,cell=CELL,target=Y \\\n"
      "      --folds 5 --seed 1 --out folds.csv");
  arguments.example(
      "cupel split drug_blind --data responses.csv --fold 0 --validation 0.1 --out split.csv");
  arguments.example(
      "cupel split overlap --data responses.csv --drugs drugs.csv --entity drug --levels 6 \\\n"
      "      --out series.csv");
  arguments.example(
      "cupel split scaffold --area potency --data molecules.csv \\\n"
      "      --columns smiles=SMILES,target=pIC50 --test 0.1 --validation 0.1 --out split.csv");
  arguments.example(
      "cupel split unseen_perturbation --area perturbation --data screen.h5ad \\\n"
      "      --columns perturbation=condition,context=cell_type --control-label control --scale "
      "log1p "
      "\\\n"
      "      --folds 5 --out folds.csv");
  arguments.description(
      "Without --fold the file is row,fold (the fold that tests each row); with it row,role. "
      "Beside\n"
      "it a JSON file holds scheme, seed, hashes and counts.");
  auto schemes = split_schemes();
  std::erase(schemes, "file");
  schemes.emplace_back("spectra");
  for (const auto& scheme : potency::potency_split_schemes()) {
    if (!contains(schemes, scheme)) schemes.push_back(scheme);
  }
  for (const auto& scheme : perturbation::perturbation_split_schemes()) {
    if (scheme != "file" && !contains(schemes, scheme)) schemes.push_back(scheme);
  }
  const auto methods = item_split_methods();
  for (const auto& method : methods) {
    if (!contains(schemes, method)) schemes.push_back(method);
  }
  arguments.positional("SCHEME", flags->scheme, "What is unseen in training; `cupel list splits`",
                       true, std::move(schemes));
  arguments.positional("INPUT", flags->input,
                       "Items to split by similarity or a column, instead of --data", false);
  add_data_flags(arguments, flags->data, false);
  // --matrix is the alignment's here, --control that of a series.
  add_profile_flags(arguments, flags->data, "--cells-matrix", "--control-label");
  arguments.option("--folds", flags->folds, "Number of folds; 0 with tissue_blind: one per tissue",
                   {.placeholder = "N"});
  arguments.option("--repeats", flags->repeats, "Draws of the folds; a file each",
                   {.placeholder = "N"});
  arguments.option("--fold", flags->fold, "One fold only, as row,role", {.placeholder = "K"});
  arguments.option("--validation", flags->validation, "Share of the other units for validation",
                   {.placeholder = "SHARE"});
  arguments.flag("--ids-apart", flags->ids_apart,
                 "Treat ids of one compound as different drugs (leaks in drug_blind)");
  arguments.option("--role-column", flags->given,
                   "given: column with train, validation, test or left_out",
                   {.placeholder = "COLUMN"});
  arguments.option(
      "--entity", flags->overlap.entity, "overlap: whose similarity to training falls",
      {.allowed = {"drug", "cell", "ligand", "perturbation", "context"}, .placeholder = "ENTITY"});
  arguments.option("--file", flags->file, "cell_load: the TOML file",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--view", flags->overlap.features,
                   "overlap: feature table or label, where several fit", {.placeholder = "NAME"});
  const RunSpectra spectra = define_split_spectra(arguments);
  const ItemSplitCommand items = define_split_items(arguments);
  arguments.option("--out", flags->out, "Split file; spectra, overlap of INPUT: a folder",
                   {.required = true, .placeholder = "FILE", .is_file = true});
  return [flags, spectra, items, methods](Session& session) {
    if (flags->scheme == "spectra") {
      return spectra({.input = flags->input,
                      .out = flags->out,
                      .repeats = flags->repeats.value_or(1),
                      .shared = *items.shared},
                     session);
    }
    if (!flags->input.empty() && contains(methods, flags->scheme)) {
      return items.run({.method = flags->scheme,
                        .input = flags->input,
                        .out = flags->out,
                        .folds = flags->folds,
                        .repeats = flags->repeats,
                        .validation = flags->validation,
                        .features = flags->data.features},
                       session);
    }
    return run(*flags, *items.shared, session);
  };
}

}  // namespace cupel::cli
