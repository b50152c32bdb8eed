#include "area/perturbation/score_pair.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>

#include "area/perturbation/labels.hpp"
#include "area/perturbation/pseudobulk.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"

namespace cupel::perturbation {
namespace {

constexpr std::size_t kShown = 5;

std::string first_of(const std::vector<std::string>& names) {
  std::vector<std::string> shown(
      names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kShown)));
  return join(shown, ", ") + (names.size() > kShown ? ", ..." : "");
}

std::vector<std::uint32_t> map_genes(const CellFile& truth, const CellFile& predicted,
                                     ScoreResult& result) {
  const auto& wanted = truth.gene_ids();
  const auto& given = predicted.gene_ids();
  if (wanted == given) return {};
  std::unordered_map<std::string_view, std::uint32_t> place;
  for (std::uint32_t j = 0; j < wanted.size(); ++j) {
    if (!place.emplace(wanted[j], j).second) {
      fail_input(fmt::format("gene {} stands twice in the truth", wanted[j]),
                 {.file = truth.source(), .value = wanted[j]}, "make the names of genes unique");
    }
  }
  std::vector<std::uint32_t> map(given.size());
  std::vector<std::string> unknown;
  std::set<std::uint32_t> seen;
  for (std::size_t j = 0; j < given.size(); ++j) {
    const auto found = place.find(given[j]);
    if (found == place.end() || !seen.insert(found->second).second) {
      unknown.push_back(given[j]);
    } else {
      map[j] = found->second;
    }
  }
  std::vector<std::string> missing;
  for (std::uint32_t j = 0; j < wanted.size(); ++j) {
    if (!seen.contains(j)) missing.push_back(wanted[j]);
  }
  if (!missing.empty() || !unknown.empty()) {
    fail_input(
        fmt::format("truth and prediction must have the same genes: {} of {} are not predicted{}, "
                    "{} predicted genes are not in the truth or stand twice{}",
                    missing.size(), wanted.size(),
                    missing.empty() ? "" : " (" + first_of(missing) + ")", unknown.size(),
                    unknown.empty() ? "" : " (" + first_of(unknown) + ")"),
        {.file = predicted.source()},
        "predict every gene of the truth (what is not predicted must not help)");
  }
  result.conventions.push_back("genes of the prediction put into the order of the truth");
  result.diagnostics.add("reordered_genes", Severity::note,
                         "the prediction has the genes of the truth in another order; they were "
                         "put into the truth's order",
                         {}, given.size());
  return map;
}

/// Labels of the cells of one context: level -> code of the context, by name.
std::set<std::string> labels_in(const Categories& groups, const Categories* contexts,
                                std::uint32_t context) {
  std::vector<std::uint8_t> has(groups.levels.size(), 0);
  for (std::size_t i = 0; i < groups.code.size(); ++i) {
    if (groups.code[i] == Categories::kMissing) continue;
    if (contexts == nullptr || contexts->code[i] == context) has[groups.code[i]] = 1;
  }
  std::set<std::string> names;
  for (std::size_t g = 0; g < has.size(); ++g) {
    if (has[g] != 0) names.insert(groups.levels[g]);
  }
  return names;
}

std::vector<std::uint32_t> codes_in(const Categories& groups, const Categories* contexts,
                                    std::uint32_t context, const std::vector<std::string>& labels) {
  std::vector<std::uint32_t> to(groups.levels.size(), Categories::kMissing);
  for (std::size_t g = 0; g < to.size(); ++g) {
    const auto found = std::ranges::lower_bound(labels, groups.levels[g]);
    if (found != labels.end() && *found == groups.levels[g]) {
      to[g] = static_cast<std::uint32_t>(found - labels.begin());
    }
  }
  std::vector<std::uint32_t> code(groups.code.size(), Categories::kMissing);
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (groups.code[i] == Categories::kMissing) continue;
    if (contexts != nullptr && contexts->code[i] != context) continue;
    code[i] = to[groups.code[i]];
  }
  return code;
}

std::uint32_t level_of(const Categories& categories, const std::string& name) {
  const auto found = std::ranges::find(categories.levels, name);
  return found == categories.levels.end()
             ? Categories::kMissing - 1
             : static_cast<std::uint32_t>(found - categories.levels.begin());
}

