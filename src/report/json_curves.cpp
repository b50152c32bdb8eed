// Sections that come from refitting models: twins and learning curves.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "metric/metric.hpp"
#include "report/json_sections.hpp"
#include "stat/moments.hpp"
#include "stat/power_law.hpp"
#include "stat/tests.hpp"

namespace cupel::detail {
namespace {

std::string_view words(Plateau plateau) {
  switch (plateau) {
    case Plateau::reached:
      return "reached";
    case Plateau::not_reached:
      return "not reached";
    case Plateau::cannot_tell:
      return "cannot tell";
  }
  return "cannot tell";
}

LearningCurve as_curve(const CurveResult& curve, std::size_t k) {
  LearningCurve one;
  one.sizes.assign(curve.sizes.begin(), curve.sizes.end());
  one.values = Matrix<double>(curve.values[k].size(), curve.sizes.size());
  for (std::size_t r = 0; r < one.values.rows; ++r) {
    std::copy(curve.values[k][r].begin(), curve.values[k][r].end(), one.values.row(r).begin());
  }
  return one;
}

Json points_json(const CurveResult& curve, const LearningCurve& values) {
  Json points = Json::array();
  for (std::size_t s = 0; s < curve.sizes.size(); ++s) {
    double sum = 0.0;
    double low = kUndefined;
    double high = kUndefined;
    std::size_t n = 0;
    for (std::size_t r = 0; r < values.values.rows; ++r) {
      const double value = values.values(r, s);
      if (std::isnan(value)) continue;
      sum += value;
      low = n == 0 ? value : std::min(low, value);
      high = n == 0 ? value : std::max(high, value);
      ++n;
    }
    points.push_back({{"size", curve.sizes[s]},
                      {"n_pairs", curve.n_pairs[s]},
                      {"mean", n > 0 ? sum / static_cast<double>(n) : kUndefined},
                      {"low", low},
                      {"high", high},
                      {"n", n}});
  }
  return points;
}

// A fitted plateau that is no possible value of the metric, or a curve without a bend, is not
// quoted.
bool is_plausible(const CurveFit& fit, bool higher_is_better) {
  return !std::isnan(fit.law.c) && !fit.law.at_bound &&
         (higher_is_better ? fit.law.c <= 1.0 : fit.law.c >= 0.0);
}

Json fit_json(const CurveFit& fit, bool higher_is_better) {
  if (!is_plausible(fit, higher_is_better)) return nullptr;
  return {{"a", fit.law.a},
          {"b", fit.law.b},
          {"c", fit.law.c},
          {"c_low", fit.plateau_interval.low},
          {"c_high", fit.plateau_interval.high}};
}

std::string plateau_sentence(const std::string& title, const CurveResult& curve,
                             const CurveFit& fit, bool higher_is_better) {
  const auto largest = curve.sizes.back();
  if (!is_plausible(fit, higher_is_better)) {
    return fmt::format(
        "{} still changes at {} {}: the curve does not bend enough to fit a plateau.", title,
        largest, curve.over);
  }
  switch (fit.plateau) {
    case Plateau::reached:
      return fmt::format("{} is finished: at {} {} it is within 2 % of its fitted plateau {:.3g}.",
                         title, largest, curve.over, fit.law.c);
    case Plateau::not_reached:
      return fmt::format(
          "{} still improves at {} {}; its fitted plateau is {:.3g} [{:.3g}, {:.3g}].", title,
          largest, curve.over, fit.law.c, fit.plateau_interval.low, fit.plateau_interval.high);
    case Plateau::cannot_tell:
      return fmt::format(
          "Whether {} has reached its plateau at {} {} cannot be told from this curve.", title,
          largest, curve.over);
  }
  return {};
}

std::string crossing_sentence(const std::string& model, const std::string& baseline,
                              const CurveResult& curve, const Crossing& crossing) {
  if (crossing.always) {
    return fmt::format("{} beats {} from the smallest size on.", model, baseline);
  }
  if (std::isnan(crossing.size)) {
    return fmt::format("{} does not beat {} at any size.", model, baseline);
  }
  return fmt::format("{} beats {} from about {:.0f} {} on [{:.0f}, {:.0f}].", model, baseline,
                     crossing.size, curve.over, crossing.interval.low, crossing.interval.high);
}

// Baseline that is best at the largest size.
std::size_t strongest_baseline(const StudyRun& run, const CurveResult& curve, bool higher) {
  std::size_t best = curve.predictors.size();
  double best_value = 0.0;
  for (std::size_t k = 0; k < curve.predictors.size(); ++k) {
    if (run.predictors[curve.predictors[k]]->info().is_model) continue;
    std::vector<double> last;
    for (const auto& repeat : curve.values[k]) last.push_back(repeat.back());
    const double value = (higher ? 1.0 : -1.0) * mean(last);
    if (best == curve.predictors.size() || value > best_value) {
      best = k;
      best_value = value;
    }
  }
  return best;
}

Json curve_json(const AuditResults& results, const CurveResult& curve, const Context& context) {
  const StudyRun& run = results.run;
  const bool higher = higher_is_better_of(run, run.study.primary_metric);
  const CurveOptions options{.confidence = run.study.statistics.confidence, .seed = run.study.seed};
  Json curves = Json::array();
  for (std::size_t k = 0; k < curve.predictors.size(); ++k) {
    const PredictorInfo& info = run.predictors[curve.predictors[k]]->info();
    const LearningCurve values = as_curve(curve, k);
    const CurveFit fit = fit_learning_curve(values, options, context);
    curves.push_back({{"predictor", info.name},
                      {"title", info.title},
                      {"is_model", info.is_model},
                      {"points", points_json(curve, values)},
                      {"fit", fit_json(fit, higher)},
                      {"plateau", words(fit.plateau)},
                      {"sentence", plateau_sentence(info.title, curve, fit, higher)}});
  }
  Json crossings = Json::array();
  const std::size_t bar = strongest_baseline(run, curve, higher);
  for (std::size_t k = 0; k < curve.predictors.size() && bar < curve.predictors.size(); ++k) {
    const PredictorInfo& info = run.predictors[curve.predictors[k]]->info();
    if (!info.is_model) continue;
    const PredictorInfo& baseline = run.predictors[curve.predictors[bar]]->info();
    const Crossing crossing =
        crossing_size(as_curve(curve, k), as_curve(curve, bar), higher, options, context);
    crossings.push_back(
        {{"model", info.name},
         {"baseline", baseline.name},
         {"size", crossing.size},
         {"low", crossing.interval.low},
         {"high", crossing.interval.high},
         {"sentence", crossing_sentence(info.title, baseline.title, curve, crossing)}});
  }
  return {{"split", curve.split},
          {"over", curve.over},
          {"metric", run.study.primary_metric},
          {"curves", curves},
          {"crossings", crossings}};
}

// "permuted cell.expression", "an identity code in place of drug.fingerprint", ...
std::string replacement_words(const TwinResult& twin) {
  const bool keeps_one = twin.mode == "svcc" || twin.mode == "svcd" || twin.mode == "all_but";
  const std::string what = keeps_one ? "everything but " + twin.view : twin.view;
  if (twin.kind == "identifiers") return "an identity code in place of " + what;
  if (twin.kind == "random") return "random numbers in place of " + what;
  if (twin.kind == "labels" && twin.view == "targets") return "permuted training targets";
  if (twin.kind == "labels") return "targets permuted within each " + twin.view;
  return "permuted " + what;
}

std::string twin_sentence(const AuditResults& results, const TwinResult& twin, double real,
                          const std::vector<double>& draws, double p_value) {
  const PredictorInfo& info = results.run.predictors[twin.model]->info();
  const std::string entity = twin.view.substr(0, twin.view.find('.'));
  std::string text = fmt::format("{} on {}: {:.3g} as it is, {:.3g} with {}", info.title,
                                 twin.split, real, mean(draws), replacement_words(twin));
  text += draws.size() == 1
              ? "."
              : fmt::format(" (mean of {} draws, p = {:.2g}, the smallest possible {:.2g}).",
                            draws.size(), p_value, 1.0 / (1.0 + static_cast<double>(draws.size())));
  for (const auto& split : results.run.splits) {
    if (split.name == twin.split && twin.kind != "labels" && !split.is_blind_to(entity)) {
      text += fmt::format(
          " Every {} is known from training here, so the replaced vector still says which one it "
          "is: "
          "read this against the predictors on identities.",
          entity);
    }
  }
  return text;
}

}  // namespace

Json twins_section(const AuditResults& results) {
  const bool higher = higher_is_better_of(results.run, results.run.study.primary_metric);
  Json all = Json::array();
  for (const auto& twin : results.run.twins) {
    std::vector<double> draws;
    std::vector<double> null_values;
    for (const auto& draw : twin.draws) {
      draws.push_back(mean(draw));
      null_values.push_back(higher ? draws.back() : -draws.back());
    }
    const double real = mean(twin.real);
    const double p_value = permutation_p_value(higher ? real : -real, null_values);
    all.push_back({{"split", twin.split},
                   {"model", results.run.predictors[twin.model]->info().name},
                   {"mode", twin.mode},
                   {"kind", twin.kind},
                   {"view", twin.view},
                   {"metric", results.run.study.primary_metric},
                   {"real", real},
                   {"draws", draws},
                   {"p_value", p_value},
                   {"sentence", twin_sentence(results, twin, real, draws, p_value)}});
  }
  return all;
}

Json curves_section(const AuditResults& results, const Context& context) {
  Json all = Json::array();
  for (const auto& curve : results.run.curves) all.push_back(curve_json(results, curve, context));
  return all;
}

}  // namespace cupel::detail
