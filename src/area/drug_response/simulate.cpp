#include "area/drug_response/simulate.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <tuple>

#include "area/drug_response/simulate_chemistry.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

constexpr std::uint32_t kProgrammes = 8;  // latent programmes of a line, shown by expression
constexpr std::uint32_t kIdentityRank = 3;
constexpr double kDrugByChemistry = 0.6;     // share of the drug part's variance
constexpr double kCellByExpression = 0.5;    // share of the cell part's variance
constexpr double kProgrammeByTissue = 0.25;  // share of a programme's variance
constexpr std::array<const char*, 12> kTissues = {
    "lung",  "breast",  "skin",  "large intestine", "haematopoietic", "central nervous system",
    "ovary", "stomach", "liver", "pancreas",        "kidney",         "bone"};

Matrix<double> normal_matrix(std::size_t rows, std::size_t cols, Rng& rng) {
  Matrix<double> matrix(rows, cols);
  for (auto& value : matrix.values) value = rng.normal();
  return matrix;
}

/// Centres every column.
void centre_columns(Matrix<double>& matrix) {
  for (std::size_t j = 0; j < matrix.cols; ++j) {
    double mean = 0.0;
    for (std::size_t i = 0; i < matrix.rows; ++i) mean += matrix(i, j);
    mean /= static_cast<double>(matrix.rows);
    for (std::size_t i = 0; i < matrix.rows; ++i) matrix(i, j) -= mean;
  }
}

/// Mean 0 and the given standard deviation, exactly. Returns the factor.
double scale_to(std::vector<double>& values, double sd) {
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double sum = 0.0;
  for (auto& value : values) {
    value -= mean;
    sum += value * value;
  }
  const double factor = sum > 0.0 ? sd / std::sqrt(sum / n) : 0.0;
  for (auto& value : values) value *= factor;
  return factor;
}

Matrix<double> product(const Matrix<double>& a, const Matrix<double>& b) {  // a * b'
  Matrix<double> result(a.rows, b.rows);
  for (std::size_t i = 0; i < a.rows; ++i) {
    for (std::size_t j = 0; j < b.rows; ++j) {
      for (std::size_t k = 0; k < a.cols; ++k) result(i, j) += a(i, k) * b(j, k);
    }
  }
  return result;
}

/// A main effect: partly what is known of it, partly its own; returns the known part, scaled alike.
std::vector<double> mix_main_effect(std::vector<double> known, double known_share, double sd,
                                    Rng& rng, std::vector<double>& effect) {
  scale_to(known, std::sqrt(known_share));
  effect = known;
  std::vector<double> own(known.size());
  for (auto& value : own) value = rng.normal();
  scale_to(own, std::sqrt(1.0 - known_share));
  for (std::size_t i = 0; i < effect.size(); ++i) effect[i] += own[i];
  const double factor = scale_to(effect, sd);
  for (auto& value : known) value *= factor;
  return known;
}

struct Chemistry {
  std::vector<double> effect;  ///< per drug: sum of its fragments' effects
  Matrix<double> weights;      ///< drugs x programmes, from the fragments
};

Chemistry make_drugs(const SimulateOptions& options, std::uint64_t seed, Simulation& simulation) {
  Rng rng(seed, "simulate: drugs");
  const auto n_cores = detail::kCores.size();
  Rng effects(seed, "simulate: fragments");
  const auto core_weight = normal_matrix(n_cores, kProgrammes + 1, effects);
  const auto left_weight = normal_matrix(detail::kLeft.size(), kProgrammes + 1, effects);
  const auto right_weight = normal_matrix(detail::kRight.size(), kProgrammes + 1, effects);
  Chemistry chemistry;
  chemistry.weights = Matrix<double>(options.n_drugs, kProgrammes);
  std::set<std::tuple<std::size_t, std::size_t, std::size_t>> taken;
  for (std::uint32_t d = 0; d < options.n_drugs; ++d) {
    const std::size_t core = d % n_cores;
    std::size_t left = 0;
    std::size_t right = 0;
    do {
      left = rng.below(static_cast<std::uint32_t>(detail::kLeft.size()));
      right = rng.below(static_cast<std::uint32_t>(detail::kRight.size()));
    } while (!taken.insert({core, left, right}).second);
    simulation.drugs.push_back(fmt::format("SIM-{:03}", d + 1));
    simulation.smiles.push_back(detail::molecule(core, left, right));
    simulation.pathways.emplace_back(detail::kCores[core].pathway);
    const auto weight = [&](std::size_t k) {
      return core_weight(core, k) + 0.5 * (left_weight(left, k) + right_weight(right, k));
    };
    for (std::size_t k = 0; k < kProgrammes; ++k) chemistry.weights(d, k) = weight(k);
    chemistry.effect.push_back(weight(kProgrammes));
  }
  centre_columns(chemistry.weights);
  return chemistry;
}

/// Programmes per line: a part shared by its tissue, and its own.
Matrix<double> make_cells(const SimulateOptions& options, std::uint64_t seed,
                          Simulation& simulation) {
  Rng rng(seed, "simulate: cells");
  const auto of_tissue = normal_matrix(options.n_tissues, kProgrammes, rng);
  Matrix<double> programmes(options.n_cells, kProgrammes);
  for (std::uint32_t c = 0; c < options.n_cells; ++c) {
    const std::uint32_t tissue = c % options.n_tissues;
    simulation.cells.push_back(fmt::format("LINE-{:03}", c + 1));
    simulation.tissues.emplace_back(kTissues[tissue]);
    for (std::size_t k = 0; k < kProgrammes; ++k) {
      programmes(c, k) = std::sqrt(kProgrammeByTissue) * of_tissue(tissue, k) +
                         std::sqrt(1.0 - kProgrammeByTissue) * rng.normal();
    }
  }
  centre_columns(programmes);
  return programmes;
}