/// Which (label, context) are scored; labels as their canonical ids.
class ScoredSet {
 public:
  ScoredSet(const ScoreRequest& request, const Categories& groups, const Categories* contexts)
      : control_(request.reference) {
    for (const auto& [label, context] : request.scored) add(label, context);
    const Column* role = request.predicted->obs().find(kRoleColumn);
    if (!scored_.empty() || role == nullptr) return;
    for (std::size_t i = 0; i < groups.code.size(); ++i) {
      if (groups.code[i] == Categories::kMissing || role->as_text(i) != "test") continue;
      if (contexts != nullptr && contexts->code[i] == Categories::kMissing) continue;
      add(groups.levels[groups.code[i]],
          contexts == nullptr ? "" : contexts->levels[contexts->code[i]]);
    }
  }
  [[nodiscard]] bool is_all() const { return scored_.empty(); }
  [[nodiscard]] bool contains(const std::string& label, const std::string& context) const {
    const std::string id = id_of(label);
    return is_all() || scored_.contains({id, ""}) || scored_.contains({id, context});
  }

 private:
  void add(const std::string& label, const std::string& context) {
    scored_.emplace(id_of(label), context);
  }
  [[nodiscard]] std::string id_of(const std::string& label) const {
    return parse_label(label, {.control = control_}).id;
  }
  std::string control_;
  std::set<std::pair<std::string, std::string>> scored_;
};

bool is_train(const ScoreRequest& request, const std::string& label) {
  return std::ranges::count(request.train, label) > 0;
}

/// Says how many perturbations of the truth take no part.
void report_left_out(const ScorePair& pair, std::size_t n_wanted, std::size_t n_scored,
                     const ScoreRequest& request, ScoreResult& result) {
  std::string text = fmt::format(
      "{} of the {} perturbations of the truth are scored: {}", n_scored, n_wanted,
      request.scored.empty() ? fmt::format("those that column {} of the prediction calls "
                                           "test",
                                           kRoleColumn)
                             : std::string("the test perturbations of the split"));
  if (!request.context.empty()) text += fmt::format(", in {} contexts", pair.contexts.size());
  result.conventions.push_back(text);
}

}  // namespace

std::vector<std::string> PairContext::perturbations() const {
  std::vector<std::string> names = labels;
  names.erase(names.begin() + static_cast<std::ptrdiff_t>(control));
  return names;
}

