/// Baselines that know which perturbation it is: its mean over contexts, context + perturbation,
/// and sums or means of the members of a combination. O(rows x genes).
#include <algorithm>
#include <utility>

#include "area/perturbation/baseline_parts.hpp"
#include "cupel/error.hpp"
#include "cupel/finding.hpp"
#include "simd/blas.hpp"

namespace cupel::perturbation {
namespace {

FitFunction fit_across_contexts(Options& options) {
  const auto basal = options.choice("basal", "own", {"own", "global"});
  const auto unseen = options.choice("unseen", "zero", {"zero", "mean"});
  return [basal, unseen](const FitRequest& request, const Context&) -> PredictFunction {
    return [basal, unseen, responses = responses_of(request.data, request.train)](
               const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      MeanOf controls(data.n_outputs());
      for (std::size_t c = 0; c < data.profiles->controls.rows; ++c) {
        controls.add(data.profiles->controls.row(c));
      }
      const Vector global = controls.mean();
      return predict_from_control(
          data, rows, [&](std::uint32_t row, std::span<double> out, Diagnostics& diagnostics) {
            if (basal == "global") std::ranges::copy(global, out.begin());
            const auto own = responses.of_perturbation.find(perturbation_of(data, row));
            if (own != responses.of_perturbation.end()) {
              add_to(out, own->second);
              return;
            }
            if (unseen == "mean") add_to(out, responses.shared);
            diagnostics.add("unseen_perturbation", Severity::note,
                            "rows of a perturbation without training rows were given " +
                                std::string(unseen == "mean" ? "the mean response" : "no change"));
          });
    };
  };
}

/// d = a_perturbation + b_context by least squares on the training rows: perturbations are
/// eliminated, what is left is one small system of the contexts for all genes.
struct TwoWay {
  std::map<std::uint32_t, Vector> perturbation;  ///< a
  std::map<std::uint32_t, std::uint32_t> part;   ///< of a perturbation: as that of its contexts
  Matrix<double> context;                        ///< b, n_contexts x genes
  std::vector<std::uint32_t> part_of_context;    ///< contexts that perturbations connect
};

/// Contexts with a perturbation in common, directly or through others, have one number.
std::vector<std::uint32_t> connected_contexts(
    std::size_t n_contexts, const std::map<std::uint32_t, std::vector<std::uint32_t>>& contexts) {
  std::vector<std::uint32_t> part(n_contexts);
  for (std::uint32_t c = 0; c < n_contexts; ++c) part[c] = c;
  for (const auto& [perturbation, own] : contexts) {
    for (const auto c : own) {
      const auto from = part[c];
      for (auto& value : part) value = value == from ? part[own.front()] : value;
    }
  }
  return part;
}

TwoWay fit_least_squares(const Dataset& data, std::span<const std::uint32_t> rows,
                         const Responses& responses) {
  const std::size_t n_contexts = profile_data(data).controls.rows;
  const std::size_t size = data.n_outputs();
  std::map<std::uint32_t, std::vector<std::uint32_t>> contexts;
  for (const auto row : rows) contexts[perturbation_of(data, row)].push_back(context_of(data, row));
  Matrix<double> system(n_contexts, n_contexts, 0.0);
  for (const auto& [perturbation, own] : contexts) {
    for (const auto c : own) {
      system(c, c) += 1.0;
      for (const auto d : own) system(c, d) -= 1.0 / static_cast<double>(own.size());
    }
  }
  Matrix<double> right(n_contexts, size, 0.0);
  for (const auto row : rows) {
    const auto out = right.row(context_of(data, row));
    add_to(out, data.targets.row(row));
    add_to(out, control_of(data, row), -1.0);
    add_to(out, responses.of_perturbation.at(perturbation_of(data, row)), -1.0);
  }
  TwoWay model{.context = Matrix<double>(n_contexts, size, 0.0),
               .part_of_context = connected_contexts(n_contexts, contexts)};
  std::vector<double> eigenvalues(n_contexts);
  if (!blas::symmetric_eigen(n_contexts, system.values.data(), eigenvalues.data())) {
    fail(ErrorKind::numeric, "the effects of the contexts could not be solved for");
  }
  for (std::size_t k = 0; k < n_contexts; ++k) {
    if (eigenvalues[k] <= 1e-9 * eigenvalues.back()) continue;  // one level per connected part
    Vector along(size, 0.0);
    for (std::size_t c = 0; c < n_contexts; ++c) add_to(along, right.row(c), system(k, c));
    for (std::size_t c = 0; c < n_contexts; ++c) {
      add_to(model.context.row(c), along, system(k, c) / eigenvalues[k]);
    }
  }
  for (const auto& [perturbation, own] : contexts) {
    Vector effect = responses.of_perturbation.at(perturbation);
    for (const auto c : own) {
      add_to(effect, model.context.row(c), -1.0 / static_cast<double>(own.size()));
    }
    model.perturbation.emplace(perturbation, std::move(effect));
    model.part.emplace(perturbation, model.part_of_context[own.front()]);
  }
  return model;
}

FitFunction fit_two_way(Options&) {
  return [](const FitRequest& request, const Context&) -> PredictFunction {
    Responses responses = responses_of(request.data, request.train);
    TwoWay model = fit_least_squares(request.data, request.train, responses);
    return [responses = std::move(responses), model = std::move(model)](
               const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      return predict_from_control(
          data, rows, [&](std::uint32_t row, std::span<double> out, Diagnostics& diagnostics) {
            const auto p = perturbation_of(data, row);
            const auto c = context_of(data, row);
            const auto own = responses.of_perturbation.find(p);
            const auto context = responses.of_context.find(c);
            const bool knows_own = own != responses.of_perturbation.end();
            const bool knows_context = context != responses.of_context.end();
            if (knows_own && knows_context && model.part.at(p) == model.part_of_context[c]) {
              add_to(out, model.perturbation.at(p));
              add_to(out, model.context.row(c));
              return;
            }
            diagnostics.add("unseen_level", Severity::note,
                            "rows whose perturbation or context has no training rows were given "
                            "the mean response of the other, or of all");
            if (knows_own) add_to(out, own->second);
            if (knows_context) add_to(out, context->second);
            if (knows_own == knows_context) add_to(out, responses.shared, knows_own ? -1.0 : 1.0);
          });
    };
  };
}

/// Counts rows by how many of the members training has seen alone.
void count_seen(std::size_t seen, std::size_t members, Diagnostics& diagnostics) {
  if (members < 2) return;
  diagnostics.add("seen_" + std::to_string(seen) + "_of_" + std::to_string(members), Severity::note,
                  "combinations with " + std::to_string(seen) + " of " + std::to_string(members) +
                      " members perturbed alone in training");
}

FitFunction fit_additive(Options& options) {
  const auto missing = options.choice("missing", "mean", {"mean", "zero", "nan"});
  return [missing](const FitRequest& request, const Context&) -> PredictFunction {
    std::vector<std::uint32_t> singles;
    for (const auto row : request.train) {
      if (profile_data(request.data).members[perturbation_of(request.data, row)].size() == 1) {
        singles.push_back(row);
      }
    }
    // Without a single in training, the mean of all responses stands for one.
    const bool none = singles.empty();
    Responses responses = responses_of(request.data, singles);
    if (none) responses.shared = responses_of(request.data, request.train).shared;
    return [missing, responses = std::move(responses)](
               const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      return predict_from_control(
          data, rows, [&](std::uint32_t row, std::span<double> out, Diagnostics& diagnostics) {
            const auto& members = data.profiles->members[perturbation_of(data, row)];
            std::size_t seen = 0;
            for (const auto& member : members) {
              const auto code = single_code(data, member);
              const Vector* own = code == LabelBlock::kUnknown
                                      ? nullptr
                                      : responses.find(code, context_of(data, row));
              if (own != nullptr) {
                add_to(out, *own);
                ++seen;
              } else if (missing == "mean") {
                add_to(out, responses.shared);
              } else if (missing == "nan") {
                std::ranges::fill(out, kUndefined);
              }
            }
            count_seen(seen, members.size(), diagnostics);
            if (members.size() == 1 && seen == 0) {
              diagnostics.add("unseen_perturbation", Severity::note,
                              "single perturbations without training rows were treated as a "
                              "missing member");
            }
          });
    };
  };
}

/// Mean over all perturbed training cells of a context (Systema's non-control mean).
Vector non_control_mean(const Dataset& data, std::span<const std::uint32_t> rows,
                        std::uint32_t context, const Vector& shared) {
  MeanOf mean(data.n_outputs());
  for (const auto row : rows) {
    if (context_of(data, row) != context) continue;
    mean.add(data.targets.row(row), static_cast<double>(data.profiles->n_cells[row]));
  }
  if (!mean.empty()) return mean.mean();
  const auto control = data.profiles->controls.row(context);
  Vector out(control.begin(), control.end());
  add_to(out, shared);
  return out;
}

FitFunction fit_matching_mean(Options&) {
  return [](const FitRequest& request, const Context&) -> PredictFunction {
    const Dataset& fitted = request.data;
    Responses responses = responses_of(fitted, request.train);
    std::vector<Vector> others;
    for (std::uint32_t c = 0; c < profile_data(fitted).controls.rows; ++c) {
      others.push_back(non_control_mean(fitted, request.train, c, responses.shared));
    }
    return [responses = std::move(responses), others = std::move(others)](
               const Dataset& data, std::span<const std::uint32_t> rows, const Context&) {
      return predict_from_control(
          data, rows, [&](std::uint32_t row, std::span<double> out, Diagnostics& diagnostics) {
            const auto& members = data.profiles->members[perturbation_of(data, row)];
            const auto context = context_of(data, row);
            MeanOf mean(out.size());
            std::size_t seen = 0;
            for (const auto& member : members) {
              const auto code = single_code(data, member);
              const Vector* own =
                  code == LabelBlock::kUnknown ? nullptr : responses.find(code, context);
              if (own == nullptr) {
                mean.add(others[context]);
                continue;
              }
              Vector centroid(out.begin(), out.end());
              add_to(centroid, *own);
              mean.add(centroid);
              ++seen;
            }
            std::ranges::copy(mean.mean(), out.begin());
            count_seen(seen, members.size(), diagnostics);
          });
    };
  };
}

}  // namespace

std::vector<BaselineEntry> additive_baselines() {
  std::vector<BaselineEntry> entries;
  entries.push_back(
      {.info = {.name = "perturbation_mean_across_contexts",
                .title = "Perturbation mean across contexts",
                .rung = Rung::means,
                .sees = {"targets", "control", "context_id", "perturbation_id"},
                .description = "control + mean of the perturbation's responses in the training "
                               "contexts; basal own: control of the row's context, global: mean of "
                               "all contexts' controls (STATE)",
                .fallback = "no change for an unseen perturbation; unseen=mean: the mean response",
                .source = "STATE / cell-load (PerturbMean)"},
       .is_default = has_contexts,
       .make = fit_across_contexts,
       .left_out_because = "the data have one context"});
  entries.push_back(
      {.info = {.name = "two_way_additive",
                .title = "Context + perturbation",
                .rung = Rung::means,
                .sees = {"targets", "control", "context_id", "perturbation_id"},
                .description = "own control + effect of the perturbation + effect of the context, "
                               "by least squares on the training responses",
                .fallback = "mean response of the context for an unseen perturbation, of the "
                            "perturbation for an unseen context",
                .source = "two-way layout without interaction (Scheffe 1959)"},
       .is_default = has_contexts,
       .make = fit_two_way,
       .left_out_because = "the data have one context"});
  entries.push_back(
      {.info = {.name = "matching_mean",
                .title = "Matching mean",
                .rung = Rung::means,
                .sees = {"targets", "control", "context_id", "perturbation_id", "members"},
                .description = "mean over the members of a combination of the profile of the "
                               "single perturbation: half the amplitude of the sum",
                .fallback = "mean of all perturbed training cells for an unseen member",
                .source = "Systema, doi:10.1038/s41587-025-02777-8"},
       .is_default = has_combinations,
       .make = fit_matching_mean,
       .left_out_because = "the data have no combinations"});
  entries.push_back(
      {.info = {.name = "additive",
                .title = "Additive",
                .rung = Rung::constrained,
                .sees = {"targets", "control", "context_id", "perturbation_id", "members"},
                .description = "own control + sum of the members' responses as single "
                               "perturbations, in the row's context if trained on there, else "
                               "their mean over contexts",
                .fallback = "missing=mean: mean response of the training singles for an unseen "
                            "member (scPerturBench); zero (Miller); nan (Ahlmann)",
                .source = "Ahlmann-Eltze et al. 2025, doi:10.1038/s41592-025-02772-6"},
       .is_default = has_combinations,
       .make = fit_additive,
       .left_out_because = "the data have no combinations"});
  return entries;
}

}  // namespace cupel::perturbation
