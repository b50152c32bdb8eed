#include "verdict/spectrum_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "metric/metric.hpp"

namespace cupel::detail {
namespace {

std::string range(const Estimate& estimate) {
  if (std::isnan(estimate.low)) return fmt::format("{:.3g}", estimate.value);
  return fmt::format("{:.3g} [{:.3g}, {:.3g}]", estimate.value, estimate.low, estimate.high);
}

std::string signed_range(const Estimate& estimate) {
  if (std::isnan(estimate.low)) return fmt::format("{:+.3g}", estimate.value);
  return fmt::format("{:+.3g} [{:.3g}, {:.3g}]", estimate.value, estimate.low, estimate.high);
}

const std::string& title(const Spectrum& spectrum, std::size_t predictor) {
  return spectrum.input.predictors[predictor].title;
}

std::string metric_title(const Spectrum& spectrum) { return metric_title(spectrum.options); }

/// "0, 0.5 and 1": values of the parameter; "every level" if no level is missing.
std::string places(const Spectrum& spectrum, const std::vector<std::size_t>& levels) {
  if (levels.size() == spectrum.levels.size()) return "every level";
  std::string out;
  for (std::size_t k = 0; k < levels.size(); ++k) {
    if (k > 0) out += k + 1 == levels.size() ? " and " : ", ";
    out += fmt::format("{:.3g}", spectrum.levels[levels[k]].parameter);
  }
  return out;
}

/// Levels sorted by what their interval says.
struct Sorted {
  std::vector<std::size_t> better;
  std::vector<std::size_t> worse;
  std::vector<std::size_t> open;
};

Sorted sort_levels(const SpectrumContrast& contrast) {
  Sorted out;
  for (std::size_t l = 0; l < contrast.levels.size(); ++l) {
    const Estimate& one = contrast.levels[l];
    if (std::isnan(one.value)) continue;
    (one.low > 0.0 ? out.better : one.high < 0.0 ? out.worse : out.open).push_back(l);
  }
  return out;
}

std::string verdict_words(Verdict verdict, const Estimate& difference) {
  switch (verdict) {
    case Verdict::learned:
      return "is better than";
    case Verdict::worse:
      return "is worse than";
    case Verdict::not_shown:
      return "does not exceed, by an amount that matters,";
    case Verdict::cannot_tell:
      return difference.low > 0.0 ? "is ahead of, but not beyond doubt, " : "cannot be told from";
  }
  return {};
}

std::string against_words(const Spectrum& spectrum, const SpectrumContrast& contrast) {
  if (contrast.is_pointwise) return "the best blind baseline at each level";
  const std::string& name = title(spectrum, contrast.against);
  if (contrast.is_bar && contrast.is_nearest) {
    return name + ", the best blind baseline, which copies the nearest training example";
  }
  if (contrast.is_bar) return name + ", the best blind baseline";
  return name + ", which copies the nearest training example";
}

std::string contrast_sentence(const Spectrum& spectrum, const SpectrumContrast& contrast) {
  const std::string& model = title(spectrum, contrast.model);
  if (std::isnan(contrast.difference.value)) {
    return fmt::format("{} has no area in common with {}: fewer than two levels have a value.",
                       model, against_words(spectrum, contrast));
  }
  return fmt::format("{} {} {} (AUSPC of {}: difference {}, margin {:.2g}).", model,
                     trimmed(verdict_words(contrast.verdict, contrast.difference)),
                     against_words(spectrum, contrast), metric_title(spectrum),
                     signed_range(contrast.difference), contrast.margin);
}

std::string nearest_sentence(const Spectrum& spectrum, const SpectrumContrast& contrast) {
  const Sorted sorted = sort_levels(contrast);
  const std::string& model = title(spectrum, contrast.model);
  std::vector<std::string> parts;
  if (!sorted.better.empty()) parts.push_back("beats it at " + places(spectrum, sorted.better));
  if (!sorted.open.empty()) {
    parts.push_back("cannot be told from it at " + places(spectrum, sorted.open));
  }
  if (!sorted.worse.empty()) parts.push_back("is worse at " + places(spectrum, sorted.worse));
  if (parts.empty()) return {};
  const std::string start =
      sorted.better.empty()
          ? fmt::format("{} is nowhere shown to beat copying the nearest training example", model)
          : fmt::format("{} against copying the nearest training example", model);
  const std::string axis =
      parts.size() > 1 ? fmt::format(" (levels: {})", spectrum.input.parameter_title) : "";
  return fmt::format("{} ({}): {}{}.", start, title(spectrum, contrast.against), join(parts, "; "),
                     axis);
}

/// The training set of the control of a fixed-size series has the same size at every level.
bool keeps_sizes(const Spectrum& spectrum, const SpectrumFall& fall) {
  const double from = spectrum.levels[fall.from_level].n_train;
  const double to = spectrum.levels[fall.to_level].n_train;
  return std::abs(from - to) <= 0.05 * from;
}

std::string fall_sentence(const Spectrum& spectrum, const SpectrumFall& fall) {
  const auto level = [&](std::size_t l) {
    return fmt::format("{:.4g}", spectrum.levels[l].parameter);
  };
  const bool is_loss = fall.total.value >= 0.0;
  std::string out = fmt::format(
      "From {} {} to {} the {} of {} gets {} by {}", spectrum.input.parameter_title,
      level(fall.from_level), level(fall.to_level), metric_title(spectrum),
      title(spectrum, fall.predictor), is_loss ? "worse" : "better",
      range(is_loss ? fall.total : Estimate{-fall.total.value, -fall.total.high, -fall.total.low}));
  if (std::isnan(fall.by_overlap.value)) {
    if (!keeps_sizes(spectrum, fall)) {
      return out + fmt::format(
                       "; training shrinks from {:.0f} to {:.0f} samples on the way, and without "
                       "size-matched controls the two cannot be told apart.",
                       spectrum.levels[fall.from_level].n_train,
                       spectrum.levels[fall.to_level].n_train);
    }
    return out + ".";
  }
  if (keeps_sizes(spectrum, fall)) {
    return out + fmt::format(
                     "; the sizes are the same, and the random control changes by {}: the loss "
                     "due to lost overlap is {}.",
                     signed_range(fall.by_size), signed_range(fall.by_overlap));
  }
  return out + fmt::format(
                   "; the loss due to lost overlap is {}, that due to sizes {} (random "
                   "controls of the same sizes).",
                   signed_range(fall.by_overlap), signed_range(fall.by_size));
}

std::string falling_sentence(const Spectrum& spectrum) {
  const Monotonicity& found = spectrum.monotonicity;
  if (std::isnan(found.spearman)) {
    return "The overlap of the splits was not measured at two levels or more, so whether this is "
           "a spectrum cannot be told.";
  }
  const std::string numbers = fmt::format(
      "Spearman of level and measured overlap {:.2f} [{:.2f}, "
      "{:.2f}]",
      found.spearman, found.low, found.high);
  if (found.is_falling) return fmt::format("The overlap falls along the series ({}).", numbers);
  return fmt::format(
      "This is not a spectrum: the measured overlap does not fall along the series ({}), so its "
      "curves and areas say nothing about generalisation. Check the similarity and the splits.",
      numbers);
}

bool is_contrasted(const Spectrum& spectrum, std::size_t predictor) {
  return std::ranges::any_of(spectrum.contrasts, [&](const SpectrumContrast& contrast) {
    return contrast.model == predictor;
  });
}

/// Without models.
std::string best_sentence(const Spectrum& spectrum) {
  const SpectrumCurve* best = best_baseline(spectrum);
  if (best == nullptr) return "No predictor has values at two levels or more: there is no area.";
  return fmt::format("The best of the baselines is {}: AUSPC of {} {}. A model has to beat this.",
                     title(spectrum, best->predictor), metric_title(spectrum), range(best->auspc));
}

void say_limits(const Spectrum& spectrum, std::vector<std::string>& out) {
  if (spectrum.is_partial) {
    out.push_back(fmt::format(
        "The areas are over {:.4g} to {:.4g} only, not over the whole axis: a partial AUSPC is "
        "comparable with others on the same range alone.",
        spectrum.x_low, spectrum.x_high));
  }
  for (const auto& curve : spectrum.curves) {
    if (curve.is_complete || !spectrum.input.predictors[curve.predictor].is_model) continue;
    out.push_back(title(spectrum, curve.predictor) +
                  " has no value at some levels; its area is over a shorter range.");
  }
  if (spectrum.n_rows_dropped > 0) {
    out.push_back(fmt::format("{} test rows lack a prediction and are left out for all.",
                              spectrum.n_rows_dropped));
  }
  if (!spectrum.input.null_note.empty()) out.push_back(spectrum.input.null_note);
}

}  // namespace

const SpectrumCurve* best_baseline(const Spectrum& spectrum) {
  const SpectrumCurve* best = nullptr;
  const double sign = spectrum.higher_is_better ? 1.0 : -1.0;
  for (const auto& curve : spectrum.curves) {
    const auto& predictor = spectrum.input.predictors[curve.predictor];
    if (predictor.is_model || !predictor.may_be_bar || std::isnan(curve.auspc.value)) continue;
    const bool is_better = best == nullptr || (curve.is_complete && !best->is_complete) ||
                           (curve.is_complete == best->is_complete &&
                            sign * curve.auspc.value > sign * best->auspc.value);
    if (is_better && !(best != nullptr && best->is_complete && !curve.is_complete)) best = &curve;
  }
  return best;
}

void write_sentences(Spectrum& spectrum) {
  for (auto& contrast : spectrum.contrasts) {
    contrast.sentence = contrast_sentence(spectrum, contrast);
  }
  spectrum.monotonicity.sentence = falling_sentence(spectrum);
  auto& out = spectrum.sentences;
  const bool is_spectrum =
      spectrum.monotonicity.is_falling || std::isnan(spectrum.monotonicity.spearman);
  if (!is_spectrum) out.push_back(spectrum.monotonicity.sentence);
  for (const auto& contrast : spectrum.contrasts) {
    if (!contrast.is_nearest) continue;
    const std::string text = nearest_sentence(spectrum, contrast);
    if (!text.empty()) out.push_back(text);
  }
  for (const auto& contrast : spectrum.contrasts) {
    if (contrast.is_bar || contrast.is_pointwise) out.push_back(contrast.sentence);
  }
  if (spectrum.contrasts.empty()) out.push_back(best_sentence(spectrum));
  for (const auto& fall : spectrum.falls) {
    const SpectrumCurve* best = spectrum.contrasts.empty() ? best_baseline(spectrum) : nullptr;
    if (is_contrasted(spectrum, fall.predictor) ||
        (best != nullptr && best->predictor == fall.predictor)) {
      out.push_back(fall_sentence(spectrum, fall));
    }
  }
  if (is_spectrum) out.push_back(spectrum.monotonicity.sentence);
  say_limits(spectrum, out);
}

}  // namespace cupel::detail
