#include "area/drug_response/simulate_models.hpp"

#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "cupel/error.hpp"
#include "stat/moments.hpp"

namespace cupel::detail {
namespace {

constexpr double kInteractionError = 0.25;  // of the feature part's sd, for a good model
constexpr double kMainEffectError = 0.3;    // of the main effect's sd, for unseen drugs and lines
constexpr double kLeakedShare = 0.7;        // of the test rows that `leaked` has seen
constexpr std::uint32_t kIdentityRank = 6;
constexpr std::uint32_t kResidualRank = 3;
constexpr double kPenalty = 10.0;  // rows' worth of shrinkage of a factor

/// One side of a rank-one fit: least squares with a ridge, for every level of `code`.
void update_factor(const std::vector<std::uint32_t>& rows, const std::vector<std::uint32_t>& code,
                   const std::vector<std::uint32_t>& other_code,
                   const std::vector<double>& residual, const std::vector<double>& other,
                   double penalty, std::vector<double>& factor) {
  std::vector<double> product(factor.size(), 0.0);
  std::vector<double> square(factor.size(), penalty);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double partner = other[other_code[rows[i]]];
    product[code[rows[i]]] += residual[i] * partner;
    square[code[rows[i]]] += partner * partner;
  }
  for (std::size_t k = 0; k < factor.size(); ++k) factor[k] = product[k] / square[k];
}

struct Known {
  std::vector<std::uint8_t> drug, cell;
};

Known known_in(const Simulation& simulation, const std::vector<std::uint32_t>& rows) {
  Known known{std::vector<std::uint8_t>(simulation.drugs.size(), 0),
              std::vector<std::uint8_t>(simulation.cells.size(), 0)};
  for (const auto row : rows) {
    known.drug[simulation.drug_of_row[row]] = 1;
    known.cell[simulation.cell_of_row[row]] = 1;
  }
  return known;
}

/// Knows the part that features show, with an error that is fixed per pair; learns the rest from
/// the training rows; for an unseen drug or line it uses what the features say of the main effect.
std::vector<double> predict_learned(const Simulation& simulation,
                                    const std::vector<std::uint32_t>& train,
                                    const std::vector<std::uint32_t>& test, std::uint64_t seed) {
  const double feature_error =
      kInteractionError * standard_deviation(simulation.feature_part.values);
  Rng rng(seed, "simulate: learned");
  Matrix<double> features = simulation.feature_part;
  for (auto& value : features.values) value += feature_error * rng.normal();
  std::vector<double> drug_main = simulation.drug_by_chemistry;
  std::vector<double> cell_main = simulation.cell_by_expression;
  for (auto* main : {&drug_main, &cell_main}) {
    const double error = kMainEffectError * standard_deviation(*main);
    for (auto& value : *main) value += error * rng.normal();
  }
  std::vector<double> rest = simulation.value;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    rest[i] -= features(simulation.drug_of_row[i], simulation.cell_of_row[i]);
  }
  const auto fit = fit_identities(simulation, rest, train, kResidualRank, kPenalty);
  const Known known = known_in(simulation, train);
  std::vector<double> predictions;
  for (const auto row : test) {
    const auto d = simulation.drug_of_row[row];
    const auto c = simulation.cell_of_row[row];
    double value = fit.predict(d, c) + features(d, c);
    if (known.drug[d] == 0) value += drug_main[d];
    if (known.cell[c] == 0) value += cell_main[c];
    predictions.push_back(value);
  }
  return predictions;
}

std::vector<double> predict_identities(const Simulation& simulation,
                                       const std::vector<std::uint32_t>& train,
                                       const std::vector<std::uint32_t>& test) {
  const auto fit = fit_identities(simulation, simulation.value, train, kIdentityRank, kPenalty);
  std::vector<double> predictions;
  for (const auto row : test) {
    predictions.push_back(fit.predict(simulation.drug_of_row[row], simulation.cell_of_row[row]));
  }
  return predictions;
}

std::vector<double> predict_drug_means(const Simulation& simulation,
                                       const std::vector<std::uint32_t>& train,
                                       const std::vector<std::uint32_t>& test) {
  std::vector<double> sum(simulation.drugs.size(), 0.0);
  std::vector<double> count(simulation.drugs.size(), 0.0);
  double total = 0.0;
  for (const auto row : train) {
    sum[simulation.drug_of_row[row]] += simulation.value[row];
    count[simulation.drug_of_row[row]] += 1.0;
    total += simulation.value[row];
  }
  std::vector<double> predictions;
  for (const auto row : test) {
    const auto d = simulation.drug_of_row[row];
    predictions.push_back(count[d] > 0.0 ? sum[d] / count[d]
                                         : total / static_cast<double>(train.size()));
  }
  return predictions;
}

