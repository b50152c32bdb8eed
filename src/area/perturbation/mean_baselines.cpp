/// Baselines that do not know which perturbation they predict: controls and means. O(rows x genes).
#include <algorithm>
#include <utility>

#include "area/perturbation/baseline_parts.hpp"

namespace cupel::perturbation {
namespace {

bool always(const Dataset&) { return true; }

/// The same vector for every row.
PredictFunction constant(Vector profile) {
  return [profile = std::move(profile)](const Dataset&, std::span<const std::uint32_t> rows,
                                        const Context&) {
    Prediction prediction;
    prediction.values.reserve(rows.size() * profile.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      prediction.values.insert(prediction.values.end(), profile.begin(), profile.end());
    }
    return prediction;
  };
}

Vector mean_of_controls(const Dataset& data) {
  MeanOf mean(data.n_outputs());
  const auto& controls = profile_data(data).controls;
  for (std::size_t c = 0; c < controls.rows; ++c) mean.add(controls.row(c));
  return mean.mean();
}

FitFunction fit_no_change(Options&) {
  return [](const FitRequest&, const Context&) -> PredictFunction {
    return [](const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      return predict_from_control(data, rows,
                                  [](std::uint32_t, std::span<double>, Diagnostics&) {});
    };
  };
}

FitFunction fit_control_mean(Options&) {
  return [](const FitRequest& request, const Context&) {
    return constant(mean_of_controls(request.data));
  };
}

Vector mean_profile(const FitRequest& request, const std::string& weighting) {
  const Dataset& data = request.data;
  const ProfileData& profiles = profile_data(data);
  MeanOf mean(data.n_outputs());
  std::vector<std::uint8_t> context_seen(profiles.controls.rows, 0);
  for (const auto row : request.train) {
    mean.add(data.targets.row(row),
             weighting == "cells" ? static_cast<double>(profiles.n_cells[row]) : 1.0);
    context_seen[context_of(data, row)] = 1;
  }
  for (std::size_t c = 0; c < context_seen.size() && weighting == "with_control"; ++c) {
    if (context_seen[c] != 0) mean.add(profiles.controls.row(c));
  }
  return mean.mean();
}

FitFunction fit_perturbation_mean(Options& options) {
  const auto weighting =
      options.choice("weighting", "unweighted", {"unweighted", "cells", "with_control"});
  return [weighting](const FitRequest& request, const Context&) {
    return constant(mean_profile(request, weighting));
  };
}

FitFunction fit_global_mean(Options&) {
  return [](const FitRequest& request, const Context&) {
    return constant(mean_profile(request, "unweighted"));
  };
}

FitFunction fit_mean_shift(Options&) {
  return [](const FitRequest& request, const Context&) -> PredictFunction {
    return [shared = responses_of(request.data, request.train).shared](
               const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      return predict_from_control(
          data, rows,
          [&](std::uint32_t, std::span<double> out, Diagnostics&) { add_to(out, shared); });
    };
  };
}

FitFunction fit_context_mean(Options& options) {
  const auto weighting = options.choice("weighting", "unweighted", {"unweighted", "cells"});
  return [weighting](const FitRequest& request, const Context&) -> PredictFunction {
    const Dataset& data = request.data;
    std::map<std::uint32_t, MeanOf> means;
    for (const auto row : request.train) {
      const double weight =
          weighting == "cells" ? static_cast<double>(profile_data(data).n_cells[row]) : 1.0;
      means.try_emplace(context_of(data, row), data.n_outputs())
          .first->second.add(data.targets.row(row), weight);
    }
    std::map<std::uint32_t, Vector> of_context;
    for (const auto& [context, mean] : means) of_context.emplace(context, mean.mean());
    return [of_context = std::move(of_context), shared = responses_of(data, request.train).shared](
               const Dataset& known, std::span<const std::uint32_t> rows, const Context&) {
      return predict_from_control(
          known, rows, [&](std::uint32_t row, std::span<double> out, Diagnostics& diagnostics) {
            const auto found = of_context.find(context_of(known, row));
            if (found != of_context.end()) {
              std::ranges::copy(found->second, out.begin());
              return;
            }
            add_to(out, shared);
            diagnostics.add("unseen_context", Severity::note,
                            "rows of a context without training rows were given its control plus "
                            "the mean response of the others");
          });
    };
  };
}

/// Mean response per context, for each gene without the perturbations that target it.
struct GenericResponse {
  std::map<std::uint32_t, Vector> of_context;
  Vector shared;
};

Vector leave_target_out(const Dataset& data, std::span<const std::uint32_t> rows) {
  const auto& targets = profile_data(data).target_genes;
  Vector sum(data.n_outputs(), 0.0);
  Vector n(data.n_outputs(), static_cast<double>(rows.size()));
  for (const auto row : rows) {
    const auto x = data.targets.row(row);
    const auto control = control_of(data, row);
    for (std::size_t j = 0; j < sum.size(); ++j) sum[j] += x[j] - control[j];
    for (const auto gene : targets[row]) {
      sum[gene] -= x[gene] - control[gene];
      n[gene] -= 1.0;
    }
  }
  for (std::size_t j = 0; j < sum.size(); ++j) sum[j] = n[j] > 0.0 ? sum[j] / n[j] : 0.0;
  return sum;
}

GenericResponse generic_response(const Dataset& data, std::span<const std::uint32_t> rows) {
  std::map<std::uint32_t, std::vector<std::uint32_t>> by_context;
  for (const auto row : rows) by_context[context_of(data, row)].push_back(row);
  GenericResponse out{.of_context = {}, .shared = leave_target_out(data, rows)};
  for (const auto& [context, own] : by_context) {
    out.of_context.emplace(context, leave_target_out(data, own));
  }
  return out;
}

/// `is_oracle`: over all rows of the data set, those to be predicted among them.
FitFunction fit_generic_response(bool is_oracle) {
  return [is_oracle](const FitRequest& request, const Context&) -> PredictFunction {
    std::vector<std::uint32_t> rows(request.train.begin(), request.train.end());
    if (is_oracle) {
      rows.clear();
      for (std::uint32_t row = 0; row < request.data.n_samples(); ++row) rows.push_back(row);
    }
    return [generic = generic_response(request.data, rows)](
               const Dataset& data, std::span<const std::uint32_t> wanted, const Context&) {
      return predict_from_control(
          data, wanted, [&](std::uint32_t row, std::span<double> out, Diagnostics&) {
            const auto found = generic.of_context.find(context_of(data, row));
            add_to(out, found == generic.of_context.end() ? generic.shared : found->second);
          });
    };
  };
}

constexpr const char* kAhlmann = "Ahlmann-Eltze et al. 2025, doi:10.1038/s41592-025-02772-6";
constexpr const char* kCellEval = "cell-eval2 0.20 (generic response; VCC 2026)";

}  // namespace

std::vector<BaselineEntry> mean_baselines() {
  std::vector<BaselineEntry> entries;
  entries.push_back({.info = {.name = "global_mean",
                              .title = "Mean of the training profiles",
                              .rung = Rung::null,
                              .sees = {"targets"},
                              .description = "mean of the training profiles, one weight each, in "
                                             "whatever context",
                              .fallback = "none needed",
                              .source = kAhlmann},
                     .make = fit_global_mean,
                     .left_out_because =
                         "takes no account of the context: where there are several, "
                         "it is nobody's profile; where there is one, it is "
                         "Control plus mean response"});
  entries.push_back({.info = {.name = "no_change",
                              .title = "No change",
                              .rung = Rung::null,
                              .sees = {"control", "context_id"},
                              .description = "control profile of the row's own context",
                              .fallback = "none needed",
                              .source = kAhlmann},
                     .is_default = always,
                     .make = fit_no_change});
  entries.push_back({.info = {.name = "control_mean",
                              .title = "Mean control",
                              .rung = Rung::null,
                              .sees = {"control"},
                              .description = "mean of the contexts' control profiles",
                              .fallback = "none needed",
                              .source = "STATE / cell-load (global basal)"},
                     .is_default = nullptr,
                     .make = fit_control_mean,
                     .left_out_because = "takes no account of the context: No change has the row's "
                                         "own control"});
  entries.push_back(
      {.info = {.name = "perturbation_mean",
                .title = "Perturbation mean",
                .rung = Rung::means,
                .sees = {"targets"},
                .description = "mean of the training profiles; weighting unweighted (one weight "
                               "each), cells (of all perturbed training cells) or with_control "
                               "(the control of each training context is one more profile)",
                .fallback = "none needed",
                .source = std::string(kAhlmann) + " (with_control); Systema (cells)"},
       .is_default = nullptr,
       .make = fit_perturbation_mean,
       .left_out_because =
           "as Control plus mean response with other weights, and without regard to "
           "the context"});
  entries.push_back(
      {.info = {.name = "mean_shift",
                .title = "Control plus mean response",
                .rung = Rung::means,
                .sees = {"targets", "control", "context_id"},
                .description = "own control + mean response of the training rows: the shift that "
                               "all perturbations share",
                .fallback = "none needed",
                .source = "Systema (systematic variation), doi:10.1038/s41587-025-02777-8"},
       .is_default = always,
       .make = fit_mean_shift});
  entries.push_back({.info = {.name = "context_mean",
                              .title = "Context mean",
                              .rung = Rung::means,
                              .sees = {"targets", "control", "context_id"},
                              .description = "mean of the training profiles of the row's context",
                              .fallback = "own control + mean response for an unseen context",
                              .source = "STATE / cell-load (ContextMean)"},
                     .is_default = has_contexts,
                     .make = fit_context_mean,
                     .left_out_because = "the data have one context"});
  entries.push_back(
      {.info = {.name = "generic_response",
                .title = "Generic response",
                .rung = Rung::means,
                .sees = {"targets", "control", "context_id"},
                .description = "own control + mean response of the context's training rows, for "
                               "each gene without the perturbations that target it",
                .fallback = "response over all contexts for an unseen context",
                .source = kCellEval},
       .is_default =
           [](const Dataset& data) {
             return std::ranges::any_of(profile_data(data).target_genes,
                                        [](const auto& genes) { return !genes.empty(); });
           },
       .make = [](Options&) { return fit_generic_response(false); },
       .left_out_because = "no targeted gene is measured"});
  entries.push_back(
      {.info = {.name = "generic_response_oracle",
                .title = "Generic response of all data (oracle)",
                .rung = Rung::means,
                .sees = {"targets", "test_targets", "control", "context_id"},
                .is_oracle = true,
                .description = "generic_response over all rows, those to be predicted among them: "
                               "cell-eval2's transductive comparator",
                .fallback = "none needed",
                .source = kCellEval},
       .is_default = nullptr,
       .make = [](Options&) { return fit_generic_response(true); },
       .left_out_because = "reads the tested profiles: a comparator of cell-eval2, no floor"});
  return entries;
}

}  // namespace cupel::perturbation
