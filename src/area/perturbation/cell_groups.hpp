#pragma once
/// Cells of a file as (perturbation, context) groups and controls of contexts.
#include <cstdint>
#include <string>
#include <vector>

#include "area/perturbation/labels.hpp"
#include "area/perturbation/pseudobulk.hpp"
#include "cupel/diagnostics.hpp"
#include "io/cells.hpp"

namespace cupel::perturbation {

/// Group codes: [0, n_contexts) are the controls of the contexts, then the perturbed groups.
struct SampleGroups {
  struct Group {
    std::uint32_t perturbation = 0;  ///< index of labels.ids
    std::uint32_t context = 0;
    std::uint64_t n_cells = 0;
  };
  ParsedColumn labels;
  std::vector<std::string> contexts;     ///< sorted; those that have cells
  std::vector<std::uint64_t> n_control;  ///< per context
  std::vector<Group> groups;             ///< by perturbation, then context
  std::vector<std::uint32_t> code;       ///< per cell
  [[nodiscard]] CellGroups cells() const { return {contexts.size() + groups.size(), code}; }
};

/// `context_column` "" = one context, "all". Cells without label, target of their guide or context
/// are counted in `diagnostics`.
SampleGroups sample_groups(const CellFile& cells, const std::string& perturbation_column,
                           const std::string& context_column, const LabelRules& rules,
                           Diagnostics& diagnostics);

}  // namespace cupel::perturbation
