// Rules that look at the whole landscape of pairs: SALI and the SAS map. Both go over all pairs in
// tiles and keep only the cliffs.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "area/potency/cliff_kinds.hpp"
#include "cupel/error.hpp"
#include "similarity/tiles.hpp"

namespace cupel::potency {
namespace {

std::uint64_t n_pairs_of(std::size_t n) noexcept {
  const auto items = static_cast<std::uint64_t>(n);
  return n < 2 ? 0 : items * (items - 1) / 2;
}

/// Visits all pairs i < j: compute(i, j, similarity, part) fills the part of a block, on any
/// thread; take(part) gets the parts in order.
template <typename Part, typename Compute, typename Take>
void for_all_pairs(const Similarity& similarity, const Context& context, const Compute& compute,
                   const Take& take) {
  const TileGrid grid(similarity);
  in_order<Part>(
      context, "comparing pairs", grid.n_blocks(),
      [&](std::size_t block) {
        Part part;
        std::vector<double> values;
        const Range rows = grid.rows(block);
        grid.for_cols(block, context, [&](Range cols) {
          values.resize(rows.size() * cols.size());
          similarity.values(rows, cols, values);
          for (std::size_t i = rows.begin; i < rows.end; ++i) {
            const double* row = values.data() + (i - rows.begin) * cols.size();
            for (std::size_t j = std::max(cols.begin, i + 1); j < cols.end; ++j) {
              compute(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j),
                      row[j - cols.begin], part);
            }
          }
        });
        return part;
      },
      [&](Part&& part) { take(std::move(part)); },
      [](const Part&) { return std::size_t{1} << 20; });
}

bool by_rows(const CliffPair& a, const CliffPair& b) noexcept {
  return std::pair(a.first, a.second) < std::pair(b.first, b.second);
}

/// Larger SALI first; ties by rows.
bool by_score(const CliffPair& a, const CliffPair& b) noexcept {
  return a.score != b.score ? a.score > b.score : by_rows(a, b);
}

void keep_best(std::vector<CliffPair>& pairs, std::size_t n) {
  if (pairs.size() <= n) return;
  std::nth_element(pairs.begin(), pairs.begin() + static_cast<std::ptrdiff_t>(n), pairs.end(),
                   by_score);
  pairs.resize(n);
}

struct Moments {
  double sum = 0.0;
  double sum_of_squares = 0.0;
};

/// "mean+2sd", or a number; NaN = the former.
double parse_similarity(const std::string& text) {
  if (text == "mean+2sd") return std::numeric_limits<double>::quiet_NaN();
  double value = 0.0;
  const auto end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end || !(value >= 0.0 && value <= 1.0)) {
    fail(ErrorKind::usage, "cliff rule sas: option similarity cannot be \"" + text + "\"", {},
         "give a number from 0 to 1, or mean+2sd");
  }
  return value;
}

double mean_and_two_sd(const Similarity& similarity, const Context& context) {
  Moments all;
  for_all_pairs<Moments>(
      similarity, context,
      [](std::uint32_t, std::uint32_t, double value, Moments& part) {
        part.sum += value;
        part.sum_of_squares += value * value;
      },
      [&](Moments&& part) {
        all.sum += part.sum;
        all.sum_of_squares += part.sum_of_squares;
      });
  const auto n = static_cast<double>(n_pairs_of(similarity.n_rows()));
  const double mean = all.sum / n;
  return mean + 2.0 * std::sqrt(std::max(0.0, all.sum_of_squares / n - mean * mean));
}

struct Quadrants {
  std::vector<CliffPair> cliffs;
  std::uint64_t smooth = 0;
  std::uint64_t hops = 0;
  std::uint64_t nondescript = 0;
};

}  // namespace

