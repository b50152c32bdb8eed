#pragma once
/// What the files of this folder that define baselines share. Not for use outside.
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/options.hpp"
#include "cupel/dataset.hpp"
#include "model/function_predictor.hpp"
#include "model/pair_table.hpp"

namespace cupel::drug_response {

/// One line of the registry: its description, what the data must have, and how to make it.
struct BaselineEntry {
  PredictorInfo info;  ///< without `parameters`
  bool is_default = true;
  std::vector<std::string> needs;  ///< "cell.tissue", "drug.fingerprint", "cell.expression"
  std::function<FitFunction(Options&)> make;
};

std::vector<BaselineEntry> mean_baselines();
std::vector<BaselineEntry> additive_baselines();
std::vector<BaselineEntry> identity_baselines();
std::vector<BaselineEntry> neighbour_baselines();
std::vector<BaselineEntry> nearest_baselines();

inline PairTable drug_cell_pairs(const Dataset& data, std::span<const std::uint32_t> rows) {
  return training_pairs(data, rows, "drug", "cell");
}

/// Which drugs and cell lines training has shown; counts the others when they are predicted.
class SeenPairs {
 public:
  explicit SeenPairs(const PairTable& pairs);
  [[nodiscard]] bool drug(std::uint32_t code) const noexcept { return drug_[code] != 0; }
  [[nodiscard]] bool cell(std::uint32_t code) const noexcept { return cell_[code] != 0; }

  /// Predicts `value(drug, cell)` for every row and counts unseen drugs and cell lines; `fallback`
  /// tells in the diagnostic what they were given.
  Prediction predict(const Dataset& data, std::span<const std::uint32_t> rows,
                     const std::string& fallback,
                     const std::function<double(std::uint32_t, std::uint32_t)>& value) const;

 private:
  std::vector<std::uint8_t> drug_;
  std::vector<std::uint8_t> cell_;
};

}  // namespace cupel::drug_response
