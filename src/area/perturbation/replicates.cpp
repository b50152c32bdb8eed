#include "area/perturbation/replicates.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "cupel/finding.hpp"

namespace cupel::perturbation {
namespace {

constexpr std::uint64_t kFewestCells = 10;
constexpr double kMostBytes = 1024.0 * 1024.0 * 1024.0;

/// One row per (replicate, group) from `accumulate`; those of one replicate and some groups.
Matrix<double> part(const Matrix<double>& all, std::span<const std::uint64_t> n_cells,
                    std::size_t first, std::size_t n, std::span<const std::uint32_t> columns) {
  Matrix<double> out(n, columns.size(), kUndefined);
  for (std::size_t i = 0; i < n; ++i) {
    if (n_cells[first + i] < kFewestCells) continue;
    for (std::size_t j = 0; j < columns.size(); ++j) out(i, j) = all(first + i, columns[j]);
  }
  return out;
}

}  // namespace

void add_replicates(const ProfileSource& source, const Categories& replicate,
                    const CellTransform& transform, const std::vector<std::string>& genes,
                    ProfileData& profiles, Diagnostics& diagnostics, const Context& context) {
  const std::size_t n_replicates = replicate.levels.size();
  const std::size_t n_groups = source.groups.count;
  if (n_replicates < 2) {
    diagnostics.add("one_replicate", Severity::note,
                    "The column of replicates has fewer than two values: nothing can be said of "
                    "differences between replicates.");
    return;
  }
  const double bytes =
      8.0 * static_cast<double>(n_replicates * n_groups) * static_cast<double>(genes.size());
  if (bytes > kMostBytes) {
    diagnostics.add("replicates_not_kept", Severity::note,
                    "Profiles of every replicate would take more than 1 GiB and were not made: the "
                    "ceiling is that of halves of the cells.");
    return;
  }
  std::vector<std::uint32_t> code(source.groups.code.size(), CellGroups::kNoGroup);
  for (std::size_t cell = 0; cell < code.size(); ++cell) {
    const auto group = source.groups.code[cell];
    if (group == CellGroups::kNoGroup || replicate.code[cell] == Categories::kMissing) continue;
    code[cell] = static_cast<std::uint32_t>(replicate.code[cell] * n_groups + group);
  }
  const Pseudobulk bulk =
      accumulate(source.matrix, {n_replicates * n_groups, code},
                 {.transform = transform, .variance = false, .half_seeds = {}}, context);
  const Matrix<double> all = profiles_of(bulk.all, source.kind, source.bulk_target);
  std::unordered_map<std::string, std::uint32_t> column_of;
  for (std::uint32_t j = 0; j < genes.size(); ++j) column_of.emplace(genes[j], j);
  std::vector<std::uint32_t> columns;
  for (const auto& gene : profiles.genes) columns.push_back(column_of.at(gene));
  const std::size_t n_controls = source.n_controls;
  for (std::size_t r = 0; r < n_replicates; ++r) {
    const std::size_t first = r * n_groups;
    const auto counts = std::span(bulk.all.n_cells).subspan(first, n_groups);
    profiles.replicates.push_back(
        {.name = replicate.levels[r],
         .profiles =
             part(all, bulk.all.n_cells, first + n_controls, n_groups - n_controls, columns),
         .controls = part(all, bulk.all.n_cells, first, n_controls, columns),
         .n_cells = {counts.begin() + static_cast<std::ptrdiff_t>(n_controls), counts.end()},
         .n_control_cells = {counts.begin(),
                             counts.begin() + static_cast<std::ptrdiff_t>(n_controls)}});
  }
}

}  // namespace cupel::perturbation
