#pragma once
/// Gaming probes: predictions are manipulated in ways that add no knowledge, and every metric is
/// asked whether it pays for that.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "area/perturbation/test_scores.hpp"

namespace cupel::perturbation {

enum class ProbeKind : std::uint8_t {
  scale,            ///< predicted changes x factor
  shuffle,          ///< predicted changes handed to other perturbations of the context
  noise,            ///< plus noise as large as the truth's measurement error
  noise_of_effect,  ///< plus noise as large as the predicted change
  control,          ///< the control profile instead
  spike_targets,    ///< the targeted genes set to their usual knock-down or activation
  leave_out_worst,  ///< no prediction for the worst fifth, and the mean of the rest
};

struct Probe {
  std::string name;   ///< "scale_0.5"
  std::string title;  ///< "changes x 0.5"
  ProbeKind kind = ProbeKind::scale;
  double factor = 1.0;
  std::string in_words;  ///< as the subject of a sentence: "halving every predicted change"
};
std::span<const Probe> probes();

/// The manipulated prediction (test rows x n_outputs). leave_out_worst is made from scores, not
/// here. spike_targets: log-scale change of a target gene = its mean change over training samples
/// that target it; where none does, over the training samples' own targets; rows without a target
/// among the genes stay as they are. Noise and shuffles are seeded.
std::vector<double> manipulate(const Probe& probe, const Dataset& data, const TestRows& test,
                               std::span<const double> prediction, std::uint64_t seed);

struct ProbeResponse {
  std::string probe;
  std::vector<Estimate> value = {};  ///< per metric: mean with the manipulation
  /// Per metric: change of the mean, positive = scores better; paired over perturbations. Of
  /// leave_out_worst the difference of the two means, without interval.
  std::vector<Estimate> gain = {};
  std::size_t n_changed = 0;  ///< rows that the probe could change
};
struct ProbedPredictor {
  std::string predictor;
  std::string title;
  std::vector<Estimate> value;  ///< per metric, as predicted
  std::vector<ProbeResponse> responses;
};

/// `primary` is the metric that decides which rows are the worst.
ProbedPredictor probe_predictor(const Scorer& scorer, const Dataset& data, const TestRows& test,
                                std::span<const double> prediction, std::size_t primary,
                                const PerturbationDraws& draws, std::uint64_t seed,
                                const Context& context = {});

}  // namespace cupel::perturbation
