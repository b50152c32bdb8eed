#include "area/perturbation/preset_profiles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "area/perturbation/pseudobulk.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "metric/profile_metrics.hpp"

namespace cupel::perturbation {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kTargetSum = 1e4;

/// What the values of a side are: as said, else by whole numbers; negative predictions are allowed.
Scale scale_of(const ScoreRequest& request, const CellFile& file, std::string_view side,
               ScoreResult& result, const Context& context) {
  const CellMatrix& matrix = file.matrix(request.matrix);
  const MatrixFacts facts = measure(matrix, matrix.info().rows, context);
  if (facts.n_nan + facts.n_infinite > 0) {
    fail_input(fmt::format("{} values of the {} are NaN or infinite",
                           facts.n_nan + facts.n_infinite, side),
               {.file = file.source()}, "no profile can be made of them");
  }
  const bool is_whole = facts.n_fractional == 0 && facts.n_negative == 0 && facts.max > 15.0;
  const Scale seen = is_whole ? Scale::counts : Scale::log1p;
  if (request.scale == Scale::log1p && facts.max >= 15.0) {
    fail_input(fmt::format("the largest value of the {} is {:g}; log1p of normalised counts stays "
                           "below 15 (mixed scales would be scored as differences)",
                           side, facts.max),
               {.file = file.source()}, "--scale counts where they are counts");
  }
  if (request.scale == Scale::counts && facts.n_fractional > 0 && side == "truth") {
    fail_input(fmt::format("{} values of the truth are no whole numbers, but --scale says counts",
                           facts.n_fractional),
               {.file = file.source()}, "--scale log1p, or give the counts");
  }
  if (request.scale != Scale::unknown) return request.scale;
  result.conventions.push_back(
      fmt::format("scale of the {} was not given and is taken as {}: {} (--scale says what it is)",
                  side, to_string(seen),
                  is_whole ? "all values are whole numbers, the largest above 15"
                           : "there are fractions, or nothing above 15"));
  return seen;
}

std::unique_ptr<CellView> view_of(const ScoreRequest& request, const CellFile& file,
                                  std::string_view side, const std::vector<std::uint32_t>& gene_map,
                                  ScoreResult& result, const Context& context) {
  const CellMatrix& matrix = file.matrix(request.matrix);
  CellPart part{.matrix = &matrix, .gene_map = gene_map, .divisor = {}, .log1p = false};
  CellTransform transform = request.transform;
  if (transform.is_identity()) {
    const Scale scale = scale_of(request, file, side, result, context);
    if (scale == Scale::counts) transform.target_sum = kTargetSum;
    transform.log1p = scale == Scale::counts || scale == Scale::normalized;
  }
  if (!transform.is_identity()) {
    result.conventions.push_back(fmt::format("{}: {}", side, transform.text()));
  }
  if (transform.median_target || transform.target_sum > 0.0) {
    const std::vector<std::uint32_t> all(matrix.info().rows, 0);
    part.divisor = divisors_of(transform, row_sums(matrix, context), all, false);
  }
  part.log1p = transform.log1p;
  auto view = std::make_unique<CellView>(std::vector<CellPart>{std::move(part)});
  view->keep_in_memory(request.memory_bytes, context);
  return view;
}

Pseudobulk moments_of(const CellView& view, std::size_t n_groups,
                      std::span<const std::uint32_t> code, const Context& context) {
  Pseudobulk bulk = accumulate(view, {.count = n_groups, .code = code},
                               {.transform = {}, .variance = true, .half_seeds = {}}, context);
  for (std::size_t g = 0; g < n_groups; ++g) {
    for (double& value : bulk.all.sum.row(g)) value /= static_cast<double>(bulk.all.n_cells[g]);
  }
  return bulk;
}

/// Moments over all groups, from theirs.
void add_totals(const Pseudobulk& bulk, ProfileSides& sides) {
  const std::size_t n_genes = sides.genes.size();
  sides.total_mean.assign(n_genes, 0.0);
  sides.total_variance.assign(n_genes, 0.0);
  for (std::size_t g = 0; g < bulk.all.n_cells.size(); ++g) sides.n_total += bulk.all.n_cells[g];
  const auto n = static_cast<double>(sides.n_total);
  for (std::size_t g = 0; g < bulk.all.n_cells.size(); ++g) {
    for (std::size_t j = 0; j < n_genes; ++j) {
      sides.total_mean[j] += static_cast<double>(bulk.all.n_cells[g]) / n * bulk.all.sum(g, j);
    }
  }
  for (std::size_t g = 0; g < bulk.all.n_cells.size(); ++g) {
    const auto cells = static_cast<double>(bulk.all.n_cells[g]);
    for (std::size_t j = 0; j < n_genes; ++j) {
      const double apart = bulk.all.sum(g, j) - sides.total_mean[j];
      const double within = cells > 1.0 ? (cells - 1.0) * bulk.variance(g, j) : 0.0;
      sides.total_variance[j] += (within + cells * apart * apart) / (n - 1.0);
    }
  }
}

void copy_row(std::span<const double> from, std::span<double> to) {
  std::ranges::copy(from, to.begin());
}

ProfileSides sides_of(const ScoreRequest& request, const ProfileViews& views, const PairContext& of,
                      ScoreResult& result, const Context& context) {
  ProfileSides sides{.context = of.name, .genes = views.pair.genes};
  const std::size_t n_labels = of.labels.size();
  const std::size_t n_genes = sides.genes.size();
  const Pseudobulk truth = moments_of(*views.truth, n_labels, of.truth, context);
  const Pseudobulk predicted = moments_of(*views.predicted, n_labels, of.predicted, context);
  add_totals(truth, sides);
  std::vector<std::size_t> scored;
  std::vector<std::size_t> train;
  for (std::size_t g = 0; g < n_labels; ++g) {
    if (g == of.control) continue;
    if (of.is_scored[g] == 0 || request.train.empty()) train.push_back(g);
    if (of.is_scored[g] != 0) scored.push_back(g);
  }
  const std::string where = of.name.empty() ? "" : " in " + of.name;
  if (scored.empty()) {
    fail_input("every perturbation" + where + " is a training perturbation: nothing to score",
               {.file = request.truth->source(), .column_name = request.group_by});
  }
  if (train.empty() && !request.scored.empty()) {
    result.conventions.push_back("no training perturbation of the split is trained on" + where +
                                 ": the mean over its scored ones stands for theirs");
    train = scored;
  }
  if (train.empty()) {
    fail_input("none of the training perturbations" + where + " is in the truth",
               {.file = request.truth->source(), .column_name = request.group_by},
               "the labels of the training set must be spelled as in the file");
  }
  for (auto* matrix :
       {&sides.truth, &sides.variance, &sides.predicted, &sides.predicted_variance}) {
    *matrix = Matrix<double>(scored.size(), n_genes);
  }
  for (std::size_t p = 0; p < scored.size(); ++p) {
    const std::size_t g = scored[p];
    sides.names.push_back(of.labels[g]);
    sides.n_cells.push_back(truth.all.n_cells[g]);
    sides.n_predicted.push_back(predicted.all.n_cells[g]);
    copy_row(truth.all.sum.row(g), sides.truth.row(p));
    copy_row(truth.variance.row(g), sides.variance.row(p));
    copy_row(predicted.all.sum.row(g), sides.predicted.row(p));
    copy_row(predicted.variance.row(g), sides.predicted_variance.row(p));
  }
  const auto control = truth.all.sum.row(of.control);
  const auto control_variance = truth.variance.row(of.control);
  sides.control.assign(control.begin(), control.end());
  sides.control_variance.assign(control_variance.begin(), control_variance.end());
  sides.n_control = truth.all.n_cells[of.control];
  sides.train = Matrix<double>(train.size(), n_genes);
  sides.train_mean.assign(n_genes, 0.0);
  for (std::size_t t = 0; t < train.size(); ++t) {
    copy_row(truth.all.sum.row(train[t]), sides.train.row(t));
    for (std::size_t j = 0; j < n_genes; ++j) sides.train_mean[j] += sides.train(t, j);
  }
  for (double& value : sides.train_mean) value /= static_cast<double>(train.size());
  return sides;
}

}  // namespace

