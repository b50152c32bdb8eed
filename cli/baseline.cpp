// cupel baseline: one baseline on one split.
#include <memory>

#include "area/area.hpp"
#include "base/text.hpp"
#include "baseline_profiles.hpp"
#include "commands.hpp"
#include "cupel/error.hpp"
#include "inputs.hpp"
#include "io/write.hpp"
#include "json_out.hpp"

namespace cupel::cli {
namespace {

struct Flags {
  std::string name;
  DataFlags data;
  std::string split;
  std::optional<std::uint32_t> fold;
  std::string out;
  std::vector<std::string> options;
  std::string shape = "profile";  ///< --cells-as
};

void write_header(CsvWriter& csv, const Dataset& data) {
  csv.text("row");
  for (const auto& entity : data.entities) csv.text(entity.name);
  csv.text("prediction");
  csv.end_row();
}

void write_rows(CsvWriter& csv, const Dataset& data, const std::vector<std::uint32_t>& rows,
                const std::vector<double>& values) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    csv.integer(static_cast<std::int64_t>(data.source_row[rows[i]]));
    for (const auto& entity : data.entities) csv.text(entity.ids[entity.code_of_sample[rows[i]]]);
    csv.number(values[i]);
    csv.end_row();
  }
}

int run(const Flags& flags, Session& session) {
  const LoadedData loaded = load_data(flags.data, session);
  const bool are_profiles = loaded.data.profiles != nullptr;
  const BaselineSpec spec{.name = flags.name,
                          .options = flags.options.empty()
                                         ? std::map<std::string, std::string>{}
                                         : parse_pairs(flags.options, "--options")};
  const auto baseline = find_area(flags.data.area).make_baseline(spec, loaded.data);
  CsvWriter csv;
  PredictedProfiles profiles{.data = loaded.data, .flags = flags.data, .baseline = flags.name};
  profiles.cells = flags.shape;
  write_header(csv, loaded.data);
  std::size_t n_train = 0;
  std::size_t n_test = 0;
  Diagnostics diagnostics;
  for (const auto& split : load_splits(flags.split, flags.fold, loaded, session)) {
    const auto train = split.rows(Role::train);
    const auto validation = split.rows(Role::validation);
    const auto test = split.rows(Role::test);
    const auto fitted = baseline->fit({.data = loaded.data,
                                       .train = train,
                                       .validation = validation,
                                       .split = split,
                                       .seed = session.context.seed},
                                      session.context);
    const Prediction prediction = fitted->predict(loaded.data, test, session.context);
    diagnostics.merge(prediction.diagnostics);
    if (are_profiles) {
      profiles.add(test, prediction.values);
    } else {
      write_rows(csv, loaded.data, test, prediction.values);
    }
    n_train += train.size();
    n_test += test.size();
  }
  show(diagnostics, session);
  if (flags.out == "-") {
    session.print(are_profiles ? profiles.csv() : csv.take());
    return 0;
  }
  if (are_profiles) {
    profiles.parameters = baseline->info().parameters;
    profiles.save(flags.out, session.context);
  } else {
    write_file_atomic(flags.out, csv.take());
  }
  if (session.json) {
    JsonOut json;
    json.text("baseline", flags.name).text("parameters", baseline->info().parameters);
    json.text("out", flags.out).number("n_train", static_cast<double>(n_train));
    json.number("n_test", static_cast<double>(n_test));
    json.diagnostics("diagnostics", diagnostics);
    session.print(json.dump());
  } else {
    session.print(flags.out + ": " + std::to_string(n_test) + " predictions of " + flags.name +
                  ", fitted on " + std::to_string(n_train) + " rows\n");
  }
  return 0;
}

}  // namespace

Run define_baseline(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example(
      "cupel baseline drug_mean --data responses.csv --columns drug=DRUG,cell=CELL,target=LN_IC50 "
      "\\\n"
      "      --split split.csv --out predictions.csv");
  arguments.example(
      "cupel baseline knn_weighted --area potency --data molecules.csv \\\n"
      "      --columns smiles=SMILES,target=pIC50 --split split.csv --out predictions.csv");
  arguments.example(
      "cupel baseline additive --area perturbation --data screen.h5ad --control control \\\n"
      "      --columns perturbation=condition --scale log1p --split split.csv --out pred.h5ad");
  arguments.example("cupel list baselines");
  arguments.description(
      "Fits on the training rows only and writes row, the ids (drug and cell; ligand) and "
      "prediction\nfor the test rows; with several assays, of each assay on its own. Of profiles: "
      "a row per test\n"
      "(perturbation, context) and a column per gene, as .h5ad with the control profiles (for "
      "cupel "
      "score\n--preset), or as .csv.");
  arguments.positional("NAME", flags->name, "Baseline (`cupel list baselines`)");
  add_data_flags(arguments, flags->data, true);
  add_profile_flags(arguments, flags->data);
  arguments.option("--split", flags->split,
                   "split.csv: row,role or row,fold; of perturbation: "
                   "perturbation[,context],role",
                   {.required = true, .placeholder = "FILE", .is_file = true});
  arguments.option("--fold", flags->fold, "Test fold of a row,fold file", {.placeholder = "K"});
  arguments.option("--options", flags->options, "Options of the baseline: rank=10,..",
                   {.placeholder = "KEY=VALUE,.."});
  arguments.option("--cells-as", flags->shape,
                   "perturbation: one cell per profile, or as many as the data have: all alike, or "
                   "control cells drawn and scaled gene by gene",
                   {.allowed = {"profile", "tile", "dispersed"}});
  arguments.option("--out", flags->out, "Predictions, - for stdout",
                   {.required = true, .placeholder = "FILE", .is_file = true});
  return [flags](Session& session) { return run(*flags, session); };
}

}  // namespace cupel::cli
