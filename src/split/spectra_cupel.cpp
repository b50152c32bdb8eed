#include "split/spectra_cupel.hpp"

#include <algorithm>
#include <cmath>

#include "split/overlap_series.hpp"

namespace cupel {
namespace {

/// The listed similarities as a matrix; pairs that are not listed are 0.
class PairSimilarity final : public Similarity {
 public:
  explicit PairSimilarity(const SpectraGraph& graph) : n_(graph.n_samples) {
    std::vector<Hit> hits;
    hits.reserve(graph.n_edges());
    for (std::uint32_t u = 0; u < graph.n_nodes(); ++u) {
      for (std::uint64_t k = graph.begin[u]; k < graph.begin[u + 1]; ++k) {
        if (graph.neighbour[k] < u) continue;
        const double value = graph.is_weighted() ? graph.weight[k] : 1.0;
        hits.push_back({graph.sample[u], graph.sample[graph.neighbour[k]], value});
      }
    }
    rows_ = make_graph(n_, hits);
  }
  [[nodiscard]] std::string_view kind() const noexcept override { return "pairs"; }
  [[nodiscard]] std::string parameters() const override { return {}; }
  [[nodiscard]] std::size_t n_rows() const noexcept override { return n_; }
  [[nodiscard]] std::size_t n_cols() const noexcept override { return n_; }
  [[nodiscard]] bool is_symmetric() const noexcept override { return true; }

  void values(Range rows, Range cols, std::span<double> out) const override {
    std::fill(out.begin(), out.end(), 0.0);
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      const auto neighbours = rows_.neighbours(i);
      const auto weights = rows_.weights(i);
      const auto first = std::lower_bound(neighbours.begin(), neighbours.end(), cols.begin);
      for (auto k = static_cast<std::size_t>(first - neighbours.begin());
           k < neighbours.size() && neighbours[k] < cols.end; ++k) {
        out[(i - rows.begin) * cols.size() + neighbours[k] - cols.begin] = weights[k];
      }
      if (i >= cols.begin && i < cols.end) out[(i - rows.begin) * cols.size() + i - cols.begin] = 1;
    }
  }

 private:
  std::size_t n_;
  NeighbourGraph rows_;
};

std::string_view explanation_of(std::uint8_t reason) {
  switch (reason) {
    case kTooSimilarToTest:
      return "similar to the test: shut out to lower the overlap";
    case kSizeMatched:
      return "left out to keep the size of training the same at every parameter";
    default:
      return "takes no part";
  }
}

SpectraRecord record_of(const OverlapSplit& split) {
  SpectraRecord record{.variant = std::string(kCupelVariant), .level = split.level};
  record.overlap = split.overlap;
  std::vector<SpectraLeftOutGroup> groups(overlap_reasons().size());
  for (std::uint32_t s = 0; s < split.role.size(); ++s) {
    if (split.role[s] == Role::train) record.train.push_back(s);
    if (split.role[s] == Role::test) record.test.push_back(s);
    if (split.role[s] == Role::left_out) groups[split.reason[s]].samples.push_back(s);
  }
  for (std::size_t reason = 0; reason < groups.size(); ++reason) {
    if (groups[reason].samples.empty()) continue;
    groups[reason].reason = overlap_reasons()[reason];
    groups[reason].explanation = explanation_of(static_cast<std::uint8_t>(reason));
    record.left_out.push_back(std::move(groups[reason]));
  }
  return record;
}

}  // namespace

std::vector<SpectraRecord> make_cupel_splits(const SpectraGraph& graph,
                                             std::span<const double> parameters,
                                             std::span<const std::string> parameter_texts,
                                             std::uint32_t seed, const CupelSizes& sizes,
                                             const Context& context) {
  const PairSimilarity similarity(graph);
  OverlapSeriesOptions options{.n_levels = 21, .repeats = 1};
  options.measure =
      graph.is_weighted() ? OverlapMeasure::nearest_mean : OverlapMeasure::share_with_neighbour;
  options.threshold = graph.is_weighted() ? graph.sorted_values.front() : 1.0;
  options.test_share = sizes.test;
  options.train_share = sizes.train;
  options.seed = seed;
  const OverlapSeries series = make_overlap_series(similarity, {}, options, context);
  std::vector<SpectraRecord> records;
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    const double wanted =
        series.levels.front() - parameters[p] * (series.levels.front() - series.levels.back());
    const auto nearest = std::min_element(
        series.levels.begin(), series.levels.end(),
        [wanted](double a, double b) { return std::abs(a - wanted) < std::abs(b - wanted); });
    const auto index = static_cast<std::size_t>(nearest - series.levels.begin());
    SpectraRecord record;
    SpectraRecord control;
    for (const OverlapSplit& split : series.splits) {
      if (split.level_index == index) (split.is_control ? control : record) = record_of(split);
    }
    record.parameter = parameters[p];
    record.parameter_text = parameter_texts[p];
    record.seed = seed;
    record.test_size = sizes.test;
    record.control_train = std::move(control.train);
    record.control_overlap = control.overlap;
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace cupel
