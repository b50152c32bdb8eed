// The files of the simulated study.
#include <fmt/format.h>

#include <numeric>
#include <system_error>

#include "area/drug_response/simulate.hpp"
#include "area/drug_response/simulate_models.hpp"
#include "cupel/error.hpp"
#include "io/write.hpp"
#include "split/make.hpp"

namespace cupel {
namespace {

constexpr std::uint64_t kMaxStudySeed = 9007199254740992ULL;  // 2^53, as in the study's schema
constexpr const char* kSchemes[] = {"mixed", "cancer_blind", "drug_blind"};

/// What make_splits needs of the simulation.
Dataset as_dataset(const Simulation& simulation) {
  Dataset data;
  data.area = "drug_response";
  data.entities.resize(2);
  data.entities[0].name = "drug";
  data.entities[0].ids = simulation.drugs;
  data.entities[0].code_of_sample = simulation.drug_of_row;
  data.entities[1].name = "cell";
  data.entities[1].ids = simulation.cells;
  data.entities[1].code_of_sample = simulation.cell_of_row;
  data.targets = Matrix<double>(simulation.value.size(), 1);
  data.targets.values = simulation.value;
  data.n_source_rows = simulation.value.size();
  data.source_row.resize(simulation.value.size());
  std::iota(data.source_row.begin(), data.source_row.end(), 0U);
  return data;
}

std::string responses_csv(const Simulation& simulation,
                          const std::vector<std::vector<std::uint32_t>>& folds) {
  std::string csv = "drug,cell,value,fold_mixed,fold_cancer_blind,fold_drug_blind\n";
  for (std::size_t i = 0; i < simulation.value.size(); ++i) {
    csv += fmt::format("{},{},{:.6f},{},{},{}\n", simulation.drugs[simulation.drug_of_row[i]],
                       simulation.cells[simulation.cell_of_row[i]], simulation.value[i],
                       folds[0][i], folds[1][i], folds[2][i]);
  }
  return csv;
}

std::string drugs_csv(const Simulation& simulation) {
  std::string csv = "drug,smiles,pathway\n";
  for (std::size_t d = 0; d < simulation.drugs.size(); ++d) {
    csv += fmt::format("{},{},{}\n", simulation.drugs[d], simulation.smiles[d],
                       simulation.pathways[d]);
  }
  return csv;
}

std::string cells_csv(const Simulation& simulation) {
  std::string csv = "cell,tissue\n";
  for (std::size_t c = 0; c < simulation.cells.size(); ++c) {
    csv += fmt::format("{},{}\n", simulation.cells[c], simulation.tissues[c]);
  }
  return csv;
}

std::string expression_csv(const Simulation& simulation) {
  std::string csv = "cell";
  for (std::size_t g = 0; g < simulation.expression.cols; ++g)
    csv += fmt::format(",GENE{:03}", g + 1);
  csv += "\n";
  for (std::size_t c = 0; c < simulation.cells.size(); ++c) {
    csv += simulation.cells[c];
    for (const double value : simulation.expression.row(c)) csv += fmt::format(",{:.4f}", value);
    csv += "\n";
  }
  return csv;
}

std::string truth_csv(const Simulation& simulation) {
  std::string csv = "drug,cell,drug_part,cell_part,feature_part,identity_part\n";
  for (std::size_t d = 0; d < simulation.drugs.size(); ++d) {
    for (std::size_t c = 0; c < simulation.cells.size(); ++c) {
      csv +=
          fmt::format("{},{},{:.6f},{:.6f},{:.6f},{:.6f}\n", simulation.drugs[d],
                      simulation.cells[c], simulation.drug_part(d, c), simulation.cell_part(d, c),
                      simulation.feature_part(d, c), simulation.identity_part(d, c));
    }
  }
  return csv;
}

std::string predictions_csv(const std::string& model, const Simulation& simulation,
                            const std::vector<std::vector<Split>>& schemes, std::uint64_t seed) {
  std::string csv = "row,drug,cell,split,fold,prediction\n";
  for (const auto& splits : schemes) {
    for (const auto& split : splits) {
      const auto predictions = detail::predict_model(model, simulation, split, seed);
      const auto rows = split.rows(Role::test);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        csv += fmt::format("{},{},{},{},{},{:.6f}\n", rows[i],
                           simulation.drugs[simulation.drug_of_row[rows[i]]],
                           simulation.cells[simulation.cell_of_row[rows[i]]], split.name,
                           split.fold, predictions[i]);
      }
    }
  }
  return csv;
}

std::string study_yaml(std::uint64_t seed) {
  std::string yaml = fmt::format(
      R"(# A simulated study with known truth (seed {0}); truth.csv holds the parts of every response.
title: Simulated drug response, five models with known truth
area: drug_response
seed: {0}
data:
  responses:
    file: responses.csv
    columns: {{drug: drug, cell: cell, target: value}}
    unit: ln uM
  drugs: {{file: drugs.csv, id: drug, smiles: smiles, pathway: pathway}}
  cells: {{file: cells.csv, id: cell, tissue: tissue}}
  features:
    - {{entity: cell, name: expression, file: expression.csv, id: cell}}
splits:
)",
      seed);
  for (const auto* scheme : kSchemes) {
    yaml += fmt::format("  - {{name: {0}, scheme: {0}, fold_column: fold_{0}}}\n", scheme);
  }
  yaml += "models:\n";
  for (const auto& model : simulated_models()) {
    yaml += fmt::format(
        "  {0}:  # {1}\n    predictions: {0}.csv\n    column: prediction\n"
        "    columns: {{row: row, split: split, fold: fold}}\n",
        model.name, model.truth);
  }
  return yaml;
}

}  // namespace

std::filesystem::path simulate_drug_response(const std::filesystem::path& folder,
                                             const SimulateOptions& options,
                                             const Context& context) {
  if (context.seed > kMaxStudySeed) {
    fail(ErrorKind::usage, fmt::format("the seed {} does not fit in a study file", context.seed),
         {}, fmt::format("use a seed up to {}", kMaxStudySeed));
  }
  const Simulation simulation = simulate_data(options, context.seed);
  const Dataset data = as_dataset(simulation);
  std::vector<std::vector<Split>> schemes;
  std::vector<std::vector<std::uint32_t>> folds;
  for (const auto* scheme : kSchemes) {
    SplitSpec spec;
    spec.scheme = scheme;
    spec.folds = options.n_folds;
    schemes.push_back(make_splits(data, spec, {}, context));
    folds.emplace_back(data.n_samples(), 0U);
    for (const auto& split : schemes.back()) {
      for (const auto row : split.rows(Role::test)) folds.back()[row] = split.fold;
    }
  }
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem) {
    fail(ErrorKind::io, "the folder cannot be made: " + problem.message(),
         {.file = folder.string()}, "choose a folder that you may write to");
  }
  write_file_atomic(folder / "responses.csv", responses_csv(simulation, folds));
  write_file_atomic(folder / "drugs.csv", drugs_csv(simulation));
  write_file_atomic(folder / "cells.csv", cells_csv(simulation));
  write_file_atomic(folder / "expression.csv", expression_csv(simulation));
  write_file_atomic(folder / "truth.csv", truth_csv(simulation));
  for (const auto& model : simulated_models()) {
    context.check_cancelled();
    write_file_atomic(folder / (model.name + ".csv"),
                      predictions_csv(model.name, simulation, schemes, context.seed));
  }
  const auto study = folder / "study.yaml";
  write_file_atomic(study, study_yaml(context.seed));
  return study;
}

}  // namespace cupel
