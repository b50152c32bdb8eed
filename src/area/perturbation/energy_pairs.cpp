#include "area/perturbation/energy_pairs.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/parallel.hpp"
#include "simd/blas.hpp"

namespace cupel::perturbation {
namespace {

constexpr std::size_t kTile = 256;

/// Cells of one group, as rows of stored values.
struct GroupCells {
  std::vector<std::uint64_t> begin = {0};
  std::vector<std::uint32_t> columns;
  std::vector<double> values;
  std::vector<double> square;  ///< |x|^2 per cell
  [[nodiscard]] std::size_t size() const { return square.size(); }
};

std::vector<GroupCells> collect(const CellView& view, std::size_t n_labels,
                                std::span<const std::uint32_t> code, const Context& context) {
  std::vector<GroupCells> groups(n_labels);
  view.stream({}, context, std::function<void(CellBlock<double>&)>([&](CellBlock<double>& block) {
                for (std::size_t i = 0; i < block.n_rows; ++i) {
                  const auto label = code[block.first_row + i];
                  if (label == Categories::kMissing) continue;
                  GroupCells& group = groups[label];
                  const std::size_t begin = block.is_sparse ? block.row_begin[i] : i * block.n_cols;
                  const std::size_t end =
                      block.is_sparse ? block.row_begin[i + 1] : (i + 1) * block.n_cols;
                  double square = 0.0;
                  for (std::size_t k = begin; k < end; ++k) {
                    const double value = block.values[k];
                    if (value == 0.0) continue;
                    group.columns.push_back(
                        block.is_sparse ? block.columns[k] : static_cast<std::uint32_t>(k - begin));
                    group.values.push_back(value);
                    square += value * value;
                  }
                  group.begin.push_back(group.values.size());
                  group.square.push_back(square);
                }
              }));
  return groups;
}

void densify(const GroupCells& group, std::size_t first, std::size_t last, std::size_t n_genes,
             std::vector<double>& out) {
  out.assign((last - first) * n_genes, 0.0);
  for (std::size_t i = first; i < last; ++i) {
    double* row = out.data() + (i - first) * n_genes;
    for (auto k = group.begin[i]; k < group.begin[i + 1]; ++k) {
      row[group.columns[k]] = group.values[k];
    }
  }
}

/// Sum of the distances of cells [first, last) of `a` to all cells of `b`; `same`: they are one
/// group, and a cell is at distance 0 from itself.
double sum_of_distances(const GroupCells& a, std::size_t first, std::size_t last,
                        const GroupCells& b, bool same, std::size_t n_genes) {
  std::vector<double> left;
  std::vector<double> right;
  std::vector<double> product;
  densify(a, first, last, n_genes, left);
  double sum = 0.0;
  for (std::size_t from = 0; from < b.size(); from += kTile) {
    const std::size_t to = std::min(b.size(), from + kTile);
    densify(b, from, to, n_genes, right);
    product.assign((last - first) * (to - from), 0.0);
    blas::multiply(last - first, to - from, n_genes, 1.0, left.data(), false, right.data(), true,
                   0.0, product.data());
    for (std::size_t i = first; i < last; ++i) {
      for (std::size_t j = from; j < to; ++j) {
        if (same && i == j) continue;
        const double square =
            a.square[i] + b.square[j] - 2.0 * product[(i - first) * (to - from) + (j - from)];
        sum += std::sqrt(std::max(square, 0.0));
      }
    }
  }
  return sum;
}

struct Item {
  std::size_t label = 0;
  std::size_t first = 0;
  std::size_t last = 0;
};

}  // namespace

std::vector<double> energy_distances(const CellView& view, std::size_t n_labels,
                                     std::span<const std::uint32_t> code, std::size_t control,
                                     const Context& context) {
  const auto groups = collect(view, n_labels, code, context);
  const std::size_t n_genes = view.info().cols;
  std::vector<Item> items;
  for (std::size_t label = 0; label < n_labels; ++label) {
    for (std::size_t first = 0; first < groups[label].size(); first += kTile) {
      items.push_back({label, first, std::min(groups[label].size(), first + kTile)});
    }
  }
  std::vector<double> within(items.size(), 0.0);
  std::vector<double> across(items.size(), 0.0);
  parallel_for(context, items.size(), [&](std::size_t i) {
    const auto& [label, first, last] = items[i];
    within[i] = sum_of_distances(groups[label], first, last, groups[label], true, n_genes);
    if (label == control) return;
    across[i] = sum_of_distances(groups[label], first, last, groups[control], false, n_genes);
  });
  std::vector<double> inner(n_labels, 0.0);
  std::vector<double> outer(n_labels, 0.0);
  for (std::size_t i = 0; i < items.size(); ++i) {
    inner[items[i].label] += within[i];
    outer[items[i].label] += across[i];
  }
  std::vector<double> distance(n_labels, 0.0);
  const auto n_control = static_cast<double>(groups[control].size());
  for (std::size_t label = 0; label < n_labels; ++label) {
    if (label == control) continue;
    const auto n = static_cast<double>(groups[label].size());
    distance[label] = 2.0 * outer[label] / (n * n_control) - inner[label] / (n * n) -
                      inner[control] / (n_control * n_control);
  }
  return distance;
}

}  // namespace cupel::perturbation