CliffFinding find_sali(const CliffInput& input, Options& options, const Context& context) {
  const double top = options.number("top", 0.001, 0.0, 1.0);
  const double limit = options.number("limit", 0.0, 0.0, 1e12);
  const double cap = options.number("cap", 0.99, 0.0, 0.999999);
  const unsigned radius = options.count("radius", kEcfpRadius, 0, 8);
  const std::size_t n_bits = options.count("bits", kEcfpBits, 64, 1U << 16);
  options.finish();
  const auto similarity = ecfp_similarity(input, radius, n_bits, context);
  const std::uint64_t n_pairs = n_pairs_of(input.smiles.size());
  const std::size_t n_wanted =
      limit > 0.0 ? std::numeric_limits<std::size_t>::max()
                  : static_cast<std::size_t>(std::floor(top * static_cast<double>(n_pairs)));
  CliffFinding finding;
  using Part = std::vector<CliffPair>;
  const std::size_t n_held = limit > 0.0 ? n_wanted : std::max<std::size_t>(2 * n_wanted, 4096);
  for_all_pairs<Part>(
      *similarity, context,
      [&](std::uint32_t i, std::uint32_t j, double value, Part& part) {
        const double difference = input.log_difference(i, j);
        const double score = sali_of(difference, value, cap);
        if (!(score > 0.0) || score < limit) return;
        part.push_back({.first = i,
                        .second = j,
                        .similarity = value,
                        .because = "sali",
                        .log_difference = difference,
                        .score = score,
                        .sali = score});
        if (part.size() >= n_held) keep_best(part, n_wanted);
      },
      [&](Part&& part) {
        finding.pairs.insert(finding.pairs.end(), part.begin(), part.end());
        if (finding.pairs.size() >= n_held) keep_best(finding.pairs, n_wanted);
      });
  keep_best(finding.pairs, n_wanted);
  finding.limit = limit;
  if (limit == 0.0 && !finding.pairs.empty()) {
    finding.limit = std::ranges::min_element(finding.pairs, {}, &CliffPair::score)->score;
  }
  std::sort(finding.pairs.begin(), finding.pairs.end(), by_rows);
  return finding;
}

CliffFinding find_sas(const CliffInput& input, Options& options, const Context& context) {
  const double given = parse_similarity(options.text("similarity", "mean+2sd"));
  const double least = options.number("difference", 1.0, 0.0, 100.0);
  const unsigned radius = options.count("radius", kEcfpRadius, 0, 8);
  const std::size_t n_bits = options.count("bits", kEcfpBits, 64, 1U << 16);
  options.finish();
  const auto similarity = ecfp_similarity(input, radius, n_bits, context);
  CliffFinding finding;
  if (n_pairs_of(input.smiles.size()) == 0) return finding;
  const double limit = std::isnan(given) ? mean_and_two_sd(*similarity, context) : given;
  Quadrants all;
  for_all_pairs<Quadrants>(
      *similarity, context,
      [&](std::uint32_t i, std::uint32_t j, double value, Quadrants& part) {
        const double difference = input.log_difference(i, j);
        const bool is_far = difference > 0.0 && difference >= least - kLogTie;
        if (value >= limit && is_far) {
          part.cliffs.push_back({.first = i,
                                 .second = j,
                                 .similarity = value,
                                 .because = "sas",
                                 .log_difference = difference,
                                 .score = difference,
                                 .sali = sali_of(difference, value, 0.99)});
        } else if (value >= limit) {
          ++part.smooth;
        } else {
          ++(is_far ? part.nondescript : part.hops);
        }
      },
      [&](Quadrants&& part) {
        finding.pairs.insert(finding.pairs.end(), part.cliffs.begin(), part.cliffs.end());
        all.smooth += part.smooth;
        all.hops += part.hops;
        all.nondescript += part.nondescript;
      });
  std::sort(finding.pairs.begin(), finding.pairs.end(), by_rows);
  finding.limit = limit;
  finding.counts = {{"cliffs", finding.pairs.size()},
                    {"smooth", all.smooth},
                    {"similarity_hops", all.hops},
                    {"nondescript", all.nondescript}};
  return finding;
}

}  // namespace cupel::potency
