// Direction metrics of cell-eval2: does the prediction call the right sign, and how deep into its
// ranking does it stay right?
//
// The reference judges: a gene whose true log2 fold change is NaN or 0 is left out. A prediction
// that does not commit to a sign stays in and counts as a miss.
#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "area/perturbation/cell_eval2_de.hpp"

namespace cupel::perturbation::cell_eval2 {
namespace {

constexpr double kNotDefined = std::numeric_limits<double>::quiet_NaN();

bool has_direction(double change) { return !std::isnan(change) && change != 0.0; }

bool matches(const DePair& de, std::size_t p, std::size_t j) {
  const double truth = de.truth.change(p, j);
  const double predicted = de.predicted.change(p, j);
  return has_direction(truth) && has_direction(predicted) && (truth > 0.0) == (predicted > 0.0);
}

double rank_p(double p) { return std::isnan(p) ? std::numeric_limits<double>::infinity() : p; }

/// Genes by the prediction's (adjusted p, p, -|log2 fold change|, name).
std::vector<std::uint32_t> ranking(const DePair& de, std::size_t p, Universe universe,
                                   bool without_own) {
  std::vector<std::uint32_t> genes;
  for (std::uint32_t j = 0; j < de.genes.size(); ++j) {
    if (without_own && de.own_gene[p] == j) continue;
    if (universe == Universe::adjudicated && !(de.truth.p_adjusted(p, j) < kAlpha)) continue;
    genes.push_back(j);
  }
  const auto key = [&](std::uint32_t j) {
    const double change = de.predicted.change(p, j);
    const double size =
        std::isnan(change) ? -std::numeric_limits<double>::infinity() : std::abs(change);
    return std::tuple<double, double, double, const std::string&>(
        rank_p(de.predicted.p_adjusted(p, j)), rank_p(de.predicted.p_value(p, j)), -size,
        de.genes[j]);
  };
  std::ranges::sort(genes, [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  return genes;
}

/// Most judged genes in a prefix of which at least the share `purity` matches.
double deepest(const DePair& de, std::size_t p, const std::vector<std::uint32_t>& genes,
               double purity) {
  double depth = 0.0;
  double n_judged = 0.0;
  double n_right = 0.0;
  for (const auto j : genes) {
    if (has_direction(de.truth.change(p, j))) n_judged += 1.0;
    if (matches(de, p, j)) n_right += 1.0;
    if (n_judged > 0.0 && n_right / n_judged >= purity) depth = n_judged;
  }
  return depth;
}

/// Significant genes of the truth without the own one, and the rate of their more frequent sign.
struct Reference {
  double n_conf = 0.0;
  double q = kNotDefined;
};

Reference reference_of(const DePair& de, std::size_t p) {
  Reference out;
  double n_up = 0.0;
  double n_votes = 0.0;
  for (std::uint32_t j = 0; j < de.genes.size(); ++j) {
    if (de.own_gene[p] == j || !(de.truth.p_adjusted(p, j) < kAlpha)) continue;
    out.n_conf += 1.0;
    const double change = de.truth.change(p, j);
    if (!has_direction(change)) continue;
    n_votes += 1.0;
    if (change > 0.0) n_up += 1.0;
  }
  if (n_votes > 0.0) out.q = std::max(n_up, n_votes - n_up) / n_votes;
  return out;
}

double ratio(double a, double b) { return b == 0.0 ? kNotDefined : a / b; }

}  // namespace

std::vector<double> direction_precision(const DePair& de) {
  std::vector<double> values;
  for (std::size_t p = 0; p < de.n_perturbations(); ++p) {
    std::size_t n_usable = 0;
    double n_judged = 0.0;
    double n_right = 0.0;
    for (std::size_t j = 0; j < de.genes.size(); ++j) {
      const bool judged = has_direction(de.truth.change(p, j));
      if (judged) ++n_usable;
      if (!(de.predicted.p_adjusted(p, j) < kAlpha)) continue;
      if (judged) n_judged += 1.0;
      if (matches(de, p, j)) n_right += 1.0;
    }
    values.push_back(n_usable < kGateSize ? kNotDefined
                     : n_judged == 0.0    ? 0.0
                                          : n_right / n_judged);
  }
  return values;
}

std::vector<double> direction_sensitivity(const DePair& de, Universe universe) {
  std::vector<double> values;
  for (std::size_t p = 0; p < de.n_perturbations(); ++p) {
    const auto n_conf = static_cast<std::size_t>(
        std::ranges::count_if(de.truth.p_adjusted.row(p), [](double q) { return q < kAlpha; }));
    const auto genes = ranking(de, p, universe, false);
    values.push_back(n_conf < kGateSize
                         ? kNotDefined
                         : deepest(de, p, genes, 1.0 - kAlpha / 2.0) / static_cast<double>(n_conf));
  }
  return values;
}

std::vector<double> direction_reach(const DePair& de, Universe universe, bool corrected) {
  std::vector<double> values;
  for (std::size_t p = 0; p < de.n_perturbations(); ++p) {
    const Reference reference = reference_of(de, p);
    if (reference.n_conf == 0.0 || (corrected && std::isnan(reference.q))) {
      values.push_back(kNotDefined);
      continue;
    }
    const double purity =
        corrected ? reference.q + (1.0 - kAlpha) * (1.0 - reference.q) : kPurityFloor;
    values.push_back(deepest(de, p, ranking(de, p, universe, true), purity) / reference.n_conf);
  }
  return values;
}

std::vector<Fidelity> direction_fidelity(const DePair& de) {
  std::vector<Fidelity> out;
  for (std::size_t p = 0; p < de.n_perturbations(); ++p) {
    const auto [n_conf, q] = reference_of(de, p);
    double n_pred = 0.0;
    double k = 0.0;
    for (std::uint32_t j = 0; j < de.genes.size(); ++j) {
      if (de.own_gene[p] == j || !(de.predicted.p_adjusted(p, j) < kAlpha)) continue;
      if (!has_direction(de.truth.change(p, j))) continue;
      n_pred += 1.0;
      if (matches(de, p, j)) k += 1.0;
    }
    const double d = std::max(1.0 - q, 0.05);
    Fidelity f{.fidelity = kNotDefined,
               .fidelity_raw = ratio(k, n_pred),
               .coverage = ratio(n_pred, n_conf),
               .yield = kNotDefined,
               .yield_raw = ratio(k, n_conf),
               .fidelity_yield = kNotDefined,
               .fidelity_yield_raw = ratio(k, std::max(n_pred, n_conf))};
    const double corrected = (f.fidelity_raw - q) / d;
    if (n_conf == 0.0) {
      f.fidelity = f.fidelity_yield = n_pred == 0.0 ? 1.0 : 0.0;
    } else if (!std::isnan(q)) {
      f.fidelity = n_pred == 0.0 ? kNotDefined : corrected;
      f.fidelity_yield = n_pred == 0.0 ? 0.0 : std::min(1.0, f.coverage) * corrected;
      f.yield = (k - q * n_pred) / (n_conf * d);
    }
    out.push_back(f);
  }
  return out;
}

}  // namespace cupel::perturbation::cell_eval2
