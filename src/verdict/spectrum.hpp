#pragma once
/// Performance along a series of splits of falling overlap: curves, areas, comparisons, words.
/// The same summary serves `cupel audit` (an overlap series in the study), and `cupel spectra`.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/context.hpp"
#include "cupel/finding.hpp"
#include "cupel/overlap.hpp"
#include "cupel/predictor.hpp"

namespace cupel {

/// One split of a series with its test rows.
struct SpectrumSplit {
  double parameter = 0.0;  ///< the series' own axis: lambda, or the overlap level asked for
  std::uint32_t repeat = 0;
  bool is_control = false;  ///< random, same sizes
  std::size_t n_left_out = 0;
  OverlapProfile overlap;
  std::vector<double> truth;
  std::vector<std::uint32_t> unit;  ///< per row: what is exchangeable; the same code in all splits
};

struct SpectrumPredictor {
  std::string name;
  std::string title;
  Rung rung = Rung::null;
  bool is_model = false;
  bool may_be_bar = true;       ///< false: sees what models are hoped to use; drawn, never the bar
  bool copies_nearest = false;  ///< predicts the target of the most similar training example
};

/// A leaked pair, for people to look at.
struct WorstPair {
  double parameter = 0.0;
  std::string test;
  std::string train;
  double similarity = 0.0;
  double test_target = kUndefined;
  double train_target = kUndefined;
};

enum class SpectrumAxis { parameter, overlap, novelty };  ///< novelty = 1 - mean nearest similarity
std::string_view to_string(SpectrumAxis axis) noexcept;

struct SpectrumInput {
  std::string name;                   ///< "overlap_drug"
  std::string title;                  ///< "Overlap over drugs"
  std::string mode;                   ///< retrain, predictions, import
  std::string entity;                 ///< "drug", "sample"
  std::string parameter_title;        ///< "lambda", "overlap level"
  bool falls_with_parameter = false;  ///< true: a larger parameter means less overlap (lambda)
  /// The series moves the mean similarity to the nearest training item, rather than the share of
  /// items with a neighbour: overlap is then measured by that.
  bool moves_nearest_mean = false;
  std::string similarity;  ///< kind; "" = not known
  std::string similarity_parameters;
  double null_p99 = kUndefined;  ///< chance level: 99th percentile among unrelated pairs
  std::string null_note;         ///< warning if the threshold is inside the noise, else ""
  std::vector<SpectrumSplit> splits;
  std::vector<SpectrumPredictor> predictors;
  /// [predictor][split]: predictions of the split's rows; empty = none for that split.
  std::vector<std::vector<std::vector<double>>> predictions;
  std::vector<WorstPair> worst_pairs;
};

/// A metric that every row has by itself.
struct RowMetric {
  std::string title;
  bool higher_is_better = true;
};

struct SpectrumOptions {
  std::string metric = "rmse";
  /// Set: `predictions` hold the values of this metric instead, row by row, and a split's value is
  /// their mean. Truth is then only asked to be finite.
  std::optional<RowMetric> of_rows;
  SpectrumAxis axis = SpectrumAxis::parameter;
  std::size_t n_draws = 1000;
  double confidence = 0.95;
  double margin = 0.02;            ///< as in the study: gain that matters ...
  bool margin_is_relative = true;  ///< ... as a share of the bar's error (or of 1 - score)
  std::uint64_t seed = 0;
  double call_above = 0.5;  ///< mcc: a row is called positive where its prediction is above this
  /// Range of x that the area is to cover; NaN = what the series' parameters span, on the axis
  /// `parameter` of a lambda 0 to 1, on the axes `overlap` and `novelty` the levels there are.
  double x_low_wanted = kUndefined;
  double x_high_wanted = kUndefined;
};

struct Estimate {
  double value = kUndefined;
  double low = kUndefined;
  double high = kUndefined;
};

struct SpectrumLevel {
  double parameter = 0.0;
  double x = 0.0;  ///< place on the chosen axis
  std::size_t n_repeats = 0;
  double n_train = 0.0;  ///< means over repeats
  double n_test = 0.0;
  double n_left_out = 0.0;
  OverlapProfile overlap;          ///< means over repeats; the histogram is summed
  OverlapProfile control_overlap;  ///< n_test = 0: no control
};

struct SpectrumCurve {
  std::size_t predictor = 0;
  std::vector<Estimate> points;   ///< per level; NaN = no value
  std::vector<Estimate> control;  ///< per level; empty = no control
  Estimate auspc;                 ///< normalised by the range of x
  double auspc_se = kUndefined;   ///< by the trapezoid formula from repeats, normalised
  Estimate auspc_control;
  bool is_complete = true;  ///< false: levels are missing, the area is over a shorter range
};

/// Model against a baseline on the same splits, rows and draws; positive = model better.
struct SpectrumContrast {
  std::size_t model = 0;
  std::size_t against = 0;
  bool is_bar = false;        ///< `against` is the best blind baseline by AUSPC
  bool is_pointwise = false;  ///< against the best blind baseline *at each level*
  bool is_nearest = false;    ///< `against` copies the nearest training example
  Estimate difference;        ///< of normalised AUSPC, oriented so that positive = better
  double p_value = kUndefined;
  double p_adjusted = kUndefined;  ///< Holm over the contrasts of the spectrum
  double margin = kUndefined;
  Verdict verdict = Verdict::cannot_tell;
  std::string sentence;
  /// The difference at each level, oriented like `difference`; NaN = one of them has no value.
  std::vector<Estimate> levels;
};

/// What a predictor loses between the level of most and the level of least overlap, where a random
/// control of the same sizes was run: total = by_overlap + by_size. Positive = loss.
///   by_size    = control at the first level - control at the last
///   by_overlap = (control - value) at the last level - (control - value) at the first
struct SpectrumFall {
  std::size_t predictor = 0;
  std::size_t from_level = 0;
  std::size_t to_level = 0;
  Estimate total;
  Estimate by_overlap;  ///< NaN without controls at both levels
  Estimate by_size;
};

/// Does the series fall at all? Spearman of the place in the series (from most to least overlap
/// asked for) and the measured overlap of its splits: -1 for a series that falls at every step.
/// The interval is a bootstrap over the splits.
struct Monotonicity {
  double spearman = kUndefined;
  double low = kUndefined;
  double high = kUndefined;
  bool is_falling = false;  ///< false: cupel does not call it a spectrum
  std::string sentence;
};

struct Spectrum {
  SpectrumInput input;  ///< without its rows: truth, unit and predictions are emptied
  SpectrumOptions options;
  bool higher_is_better = false;
  double x_low = kUndefined;
  double x_high = kUndefined;
  bool is_partial = false;  ///< the range of x does not reach the ends of the axis asked for
  std::vector<SpectrumLevel> levels;  ///< from most to least overlap
  std::vector<SpectrumCurve> curves;  ///< as input.predictors
  std::vector<SpectrumContrast> contrasts;
  std::vector<SpectrumFall> falls;  ///< of models and of the baselines they are compared with
  std::size_t n_rows_dropped = 0;   ///< test rows that some predictor did not predict
  Monotonicity monotonicity;
  std::vector<std::string> sentences;  ///< what the spectrum shows, in words, most important first
};

std::string metric_title(const SpectrumOptions& options);

/// Curves with intervals over repeats and test units, areas, paired contrasts, words. All
/// predictors and levels share the draws of units. Throws Error{input} if there are no splits.
Spectrum summarise_spectrum(SpectrumInput input, const SpectrumOptions& options,
                            const Context& context);

}  // namespace cupel
