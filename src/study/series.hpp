#pragma once
/// Overlap series in a study: every predictor that can be trained anew is run on every split of the
/// series, and on its random controls of the same sizes.
///
/// A series is not a set of folds: its splits test other rows at other distances, so that nothing
/// is averaged over them. It is held apart from the ordinary splits, and summarised as a curve
/// (verdict/series_spectrum.hpp).
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "area/area.hpp"
#include "cupel/dataset.hpp"
#include "cupel/predictor.hpp"
#include "cupel/split.hpp"
#include "cupel/study.hpp"
#include "study/trials.hpp"

namespace cupel {

/// A predictor on all splits of a series.
struct SeriesMember {
  std::size_t predictor = 0;  ///< index into StudyRun::predictors
  /// [split]: predictions of its test rows, in row order; empty = it has none for that split.
  std::vector<std::vector<double>> predictions;
};

struct SeriesResult {
  std::string name;
  OverlapSpec spec;
  std::vector<Split> splits;  ///< series and controls; `Split::fold` numbers them
  std::size_t nearest = 0;  ///< index into StudyRun::predictors: the copier of the nearest example
  std::vector<SeriesMember> members;  ///< in the order of StudyRun::predictors
};

/// The series goes by the similarity of the perturbations' own responses, which no predictor of an
/// unseen one can know.
bool is_by_response(const OverlapSpec& spec);

/// The baseline that copies the nearest training example by the same similarity as the series; an
/// index into `baselines`, which it is added to unless it is there.
std::size_t add_nearest_copier(const Area& area, const Dataset& data, const SeriesResult& series,
                               std::vector<std::unique_ptr<Predictor>>& baselines);

/// Who takes part: the predictors that the series names (default: all), but never oracles, nor
/// copiers of another series. Ready predictions take part only in a series that their model's
/// `splits` names. Throws Error{input} for a name that no predictor has. `models` describes the
/// last `models.size()` predictors.
std::vector<std::size_t> series_members(const SeriesResult& series,
                                        const std::vector<SeriesResult>& all,
                                        const std::vector<std::unique_ptr<Predictor>>& predictors,
                                        const std::vector<ModelSpec>& models);

using CarryOut = std::function<void(std::vector<Trial>& trials, const std::string& task)>;

/// Runs the members (`seeds`: one per predictor) on all splits; who predicts nothing is no member.
void run_series(SeriesResult& series, const std::vector<std::size_t>& members,
                const std::vector<std::unique_ptr<Predictor>>& predictors,
                const std::vector<std::uint64_t>& seeds, const CarryOut& carry_out);

}  // namespace cupel
