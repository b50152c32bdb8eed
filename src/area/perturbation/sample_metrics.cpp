#include "area/perturbation/sample_metrics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "cupel/finding.hpp"
#include "data/profiles.hpp"
#include "metric/discrimination.hpp"
#include "metric/profile_metrics.hpp"

namespace cupel::perturbation {
namespace {

constexpr std::size_t kTopGenes = 20;
constexpr double kResponds = 3.0;        // |t| of a gene that responds
constexpr std::size_t kFewestGenes = 5;  // fewer say nothing on directions
constexpr double kSame = 1e-9;

enum Metric : std::size_t {
  l2,
  mse,
  mse_unbiased,
  pearson_delta,
  pearson_shift,
  pearson_delta_top20,
  direction,
  discrimination,
  n_metrics
};

/// NaN where one of them is its reference: rounding has no direction.
double correlation(Profile truth, Profile predicted, Profile reference) {
  const auto has_change = [&](Profile profile) {
    double size = 0.0;
    double largest = 0.0;
    for (std::size_t g = 0; g < profile.size(); ++g) {
      size = std::max(size, std::abs(profile[g]));
      largest = std::max(largest, std::abs(profile[g] - reference[g]));
    }
    return largest > kSame * size;
  };
  if (!has_change(truth) || !has_change(predicted)) return kUndefined;
  return profile::pearson(change(truth, reference), change(predicted, reference));
}

/// The mean change of training samples from their controls: within each context where training has
/// some of it, else over all; every sample has the same weight.
class TrainingShift {
 public:
  TrainingShift(const Dataset& data, const Split& fold)
      : n_genes_(data.n_outputs()),
        of_context_(data.profiles->controls.rows, n_genes_, 0.0),
        n_of_context_(data.profiles->controls.rows, 0.0),
        all_(n_genes_, 0.0) {
    const auto& context = data.entity("context").code_of_sample;
    double n = 0.0;
    for (const std::uint32_t row : fold.rows(Role::train)) {
      const auto profile = data.targets.row(row);
      const auto control = data.profiles->controls.row(context[row]);
      for (std::size_t g = 0; g < n_genes_; ++g) {
        of_context_(context[row], g) += profile[g] - control[g];
        all_[g] += profile[g] - control[g];
      }
      n_of_context_[context[row]] += 1.0;
      n += 1.0;
    }
    has_any_ = n > 0.0;
    for (double& value : all_) value /= n;
    for (std::size_t c = 0; c < of_context_.rows; ++c) {
      for (double& value : of_context_.row(c)) value /= n_of_context_[c];
    }
  }

  /// The profile of the context's control after the shift; empty without training samples.
  [[nodiscard]] std::vector<double> reference(Profile control, std::uint32_t context) const {
    if (!has_any_) return {};
    const Profile shift = n_of_context_[context] > 0.0 ? of_context_.row(context) : Profile(all_);
    std::vector<double> out(n_genes_);
    for (std::size_t g = 0; g < n_genes_; ++g) out[g] = control[g] + shift[g];
    return out;
  }

 private:
  std::size_t n_genes_;
  Matrix<double> of_context_;
  std::vector<double> n_of_context_;
  std::vector<double> all_;
  bool has_any_ = false;
};

/// Genes without the perturbation's own targets.
struct RespondingGenes {
  std::vector<std::uint32_t> clear;  ///< |t| of at least kResponds, ascending
  std::vector<std::uint32_t> top;    ///< the kTopGenes with the largest |t|, that one first
};

RespondingGenes responding_genes(const ProfileData& profiles, std::uint32_t sample) {
  const auto t = profiles.t_statistic.row(sample);
  const auto& targets = profiles.target_genes[sample];
  RespondingGenes out;
  auto target = targets.begin();
  for (std::uint32_t g = 0; g < t.size(); ++g) {
    while (target != targets.end() && *target < g) ++target;
    if ((target != targets.end() && *target == g) || !std::isfinite(t[g])) continue;
    out.top.push_back(g);
    if (std::abs(t[g]) >= kResponds) out.clear.push_back(g);
  }
  const auto n = static_cast<std::ptrdiff_t>(std::min(out.top.size(), kTopGenes));
  std::ranges::partial_sort(out.top, out.top.begin() + n, [&](std::uint32_t a, std::uint32_t b) {
    const double of_a = std::abs(t[a]);
    const double of_b = std::abs(t[b]);
    return of_a != of_b ? of_a > of_b : a < b;
  });
  out.top.resize(static_cast<std::size_t>(n));
  return out;
}

/// Sum over genes of the squared standard error of the mean profile; NaN with one cell.
double truth_noise(const ProfileData& profiles, std::uint32_t sample) {
  const auto variance = profiles.variance.row(sample);
  return std::accumulate(variance.begin(), variance.end(), 0.0) /
         static_cast<double>(profiles.n_cells[sample]);
}

class FoldScorer {
 public:
  FoldScorer(const Dataset& data, const Split& fold, std::span<const std::uint32_t> rows,
             std::span<const double> prediction)
      : data_(data),
        profiles_(*data.profiles),
        context_(data.entity("context").code_of_sample),
        shift_(data, fold),
        rows_(rows),
        prediction_(prediction),
        out_(rows.size(), n_metrics, kUndefined) {}

  Matrix<double> score() {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (is_complete(i)) score_row(i);
    }
    for (std::uint32_t c = 0; c < profiles_.controls.rows; ++c) discriminate_in(c);
    return std::move(out_);
  }

