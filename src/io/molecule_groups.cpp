#include "io/molecule_groups.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <unordered_map>

namespace cupel {
namespace {

struct Compound {
  std::size_t first = 0;
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  std::size_t n_values = 0;
};

}  // namespace

MoleculeGroups group_molecules(std::span<const std::string> canonical,
                               std::span<const std::string> parent,
                               std::span<const double> values) {
  const std::size_t n = canonical.size();
  MoleculeGroups groups{.duplicate_of = std::vector<std::size_t>(n, MoleculeGroups::kNone),
                        .replicate_of = std::vector<std::size_t>(n, MoleculeGroups::kNone),
                        .spread = std::vector<double>(n, std::nan(""))};
  std::unordered_map<std::string_view, std::size_t> molecules;
  std::unordered_map<std::string_view, Compound> compounds;
  for (std::size_t i = 0; i < n; ++i) {
    if (canonical[i].empty()) continue;
    const auto [molecule, is_new] = molecules.emplace(canonical[i], i);
    if (!is_new) groups.duplicate_of[i] = molecule->second;
    const auto [compound, is_new_compound] = compounds.emplace(parent[i], Compound{.first = i});
    if (!is_new_compound && is_new) groups.replicate_of[i] = compound->second.first;
    if (values.empty() || !std::isfinite(values[i])) continue;
    compound->second.low = std::min(compound->second.low, values[i]);
    compound->second.high = std::max(compound->second.high, values[i]);
    ++compound->second.n_values;
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (canonical[i].empty()) continue;
    const Compound& compound = compounds.at(parent[i]);
    if (compound.n_values > 1) groups.spread[i] = compound.high - compound.low;
  }
  groups.n_molecules = molecules.size();
  groups.n_compounds = compounds.size();
  return groups;
}

}  // namespace cupel
