#include "study/series.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "similarity/entity_similarity.hpp"

namespace cupel {
namespace {

std::string copier_name(const SeriesResult& series) { return "nearest_" + series.spec.entity; }

void check_names(const SeriesResult& series,
                 const std::vector<std::unique_ptr<Predictor>>& predictors) {
  std::vector<std::string> known;
  for (const auto& predictor : predictors) known.push_back(predictor->info().name);
  for (const auto& name : series.spec.predictors) {
    if (contains(known, name)) continue;
    const std::string near = nearest_word(name, known);
    fail_input("split \"" + series.name + "\" names a predictor that is not in the study: \"" +
                   name + "\"",
               {},
               (near.empty() ? "" : "did you mean \"" + near + "\"? ") +
                   "predictors: " + join(known, ", "));
  }
}

/// The baseline that copies the nearest training id of the entity: of ligands the one nearest
/// neighbour, of drugs and cell lines the response of the nearest one with the same partner.
BaselineSpec copier_spec(const Dataset& data, const SeriesResult& series) {
  // By the similarity of responses nobody can look for a neighbour of an unseen perturbation: the
  // copier takes the one whose genes are the most similar.
  if (series.spec.entity == "perturbation" && is_by_response(series.spec)) {
    return {.name = "knn", .options = {{"k", "1"}}, .as = copier_name(series)};
  }
  const std::string features = similarity_features(data.entity(series.spec.entity),
                                                   series.spec.similarity, series.spec.features);
  BaselineSpec spec{.name = copier_name(series), .options = {{"features", features}}};
  if (series.spec.entity == "perturbation") {
    return {
        .name = "knn", .options = {{"k", "1"}, {"features", features}}, .as = copier_name(series)};
  }
  if (series.spec.entity == "ligand") {
    // Kinds on SMILES go by the molecule: its fingerprint stands for them.
    const bool is_block = data.entity("ligand").find_features(features) != nullptr;
    return {.name = "knn",
            .options = {{"k", "1"}, {"features", is_block ? features : "fingerprint"}},
            .as = copier_name(series)};
  }
  if (!series.spec.similarity.empty()) spec.options["similarity"] = series.spec.similarity;
  return spec;
}

bool is_empty(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isnan(v); });
}

}  // namespace

bool is_by_response(const OverlapSpec& spec) {
  return spec.entity == "perturbation" && (spec.features.empty() || spec.features == "profile");
}

std::size_t add_nearest_copier(const Area& area, const Dataset& data, const SeriesResult& series,
                               std::vector<std::unique_ptr<Predictor>>& baselines) {
  const BaselineSpec spec = copier_spec(data, series);
  auto copier = area.make_baseline(spec, data);
  for (std::size_t p = 0; p < baselines.size(); ++p) {
    const PredictorInfo& known = baselines[p]->info();
    if (known.name != copier->info().name) continue;
    if (known.parameters == copier->info().parameters) return p;
    // A second series on the same entity, by another similarity.
    BaselineSpec second = spec;
    second.as = copier_name(series) + "_" + series.name;
    baselines.push_back(area.make_baseline(second, data));
    return baselines.size() - 1;
  }
  baselines.push_back(std::move(copier));
  return baselines.size() - 1;
}

std::vector<std::size_t> series_members(const SeriesResult& series,
                                        const std::vector<SeriesResult>& all,
                                        const std::vector<std::unique_ptr<Predictor>>& predictors,
                                        const std::vector<ModelSpec>& models) {
  check_names(series, predictors);
  const std::size_t n_baselines = predictors.size() - models.size();
  const auto is_foreign_copier = [&](std::size_t p) {
    return p != series.nearest && std::any_of(all.begin(), all.end(), [&](const SeriesResult& s) {
             return s.nearest == p;
           });
  };
  const auto may = [&](std::size_t p) {
    if (predictors[p]->info().is_oracle || is_foreign_copier(p)) return false;
    if (p < n_baselines) return true;
    const ModelSpec& model = models[p - n_baselines];
    if (model.splits.empty()) return model.kind != ModelKind::predictions;
    return contains(model.splits, series.name);
  };
  std::vector<std::size_t> members;
  for (std::size_t p = 0; p < predictors.size(); ++p) {
    const auto& wanted = series.spec.predictors;
    const bool is_wanted =
        wanted.empty() || p == series.nearest || contains(wanted, predictors[p]->info().name);
    if (is_wanted && may(p)) members.push_back(p);
  }
  return members;
}

void run_series(SeriesResult& series, const std::vector<std::size_t>& members,
                const std::vector<std::unique_ptr<Predictor>>& predictors,
                const std::vector<std::uint64_t>& seeds, const CarryOut& carry_out) {
  std::vector<Trial> trials;
  for (const std::size_t p : members) {
    for (const auto& split : series.splits) {
      trials.push_back({.split = &split, .predictor = predictors[p].get(), .seed = seeds[p]});
    }
  }
  carry_out(trials, "overlap series " + series.name);
  const std::size_t n_splits = series.splits.size();
  for (std::size_t m = 0; m < members.size(); ++m) {
    SeriesMember member{.predictor = members[m]};
    for (std::size_t s = 0; s < n_splits; ++s) {
      auto& values = trials[m * n_splits + s].result.values;
      if (is_empty(values)) values.clear();
      member.predictions.push_back(std::move(values));
    }
    const bool has_any = std::any_of(member.predictions.begin(), member.predictions.end(),
                                     [](const auto& values) { return !values.empty(); });
    if (has_any) series.members.push_back(std::move(member));
  }
}

}  // namespace cupel
