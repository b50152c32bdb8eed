#include "area/perturbation/profile_parts.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/parallel.hpp"
#include "cupel/error.hpp"
#include "cupel/finding.hpp"

namespace cupel::perturbation {
namespace {

/// Rows [first, first + n) and the chosen columns.
Matrix<double> part(const Matrix<double>& all, std::size_t first, std::size_t n,
                    std::span<const std::uint32_t> columns) {
  Matrix<double> out(n, columns.size());
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < columns.size(); ++j) out(i, j) = all(first + i, columns[j]);
  }
  return out;
}

void check_finite(const GroupSums& sums, const std::vector<std::string>& genes) {
  for (std::size_t g = 0; g < sums.sum.rows; ++g) {
    for (std::size_t j = 0; j < sums.sum.cols; ++j) {
      if (std::isfinite(sums.sum(g, j))) continue;
      fail_input("values that are not finite, in the gene " + genes[j], {},
                 "fill or drop them first");
    }
  }
}

/// Variance of one cell on the scale of the profile: profiles.hpp.
Matrix<double> profile_variance(const ProfileSource& source, const PseudobulkOptions& options,
                                Pseudobulk& bulk, const Context& context) {
  Matrix<double> variance;
  if (source.kind == PseudobulkKind::group_sum) {
    variance = jackknife_variance(source.matrix, source.groups, bulk.all, options.transform,
                                  source.bulk_target, context);
    for (std::size_t g = 0; g < variance.rows; ++g) {
      const auto n = static_cast<double>(bulk.all.n_cells[g]);
      for (auto& value : variance.row(g)) value = n < 2.0 ? kUndefined : n * value;
    }
    return variance;
  }
  variance = std::move(bulk.variance);
  if (source.kind == PseudobulkKind::mean) return variance;
  for (std::size_t g = 0; g < variance.rows; ++g) {
    const auto n = static_cast<double>(bulk.all.n_cells[g]);
    for (std::size_t j = 0; j < variance.cols; ++j) {
      const double slope = 1.0 / (1.0 + bulk.all.sum(g, j) / n);
      variance(g, j) *= slope * slope;
    }
  }
  return variance;
}

double welch(double mean, double variance, double n, double control, double control_variance,
             double n_control) {
  const double error = variance / n + control_variance / n_control;
  return error > 0.0 ? (mean - control) / std::sqrt(error) : 0.0;  // NaN gives 0 too
}

}  // namespace

Matrix<double> make_profiles(const ProfileSource& source, const PseudobulkOptions& options,
                             const std::vector<std::string>& genes, const ChooseGenes& choose,
                             ProfileData& profiles, const Context& context) {
  PseudobulkOptions asked = options;
  asked.variance = source.kind != PseudobulkKind::group_sum;
  Pseudobulk bulk = accumulate(source.matrix, source.groups, asked, context);
  check_finite(bulk.all, genes);
  const std::size_t n_controls = source.n_controls;
  const std::size_t n_samples = source.groups.count - n_controls;
  const Matrix<double> all = profiles_of(bulk.all, source.kind, source.bulk_target);
  std::vector<std::uint32_t> every(genes.size());
  for (std::uint32_t j = 0; j < every.size(); ++j) every[j] = j;
  const auto columns = choose(part(all, 0, n_controls, every));
  for (const auto j : columns) profiles.genes.push_back(genes[j]);

  Matrix<double> targets = part(all, n_controls, n_samples, columns);
  profiles.controls = part(all, 0, n_controls, columns);
  for (std::size_t g = 0; g < source.groups.count; ++g) {
    (g < n_controls ? profiles.n_control_cells : profiles.n_cells).push_back(bulk.all.n_cells[g]);
  }
  const Matrix<double> variance = profile_variance(source, asked, bulk, context);
  profiles.variance = part(variance, n_controls, n_samples, columns);
  profiles.control_variance = part(variance, 0, n_controls, columns);
  for (auto& pair : bulk.halves) {
    ProfileHalves halves;
    for (std::size_t h = 0; h < 2; ++h) {
      const auto half = profiles_of(pair[h], source.kind, source.bulk_target);
      pair[h] = {};
      halves.profiles[h] = part(half, n_controls, n_samples, columns);
      halves.controls[h] = part(half, 0, n_controls, columns);
    }
    profiles.halves.push_back(std::move(halves));
  }
  return targets;
}

void add_t_statistic(const Dataset& data, ProfileData& profiles) {
  const auto& context = data.entity("context").code_of_sample;
  profiles.t_statistic = Matrix<double>(data.n_samples(), data.n_outputs(), 0.0);
  for (std::size_t s = 0; s < data.n_samples(); ++s) {
    const auto c = context[s];
    for (std::size_t j = 0; j < data.n_outputs(); ++j) {
      profiles.t_statistic(s, j) =
          welch(data.targets(s, j), profiles.variance(s, j),
                static_cast<double>(profiles.n_cells[s]), profiles.controls(c, j),
                profiles.control_variance(c, j), static_cast<double>(profiles.n_control_cells[c]));
    }
  }
}

void add_target_genes(const Entity& perturbation, ProfileData& profiles) {
  std::unordered_map<std::string, std::vector<std::uint32_t>> columns;
  for (std::uint32_t j = 0; j < profiles.genes.size(); ++j) columns[profiles.genes[j]].push_back(j);
  for (const auto code : perturbation.code_of_sample) {
    std::vector<std::uint32_t> own;
    for (const auto& member : profiles.members[code]) {
      if (const auto found = columns.find(member); found != columns.end()) {
        own.insert(own.end(), found->second.begin(), found->second.end());
      }
    }
    std::sort(own.begin(), own.end());
    profiles.target_genes.push_back(std::move(own));
  }
}

}  // namespace cupel::perturbation
