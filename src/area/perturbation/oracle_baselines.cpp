/// Ceilings: what a repeat of the experiment with half of the cells would predict. They read the
/// cells of the rows that they predict, and are labelled oracles. A half is part of the full
/// profile that is scored, so they stand higher than an independent repeat would: the section on
/// the noise ceiling scores one half against the other.
#include <utility>

#include "area/perturbation/baseline_parts.hpp"
#include "area/perturbation/calibration.hpp"
#include "cupel/error.hpp"
#include "cupel/finding.hpp"

namespace cupel::perturbation {
namespace {

bool has_halves(const Dataset& data) { return !profile_data(data).halves.empty(); }

void check_halves(const Dataset& data) {
  if (has_halves(data)) return;
  fail_input("the data set has no halves of cells, which a technical duplicate is made of", {},
             "data: profiles: {halves: 1}");
}

/// Pair of halves to take: option `seed`, from 0.
std::uint32_t chosen_halves(Options& options) { return options.count("halves", 0, 0, 1000); }

const ProfileHalves& halves_of(const Dataset& data, std::uint32_t index) {
  const auto& halves = profile_data(data).halves;
  if (index < halves.size()) return halves[index];
  fail(ErrorKind::usage, "there are only " + std::to_string(halves.size()) + " pairs of halves", {},
       "numbered from 0");
}

FitFunction fit_technical_duplicate(Options& options) {
  const auto index = chosen_halves(options);
  const bool own = options.choice("control", "shared", {"shared", "own"}) == "own";
  return [index, own](const FitRequest&, const Context&) -> PredictFunction {
    return [index, own](const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      const ProfileHalves& halves = halves_of(data, index);
      return predict_from_control(
          data, rows, [&](std::uint32_t row, std::span<double> out, Diagnostics&) {
            if (!own) {
              std::ranges::copy(halves.profiles[1].row(row), out.begin());
              return;
            }
            add_to(out, halves.profiles[1].row(row));
            add_to(out, halves.controls[1].row(context_of(data, row)), -1.0);
          });
    };
  };
}

FitFunction fit_interpolated_duplicate(Options& options) {
  const auto index = chosen_halves(options);
  return [index](const FitRequest& request, const Context&) -> PredictFunction {
    return [index, shared = responses_of(request.data, request.train).shared](
               const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      halves_of(data, index);
      const HalfView view = half_view(data, std::size_t{2} * index);
      const std::vector<std::uint32_t> fold(rows.size(), 0);
      Prediction prediction = predict_from_control(
          data, rows,
          [&](std::uint32_t, std::span<double> out, Diagnostics&) { add_to(out, shared); });
      const auto duplicate = gather(*view.repeat, rows);
      prediction.values = interpolated_duplicate(
          data, view, {.folds = {}, .rows = rows, .fold = fold}, duplicate, prediction.values);
      return prediction;
    };
  };
}

constexpr const char* kMiller = "Miller et al. 2025, doi:10.1101/2025.10.20.683304; scPertEval";

}  // namespace

std::vector<BaselineEntry> oracle_baselines() {
  std::vector<BaselineEntry> entries;
  entries.push_back(
      {.info = {.name = "technical_duplicate",
                .title = "Technical duplicate (oracle)",
                .rung = Rung::ceiling,
                .sees = {"targets", "test_targets"},
                .is_oracle = true,
                .description = "the profile of half of the row's own cells; control=own: its "
                               "change from the same half of the control cells, on the control",
                .fallback = "no prediction for rows of a single cell",
                .source = kMiller},
       .is_default = has_halves,
       .check = check_halves,
       .make = fit_technical_duplicate,
       .left_out_because = "the cells were not split into halves"});
  entries.push_back(
      {.info = {.name = "interpolated_duplicate",
                .title = "Interpolated duplicate (oracle)",
                .rung = Rung::ceiling,
                .sees = {"targets", "test_targets", "control", "context_id"},
                .is_oracle = true,
                .description = "gene by gene alpha x technical duplicate + (1 - alpha) x (own "
                               "control + mean response), alpha = 1 - adjusted p (Welch's t of the "
                               "half against the control, Benjamini-Hochberg)",
                .fallback = "the mean where p is undefined",
                .source = kMiller},
       .is_default = has_halves,
       .check = check_halves,
       .make = fit_interpolated_duplicate,
       .left_out_because = "the cells were not split into halves"});
  return entries;
}

}  // namespace cupel::perturbation
