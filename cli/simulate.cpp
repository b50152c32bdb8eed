// cupel simulate, cupel demo: studies whose truth is known.
#include "area/drug_response/simulate.hpp"

#include <fstream>
#include <iterator>
#include <memory>

#include "audit_run.hpp"
#include "commands.hpp"
#include "json_out.hpp"
#include "study/study_parse.hpp"

namespace cupel::cli {
namespace {

struct Flags {
  std::string out = "cupel-demo";
  SimulateOptions options;
};

void add_size_flags(Arguments& arguments, SimulateOptions& options) {
  arguments.option("--drugs", options.n_drugs, "Number of drugs", {.placeholder = "N"});
  arguments.option("--cells", options.n_cells, "Number of cell lines", {.placeholder = "N"});
  arguments.option("--folds", options.n_folds, "Folds of each split", {.placeholder = "N"});
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

Run define_simulate(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  flags->out.clear();
  arguments.example("cupel simulate --out study --seed 7");
  arguments.example("cupel audit study/study.yaml --out study/report");
  arguments.description(
      "Writes responses, drug and cell-line tables, the true parts of every response, the\n"
      "predictions of five models whose truth is known, and the study file.");
  arguments.option("--out", flags->out, "Folder to write to",
                   {.required = true, .placeholder = "DIR", .is_file = true});
  add_size_flags(arguments, flags->options);
  arguments.option("--noise", flags->options.noise_share,
                   "Share of the variance that is noise; the features' share gives way",
                   {.placeholder = "SHARE"});
  return [flags](Session& session) {
    SimulateOptions options = flags->options;
    options.feature_share -= options.noise_share - SimulateOptions{}.noise_share;
    const auto study = simulate_drug_response(flags->out, options, session.context);
    if (!session.json) {
      session.print("study: " + study.string() + "\n");
      return 0;
    }
    JsonOut out;
    out.text("study", study.string());
    std::vector<JsonOut> models;
    for (const auto& model : simulated_models()) {
      JsonOut one = JsonOut::part();
      one.text("name", model.name).text("truth", model.truth);
      models.push_back(std::move(one));
    }
    session.print(out.objects("models", models).dump());
    return 0;
  };
}

Run define_demo(Arguments& arguments) {
  auto flags = std::make_shared<Flags>();
  arguments.example("cupel demo");
  arguments.example("cupel demo --out somewhere --seed 7");
  arguments.description(
      "Simulates a drug-response study with five models - one that learned, one that memorised\n"
      "drug means, one that knows ids only, one trained on leaked rows, one that is noise - and\n"
      "audits them. The verdicts can be compared with the truth, which is printed beside them.");
  arguments.option("--out", flags->out, "Folder to write to (default: cupel-demo)",
                   {.placeholder = "DIR", .is_file = true});
  add_size_flags(arguments, flags->options);
  return [flags](Session& session) {
    const std::filesystem::path folder = flags->out;
    const auto file = simulate_drug_response(folder, flags->options, session.context);
    Study study = read_study(file);
    if (session.seed) study.seed = *session.seed;
    session.context.seed = study.seed;
    if (!session.json && !session.quiet) {
      std::string text = "The truth\n";
      for (const auto& model : simulated_models()) {
        text += "  " + model.name +
                std::string(model.name.size() < 12 ? 12 - model.name.size() : 1, ' ') +
                model.truth + "\n";
      }
      session.print(text + "\n");
    }
    const AuditOptions options{.out = folder / "report",
                               .catalogue = catalogue_options(session.mirror),
                               .command_line = session.command_line,
                               .study_text = read_text(file)};
    return run_audit(study, options, {}, session);
  };
}

}  // namespace cupel::cli
