#include "area/perturbation/pseudobulk.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "area/perturbation/cell_tiles.hpp"
#include "base/parallel.hpp"
#include "base/random.hpp"
#include "cupel/error.hpp"
#include "cupel/finding.hpp"

namespace cupel::perturbation {
namespace {

GroupSums empty_sums(std::size_t n_groups, std::size_t n_genes) {
  return {.n_cells = std::vector<std::uint64_t>(n_groups, 0),
          .sum = Matrix<double>(n_groups, n_genes, 0.0),
          .total = std::vector<double>(n_groups, 0.0)};
}

void add_totals(GroupSums& sums) {
  for (std::size_t g = 0; g < sums.sum.rows; ++g) {
    const auto row = sums.sum.row(g);
    sums.total[g] = std::accumulate(row.begin(), row.end(), 0.0);
  }
}

/// Squares around the first stored value, and how many values are stored.
struct Spread {
  Matrix<double> shift;
  Matrix<double> square;
  Matrix<std::uint32_t> n_stored;
};

double variance_of(double n, double n_stored, double sum, double shift, double square) {
  if (n < 2.0) return kUndefined;
  if (n_stored == 0.0) return 0.0;
  const double shifted = sum - n_stored * shift;
  double squares = square - shifted * shifted / n_stored;
  if (squares < 0.0) squares = 0.0;  // NaN stays
  const double mean_stored = sum / n_stored;
  squares += mean_stored * mean_stored * n_stored * (n - n_stored) / n;
  return squares / (n - 1.0);
}

/// The spread's squares become the variance.
Matrix<double> finish_variance(const GroupSums& sums, Spread& spread, const Context& context) {
  parallel_for(context, sums.sum.rows, [&](std::size_t g) {
    const auto n = static_cast<double>(sums.n_cells[g]);
    for (std::size_t j = 0; j < sums.sum.cols; ++j) {
      spread.square(g, j) = variance_of(n, spread.n_stored(g, j), sums.sum(g, j),
                                        spread.shift(g, j), spread.square(g, j));
    }
  });
  return std::move(spread.square);
}

void check_groups(const CellMatrix& matrix, const CellGroups& groups) {
  if (groups.code.size() == matrix.info().rows) return;
  fail(ErrorKind::internal, "pseudobulks: a group for every row of the matrix is needed");
}

}  // namespace

std::vector<std::uint8_t> halves_of_cells(const CellGroups& groups, std::uint64_t seed) {
  std::vector<std::vector<std::pair<std::uint64_t, std::uint32_t>>> cells(groups.count);
  for (std::uint32_t cell = 0; cell < groups.code.size(); ++cell) {
    if (groups.code[cell] == CellGroups::kNoGroup) continue;
    cells[groups.code[cell]].emplace_back(Rng(seed, "halves of cells", cell).next64(), cell);
  }
  std::vector<std::uint8_t> half(groups.code.size(), 2);
  for (auto& group : cells) {
    std::sort(group.begin(), group.end());
    const std::size_t size = group.size() / 2;
    for (std::size_t i = 0; i < 2 * size; ++i) half[group[i].second] = i < size ? 0 : 1;
  }
  return half;
}

Pseudobulk accumulate(const CellMatrix& matrix, const CellGroups& groups,
                      const PseudobulkOptions& options, const Context& context) {
  check_groups(matrix, groups);
  const std::size_t n_genes = matrix.info().cols;
  Pseudobulk bulk{.all = empty_sums(groups.count, n_genes)};
  Spread spread;
  if (options.variance) {
    spread = {.shift = Matrix<double>(groups.count, n_genes, 0.0),
              .square = Matrix<double>(groups.count, n_genes, 0.0),
              .n_stored = Matrix<std::uint32_t>(groups.count, n_genes, 0)};
  }
  std::vector<std::vector<std::uint8_t>> half;
  for (const auto seed : options.half_seeds) {
    half.push_back(halves_of_cells(groups, seed));
    bulk.halves.push_back({empty_sums(groups.count, n_genes), empty_sums(groups.count, n_genes)});
  }
  for (std::size_t cell = 0; cell < groups.code.size(); ++cell) {
    if (groups.code[cell] == CellGroups::kNoGroup) continue;
    ++bulk.all.n_cells[groups.code[cell]];
    for (std::size_t s = 0; s < half.size(); ++s) {
      if (half[s][cell] < 2) ++bulk.halves[s][half[s][cell]].n_cells[groups.code[cell]];
    }
  }
  const auto make_work = [&]<typename V>(V) {
    TileWork<V> work;
    work.row = [&](std::size_t, std::size_t, const TileRow<V>& row) {
      double* sum = bulk.all.sum.row(row.group).data();
      if (options.variance) {
        double* shift = spread.shift.row(row.group).data();
        double* square = spread.square.row(row.group).data();
        std::uint32_t* n_stored = spread.n_stored.row(row.group).data();
        row.each([=](std::size_t column, double value) {
          sum[column] += value;
          if (n_stored[column]++ == 0) {
            shift[column] = value;
          } else {
            const double off = value - shift[column];
            square[column] += off * off;
          }
        });
      } else {
        row.each([=](std::size_t column, double value) { sum[column] += value; });
      }
      for (std::size_t s = 0; s < half.size(); ++s) {
        const auto h = half[s][row.cell];
        if (h > 1) continue;
        double* part = bulk.halves[s][h].sum.row(row.group).data();
        row.each([=](std::size_t column, double value) { part[column] += value; });
      }
    };
    return work;
  };
  stream_tiles(matrix, groups, options.transform, options.memory_bytes, make_work, context);
  add_totals(bulk.all);
  for (auto& pair : bulk.halves) {
    for (auto& sums : pair) add_totals(sums);
  }
  if (options.variance) bulk.variance = finish_variance(bulk.all, spread, context);
  return bulk;
}

PseudobulkKind parse_pseudobulk(std::string_view text) {
  if (text == "mean") return PseudobulkKind::mean;
  if (text == "log_of_mean") return PseudobulkKind::log_of_mean;
  if (text == "group_sum") return PseudobulkKind::group_sum;
  fail(ErrorKind::usage, "\"" + std::string(text) + "\" is no kind of pseudobulk", {},
       "mean, log_of_mean or group_sum");
}

Matrix<double> profiles_of(const GroupSums& sums, PseudobulkKind kind, double bulk_target) {
  Matrix<double> profiles(sums.sum.rows, sums.sum.cols, kUndefined);
  for (std::size_t g = 0; g < sums.sum.rows; ++g) {
    const auto n = static_cast<double>(sums.n_cells[g]);
    if (n == 0.0) continue;
    const auto sum = sums.sum.row(g);
    const auto out = profiles.row(g);
    for (std::size_t j = 0; j < sum.size(); ++j) {
      if (kind == PseudobulkKind::group_sum) {
        if (sums.total[g] > 0.0) out[j] = std::log1p(bulk_target * sum[j] / sums.total[g]);
      } else {
        out[j] = kind == PseudobulkKind::mean ? sum[j] / n : std::log1p(sum[j] / n);
      }
    }
  }
  return profiles;
}

}  // namespace cupel::perturbation