ProfileViews read_views(const ScoreRequest& request, ScoreResult& result, const Context& context) {
  ProfileViews views{.pair = read_pair(request, true, result, true)};
  views.truth = view_of(request, *request.truth, "truth", {}, result, context);
  views.predicted =
      view_of(request, *request.predicted, "prediction", views.pair.gene_map, result, context);
  return views;
}

std::vector<ProfileSides> read_sides(const ScoreRequest& request, const ProfileViews& views,
                                     ScoreResult& result, const Context& context) {
  std::vector<ProfileSides> all;
  for (const auto& of : views.pair.contexts)
    all.push_back(sides_of(request, views, of, result, context));
  result.conventions.emplace_back(
      "profiles: mean over cells; the control of the truth is subtracted on both sides");
  return all;
}

std::string train_text(const ScoreRequest& request) {
  return request.train.empty()
             ? "transductive: no training perturbations were named, so all scored ones are in it"
             : fmt::format("{} training perturbations were named", request.train.size());
}

Matrix<double> changes_from(const Matrix<double>& profiles, std::span<const double> reference) {
  Matrix<double> out = profiles;
  for (std::size_t p = 0; p < out.rows; ++p) {
    for (std::size_t j = 0; j < out.cols; ++j) out(p, j) -= reference[j];
  }
  return out;
}

