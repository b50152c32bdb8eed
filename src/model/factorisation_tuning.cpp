#include "model/factorisation_tuning.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace cupel {
namespace {

/// The pairs of `tune` whose two levels occur in `fit`.
PairTable known_pairs(const PairTable& tune, const PairTable& fit) {
  std::vector<std::uint8_t> first(fit.n_first, 0);
  std::vector<std::uint8_t> second(fit.n_second, 0);
  for (const std::uint32_t code : fit.first) first[code] = 1;
  for (const std::uint32_t code : fit.second) second[code] = 1;
  PairTable known{.n_first = fit.n_first, .n_second = fit.n_second};
  for (std::size_t r = 0; r < tune.size(); ++r) {
    if (!first[tune.first[r]] || !second[tune.second[r]]) continue;
    known.first.push_back(tune.first[r]);
    known.second.push_back(tune.second[r]);
    known.value.push_back(tune.value[r]);
  }
  return known;
}

FactorisationOptions coarse_options(std::uint32_t rank, double penalty, std::uint64_t seed) {
  return {.rank = rank,
          .penalty = static_cast<float>(penalty),
          .max_sweeps = 6,
          .tolerance = 3e-3,
          .seed = seed};
}

/// A larger rank must lower the RMSE by this share.
constexpr double kWorthARank = 1e-3;

struct Choice {
  FactorisationOptions options;
  std::optional<Factorisation> model;
  double error = std::numeric_limits<double>::infinity();
  std::size_t penalty_index = 0;
};

/// Follows the penalty path of one rank; true if that improved the choice.
bool try_rank(const FactorisationProblem& problem, const PairTable& known, std::uint32_t rank,
              const std::vector<double>& penalties, std::uint64_t seed, const Context& context,
              Choice& choice) {
  bool improved = false;
  std::optional<Factorisation> warm;
  double previous = std::numeric_limits<double>::infinity();
  const std::size_t begin = choice.penalty_index > 0 ? choice.penalty_index - 1 : 0;
  for (std::size_t p = begin; p < penalties.size(); ++p) {
    const auto options = coarse_options(rank, penalties[p], seed);
    warm = problem.fit(options, context, warm ? &*warm : nullptr);
    const double error = known.size() == 0 ? 0.0 : rmse(*warm, known);
    const bool is_larger = choice.model && rank > choice.options.rank;
    if (error < choice.error * (is_larger ? 1.0 - kWorthARank : 1.0)) {
      choice = {.options = options, .model = *warm, .error = error, .penalty_index = p};
      improved = true;
    }
    if (rank == 0 || error > previous * (1.0 + 1e-6)) break;
    previous = error;
  }
  return improved;
}

}  // namespace

Factorisation fit_tuned_factorisation(PairTable fit, const PairTable& tune, PairTable all,
                                      const FactorisationGrid& grid, std::uint64_t seed,
                                      const Context& context) {
  const PairTable known = known_pairs(tune, fit);
  std::vector<std::uint32_t> ranks = grid.ranks;
  std::sort(ranks.begin(), ranks.end());
  std::vector<double> penalties = grid.penalties;
  std::sort(penalties.rbegin(), penalties.rend());
  if (known.size() == 0) ranks = {0};

  Choice choice{.options = coarse_options(ranks.front(), penalties.front(), seed)};
  if (ranks.size() > 1 || penalties.size() > 1) {
    const FactorisationProblem problem(std::move(fit));
    for (const std::uint32_t rank : ranks) {
      if (!try_rank(problem, known, rank, penalties, seed, context, choice)) break;
    }
  }
  choice.options.max_sweeps = grid.sweeps;
  choice.options.tolerance = 1e-3;
  const FactorisationProblem problem(std::move(all));
  return problem.fit(choice.options, context, choice.model ? &*choice.model : nullptr);
}

}  // namespace cupel
