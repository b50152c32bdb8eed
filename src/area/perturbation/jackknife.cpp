// Delete-one jackknife of group_sum profiles: pseudobulk.hpp has the formula.
//
// With e_i = l_i / (S - l_i), a = T P / S and c = a / (1 + a), a cell's deviation from the profile
// is
//   d_ig = v_ig - ln(1 + a) = ln(1 + c (e_i - (1 + e_i) y / P)),
// which is ln(1 + c e_i) where y = 0. Sums of that and of its square over the cells are series in
// c with the moments sum e_i^k as coefficients; cells that hold a value swap their term.
#include <array>
#include <cmath>

#include "area/perturbation/cell_tiles.hpp"
#include "area/perturbation/pseudobulk.hpp"
#include "base/parallel.hpp"
#include "cupel/error.hpp"

namespace cupel::perturbation {
namespace {

constexpr std::size_t kTerms = 18;
constexpr double kLargestShare = 1.0 / 9.0;  // of e: a tenth of all counts

/// Sums of e^k over the cells of a group whose e is small.
using Moments = std::array<double, kTerms + 1>;

/// sum_i ln(1 + c e_i) and sum_i ln(1 + c e_i)^2.
std::pair<double, double> series(double c, const Moments& moments) {
  double first = 0.0;
  double second = 0.0;
  double power = 1.0;
  double harmonic = 0.0;  // H_(k-1)
  for (std::size_t k = 1; k <= kTerms; ++k) {
    power *= c;
    const double term = power * moments[k] / static_cast<double>(k);
    first += k % 2 == 1 ? term : -term;
    second += (k % 2 == 0 ? 2.0 : -2.0) * harmonic * term;
    harmonic += 1.0 / static_cast<double>(k);
  }
  return {first, second};
}

/// c of every gene of a group, and the two sums.
struct Deviations {
  Matrix<double> scale;  // c
  Matrix<double> first;
  Matrix<double> second;
};

Deviations start(const GroupSums& sums, double bulk_target) {
  Deviations out{.scale = Matrix<double>(sums.sum.rows, sums.sum.cols, 0.0),
                 .first = Matrix<double>(sums.sum.rows, sums.sum.cols, 0.0),
                 .second = Matrix<double>(sums.sum.rows, sums.sum.cols, 0.0)};
  for (std::size_t g = 0; g < sums.sum.rows; ++g) {
    if (!(sums.total[g] > 0.0)) continue;
    for (std::size_t j = 0; j < sums.sum.cols; ++j) {
      const double a = bulk_target * sums.sum(g, j) / sums.total[g];
      out.scale(g, j) = a / (1.0 + a);
    }
  }
  return out;
}

/// Deviation of a cell with value y; a cell that holds all counts leaves a profile of zeros.
double deviation(double c, double e, double y, double gene_sum) {
  if (std::isinf(e)) return std::log1p(-c);
  return std::log1p(c * (e - (1.0 + e) * y / gene_sum));
}

}  // namespace

Matrix<double> jackknife_variance(const CellMatrix& matrix, const CellGroups& groups,
                                  const GroupSums& sums, const CellTransform& transform,
                                  double bulk_target, const Context& context) {
  if (groups.code.size() != matrix.info().rows || sums.sum.cols != matrix.info().cols ||
      sums.sum.rows != groups.count) {
    fail(ErrorKind::internal, "jackknife: sums, groups and matrix do not fit together");
  }
  Deviations total = start(sums, bulk_target);
  std::vector<Moments> moments(groups.count, Moments{});
  std::vector<double> cell_e(groups.code.size(), 0.0);
  const auto make_work = [&]<typename V>(V) {
    TileWork<V> work;
    work.begin_block = [&](const CellBlock<V>& block) {
      for (std::size_t row = 0; row < block.n_rows; ++row) {
        const std::size_t cell = block.first_row + row;
        const auto group = groups.code[cell];
        if (group == CellGroups::kNoGroup) continue;
        double size = 0.0;
        for (const V value : row_values(block, row)) size += static_cast<double>(value);
        const double rest = sums.total[group] - size;
        const double e = rest > 0.0 ? size / rest : std::numeric_limits<double>::infinity();
        cell_e[cell] = e;
        if (e > kLargestShare) continue;
        double power = 1.0;
        for (std::size_t k = 1; k <= kTerms; ++k) moments[group][k] += power *= e;
      }
    };
    work.row = [&](std::size_t first, std::size_t last, const TileRow<V>& row) {
      const double e = cell_e[row.cell];
      const double* c = total.scale.row(row.group).data();
      const double* gene_sum = sums.sum.row(row.group).data();
      double* sum = total.first.row(row.group).data();
      double* square = total.second.row(row.group).data();
      const bool in_series = e <= kLargestShare;
      if (!in_series) {
        for (std::size_t j = first; j < last; ++j) {
          const double d = std::isinf(e) ? std::log1p(-c[j]) : std::log1p(c[j] * e);
          sum[j] += d;
          square[j] += d * d;
        }
      }
      row.each([=](std::size_t j, double value) {
        const double zero = std::isinf(e) ? std::log1p(-c[j]) : std::log1p(c[j] * e);
        const double d = deviation(c[j], e, value, gene_sum[j]);
        sum[j] += d - zero;
        square[j] += d * d - zero * zero;
      });
    };
    return work;
  };
  stream_tiles(matrix, groups, transform, std::size_t{256} << 20, make_work, context);
  parallel_for(context, groups.count, [&](std::size_t g) {
    const auto n = static_cast<double>(sums.n_cells[g]);
    for (std::size_t j = 0; j < sums.sum.cols; ++j) {
      const auto [first, second] = series(total.scale(g, j), moments[g]);
      const double mean = (total.first(g, j) + first) / n;
      const double squares = total.second(g, j) + second - n * mean * mean;
      total.second(g, j) = n < 2.0 ? 0.0 : std::max(0.0, squares) * (n - 1.0) / n;
    }
  });
  return std::move(total.second);
}

}  // namespace cupel::perturbation