ScorePair read_pair(const ScoreRequest& request, bool control_of_truth, ScoreResult& result,
                    bool train_is_reference) {
  const CellFile& truth = *request.truth;
  const CellFile& predicted = *request.predicted;
  ScorePair pair;
  pair.genes = truth.gene_ids();
  pair.gene_map = map_genes(truth, predicted, result);
  const Categories truth_groups = truth.obs_categories(request.group_by);
  const Categories predicted_groups = predicted.obs_categories(request.group_by);
  Categories truth_contexts;
  Categories predicted_contexts;
  std::vector<std::string> contexts = {""};
  if (!request.context.empty()) {
    truth_contexts = truth.obs_categories(request.context);
    predicted_contexts = predicted.obs_categories(request.context);
    contexts.clear();
    for (std::uint32_t c = 0; c < truth_contexts.levels.size(); ++c) {
      if (std::ranges::find(truth_contexts.code, c) != truth_contexts.code.end()) {
        contexts.push_back(truth_contexts.levels[c]);
      }
    }
    std::ranges::sort(contexts);
  }
  const ScoredSet scored(request, predicted_groups,
                         request.context.empty() ? nullptr : &predicted_contexts);
  std::size_t n_wanted = 0;
  std::size_t n_scored = 0;
  for (const auto& name : contexts) {
    const bool is_one = request.context.empty();
    const Categories* of_truth = is_one ? nullptr : &truth_contexts;
    const Categories* of_predicted = is_one ? nullptr : &predicted_contexts;
    const std::uint32_t t = is_one ? 0 : level_of(truth_contexts, name);
    const std::uint32_t p = is_one ? 0 : level_of(predicted_contexts, name);
    auto wanted = labels_in(truth_groups, of_truth, t);
    const auto given = labels_in(predicted_groups, of_predicted, p);
    const std::string where = name.empty() ? "" : fmt::format(" of context {}", name);
    if (!wanted.contains(request.reference)) {
      fail_input(
          fmt::format("no control cells \"{}\"{} in column {}", request.reference, where,
                      request.group_by),
          {.file = truth.source(), .column_name = request.group_by, .value = request.reference},
          "labels there are: " + first_of({wanted.begin(), wanted.end()}));
    }
    const std::set<std::string> in_truth = wanted;
    n_wanted += wanted.size() - 1;
    std::erase_if(wanted, [&](const std::string& label) {
      const bool is_reference = train_is_reference && is_train(request, label);
      return label != request.reference && !is_reference && !scored.contains(label, name);
    });
    const auto is_scored = [&](const std::string& label) {
      if (label == request.reference) return false;
      return scored.is_all() ? !(train_is_reference && is_train(request, label))
                             : scored.contains(label, name);
    };
    const auto n_here = static_cast<std::size_t>(std::ranges::count_if(wanted, is_scored));
    n_scored += n_here;
    if (!scored.is_all() && n_here == 0) continue;
    if (!control_of_truth && !given.contains(request.reference)) {
      fail_input(
          fmt::format("the prediction has no control cells \"{}\"{}, and this preset subtracts "
                      "each side's own control",
                      request.reference, where),
          {.file = predicted.source(), .column_name = request.group_by, .value = request.reference},
          "add the control cells of the truth to the prediction");
    }
    std::vector<std::string> missing;
    for (const auto& label : wanted) {
      if (label == request.reference || given.contains(label)) continue;
      if (!is_scored(label)) continue;
      missing.push_back(label);
    }
    if (!missing.empty()) {
      fail_input(
          fmt::format("{} of {} perturbations{} have no predicted cells: {}", missing.size(),
                      wanted.size() - 1, where, first_of(missing)),
          {.file = predicted.source(), .column_name = request.group_by},
          "predict all of them; leaving one out must not help, so nothing is scored without it "
          "(control cells under its label are the honest answer where a model has none); --split "
          "split.csv scores its test perturbations alone");
    }
    if (wanted.size() < 2) {
      fail_input(fmt::format("there is no perturbation{} beside the control", where),
                 {.file = truth.source(), .column_name = request.group_by},
                 "check --group-by: its column holds one label only");
    }
    for (const auto& label : given) {
      if (!in_truth.contains(label)) {
        result.diagnostics.add("only_predicted", Severity::warning,
                               "perturbations that only the prediction has are not scored", label);
      }
    }
    PairContext context{.name = name};
    context.labels.assign(wanted.begin(), wanted.end());
    context.control = static_cast<std::size_t>(
        std::ranges::lower_bound(context.labels, request.reference) - context.labels.begin());
    for (const auto& label : context.labels) context.is_scored.push_back(is_scored(label) ? 1 : 0);
    context.truth = codes_in(truth_groups, of_truth, t, context.labels);
    context.predicted = codes_in(predicted_groups, of_predicted, p, context.labels);
    pair.contexts.push_back(std::move(context));
  }
  if (pair.contexts.empty()) {
    fail_input("none of the perturbations to score is in the truth",
               {.file = truth.source(), .column_name = request.group_by},
               "are the labels (and contexts) spelled as in the file?");
  }
  if (!scored.is_all()) report_left_out(pair, n_wanted, n_scored, request, result);
  const auto n_missing = std::ranges::count(truth_groups.code, Categories::kMissing) +
                         std::ranges::count(predicted_groups.code, Categories::kMissing);
  if (n_missing > 0) {
    result.diagnostics.add("unlabelled_cells", Severity::warning,
                           "cells without a label take no part", {},
                           static_cast<std::size_t>(n_missing));
  }
  return pair;
}

