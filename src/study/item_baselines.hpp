#pragma once
/// Baselines of a spectrum study. All are fitted on the training items only.
#include <memory>
#include <string>
#include <vector>

#include "cupel/predictor.hpp"
#include "study/item_set.hpp"

namespace cupel {

struct ItemBaseline {
  std::unique_ptr<Predictor> predictor;
  bool may_be_bar = true;  ///< false: sees the whole input, as models do; drawn, never the bar
  bool copies_nearest = false;
};

/// `mean`, `nearest_copy`, `nearest_neighbours`; for mutations `mutation_count`,
/// `mutation_sites` and `mutation_linear` (logistic for labels); for sequences, molecules and
/// vectors `input_linear`, a reference.
std::vector<std::string> item_baseline_names(const ItemSet& set);
/// `set` must outlive the predictor. Throws Error{usage} with the nearest name.
ItemBaseline make_item_baseline(const std::string& name, const ItemSet& set);

}  // namespace cupel
