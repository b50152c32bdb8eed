#include "model/two_way.hpp"

#include <cmath>
#include <numeric>
#include <span>

namespace cupel {
namespace {

double dot(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// The one-hot design with n_first + n_second columns, centred, as an operator.
class Design {
 public:
  explicit Design(const PairTable& pairs, double ridge)
      : pairs_(pairs), ridge_(ridge), count_(pairs.n_first + pairs.n_second, 0.0) {
    for (std::size_t r = 0; r < pairs.size(); ++r) {
      count_[pairs.first[r]] += 1.0;
      count_[pairs.n_first + pairs.second[r]] += 1.0;
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return count_.size(); }
  [[nodiscard]] double n_rows() const noexcept { return static_cast<double>(pairs_.size()); }
  /// Row mean of the design times `w`.
  [[nodiscard]] double mean_of(std::span<const double> w) const {
    return dot(count_, w) / n_rows();
  }
  [[nodiscard]] double diagonal(std::size_t column) const noexcept {
    return count_[column] * (1.0 - count_[column] / n_rows()) + ridge_;
  }

  /// X' (y - mean(y))
  [[nodiscard]] std::vector<double> transposed_times(std::span<const double> y, double mean) const {
    std::vector<double> out(size(), 0.0);
    for (std::size_t r = 0; r < pairs_.size(); ++r) {
      const double value = y[r] - mean;
      out[pairs_.first[r]] += value;
      out[pairs_.n_first + pairs_.second[r]] += value;
    }
    return out;
  }

  /// (Xc' Xc + ridge) w, with Xc the centred design.
  void normal_times(std::span<const double> w, std::span<double> out) const {
    const double mean = mean_of(w);
    const auto a = w.first(pairs_.n_first);
    const auto b = w.subspan(pairs_.n_first);
    for (std::size_t i = 0; i < size(); ++i) {
      out[i] = w[i] * (count_[i] + ridge_) - count_[i] * mean;
    }
    const auto out_a = out.first(pairs_.n_first);
    const auto out_b = out.subspan(pairs_.n_first);
    for (std::size_t r = 0; r < pairs_.size(); ++r) {
      out_a[pairs_.first[r]] += b[pairs_.second[r]];
      out_b[pairs_.second[r]] += a[pairs_.first[r]];
    }
  }

 private:
  const PairTable& pairs_;
  double ridge_;
  std::vector<double> count_;
};

}  // namespace

TwoWayModel fit_two_way(const PairTable& pairs, const TwoWayOptions& options) {
  TwoWayModel model;
  const Design design(pairs, options.ridge);
  const double origin = pairs.value.front();
  double sum = 0.0;
  for (const double value : pairs.value) sum += value - origin;
  const double mean = origin + sum / design.n_rows();

  std::vector<double> w(design.size(), 0.0);
  std::vector<double> residual = design.transposed_times(pairs.value, mean);
  std::vector<double> z(w.size());
  std::vector<double> image(w.size());
  const auto precondition = [&] {
    for (std::size_t i = 0; i < z.size(); ++i) {
      const double diagonal = design.diagonal(i);
      z[i] = diagonal > 0.0 ? residual[i] / diagonal : 0.0;
    }
  };
  precondition();
  std::vector<double> direction = z;
  double rho = dot(residual, z);
  const double target = rho * options.tolerance * options.tolerance;
  while (rho > target && model.steps < options.max_steps) {
    design.normal_times(direction, image);
    const double curvature = dot(direction, image);
    if (!(curvature > 0.0)) break;
    const double step = rho / curvature;
    for (std::size_t i = 0; i < w.size(); ++i) {
      w[i] += step * direction[i];
      residual[i] -= step * image[i];
    }
    precondition();
    const double next = dot(residual, z);
    for (std::size_t i = 0; i < w.size(); ++i) direction[i] = z[i] + next / rho * direction[i];
    rho = next;
    ++model.steps;
  }
  model.mean = mean - design.mean_of(w);
  const auto middle = w.begin() + static_cast<std::ptrdiff_t>(pairs.n_first);
  model.first.assign(w.begin(), middle);
  model.second.assign(middle, w.end());
  return model;
}

void centre_effects(TwoWayModel& model, const PairTable& pairs) {
  double mean_first = 0.0;
  double mean_second = 0.0;
  std::vector<std::uint8_t> knows_first(model.first.size(), 0);
  std::vector<std::uint8_t> knows_second(model.second.size(), 0);
  for (std::size_t r = 0; r < pairs.size(); ++r) {
    mean_first += model.first[pairs.first[r]];
    mean_second += model.second[pairs.second[r]];
    knows_first[pairs.first[r]] = 1;
    knows_second[pairs.second[r]] = 1;
  }
  mean_first /= static_cast<double>(pairs.size());
  mean_second /= static_cast<double>(pairs.size());
  for (std::size_t i = 0; i < model.first.size(); ++i) {
    if (knows_first[i]) model.first[i] -= mean_first;
  }
  for (std::size_t j = 0; j < model.second.size(); ++j) {
    if (knows_second[j]) model.second[j] -= mean_second;
  }
  model.mean += mean_first + mean_second;
}

}  // namespace cupel