/// Every gene shows one programme, with noise.
Matrix<double> make_expression(const SimulateOptions& options, const Matrix<double>& programmes,
                               std::uint64_t seed) {
  Rng rng(seed, "simulate: expression");
  Matrix<double> expression(programmes.rows, options.n_genes);
  for (std::size_t g = 0; g < options.n_genes; ++g) {
    const double level = 4.0 + 5.0 * rng.uniform();
    const double loading = (rng.uniform() < 0.5 ? -1.0 : 1.0) * (0.6 + 0.4 * rng.uniform());
    for (std::size_t c = 0; c < programmes.rows; ++c) {
      expression(c, g) = level + loading * programmes(c, g % kProgrammes) + 0.5 * rng.normal();
    }
  }
  return expression;
}

/// Which pairs are measured, and which of them twice.
void make_rows(const SimulateOptions& options, std::uint64_t seed, Simulation& simulation) {
  Rng design(seed, "simulate: design");
  Rng noise(seed, "simulate: noise of the measurement");
  const double noise_sd = options.sd * std::sqrt(options.noise_share);
  for (std::uint32_t d = 0; d < options.n_drugs; ++d) {
    for (std::uint32_t c = 0; c < options.n_cells; ++c) {
      const bool is_measured = design.uniform() < options.measured;
      const bool is_replicated = design.uniform() < options.replicated;
      const double truth = options.mean + simulation.drug_part(d, c) + simulation.cell_part(d, c) +
                           simulation.feature_part(d, c) + simulation.identity_part(d, c);
      for (int copy = 0; copy < (is_replicated ? 2 : 1); ++copy) {
        const double value = truth + noise_sd * noise.normal();
        if (!is_measured) continue;
        simulation.drug_of_row.push_back(d);
        simulation.cell_of_row.push_back(c);
        simulation.value.push_back(std::round(value * 1e6) / 1e6);
      }
    }
  }
}

void check(const SimulateOptions& options) {
  const double sum = options.drug_share + options.cell_share + options.feature_share +
                     options.identity_share + options.noise_share;
  const std::size_t most_drugs =
      detail::kCores.size() * detail::kLeft.size() * detail::kRight.size();
  std::string problem;
  if (std::abs(sum - 1.0) > 1e-9)
    problem = fmt::format("the shares of the variance add up to {}, not 1", sum);
  else if (options.n_folds < 2)
    problem = "at least 2 folds are needed";
  else if (options.n_drugs < 2 * options.n_folds || options.n_cells < 2 * options.n_folds)
    problem = "at least two drugs and two cell lines per fold are needed";
  else if (options.n_drugs > most_drugs / 2)
    problem = fmt::format("at most {} drugs can be made of the fragments", most_drugs / 2);
  else if (options.n_tissues < 1 || options.n_tissues > kTissues.size())
    problem = fmt::format("there are 1 to {} tissues", kTissues.size());
  if (!problem.empty()) fail(ErrorKind::usage, problem, {}, "change the sizes of the simulation");
}

}  // namespace

Simulation simulate_data(const SimulateOptions& options, std::uint64_t seed) {
  check(options);
  Simulation simulation;
  const Chemistry chemistry = make_drugs(options, seed, simulation);
  const Matrix<double> programmes = make_cells(options, seed, simulation);
  simulation.expression = make_expression(options, programmes, seed);

  Rng rng(seed, "simulate: effects");
  std::vector<double> drug;
  std::vector<double> cell;
  simulation.drug_by_chemistry = mix_main_effect(
      chemistry.effect, kDrugByChemistry, options.sd * std::sqrt(options.drug_share), rng, drug);
  const auto direction = normal_matrix(1, kProgrammes, rng);
  simulation.cell_by_expression =
      mix_main_effect(product(programmes, direction).values, kCellByExpression,
                      options.sd * std::sqrt(options.cell_share), rng, cell);
  simulation.drug_part = Matrix<double>(options.n_drugs, options.n_cells);
  simulation.cell_part = simulation.drug_part;
  for (std::size_t d = 0; d < options.n_drugs; ++d) {
    for (std::size_t c = 0; c < options.n_cells; ++c) {
      simulation.drug_part(d, c) = drug[d];
      simulation.cell_part(d, c) = cell[c];
    }
  }
  simulation.feature_part = product(chemistry.weights, programmes);
  scale_to(simulation.feature_part.values, options.sd * std::sqrt(options.feature_share));
  auto drug_identity = normal_matrix(options.n_drugs, kIdentityRank, rng);
  auto cell_identity = normal_matrix(options.n_cells, kIdentityRank, rng);
  centre_columns(drug_identity);
  centre_columns(cell_identity);
  simulation.identity_part = product(drug_identity, cell_identity);
  scale_to(simulation.identity_part.values, options.sd * std::sqrt(options.identity_share));
  make_rows(options, seed, simulation);
  return simulation;
}

std::vector<SimulatedModel> simulated_models() {
  return {
      {"learned", "knows drug effects from training and how expression and chemistry interact"},
      {"drug_means", "predicts the training mean of each drug"},
      {"ids_only", "fits additive and low-rank effects of the ids, sees no feature"},
      {"leaked", "had 70 % of the test rows in its training set"},
      {"noise", "draws random numbers with the mean and spread of the target"},
  };
}

}  // namespace cupel
