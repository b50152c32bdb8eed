/// Means of training targets: of everything, of a drug, of a cell line, of a tissue, of a drug in a
/// tissue. O(rows). Oracles, which average the rows that they are asked to predict, are labelled.
#include <utility>

#include "area/drug_response/baseline_parts.hpp"
#include "model/level_means.hpp"

namespace cupel::drug_response {
namespace {

FitFunction fit_global_mean(Options&) {
  return [](const FitRequest& request, const Context&) -> PredictFunction {
    const PairTable pairs = drug_cell_pairs(request.data, request.train);
    const double mean = level_means(pairs.first, pairs.value, 0).overall;
    return [mean](const Dataset&, std::span<const std::uint32_t> rows, const Context&) {
      return Prediction{.values = std::vector<double>(rows.size(), mean), .diagnostics = {}};
    };
  };
}

FitFunction fit_drug_mean(Options&) {
  return [](const FitRequest& request, const Context&) -> PredictFunction {
    const PairTable pairs = drug_cell_pairs(request.data, request.train);
    return [seen = SeenPairs(pairs), means = level_means(pairs.first, pairs.value, pairs.n_first)](
               const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      return seen.predict(
          data, rows, "the global mean for an unseen drug",
          [&](std::uint32_t drug, std::uint32_t) { return means.of(drug, means.overall); });
    };
  };
}

FitFunction fit_cell_mean(Options&) {
  return [](const FitRequest& request, const Context&) -> PredictFunction {
    const PairTable pairs = drug_cell_pairs(request.data, request.train);
    return
        [seen = SeenPairs(pairs), means = level_means(pairs.second, pairs.value, pairs.n_second)](
            const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
          return seen.predict(
              data, rows, "the global mean for an unseen cell line",
              [&](std::uint32_t, std::uint32_t cell) { return means.of(cell, means.overall); });
        };
  };
}

/// Tissue code of every cell line; the number of tissues where it is not known.
std::vector<std::uint32_t> tissue_of_cells(const Dataset& data, std::size_t& n_tissues) {
  const LabelBlock& tissue = *data.entity("cell").find_label("tissue");
  n_tissues = tissue.levels.size();
  std::vector<std::uint32_t> code = tissue.code;
  for (auto& value : code) {
    if (value == LabelBlock::kUnknown) value = static_cast<std::uint32_t>(n_tissues);
  }
  return code;
}

FitFunction fit_tissue_mean(Options&) {
  return [](const FitRequest& request, const Context&) -> PredictFunction {
    const PairTable pairs = drug_cell_pairs(request.data, request.train);
    std::size_t n_tissues = 0;
    auto tissue = tissue_of_cells(request.data, n_tissues);
    std::vector<std::uint32_t> codes;
    codes.reserve(pairs.size());
    for (const std::uint32_t cell : pairs.second) codes.push_back(tissue[cell]);
    return [seen = SeenPairs(pairs), means = level_means(codes, pairs.value, n_tissues),
            tissue = std::move(tissue)](const Dataset& data, std::span<const std::uint32_t> rows,
                                        const Context&) {
      return seen.predict(
          data, rows, "the mean of the tissue, or of everything if it is unseen too",
          [&](std::uint32_t, std::uint32_t cell) { return means.of(tissue[cell], means.overall); });
    };
  };
}

FitFunction fit_tissue_drug_mean(Options&) {
  return [](const FitRequest& request, const Context&) -> PredictFunction {
    const PairTable pairs = drug_cell_pairs(request.data, request.train);
    std::size_t n_tissues = 0;
    auto tissue = tissue_of_cells(request.data, n_tissues);
    const auto n_drugs = static_cast<std::uint32_t>(pairs.n_first);
    std::vector<std::uint32_t> codes;  // rows of an unknown tissue get codes beyond the last level
    codes.reserve(pairs.size());
    for (std::size_t r = 0; r < pairs.size(); ++r) {
      codes.push_back(tissue[pairs.second[r]] * n_drugs + pairs.first[r]);
    }
    return [seen = SeenPairs(pairs), n_drugs,
            by_drug = level_means(pairs.first, pairs.value, pairs.n_first),
            by_both = level_means(codes, pairs.value, n_tissues * pairs.n_first),
            tissue = std::move(tissue)](const Dataset& data, std::span<const std::uint32_t> rows,
                                        const Context&) {
      std::size_t n_drug_mean = 0;
      Prediction prediction = seen.predict(
          data, rows, "the drug's mean in the tissue, else the drug's mean, else the global mean",
          [&](std::uint32_t drug, std::uint32_t cell) {
            const std::uint32_t code = tissue[cell] * n_drugs + drug;
            if (by_both.knows(code)) return by_both.mean[code];
            if (by_drug.knows(drug)) ++n_drug_mean;
            return by_drug.of(drug, by_drug.overall);
          });
      if (n_drug_mean > 0) {
        prediction.diagnostics.add(
            "unseen_tissue_drug", Severity::note,
            "rows whose drug was not measured in that tissue in training were "
            "given the drug's mean",
            {}, n_drug_mean);
      }
      return prediction;
    };
  };
}

/// Mean over the rows to be predicted themselves: what a perfect knowledge of the level would give.
FitFunction fit_oracle(bool of_drug) {
  return [of_drug](const FitRequest&, const Context&) -> PredictFunction {
    return [of_drug](const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      const PairTable pairs = drug_cell_pairs(data, rows);
      const auto& codes = of_drug ? pairs.first : pairs.second;
      const LevelMeans means =
          level_means(codes, pairs.value, of_drug ? pairs.n_first : pairs.n_second);
      Prediction prediction;
      for (const std::uint32_t code : codes) prediction.values.push_back(means.mean[code]);
      return prediction;
    };
  };
}

constexpr const char* kDrevalpy = "drevalpy (Bernett et al. 2026, Nature Communications 17:4238)";

BaselineEntry oracle_entry(bool of_drug) {
  const std::string what = of_drug ? "drug" : "cell";
  return {.info = {.name = what + "_mean_oracle",
                   .title = of_drug ? "Drug mean of the test rows (oracle)"
                                    : "Cell-line mean of the test rows (oracle)",
                   .rung = Rung::means,
                   .sees = {"targets", "test_targets", what + "_id"},
                   .is_oracle = true,
                   .description = "mean of the test targets of the row's " + what +
                                  "; looks at the answers, so it bounds what knowing the " + what +
                                  "'s level could give",
                   .fallback = "none: every predicted row has its own mean",
                   .source = "Heo 2026, arXiv:2605.20885"},
          .is_default = false,
          .needs = {},
          .make = [of_drug](Options&) { return fit_oracle(of_drug); }};
}

}  // namespace

std::vector<BaselineEntry> mean_baselines() {
  std::vector<BaselineEntry> entries;
  entries.push_back({.info = {.name = "global_mean",
                              .title = "Global mean",
                              .rung = Rung::null,
                              .sees = {"targets"},
                              .description = "mu: the mean of all training targets",
                              .fallback = "none needed",
                              .source = kDrevalpy},
                     .needs = {},
                     .make = fit_global_mean});
  entries.push_back({.info = {.name = "drug_mean",
                              .title = "Drug mean",
                              .rung = Rung::means,
                              .sees = {"targets", "drug_id"},
                              .description = "mean of the drug's training targets",
                              .fallback = "global mean for an unseen drug",
                              .source = kDrevalpy},
                     .needs = {},
                     .make = fit_drug_mean});
  entries.push_back({.info = {.name = "cell_mean",
                              .title = "Cell-line mean",
                              .rung = Rung::means,
                              .sees = {"targets", "cell_id"},
                              .description = "mean of the cell line's training targets",
                              .fallback = "global mean for an unseen cell line",
                              .source = kDrevalpy},
                     .needs = {},
                     .make = fit_cell_mean});
  entries.push_back({.info = {.name = "tissue_mean",
                              .title = "Tissue mean",
                              .rung = Rung::means,
                              .sees = {"targets", "tissue"},
                              .description = "mean of the training targets of the line's tissue",
                              .fallback = "global mean for an unseen or unknown tissue",
                              .source = kDrevalpy},
                     .needs = {"cell.tissue"},
                     .make = fit_tissue_mean});
  entries.push_back(
      {.info = {.name = "tissue_drug_mean",
                .title = "Tissue x drug mean",
                .rung = Rung::means,
                .sees = {"targets", "drug_id", "tissue"},
                .description = "mean of the drug's training targets in the line's tissue",
                .fallback = "drug mean where the drug was not measured in the tissue; global mean "
                            "only for an unseen drug",
                .source = std::string(kDrevalpy) + ", which falls back to the global mean"},
       .needs = {"cell.tissue"},
       .make = fit_tissue_drug_mean});
  entries.push_back(oracle_entry(true));
  entries.push_back(oracle_entry(false));
  return entries;
}

}  // namespace cupel::drug_response