SideScale side_scale(const ScoreRequest& request, const CellFile& file, std::string_view side,
                     ScoreResult& result, const Context& context) {
  const CellMatrix& matrix = file.matrix(request.matrix);
  const MatrixFacts facts = measure(matrix, matrix.info().rows, context);
  if (facts.n_nan > 0 || facts.n_infinite > 0) {
    fail_input(fmt::format("{} values of the {} are NaN or infinite",
                           facts.n_nan + facts.n_infinite, side),
               {.file = file.source()}, "no profile can be made of them");
  }
  if (facts.min < 0.0) {
    fail_input(
        fmt::format("the {} has {} negative values (least {:g}): neither counts nor log1p of "
                    "counts are negative",
                    side, facts.n_negative, facts.min),
        {.file = file.source()},
        "is it scaled or centred? give the log1p values (`cupel baseline --cells-as tile` writes "
        "predicted profiles as cells, with zero for what is below)");
  }
  if (!request.transform.is_identity()) {
    result.conventions.push_back(
        fmt::format("{}: {} first, as asked for", side, request.transform.text()));
    return {request.transform.log1p ? Scale::log1p : Scale::normalized, facts};
  }
  Scale scale = request.scale;
  if (scale == Scale::unknown) {
    scale = facts.n_fractional > 0 ? Scale::log1p : Scale::counts;
    result.conventions.push_back(fmt::format(
        "scale of the {} was not given and is taken as {}, by the rule of the tool: {} values are "
        "further than 0.001 from a whole number (--scale says what it is)",
        side, to_string(scale),
        facts.n_fractional == 0 ? "no" : std::to_string(facts.n_fractional)));
  }
  if (scale == Scale::counts && facts.n_fractional > 0) {
    fail_input(fmt::format("{} values of the {} are no whole numbers, but --scale says counts",
                           facts.n_fractional, side),
               {.file = file.source()}, "--scale log1p, or give the counts");
  }
  if (scale == Scale::log1p && facts.max >= 15.0) {
    fail_input(fmt::format("the largest value of the {} is {:g}; log1p of normalised counts stays "
                           "below 15 (mixed scales would be scored as differences)",
                           side, facts.max),
               {.file = file.source()}, "--scale counts where they are counts");
  }
  return {scale, facts};
}

std::vector<double> divisors_of(const CellTransform& transform, const std::vector<double>& sums,
                                std::span<const std::uint32_t> code, bool with_empty) {
  double target = transform.target_sum;
  if (transform.median_target) {
    std::vector<double> of_group;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      if (code[i] != Categories::kMissing && (with_empty || sums[i] > 0.0))
        of_group.push_back(sums[i]);
    }
    if (of_group.empty()) return {};
    std::ranges::sort(of_group);
    const std::size_t half = of_group.size() / 2;
    target =
        of_group.size() % 2 == 1 ? of_group[half] : (of_group[half - 1] + of_group[half]) / 2.0;
  }
  if (target <= 0.0) return {};
  std::vector<double> divisor(sums.size());
  for (std::size_t i = 0; i < sums.size(); ++i) divisor[i] = sums[i] / target;
  return divisor;
}

Matrix<double> group_means(const CellView& view, std::size_t n_labels,
                           std::span<const std::uint32_t> code, const Context& context) {
  const Pseudobulk bulk =
      accumulate(view, {.count = n_labels, .code = code},
                 {.transform = {}, .variance = false, .half_seeds = {}}, context);
  Matrix<double> means = bulk.all.sum;
  for (std::size_t g = 0; g < means.rows; ++g) {
    for (double& value : means.row(g)) {
      value /= static_cast<double>(bulk.all.n_cells[g]);
      if (!view.is_wide()) value = static_cast<double>(static_cast<float>(value));
    }
  }
  return means;
}

void add_column(const MetricColumn& column, const PairContext& context, bool skip_undefined,
                ScoreResult& result) {
  if (!column.has_rows) {
    result.scores.push_back({.perturbation = "",
                             .context = context.name,
                             .metric = column.metric,
                             .value = column.values[0]});
    return;
  }
  const auto names = context.perturbations();
  double sum = 0.0;
  std::size_t n = 0;
  std::size_t n_undefined = 0;
  std::size_t n_absent = 0;
  for (std::size_t p = 0; p < names.size(); ++p) {
    if (!column.absent.empty() && column.absent[p] != 0) {
      ++n_absent;
      continue;
    }
    const double value = column.values[column.is_panel ? 0 : p];
    result.scores.push_back({.perturbation = names[p],
                             .context = context.name,
                             .metric = column.metric,
                             .value = value});
    if (std::isnan(value)) ++n_undefined;
    if (std::isnan(value) && skip_undefined) continue;
    sum += value;
    ++n;
  }
  const double mean = n == 0 ? kUndefined : sum / static_cast<double>(n);
  result.scores.push_back(
      {.perturbation = "", .context = context.name, .metric = column.metric, .value = mean});
  if (n_undefined + n_absent > 0) {
    result.diagnostics.add("undefined_scores", Severity::note,
                           "some metrics are undefined or have no row for some perturbations",
                           fmt::format("{}{}: {} undefined, {} without a row, of {}", column.metric,
                                       context.name.empty() ? "" : " in " + context.name,
                                       n_undefined, n_absent, names.size()),
                           n_undefined + n_absent);
  }
}

}  // namespace cupel::perturbation
