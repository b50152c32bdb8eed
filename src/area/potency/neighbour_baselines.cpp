/// Baselines that look up the nearest training ligands. All ligands that are as near as the k-th
/// count (model/nearest_neighbours.hpp).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "area/potency/baseline_parts.hpp"
#include "model/nearest_neighbours.hpp"

namespace cupel::potency {
namespace {

struct Lookup {
  std::uint32_t k = 5;
  Nearness nearness = Nearness::tanimoto;
  NeighbourWeight weight = NeighbourWeight::uniform;
};

NearestRows look_up(const LigandTable& table, std::span<const std::uint32_t> base,
                    std::span<const std::uint32_t> queries, const Lookup& lookup,
                    const Context& context) {
  const NearestOptions options{.k = lookup.k, .nearness = lookup.nearness};
  return table.bits != nullptr ? nearest(*table.bits, base, queries, options, context)
                               : nearest(table.numbers, base, queries, options, context);
}

/// How near the nearest ligands were, and how often rank k was tied.
void describe(const NearestRows& found, std::uint32_t k, Diagnostics& diagnostics) {
  const std::size_t n = found.n_queries();
  if (n == 0) return;
  std::vector<double> first;
  for (std::size_t q = 0; q < n; ++q) first.push_back(found.similarity[found.begin[q]]);
  const double mean = mean_of(first);
  std::sort(first.begin(), first.end());
  const double median = (first[(n - 1) / 2] + first[n / 2]) / 2.0;
  const bool tanimoto = found.nearness == Nearness::tanimoto;
  diagnostics.add(
      "nearest_neighbour", Severity::note,
      "rows were predicted from their nearest training ligands; examples: how near the nearest "
      "was, by split",
      fmt::format("{} {}: mean {:.3f}, median {:.3f}", n,
                  tanimoto ? "rows, Tanimoto similarity" : "rows, Euclidean distance",
                  tanimoto ? mean : -mean, tanimoto ? median : -median),
      n);
  const double share = found.tie_share(k);
  if (share == 0.0) return;
  diagnostics.add("neighbours_tied", Severity::note,
                  "rows had more training ligands as near as the k-th than k; all of them count",
                  fmt::format("{:.1f} % of {} rows at rank {}", 100.0 * share, n, k),
                  static_cast<std::size_t>(std::lround(share * static_cast<double>(n))));
}

FitLigands fit_lookup(const Lookup& lookup) {
  return [lookup](std::shared_ptr<const LigandTable> table, std::vector<std::uint32_t> ligands,
                  std::vector<double> y, std::uint64_t, const Context&) -> PredictLigands {
    return [=](std::span<const std::uint32_t> queries, const Context& context,
               Diagnostics& diagnostics) {
      const NearestRows found = look_up(*table, ligands, queries, lookup, context);
      describe(found, lookup.k, diagnostics);
      return neighbour_means(found, y, lookup.weight);
    };
  };
}

/// Sum of absolute errors by k, each tenth of the training rows predicted from the others. Tenths
/// are contiguous, the first ones longer, as scikit-learn's KFold(10) cuts them.
std::vector<double> tenfold_errors(const LigandTable& table, std::span<const std::uint32_t> ligands,
                                   std::span<const double> y, const std::vector<std::uint32_t>& ks,
                                   const Lookup& lookup, const Context& context) {
  const std::size_t n = ligands.size();
  const std::size_t n_folds = std::min<std::size_t>(10, n);
  std::vector<double> errors(ks.size(), 0.0);
  if (n_folds < 2) return errors;
  std::size_t begin = 0;
  for (std::size_t fold = 0; fold < n_folds; ++fold) {
    const std::size_t end = begin + n / n_folds + (fold < n % n_folds ? 1 : 0);
    std::vector<std::uint32_t> base;
    std::vector<double> base_y;
    for (std::size_t i = 0; i < n; ++i) {
      if (i >= begin && i < end) continue;
      base.push_back(ligands[i]);
      base_y.push_back(y[i]);
    }
    const auto found = look_up(table, base, ligands.subspan(begin, end - begin), lookup, context);
    for (std::size_t c = 0; c < ks.size(); ++c) {
      const auto values = neighbour_means(found, base_y, lookup.weight, ks[c]);
      double sum = 0.0;
      for (std::size_t i = 0; i < values.size(); ++i) sum += std::abs(values[i] - y[begin + i]);
      // A fold counts as one, whatever its size, as in scikit-learn.
      errors[c] += sum / static_cast<double>(values.size());
    }
    begin = end;
  }
  return errors;
}

FitLigands fit_grid(const std::vector<std::uint32_t>& ks, const Lookup& lookup) {
  return [ks, lookup](std::shared_ptr<const LigandTable> table, std::vector<std::uint32_t> ligands,
                      std::vector<double> y, std::uint64_t seed, const Context& context) {
    Lookup chosen = lookup;
    chosen.k = *std::max_element(ks.begin(), ks.end());
    const auto errors = tenfold_errors(*table, ligands, y, ks, chosen, context);
    chosen.k = ks[static_cast<std::size_t>(std::min_element(errors.begin(), errors.end()) -
                                           errors.begin())];
    auto predict =
        fit_lookup(chosen)(std::move(table), std::move(ligands), std::move(y), seed, context);
    return
        [k = chosen.k, predict = std::move(predict)](std::span<const std::uint32_t> queries,
                                                     const Context& at, Diagnostics& diagnostics) {
          diagnostics.add("neighbours_chosen", Severity::note,
                          "rows were predicted with the k that cross-validation chose",
                          "k = " + std::to_string(k), queries.size());
          return predict(queries, at, diagnostics);
        };
  };
}

Lookup read_lookup(Options& options, bool bits, std::uint32_t default_k) {
  Lookup lookup{.k = options.count("k", default_k, 1, 100000)};
  const std::vector<std::string> metrics =
      bits ? std::vector<std::string>{"tanimoto", "euclid"} : std::vector<std::string>{"euclid"};
  const std::string metric = options.choice("metric", metrics.front(), metrics);
  lookup.nearness = metric == "euclid" ? Nearness::euclid : Nearness::tanimoto;
  std::vector<std::string> weights{"uniform", "distance"};
  if (metric == "tanimoto") weights.emplace_back("similarity");
  const std::string weight = options.choice("weight", "uniform", weights);
  if (weight == "similarity") lookup.weight = NeighbourWeight::similarity;
  if (weight == "distance") lookup.weight = NeighbourWeight::distance;
  return lookup;
}

PredictorInfo info(std::string name, std::string title, std::string description) {
  return {.name = std::move(name),
          .title = std::move(title),
          .rung = Rung::constrained,
          .sees = {"targets", "neighbours"},
          .description = std::move(description),
          .fallback = "the training mean for a ligand without features",
          .source = "nearest neighbour rule, Cover & Hart 1967, doi:10.1109/TIT.1967.1053964"};
}

BaselineEntry lookup_entry(PredictorInfo info, const Lookup& lookup) {
  return {.info = std::move(info),
          .needs = {"fingerprint"},
          .make = [lookup](Options&, PredictorInfo&) {
            return fit_on("fingerprint", fit_lookup(lookup));
          }};
}

BaselineEntry knn_entry() {
  return {.info = info("knn", "5 nearest neighbours",
                       "mean of the targets of the k nearest training ligands (5 by Tanimoto on "
                       "ECFP, unless told otherwise), all ties at rank k included"),
          .needs = {"fingerprint"},
          .make = [](Options& options, PredictorInfo& about) {
            const std::string block =
                options.choice("features", "fingerprint", {"fingerprint", "maccs", "physchem"});
            const bool bits = block != "physchem";
            if (!bits) about.sees.insert("physchem");
            return fit_on(block, knn_learner(options, bits));
          }};
}

BaselineEntry grid_entry() {
  PredictorInfo about =
      info("knn_grid", "Nearest neighbours, k tuned",
           "mean of the targets of the k nearest training ligands by Euclidean distance of ECFP, k "
           "in {1, 3, 5} by the mean absolute error of 10 contiguous folds of the training rows; "
           "all ties included");
  about.source = "Janela & Bajorath 2022, doi:10.1038/s42256-022-00581-6";
  return {.info = std::move(about),
          .needs = {"fingerprint"},
          .make = [](Options& options, PredictorInfo&) {
            const auto ks = options.counts("ks", {1, 3, 5}, 1, 1000);
            const std::string metric = options.choice("metric", "euclid", {"euclid", "tanimoto"});
            return fit_on("fingerprint",
                          fit_grid(ks, {.nearness = metric == "euclid" ? Nearness::euclid
                                                                       : Nearness::tanimoto}));
          }};
}

BaselineEntry randomised_entry() {
  PredictorInfo about =
      info("y_randomised_knn", "Neighbours, targets shuffled",
           "k nearest neighbours fitted on training targets that were shuffled once: what the "
           "procedure gives when there is nothing to learn; expected to be worse than the median");
  about.rung = Rung::null;
  about.sees = {"targets"};
  about.source = "y-randomisation, Ruecker et al. 2007, doi:10.1021/ci700157b";
  return {.info = std::move(about),
          .needs = {"fingerprint"},
          .make = [](Options& options, PredictorInfo&) {
            return fit_on("fingerprint", y_randomised(knn_learner(options, true)));
          }};
}

}  // namespace

FitLigands knn_learner(Options& options, bool bits, std::uint32_t default_k) {
  return fit_lookup(read_lookup(options, bits, default_k));
}

std::vector<BaselineEntry> neighbour_baselines() {
  std::vector<BaselineEntry> entries;
  entries.push_back(lookup_entry(
      info("nearest_1", "Nearest neighbour",
           "target of the most similar training ligand (Tanimoto on ECFP; ties averaged)"),
      {.k = 1}));
  entries.push_back(knn_entry());
  entries.push_back(lookup_entry(
      info("knn_weighted", "5 nearest neighbours, weighted",
           "sum s y / sum s over the 5 training ligands most similar by Tanimoto s on ECFP, all "
           "ties at rank 5 included; nothing is tuned"),
      {.k = 5, .weight = NeighbourWeight::similarity}));
  entries.push_back(grid_entry());
  entries.push_back(randomised_entry());
  return entries;
}

}  // namespace cupel::potency
