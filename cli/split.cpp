// cupel split: makes a split and writes it with its provenance.
#include <fmt/format.h>

#include <memory>

#include "area/area.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "cupel/error.hpp"
#include "inputs.hpp"
#include "json_out.hpp"
#include "split/files.hpp"
#include "split/make.hpp"
#include "split_items.hpp"
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
  OverlapSpec overlap;
};

std::filesystem::path numbered(const std::filesystem::path& path, std::uint32_t repeat) {
  std::filesystem::path out = path.parent_path() / path.stem();
  out += "_repeat" + std::to_string(repeat) + path.extension().string();
  return out;
}

JsonOut split_json(const Split& split) {
  JsonOut one = JsonOut::part();
  one.number("repeat", split.repeat).number("fold", split.fold);
  for (const Role role : {Role::train, Role::validation, Role::test, Role::left_out}) {
    one.number(to_string(role), static_cast<double>(split.count(role)));
  }
  one.texts("blind_to", split.blind_to).text("sha256", split.sha256());
  return one;
}

void warn_of_leaks(const Area& area, const Dataset& data, const std::vector<Split>& folds,
                   const Session& session) {
  for (const auto& note : area.check_protocol(data, folds)) {
    std::string fold;
    for (const auto& [key, value] : note.evidence) {
      if (key == "fold") fold = "fold " + value + ": ";
    }
    session.context.say(note.severity == Severity::note ? LogLevel::debug : LogLevel::warning,
                        fold + note.code + ": " + note.sentence);
  }
}

// An overlap series is one file: the roles of the entity's ids in every split.
int write_series(const Flags& flags, const Dataset& data, const std::vector<Split>& splits,
                 const Session& session) {
  write_series_file(flags.out, data, splits);
  std::vector<JsonOut> all;
  std::string text = flags.out + "\n";
  for (const auto& split : splits) {
    JsonOut one = split_json(split);
    one.number("level", split.level).boolean("is_control", split.is_control);
    one.number("n_train", static_cast<double>(split.overlap.n_train));
    one.number("n_test", static_cast<double>(split.overlap.n_test));
    one.number("nearest_mean", split.overlap.nearest_mean);
    one.number("share_with_neighbour", split.overlap.share_with_neighbour);
    all.push_back(std::move(one));
    text += fmt::format(
        "split {}: repeat {}, level {:.3f}{}: {} {}s in training, {} in test; mean nearest "
        "similarity {:.3f}, {:.0f} % with a neighbour\n",
        split.fold, split.repeat, split.level, split.is_control ? ", control" : "",
        split.overlap.n_train, split.series_entity, split.overlap.n_test,
        split.overlap.nearest_mean, 100.0 * split.overlap.share_with_neighbour);
  }
  if (session.json) {
    JsonOut out;
    out.text("scheme", flags.scheme).text("entity", splits.front().series_entity);
    out.texts("files", {flags.out}).objects("splits", all);
    text = out.dump();
  }
  session.print(text);
  return 0;
}

