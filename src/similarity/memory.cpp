#include "similarity/memory.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

constexpr std::size_t kBins = 1000;

std::string gib(double bytes) { return fmt::format("{:.3g} GiB", bytes / 1073741824.0); }

std::vector<std::uint32_t> draw_rows(std::size_t n_rows, std::uint64_t seed) {
  const std::size_t wanted = std::min(n_rows, std::clamp<std::size_t>(n_rows / 100, 32, 256));
  std::vector<std::uint32_t> rows(n_rows);
  std::iota(rows.begin(), rows.end(), 0U);
  Rng rng(seed, "estimate of pairs");
  rng.shuffle(std::span(rows));
  rows.resize(wanted);
  return rows;
}

/// Pairs of one row by value: counts per bin above the threshold.
std::vector<std::uint32_t> count_row(const Similarity& similarity, const PairEstimate& estimate,
                                     std::size_t row, const Context& context) {
  std::vector<std::uint32_t> counts(kBins, 0);
  std::vector<Hit> hits;
  const std::size_t step = similarity.tile_shape().cols;
  const double range = std::max(1.0 - estimate.threshold, 1e-9);
  for (std::size_t col = 0; col < similarity.n_cols(); col += step) {
    context.check_cancelled();
    hits.clear();
    similarity.at_least({row, row + 1}, {col, std::min(col + step, similarity.n_cols())},
                        estimate.threshold, hits);
    for (const Hit& hit : hits) {
      if (similarity.is_symmetric() && hit.col == row) continue;
      const double place = (hit.value - estimate.threshold) / range * static_cast<double>(kBins);
      ++counts[static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(kBins - 1)))];
    }
  }
  return counts;
}

[[noreturn]] void refuse(const std::string& what, double bytes_needed, std::uint64_t limit,
                         const std::string& what_fits) {
  fail_input(what + " would need " + gib(bytes_needed) + ", but " +
                 gib(static_cast<double>(limit)) + " are allowed",
             {}, what_fits);
}

}  // namespace

std::uint64_t MemoryLimit::default_bytes() {
  const auto pages = static_cast<std::uint64_t>(std::max(sysconf(_SC_PHYS_PAGES), 1L));
  std::uint64_t bytes = pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  std::ifstream group("/sys/fs/cgroup/memory.max");  // "max" or a number of bytes
  std::uint64_t allowed = 0;
  if (group >> allowed) bytes = std::min(bytes, allowed);
  return bytes / 2;
}

double PairEstimate::bin_low(std::size_t bin) const noexcept {
  return threshold +
         std::max(1.0 - threshold, 1e-9) * static_cast<double>(bin) / static_cast<double>(kBins);
}

double PairEstimate::threshold_for(double n) const noexcept {
  for (std::size_t bin = 0; bin < above.size(); ++bin) {
    if (above[bin] <= n) return bin_low(bin);
  }
  return bin_low(kBins);
}

PairEstimate estimate_pairs(const Similarity& similarity, double threshold,
                            const Context& context) {
  PairEstimate estimate{.threshold = threshold};
  const auto n = static_cast<double>(similarity.n_rows());
  estimate.all_pairs = similarity.is_symmetric() ? n * (n - 1.0) / 2.0
                                                 : n * static_cast<double>(similarity.n_cols());
  estimate.above.assign(kBins, 0.0);
  if (similarity.n_rows() == 0) return estimate;
  const auto rows = draw_rows(similarity.n_rows(), context.seed);
  std::vector<std::vector<std::uint32_t>> counts(rows.size());
  parallel_for(context, rows.size(), [&](std::size_t i) {
    counts[i] = count_row(similarity, estimate, rows[i], context);
  });
  const auto n_sampled = static_cast<double>(rows.size());
  double sum = 0.0;
  double squares = 0.0;
  for (const auto& row : counts) {
    double total = 0.0;
    for (std::size_t b = 0; b < kBins; ++b) {
      estimate.above[b] += row[b];
      total += row[b];
    }
    sum += total;
    squares += total * total;
  }
  // Every pair of a symmetric similarity is seen from both of its rows.
  const double scale = (similarity.is_symmetric() ? 0.5 : 1.0) * n / n_sampled;
  for (std::size_t b = kBins - 1; b-- > 0;) estimate.above[b] += estimate.above[b + 1];
  for (double& value : estimate.above) value *= scale;
  estimate.sampled_rows = rows.size();
  estimate.n_pairs = sum * scale;
  if (rows.size() > 1 && rows.size() < similarity.n_rows()) {
    const double variance = (squares - sum * sum / n_sampled) / (n_sampled - 1.0);
    estimate.standard_error = scale * std::sqrt(std::max(variance, 0.0) * n_sampled);
  }
  return estimate;
}

void check_fits(const Similarity& similarity, double threshold, double bytes_per_pair,
                const MemoryLimit& limit, const Context& context) {
  const std::uint64_t allowed = limit.in_force();
  const double fits = static_cast<double>(allowed) / bytes_per_pair;
  const auto n = static_cast<double>(similarity.n_rows());
  const auto m = static_cast<double>(similarity.n_cols());
  if ((similarity.is_symmetric() ? n * (n - 1.0) / 2.0 : n * m) <= fits) return;
  const PairEstimate estimate = estimate_pairs(similarity, threshold, context);
  if (estimate.n_pairs <= fits) return;
  const double higher = std::ceil(estimate.threshold_for(0.8 * fits) * 1000.0) / 1000.0;
  refuse(fmt::format("about {:.3g} of {:.3g} pairs have a similarity of at least {:.4g} "
                     "(estimated from {} items); to keep them",
                     estimate.n_pairs, estimate.all_pairs, threshold, estimate.sampled_rows),
         estimate.n_pairs * bytes_per_pair, allowed,
         fmt::format("a threshold of {:.3f} would fit; or allow more memory, or write the pairs to "
                     "a file instead of keeping them",
                     higher));
}

void check_still_fits(std::uint64_t n_pairs, double bytes_per_pair, const MemoryLimit& limit,
                      double threshold) {
  const std::uint64_t allowed = limit.in_force();
  const double needed = static_cast<double>(n_pairs) * bytes_per_pair;
  if (needed <= static_cast<double>(allowed)) return;
  refuse(
      fmt::format("{} pairs with a similarity of at least {:.4g} were found so far; to keep them",
                  n_pairs, threshold),
      needed, allowed,
      "raise the threshold, allow more memory, or write the pairs to a file instead of keeping "
      "them");
}

}  // namespace cupel
