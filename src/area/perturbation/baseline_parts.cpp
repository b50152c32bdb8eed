#include "area/perturbation/baseline_parts.hpp"

#include <algorithm>

#include "cupel/error.hpp"
#include "cupel/finding.hpp"

namespace cupel::perturbation {

const ProfileData& profile_data(const Dataset& data) {
  if (data.profiles == nullptr) fail(ErrorKind::internal, "the data set has no profiles");
  return *data.profiles;
}

bool has_contexts(const Dataset& data) { return data.entity("context").ids.size() > 1; }

bool has_combinations(const Dataset& data) {
  const auto& members = profile_data(data).members;
  return std::ranges::any_of(members, [](const auto& own) { return own.size() > 1; });
}

std::uint32_t context_of(const Dataset& data, std::uint32_t row) {
  return data.entities[1].code_of_sample[row];
}

std::uint32_t perturbation_of(const Dataset& data, std::uint32_t row) {
  return data.entities[0].code_of_sample[row];
}

std::span<const double> control_of(const Dataset& data, std::uint32_t row) {
  return data.profiles->controls.row(context_of(data, row));
}

void MeanOf::add(std::span<const double> values, double weight) {
  for (std::size_t j = 0; j < sum_.size(); ++j) sum_[j] += weight * values[j];
  weight_ += weight;
}

void MeanOf::add_change(std::span<const double> values, std::span<const double> reference,
                        double weight) {
  for (std::size_t j = 0; j < sum_.size(); ++j) sum_[j] += weight * (values[j] - reference[j]);
  weight_ += weight;
}

Vector MeanOf::mean() const {
  Vector mean = sum_;
  for (auto& value : mean) value = weight_ == 0.0 ? kUndefined : value / weight_;
  return mean;
}

const Vector* Responses::find(std::uint32_t perturbation, std::uint32_t context) const {
  if (const auto pair = of_pair.find(pair_key(perturbation, context)); pair != of_pair.end()) {
    return &pair->second;
  }
  const auto own = of_perturbation.find(perturbation);
  return own == of_perturbation.end() ? nullptr : &own->second;
}

Responses responses_of(const Dataset& data, std::span<const std::uint32_t> rows) {
  const std::size_t size = data.n_outputs();
  MeanOf shared(size);
  std::map<std::uint32_t, MeanOf> of_context;
  std::map<std::uint32_t, MeanOf> of_perturbation;
  Responses out;
  for (const auto row : rows) {
    const auto x = data.targets.row(row);
    const auto control = control_of(data, row);
    const auto context = context_of(data, row);
    const auto perturbation = perturbation_of(data, row);
    shared.add_change(x, control);
    of_context.try_emplace(context, size).first->second.add_change(x, control);
    of_perturbation.try_emplace(perturbation, size).first->second.add_change(x, control);
    MeanOf own(size);
    own.add_change(x, control);
    out.of_pair.emplace(Responses::pair_key(perturbation, context), own.mean());
  }
  out.shared = shared.mean();
  for (const auto& [code, mean] : of_context) out.of_context.emplace(code, mean.mean());
  for (const auto& [code, mean] : of_perturbation) out.of_perturbation.emplace(code, mean.mean());
  return out;
}

void add_to(std::span<double> out, std::span<const double> change, double factor) noexcept {
  for (std::size_t j = 0; j < out.size(); ++j) out[j] += factor * change[j];
}

Prediction predict_from_control(
    const Dataset& data, std::span<const std::uint32_t> rows,
    const std::function<void(std::uint32_t row, std::span<double> out, Diagnostics&)>& response) {
  Prediction prediction;
  const std::size_t size = data.n_outputs();
  prediction.values.resize(rows.size() * size);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::span<double> out(prediction.values.data() + i * size, size);
    std::ranges::copy(control_of(data, rows[i]), out.begin());
    response(rows[i], out, prediction.diagnostics);
  }
  return prediction;
}

std::uint32_t single_code(const Dataset& data, const std::string& member) {
  const auto& ids = data.entities[0].ids;
  const auto place = std::ranges::lower_bound(ids, member);
  if (place == ids.end() || *place != member) return LabelBlock::kUnknown;
  return static_cast<std::uint32_t>(place - ids.begin());
}

}  // namespace cupel::perturbation
