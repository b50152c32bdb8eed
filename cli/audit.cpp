// cupel audit: a study file, or predictions and responses given as flags.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "audit_run.hpp"
#include "commands.hpp"
#include "cupel/error.hpp"
#include "inputs.hpp"
#include "study/study_parse.hpp"

namespace cupel::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Flags {
  std::string study;
  std::string out;
  std::string store;
  std::vector<std::string> fail_on;
  DataFlags data;
  std::vector<std::string> predictions;
  std::vector<std::string> prediction_columns;
  std::string split;
  std::string fold_column;
  std::string role_column;
};

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// "mine=runs/p.csv", or "runs/p.csv" with the name p.
std::pair<std::string, std::string> named_file(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals != std::string::npos && word.find('/') > equals) {
    return {word.substr(0, equals), word.substr(equals + 1)};
  }
  std::string name = fs::path(word).filename().string();
  return {name.substr(0, name.find('.')), word};
}

/// A table's entry in the study file.
Json table_json(const EntityTableSpec& table) {
  Json out{{"file", table.file}, {"id", table.id}};
  for (const auto& [label, column] : table.labels) out[label] = column;
  return out;
}

/// What was said of the profiles, defaults left out.
Json profiles_json(const ProfileSpec& given) {
  const ProfileSpec usual;
  Json out = Json::object();
  const auto add = [&out](const char* key, const auto& value, const auto& fallback) {
    if (value != fallback) out[key] = value;
  };
  add("control", given.control, usual.control);
  add("matrix", given.matrix, usual.matrix);
  add("scale", given.scale, usual.scale);
  add("normalize", given.normalize, usual.normalize);
  add("log1p", given.log1p, usual.log1p);
  add("pseudobulk", given.pseudobulk, usual.pseudobulk);
  add("separator", given.separator, usual.separator);
  add("guide_map", given.guide_map, usual.guide_map);
  add("min_cells", given.min_cells, usual.min_cells);
  add("genes", given.genes, usual.genes);
  add("halves", given.halves, usual.halves);
  return out;
}

Json split_json(const Flags& flags) {
  const int n_given = static_cast<int>(!flags.split.empty()) +
                      static_cast<int>(!flags.fold_column.empty()) +
                      static_cast<int>(!flags.role_column.empty());
  if (n_given != 1) {
    fail(ErrorKind::usage, "which rows were the test rows?", {},
         "give one of --split split.csv (row,role or row,fold), --fold-column COLUMN and "
         "--role-column COLUMN; `cupel split` makes a split file");
  }
  Json split{{"name", "given"}};
  if (!flags.split.empty()) split["file"] = flags.split;
  if (!flags.fold_column.empty()) split["fold_column"] = flags.fold_column;
  if (!flags.role_column.empty()) split["role_column"] = flags.role_column;
  return split;
}

/// The flags as a study file (JSON is YAML), so that both ways are one.
std::string study_from_flags(const Flags& flags, const Session& session) {
  if (flags.data.data.empty()) {
    fail(ErrorKind::usage, "--predictions needs --data", {},
         "for example: cupel audit --predictions mine.csv --data responses.csv --columns "
         "drug=DRUG,cell=CELL,target=LN_IC50 --split split.csv --out report");
  }
  if (flags.data.data == "-") {
    fail(ErrorKind::usage, "audit cannot take the responses from standard input", {},
         "save them to a file: an audit names its inputs by their hashes");
  }
  const DataSpec spec = data_spec(flags.data, session);
  Json data = Json::object();
  if (!spec.catalogue.empty()) data["catalogue"] = spec.catalogue;
  if (!spec.file.empty()) {
    data["responses"] = {{"file", spec.file}, {"columns", spec.columns}};
    if (!spec.unit.empty()) data["responses"]["unit"] = spec.unit;
  }
  const Json profiles = profiles_json(spec.profiles);
  if (flags.data.area == "perturbation" && !profiles.empty()) data["profiles"] = profiles;
  for (const auto& table : spec.entity_tables) data[table.entity + "s"] = table_json(table);
  for (const auto& table : spec.feature_tables) {
    data["features"].push_back(
        {{"entity", table.entity}, {"name", table.name}, {"file", table.file}, {"id", table.id}});
  }
  Json models = Json::object();
  const auto columns = flags.prediction_columns.empty()
                           ? std::map<std::string, std::string>{}
                           : parse_pairs(flags.prediction_columns, "--prediction-columns");
  for (const auto& word : flags.predictions) {
    const auto [name, file] = named_file(word);
    if (models.contains(name)) {
      fail(ErrorKind::usage, "two models are named \"" + name + "\"", {},
           "name them: --predictions first=a/p.csv second=b/p.csv");
    }
    models[name] = {{"predictions", file}};
    if (!columns.empty()) models[name]["columns"] = columns;
  }
  return Json{{"area", flags.data.area},
              {"data", data},
              {"splits", Json::array({split_json(flags)})},
              {"models", models}}
             .dump(2) +
         "\n";
}