Matrix<double> columns_of(const Matrix<double>& x, std::span<const std::uint32_t> genes) {
  Matrix<double> out(x.rows, genes.size());
  for (std::size_t p = 0; p < x.rows; ++p) copy_row(select(x.row(p), genes), out.row(p));
  return out;
}

void add_scores(const ProfileSides& sides, const std::string& metric,
                const std::vector<double>& values, bool skip_undefined, ScoreResult& result) {
  double sum = 0.0;
  std::size_t n = 0;
  std::size_t n_undefined = 0;
  for (std::size_t p = 0; p < sides.names.size(); ++p) {
    result.scores.push_back({.perturbation = sides.names[p],
                             .context = sides.context,
                             .metric = metric,
                             .value = values[p]});
    if (std::isnan(values[p])) ++n_undefined;
    if (std::isnan(values[p]) && skip_undefined) continue;
    sum += values[p];
    ++n;
  }
  add_overall(sides, metric, n == 0 ? kNaN : sum / static_cast<double>(n), result);
  if (n_undefined > 0) {
    result.diagnostics.add("undefined_scores", Severity::note,
                           "some metrics are undefined for some perturbations",
                           fmt::format("{}: {} of {}{}", metric, n_undefined, sides.names.size(),
                                       skip_undefined ? ", left out of the mean" : ""),
                           n_undefined);
  }
}

void add_scores(const ProfileSides& sides, const std::string& metric, const RowMetric& value,
                bool skip_undefined, ScoreResult& result) {
  std::vector<double> values(sides.names.size());
  for (std::size_t p = 0; p < values.size(); ++p) values[p] = value(p);
  add_scores(sides, metric, values, skip_undefined, result);
}

void add_overall(const ProfileSides& sides, const std::string& metric, double value,
                 ScoreResult& result) {
  result.scores.push_back(
      {.perturbation = "", .context = sides.context, .metric = metric, .value = value});
}

std::string option_of(const ScoreRequest& request, const std::string& key,
                      const std::string& fallback) {
  const auto found = request.options.find(key);
  return found == request.options.end() ? fallback : found->second;
}

void check_options(const ScoreRequest& request, const std::vector<std::string>& known) {
  for (const auto& [key, value] : request.options) {
    if (std::ranges::find(known, key) != known.end()) continue;
    fail(ErrorKind::usage, "this preset has no option \"" + key + "\"", {},
         known.empty() ? "it has none" : "there are: " + join(known, ", "));
  }
}

RestMoments rest_of(const Moments& total, const Moments& part) {
  const std::size_t n_genes = total.mean.size();
  RestMoments rest{.mean = std::vector<double>(n_genes),
                   .variance = std::vector<double>(n_genes),
                   .n = total.n - part.n};
  for (std::size_t j = 0; j < n_genes; ++j) {
    rest.mean[j] = (total.n * total.mean[j] - part.n * part.mean[j]) / rest.n;
    const double apart = part.mean[j] - rest.mean[j];
    const double within = part.n > 1.0 ? (part.n - 1.0) * part.variance[j] : 0.0;
    const double squares =
        (total.n - 1.0) * total.variance[j] - within - part.n * rest.n / total.n * apart * apart;
    rest.variance[j] = rest.n > 1.0 ? std::max(squares, 0.0) / (rest.n - 1.0) : kNaN;
  }
  return rest;
}

std::vector<std::uint32_t> ranked_genes(const ProfileSides& sides, std::size_t row) {
  const MomentTest test = welch_from_moments(
      {sides.truth.row(row), sides.variance.row(row), static_cast<double>(sides.n_cells[row])},
      {sides.control, sides.control_variance, static_cast<double>(sides.n_control)});
  return profile::top_genes(test.statistic, test.statistic.size());
}

std::vector<std::uint32_t> non_dropout_genes(const ProfileSides& sides, std::size_t row,
                                             std::size_t k) {
  std::vector<std::uint32_t> genes;
  for (const std::uint32_t gene : ranked_genes(sides, row)) {
    if (genes.size() == k) break;
    if (sides.truth(row, gene) != 0.0 || sides.control[gene] == 0.0) genes.push_back(gene);
  }
  return genes;
}

}  // namespace cupel::perturbation
