#pragma once
/// What the files of this folder that define baselines share. Not for use outside.
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/options.hpp"
#include "cupel/dataset.hpp"
#include "data/profiles.hpp"
#include "model/function_predictor.hpp"

namespace cupel::perturbation {

/// One line of the registry: its description, when it makes sense, and how to make it.
struct BaselineEntry {
  PredictorInfo info;                              ///< without `parameters`
  std::function<bool(const Dataset&)> is_default;  ///< null: never
  std::function<void(const Dataset&)> check;       ///< throws where the data lack something
  std::function<FitFunction(Options&)> make;
  std::string left_out_because;  ///< why it is no default where it is none
};

std::vector<BaselineEntry> mean_baselines();
std::vector<BaselineEntry> additive_baselines();
std::vector<BaselineEntry> embedding_baselines();
std::vector<BaselineEntry> oracle_baselines();

/// Throws Error{internal} for a data set without profiles.
const ProfileData& profile_data(const Dataset& data);
bool has_contexts(const Dataset& data);      ///< more than one
bool has_combinations(const Dataset& data);  ///< at least one
std::uint32_t context_of(const Dataset& data, std::uint32_t row);
std::uint32_t perturbation_of(const Dataset& data, std::uint32_t row);
std::span<const double> control_of(const Dataset& data, std::uint32_t row);

using Vector = std::vector<double>;
/// Weighted mean of vectors of one length.
class MeanOf {
 public:
  explicit MeanOf(std::size_t size) : sum_(size, 0.0) {}
  void add(std::span<const double> values, double weight = 1.0);
  /// values - reference.
  void add_change(std::span<const double> values, std::span<const double> reference,
                  double weight = 1.0);
  [[nodiscard]] bool empty() const noexcept { return weight_ == 0.0; }
  [[nodiscard]] Vector mean() const;  ///< NaN where empty

 private:
  Vector sum_;
  double weight_ = 0.0;
};

/// Mean responses of training rows.
struct Responses {
  Vector shared;                                    ///< of all rows, one weight each
  std::map<std::uint32_t, Vector> of_context;       ///< of the rows of a context
  std::map<std::uint32_t, Vector> of_perturbation;  ///< of its rows: one per context
  std::map<std::uint64_t, Vector> of_pair;          ///< (perturbation, context)
  static std::uint64_t pair_key(std::uint32_t perturbation, std::uint32_t context) noexcept {
    return (std::uint64_t{perturbation} << 32U) | context;
  }
  /// The perturbation's response in the context, else its mean over contexts; null = unseen.
  [[nodiscard]] const Vector* find(std::uint32_t perturbation, std::uint32_t context) const;
};
Responses responses_of(const Dataset& data, std::span<const std::uint32_t> rows);

/// Fills the prediction row by row: control of the row's context + what `response` adds to `out`
/// (which holds the control).
Prediction predict_from_control(
    const Dataset& data, std::span<const std::uint32_t> rows,
    const std::function<void(std::uint32_t row, std::span<double> out, Diagnostics&)>& response);
void add_to(std::span<double> out, std::span<const double> change, double factor = 1.0) noexcept;

/// Code of the single perturbation of that name; kUnknown = there is none.
std::uint32_t single_code(const Dataset& data, const std::string& member);

}  // namespace cupel::perturbation