int run(const Flags& flags, Session& session) {
  if (flags.study.empty() == flags.predictions.empty()) {
    fail(ErrorKind::usage, "what is to be audited?", {},
         "give a study file (`cupel audit study.yaml --out report`), or --predictions and --data");
  }
  AuditOptions options{.out = flags.out,
                       .store = flags.store,
                       .catalogue = catalogue_options(session.mirror),
                       .command_line = session.command_line};
  Study study;
  if (flags.study.empty()) {
    options.study_text = study_from_flags(flags, session);
    study = parse_study(options.study_text, "command line", ".");
  } else if (flags.study == "-") {
    study = read_study("-");
    options.study_text = "standard input";
  } else {
    study = read_study(flags.study);
    options.study_text = read_text(flags.study);
  }
  if (session.seed) {
    study.seed = *session.seed;
    options.study_text += "\n# --seed " + std::to_string(*session.seed) + "\n";
  }
  session.context.seed = study.seed;
  return run_audit(study, options, flags.fail_on, session);
}

}  // namespace

Run define_audit(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example("cupel audit study.yaml --out report");
  arguments.example(
      "cupel audit --predictions mine.csv --data responses.csv \\\n"
      "      --columns drug=DRUG,cell=CELL,target=LN_IC50 --split split.csv --out report");
  arguments.example(
      "cupel audit --area perturbation --predictions mine.h5ad --data screen.h5ad --scale log1p "
      "\\\n"
      "      --columns perturbation=condition --control control --split split.csv --out report");
  arguments.example("cupel audit study.yaml --out report --fail-on worse --json > audit.json");
  arguments.description(
      "Writes report.html, report.json, scores.csv, findings.csv and predictions/ to the folder.\n"
      "Stopped at any moment, it goes on from there when the same command is run again.");
  arguments.positional("STUDY", flags->study, "Study file (YAML), - for stdin", false);
  arguments.option(
      "--out", flags->out, "Folder of the report",
      {.required = true, .environment = "CUPEL_OUT", .placeholder = "DIR", .is_file = true});
  arguments.option("--store", flags->store, "Folder of the trials (default: OUT/store)",
                   {.environment = "CUPEL_STORE", .placeholder = "DIR", .is_file = true});
  arguments.option(
      "--fail-on", flags->fail_on,
      "Exit with 1 if a finding has this verdict, or a protocol fault was seen",
      {.allowed = {"worse", "not shown", "cannot tell", "fault"}, .placeholder = "VERDICT"});
  arguments.option("--predictions", flags->predictions,
                   "Without a study file: FILE or NAME=FILE, one or more",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--prediction-columns", flags->prediction_columns,
                   "Columns of the prediction files: row=.. or drug=..,cell=.., prediction=..",
                   {.placeholder = "ROLE=COLUMN,.."});
  arguments.option("--split", flags->split, "split.csv: row,role or row,fold",
                   {.placeholder = "FILE", .is_file = true});
  arguments.option("--fold-column", flags->fold_column,
                   "Column of the responses with the test fold", {.placeholder = "COLUMN"});
  arguments.option("--role-column", flags->role_column,
                   "Column of the responses with train, validation, test or left_out",
                   {.placeholder = "COLUMN"});
  add_data_flags(arguments, flags->data, false);
  add_profile_flags(arguments, flags->data);
  return [flags](Session& session) { return run(*flags, session); };
}

}  // namespace cupel::cli