 private:
  [[nodiscard]] Profile predicted(std::size_t i) const {
    return prediction_.subspan(i * data_.n_outputs(), data_.n_outputs());
  }
  [[nodiscard]] bool is_complete(std::size_t i) const {
    return std::ranges::all_of(predicted(i), [](double v) { return std::isfinite(v); });
  }
  [[nodiscard]] Profile control(std::size_t i) const {
    return profiles_.controls.row(context_[rows_[i]]);
  }

  void score_row(std::size_t i) {
    const std::uint32_t sample = rows_[i];
    const Profile truth = data_.targets.row(sample);
    const auto n = static_cast<double>(truth.size());
    out_(i, l2) = profile::l2(truth, predicted(i));
    out_(i, mse) = profile::mse(truth, predicted(i));
    out_(i, mse_unbiased) = out_(i, mse) - truth_noise(profiles_, sample) / n;
    out_(i, pearson_delta) = correlation(truth, predicted(i), control(i));
    const auto shifted = shift_.reference(control(i), context_[sample]);
    if (!shifted.empty()) out_(i, pearson_shift) = correlation(truth, predicted(i), shifted);
    score_responding(i, responding_genes(profiles_, sample));
  }

  void score_responding(std::size_t i, const RespondingGenes& genes) {
    const Profile truth = data_.targets.row(rows_[i]);
    const auto& [clear, top] = genes;
    if (clear.size() >= kFewestGenes) {
      out_(i, direction) =
          profile::direction_match(change(select(truth, clear), select(control(i), clear)),
                                   change(select(predicted(i), clear), select(control(i), clear)));
    }
    if (top.size() < kFewestGenes) return;
    out_(i, pearson_delta_top20) =
        correlation(select(truth, top), select(predicted(i), top), select(control(i), top));
  }

  /// Among the test samples of one context.
  void discriminate_in(std::uint32_t context) {
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (context_[rows_[i]] == context) members.push_back(i);
    }
    if (members.size() < 2) return;
    const std::size_t n_genes = data_.n_outputs();
    Matrix<double> truth(members.size(), n_genes);
    Matrix<double> guess(members.size(), n_genes);
    std::vector<std::vector<std::uint32_t>> excluded;
    for (std::size_t k = 0; k < members.size(); ++k) {
      const std::size_t i = members[k];
      std::ranges::copy(change(data_.targets.row(rows_[i]), control(i)), truth.row(k).begin());
      std::ranges::copy(change(predicted(i), control(i)), guess.row(k).begin());
      excluded.push_back(profiles_.target_genes[rows_[i]]);
    }
    const auto ranks = discriminate(
        guess, truth,
        {.distance = ProfileDistance::cosine, .panel = {}, .excluded = excluded, .own = {}}, {});
    for (std::size_t k = 0; k < members.size(); ++k) {
      out_(members[k], discrimination) = ranks[k].score();
    }
  }

  const Dataset& data_;
  const ProfileData& profiles_;
  const std::vector<std::uint32_t>& context_;
  TrainingShift shift_;
  std::span<const std::uint32_t> rows_;
  std::span<const double> prediction_;
  Matrix<double> out_;
};

}  // namespace

std::span<const SampleMetric> sample_metrics() noexcept {
  static const std::array<SampleMetric, n_metrics> kMetrics{{
      {.name = "l2",
       .title = "L2 distance",
       .description = "Euclidean distance of predicted and measured profile over all genes "
                      "(Ahlmann-Eltze et al. 2025, doi:10.1038/s41592-025-02772-6).",
       .higher_is_better = false,
       .perfect = 0.0},
      {.name = "mse",
       .title = "MSE",
       .description = "Mean squared error over all genes.",
       .higher_is_better = false,
       .perfect = 0.0},
      {.name = "mse_unbiased",
       .title = "MSE without measurement noise",
       .description = "Mean squared error less the squared standard error of the measured profile "
                      "(variance of a cell / number of cells, mean over genes): the error against "
                      "the true mean. Near 0 it may be negative; undefined with one cell.",
       .higher_is_better = false,
       .perfect = 0.0},
      {.name = "pearson_delta",
       .title = "Pearson of changes",
       .description =
           "Pearson correlation over all genes of predicted and measured change from the "
           "control of the context. Undefined for a prediction of no change. The shift "
           "that all perturbations share scores high in it."},
      {.name = "pearson_shift",
       .title = "Pearson beyond the shared shift",
       .description =
           "Pearson correlation of predicted and measured profile as departures from the mean "
           "training perturbation, of the same context where training has some (as Systema, "
           "doi:10.1038/s41587-025-02777-8). Undefined for that mean itself."},
      {.name = "pearson_delta_top20",
       .title = "Pearson of changes, top 20 genes",
       .description =
           "As Pearson of changes, over the 20 genes with the largest |t| of Welch's test "
           "of the measured cells against the control, without the perturbation's own "
           "targets."},
      {.name = "direction",
       .title = "Direction of responding genes",
       .description =
           "Share of the genes with |t| of at least 3 (without the perturbation's own targets) "
           "whose "
           "predicted change has the measured sign; no change has none. Undefined below 5 genes."},
      {.name = "discrimination",
       .title = "Discrimination of perturbations",
       .description =
           "Share of the other test perturbations of the context and fold whose measured change is "
           "farther (cosine distance) from the predicted one than its own is; ties count half, the "
           "perturbation's own targets do not take part. 0.5 by chance."},
  }};
  return kMetrics;
}

Matrix<double> score_samples(const Dataset& data, const Split& fold,
                             std::span<const std::uint32_t> rows,
                             std::span<const double> prediction) {
  return FoldScorer(data, fold, rows, prediction).score();
}

}  // namespace cupel::perturbation
