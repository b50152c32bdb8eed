#include "study/item_baselines.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "model/function_predictor.hpp"
#include "model/similar_items.hpp"

namespace cupel {
namespace {

constexpr std::size_t kNeighbours = 10;
constexpr double kPenalty = 1.0;

std::vector<double> targets_of(const ItemSet& set, std::span<const std::uint32_t> rows) {
  std::vector<double> out;
  for (const std::uint32_t row : rows) out.push_back(set.targets[row]);
  return out;
}

std::unique_ptr<Predictor> mean_baseline(const ItemSet& set) {
  PredictorInfo info{.name = "mean",
                     .title = set.has_labels ? "Share of positives" : "Mean",
                     .rung = Rung::null,
                     .sees = {"targets"},
                     .description =
                         "The mean training target for every item (for labels: the "
                         "majority, as a probability)."};
  return make_predictor(std::move(info), [&set](const FitRequest& request, const Context&) {
    const std::vector<double> y = targets_of(set, request.train);
    const double mean = std::accumulate(y.begin(), y.end(), 0.0) / static_cast<double>(y.size());
    return [mean](const Dataset&, std::span<const std::uint32_t> rows, const Context&) {
      return Prediction{.values = std::vector<double>(rows.size(), mean)};
    };
  });
}

std::unique_ptr<Predictor> neighbour_baseline(const ItemSet& set, bool copy) {
  PredictorInfo info{
      .name = copy ? "nearest_copy" : "nearest_neighbours",
      .title = copy ? "1-NN copy" : "k-NN",
      .rung = Rung::constrained,
      .sees = {"targets", "similarity"},
      .description =
          copy ? "The target of the most similar training item; the mean of those that tie."
               : "sum s y / sum s over the 10 most similar training items and their ties.",
      .fallback = copy ? "" : "the training mean where nothing is similar at all",
      .parameters = "kind=" + set.kind->name + ";" + set.parameters +
                    (copy ? "" : ";k=" + std::to_string(kNeighbours))};
  return make_predictor(std::move(info), [&set, copy](const FitRequest& request, const Context&) {
    const std::vector<std::uint32_t> train(request.train.begin(), request.train.end());
    return [&set, copy, train](const Dataset&, std::span<const std::uint32_t> rows,
                               const Context& context) {
      if (rows.empty()) return Prediction{};
      const auto similarity = set.between(rows, train, context);
      SimilarAnswers answers =
          ask_similar_items(*similarity, targets_of(set, train), kNeighbours, context);
      return Prediction{.values = std::move(copy ? answers.copied : answers.weighted)};
    };
  });
}

/// Ridge, or logistic regression with its probabilities.
std::unique_ptr<Predictor> linear_baseline(const ItemSet& set, PredictorInfo info,
                                           const SparseRows& features) {
  info.parameters = std::string(set.has_labels ? "logistic" : "ridge") +
                    ";penalty=" + format_double(kPenalty) + ";separator=" + set.separator;
  return make_predictor(std::move(info), [&set, &features](const FitRequest& request,
                                                           const Context&) {
    const LinearModel model = fit_sparse_linear(
        features, set.targets, request.train, {.is_logistic = set.has_labels, .penalty = kPenalty});
    return [&set, &features, model](const Dataset&, std::span<const std::uint32_t> rows,
                                    const Context&) {
      Prediction out;
      for (const std::uint32_t row : rows) {
        const double score = model.score(features, row);
        out.values.push_back(set.has_labels ? 1.0 / (1.0 + std::exp(-score)) : score);
      }
      return out;
    };
  });
}

PredictorInfo count_info(const ItemSet& set) {
  return {.name = "mutation_count",
          .title = "Mutation count",
          .rung = Rung::constrained,
          .sees = {"targets", "mutation_count"},
          .description = std::string(set.has_labels ? "Logistic" : "Linear") +
                         " regression on the number of mutations."};
}

PredictorInfo site_info(const ItemSet& set) {
  const std::string method = set.has_labels ? "Logistic" : "Ridge";
  return {.name = "mutation_sites",
          .title = method + " on sites",
          .rung = Rung::identities,
          .sees = {"targets", "mutation_sites"},
          .description = method +
                         " regression on where the mutations are, whatever they change; "
                         "penalty 1: no sequence, no pre-training."};
}

PredictorInfo linear_info(const ItemSet& set, bool is_bar) {
  const std::string method = set.has_labels ? "Logistic" : "Ridge";
  return {.name = is_bar ? "mutation_linear" : "input_linear",
          .title = method + " on " + set.features_title,
          .rung = is_bar ? Rung::identities : Rung::full,
          .sees = {"targets", is_bar ? "mutations" : "input"},
          .description = method + " regression on " + set.features_title +
                         " (present or not), penalty 1: no sequence, no pre-training."};
}

}  // namespace

std::vector<std::string> item_baseline_names(const ItemSet& set) {
  std::vector<std::string> names{"mean"};
  if (set.counts.n_columns > 0) {
    names.insert(names.end(), {"mutation_count", "mutation_sites", "mutation_linear"});
  }
  names.insert(names.end(), {"nearest_copy", "nearest_neighbours"});
  if (set.counts.n_columns == 0 && set.features.n_columns > 0) names.emplace_back("input_linear");
  return names;
}

ItemBaseline make_item_baseline(const std::string& name, const ItemSet& set) {
  const std::vector<std::string> known = item_baseline_names(set);
  if (!contains(known, name)) {
    const std::string near = nearest_word(name, known);
    fail(ErrorKind::usage,
         "there is no baseline \"" + name + "\" for items of the form " +
             std::string(to_string(set.kind->form)),
         {}, (near.empty() ? "" : "did you mean \"" + near + "\"? ") + join(known, ", "));
  }
  if (name == "mean") return {.predictor = mean_baseline(set)};
  if (name == "mutation_count") {
    return {.predictor = linear_baseline(set, count_info(set), set.counts)};
  }
  if (name == "mutation_sites") {
    return {.predictor = linear_baseline(set, site_info(set), set.sites)};
  }
  if (name == "mutation_linear") {
    return {.predictor = linear_baseline(set, linear_info(set, true), set.features)};
  }
  if (name == "input_linear") {
    return {.predictor = linear_baseline(set, linear_info(set, false), set.features),
            .may_be_bar = false};
  }
  const bool copy = name == "nearest_copy";
  return {.predictor = neighbour_baseline(set, copy), .copies_nearest = copy};
}

}  // namespace cupel
