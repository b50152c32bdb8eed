#pragma once
/// GEARS' split `simulation` (Roohani et al. 2023, doi:10.1038/s41587-023-01905-6; gears 0.1.2,
/// DataSplitter.get_simulation_split), number for number: genes are drawn by numpy's legacy
/// generator, then every perturbation falls into a group.
///
/// Convention: genes and combinations are sorted as text by the labels as written; singles and
/// combinations are told apart by their number of members. GEARS writes singles as "A+ctrl", and
/// its order of combinations is that of their labels.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cupel::perturbation {

enum class GearsGroup : std::uint8_t {
  train,
  unseen_single,
  combo_seen0,
  combo_seen1,
  combo_seen2
};

struct GearsPerturbation {
  std::string label;                 ///< as written
  std::vector<std::string> members;  ///< without the control
};

/// One call of get_simulation_split: genes are dealt to training with probability `gene_share`,
/// combinations of two trained genes with `combo_share`.
std::vector<GearsGroup> gears_simulation(std::span<const GearsPerturbation> perturbations,
                                         double gene_share, double combo_share, std::uint32_t seed);

}  // namespace cupel::perturbation
