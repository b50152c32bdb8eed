// cupel baseline: one baseline on one split.
#include <memory>

#include "area/drug_response/baselines.hpp"
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
};

std::string predictions_csv(const Dataset& data, const std::vector<std::uint32_t>& rows,
                            const std::vector<double>& values) {
  CsvWriter csv;
  csv.text("row").text("drug").text("cell").text("prediction");
  csv.end_row();
  const Entity& drug = data.entity("drug");
  const Entity& cell = data.entity("cell");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    csv.integer(static_cast<std::int64_t>(data.source_row[rows[i]]));
    csv.text(drug.ids[drug.code_of_sample[rows[i]]]);
    csv.text(cell.ids[cell.code_of_sample[rows[i]]]);
    csv.number(values[i]);
    csv.end_row();
  }
  return csv.take();
}

int run(const Flags& flags, Session& session) {
  const DrugResponse loaded = load_data(flags.data, session);
  const auto baseline =
      drug_response::make_baseline(flags.name,
                                   flags.options.empty() ? std::map<std::string, std::string>{}
                                                         : parse_pairs(flags.options, "--options"),
                                   loaded.data);
  const Split split = load_split(flags.split, flags.fold, loaded, session);
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
  show(prediction.diagnostics, session);
  const std::string csv = predictions_csv(loaded.data, test, prediction.values);
  if (flags.out == "-") {
    session.print(csv);
    return 0;
  }
  write_file_atomic(flags.out, csv);
  if (session.json) {
    JsonOut json;
    json.text("baseline", flags.name).text("parameters", baseline->info().parameters);
    json.text("out", flags.out).number("n_train", static_cast<double>(train.size()));
    json.number("n_test", static_cast<double>(test.size()));
    json.diagnostics("diagnostics", prediction.diagnostics);
    session.print(json.dump());
  } else {
    session.print(flags.out + ": " + std::to_string(test.size()) + " predictions of " + flags.name +
                  ", fitted on " + std::to_string(train.size()) + " rows\n");
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
  arguments.example("cupel list baselines");
  arguments.description(
      "Fits on the training rows only and writes row,drug,cell,prediction for the test rows.");
  arguments.positional("NAME", flags->name, "Baseline (`cupel list baselines`)");
  add_data_flags(arguments, flags->data, true);
  arguments.option("--split", flags->split, "split.csv: row,role or row,fold",
                   {.required = true, .placeholder = "FILE", .is_file = true});
  arguments.option("--fold", flags->fold, "Test fold of a row,fold file", {.placeholder = "K"});
  arguments.option("--options", flags->options, "Options of the baseline: rank=10,..",
                   {.placeholder = "KEY=VALUE,.."});
  arguments.option("--out", flags->out, "Predictions, - for stdout",
                   {.required = true, .placeholder = "FILE", .is_file = true});
  return [flags](Session& session) { return run(*flags, session); };
}

}  // namespace cupel::cli