/// The series of `cupel split overlap --data`.
OverlapSpec series_spec(const Flags& flags, const SharedSplitFlags& shared) {
  if (flags.scheme != "overlap" && !flags.overlap.entity.empty()) {
    fail(ErrorKind::usage, "--entity belongs to the scheme overlap", {},
         "remove it, or write `cupel split overlap`");
  }
  OverlapSpec spec = flags.overlap;
  if (flags.scheme != "overlap") return spec;
  if (spec.entity.empty()) {
    fail(ErrorKind::usage, "cupel split overlap needs --entity", {},
         "say whose similarity is to fall: --entity drug or --entity cell");
  }
  const WantedLevels levels = parse_levels(shared.levels);
  spec.wanted = levels.overlaps;
  if (levels.overlaps.empty()) spec.levels = levels.count;
  spec.similarity = shared.kind.kind;
  spec.test = shared.test;
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

int run(const Flags& flags, const SharedSplitFlags& shared, Session& session) {
  if (flags.data.data.empty()) {
    const bool takes_items = contains(item_split_methods(), flags.scheme);
    fail(ErrorKind::usage,
         "cupel split " + flags.scheme + " needs " + (takes_items ? "INPUT" : "--data"), {},
         takes_items ? "name the file of the items: cupel split " + flags.scheme + " items.csv ..."
                     : "give the responses with --data FILE or --data catalogue:NAME");
  }
  const LoadedData loaded = load_data(flags.data, session);
  SplitSpec spec{.name = flags.scheme,
                 .scheme = flags.scheme,
                 .folds = flags.folds.value_or(5),
                 .repeats = flags.repeats.value_or(1),
                 .validation = flags.validation,
                 .merge_compounds = !flags.ids_apart,
                 .seed = session.context.seed,
                 .overlap = series_spec(flags, shared)};
  if (flags.fold) spec.only_folds = {*flags.fold};
  const Area& area = find_area(flags.data.area);
  const auto splits = area.make_splits(loaded, spec, ".", session.context);
  if (flags.scheme == "overlap") return write_series(flags, loaded.data, splits, session);
  std::vector<std::string> files;
  std::vector<JsonOut> folds;
  for (std::uint32_t repeat = 0; repeat < spec.repeats; ++repeat) {
    std::vector<Split> group;
    for (const auto& split : splits) {
      if (split.repeat == repeat) group.push_back(split);
    }
    if (group.empty()) continue;
    const auto path =
        spec.repeats == 1 ? std::filesystem::path(flags.out) : numbered(flags.out, repeat);
    if (flags.fold) {
      write_split_file(path, loaded.data, group.front());
    } else {
      write_fold_file(path, loaded.data, group);
    }
    files.push_back(path.string());
    warn_of_leaks(area, loaded.data, group, session);
    for (const auto& split : group) folds.push_back(split_json(split));
  }
  if (session.json) {
    JsonOut out;
    out.text("scheme", flags.scheme).number("seed", static_cast<double>(*spec.seed));
    session.print(out.texts("files", files).objects("folds", folds).dump());
    return 0;
  }
  std::string text;
  for (const auto& file : files) text += file + "\n";
  for (const auto& split : splits) {
    text += "fold " + std::to_string(split.fold) + ": " + std::to_string(split.count(Role::train)) +
            " train, " + std::to_string(split.count(Role::validation)) + " validation, " +
            std::to_string(split.count(Role::test)) + " test, " +
            std::to_string(split.count(Role::left_out)) + " left out\n";
  }
  session.print(text);
  return 0;
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
  arguments.description(
      "Without --fold the file is row,fold (the fold that tests each row); with it row,role. "
      "Beside\n"
      "it a JSON file holds scheme, seed, hashes and counts.");
  auto schemes = split_schemes();
  std::erase(schemes, "file");
  schemes.emplace_back("spectra");
  const auto methods = item_split_methods();
  for (const auto& method : methods) {
    if (!contains(schemes, method)) schemes.push_back(method);
  }
  arguments.positional("SCHEME", flags->scheme, "What is unseen in training; `cupel list splits`",
                       true, std::move(schemes));
  arguments.positional("INPUT", flags->input,
                       "Items to split by similarity or a column, instead of --data", false);
  add_data_flags(arguments, flags->data, false);
  arguments.option("--folds", flags->folds, "Number of folds; 0 with tissue_blind: one per tissue",
                   {.placeholder = "N"});
  arguments.option("--repeats", flags->repeats, "Draws of the folds; a file each",
                   {.placeholder = "N"});
  arguments.option("--fold", flags->fold, "One fold only, as row,role", {.placeholder = "K"});
  arguments.option("--validation", flags->validation, "Share of the other units for validation",
                   {.placeholder = "SHARE"});
  arguments.flag("--ids-apart", flags->ids_apart,
                 "Treat ids of one compound as different drugs (leaks in drug_blind)");
  arguments.option("--entity", flags->overlap.entity, "overlap: whose similarity to training falls",
                   {.allowed = {"drug", "cell"}, .placeholder = "ENTITY"});
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