/// Has most test rows in its training set, noise and all; the others it predicts like `ids_only`.
std::vector<double> predict_leaked(const Simulation& simulation,
                                   const std::vector<std::uint32_t>& train,
                                   const std::vector<std::uint32_t>& test, std::uint64_t seed) {
  const double error = 0.05 * standard_deviation(simulation.value);
  Rng rng(seed, "simulate: leaked");
  std::vector<std::uint32_t> seen = train;
  std::vector<std::uint8_t> is_seen;
  for (const auto row : test) {
    is_seen.push_back(rng.uniform() < kLeakedShare ? 1 : 0);
    if (is_seen.back() != 0) seen.push_back(row);
  }
  auto predictions = predict_identities(simulation, seen, test);
  for (std::size_t i = 0; i < test.size(); ++i) {
    const double wobble = error * rng.normal();
    if (is_seen[i] != 0) predictions[i] = simulation.value[test[i]] + wobble;
  }
  return predictions;
}

std::vector<double> predict_noise(const Simulation& simulation,
                                  const std::vector<std::uint32_t>& train,
                                  const std::vector<std::uint32_t>& test, std::uint64_t seed) {
  std::vector<double> known;
  for (const auto row : train) known.push_back(simulation.value[row]);
  const double centre = mean(known);
  const double sd = standard_deviation(known);
  Rng rng(seed, "simulate: noise");
  std::vector<double> predictions;
  for (std::size_t i = 0; i < test.size(); ++i) predictions.push_back(centre + sd * rng.normal());
  return predictions;
}

}  // namespace

double IdentityFit::predict(std::uint32_t drug_code, std::uint32_t cell_code) const {
  double value = mean + drug[drug_code] + cell[cell_code];
  for (std::size_t k = 0; k < drug_factor.size(); ++k) {
    value += drug_factor[k][drug_code] * cell_factor[k][cell_code];
  }
  return value;
}

IdentityFit fit_identities(const Simulation& simulation, const std::vector<double>& target,
                           const std::vector<std::uint32_t>& rows, std::uint32_t rank,
                           double penalty) {
  IdentityFit fit;
  fit.drug.assign(simulation.drugs.size(), 0.0);
  fit.cell.assign(simulation.cells.size(), 0.0);
  std::vector<double> residual;
  for (const auto row : rows) residual.push_back(target[row]);
  fit.mean = mean(residual);
  for (auto& value : residual) value -= fit.mean;
  const auto backfit = [&](const std::vector<std::uint32_t>& code, std::vector<double>& effect) {
    std::vector<double> sum(effect.size(), 0.0);
    std::vector<double> count(effect.size(), 0.0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      sum[code[rows[i]]] += residual[i];
      count[code[rows[i]]] += 1.0;
    }
    for (std::size_t k = 0; k < effect.size(); ++k) {
      sum[k] = count[k] > 0.0 ? sum[k] / count[k] : 0.0;
      effect[k] += sum[k];
    }
    for (std::size_t i = 0; i < rows.size(); ++i) residual[i] -= sum[code[rows[i]]];
  };
  for (int sweep = 0; sweep < 4; ++sweep) {
    backfit(simulation.drug_of_row, fit.drug);
    backfit(simulation.cell_of_row, fit.cell);
  }
  for (std::uint32_t k = 0; k < rank; ++k) {
    std::vector<double> u(fit.drug.size(), 0.0);
    std::vector<double> v(fit.cell.size(), 0.0);
    Rng start(0, "simulate: start of a factor", k);
    for (auto& value : v) value = start.normal();
    for (int sweep = 0; sweep < 15; ++sweep) {
      update_factor(rows, simulation.drug_of_row, simulation.cell_of_row, residual, v, penalty, u);
      update_factor(rows, simulation.cell_of_row, simulation.drug_of_row, residual, u, penalty, v);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      residual[i] -= u[simulation.drug_of_row[rows[i]]] * v[simulation.cell_of_row[rows[i]]];
    }
    fit.drug_factor.push_back(std::move(u));
    fit.cell_factor.push_back(std::move(v));
  }
  return fit;
}

std::vector<double> predict_model(const std::string& model, const Simulation& simulation,
                                  const Split& split, std::uint64_t seed) {
  const auto train = split.rows(Role::train);
  const auto test = split.rows(Role::test);
  const std::uint64_t stream = Rng(seed, "simulate: " + split.name, split.fold).next64();
  if (model == "learned") return predict_learned(simulation, train, test, seed);
  if (model == "drug_means") return predict_drug_means(simulation, train, test);
  if (model == "ids_only") return predict_identities(simulation, train, test);
  if (model == "leaked") return predict_leaked(simulation, train, test, stream);
  if (model == "noise") return predict_noise(simulation, train, test, stream);
  fail(ErrorKind::internal, "there is no simulated model \"" + model + "\"");
}

}  // namespace cupel::detail
