#include "study/plan_curves.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.hpp"
#include "cupel/error.hpp"

namespace cupel {
namespace {

// The unit of every sample, and the units that stand in training, in ascending order.
struct Units {
  std::vector<std::uint32_t> of_sample;
  std::vector<std::uint32_t> in_training;
};

Units training_units(const Dataset& data, const Split& split, std::string_view over) {
  Units units;
  if (over == "pairs") {
    units.of_sample.resize(data.n_samples());
    std::iota(units.of_sample.begin(), units.of_sample.end(), 0U);
  } else {
    if (over.empty() || over.back() != 's' || !data.find_entity(over.substr(0, over.size() - 1))) {
      fail(ErrorKind::usage, "no learning curve over \"" + std::string(over) + "\"", {},
           "use pairs, cells or drugs");
    }
    units.of_sample = data.entity(over.substr(0, over.size() - 1)).code_of_sample;
  }
  for (std::size_t i = 0; i < split.role.size(); ++i) {
    if (split.role[i] == Role::train) units.in_training.push_back(units.of_sample[i]);
  }
  std::sort(units.in_training.begin(), units.in_training.end());
  units.in_training.erase(std::unique(units.in_training.begin(), units.in_training.end()),
                          units.in_training.end());
  return units;
}

}  // namespace

std::vector<std::size_t> curve_sizes(std::size_t n_units, std::size_t n_sizes) {
  if (n_units < 2 || n_sizes == 0) return {};
  const double first = std::max(2.0, static_cast<double>(n_units) / 100.0);
  std::vector<std::size_t> sizes;
  for (std::size_t i = 0; i < n_sizes; ++i) {
    const double share =
        n_sizes == 1 ? 1.0 : static_cast<double>(i) / static_cast<double>(n_sizes - 1);
    sizes.push_back(static_cast<std::size_t>(
        std::lround(first * std::pow(static_cast<double>(n_units) / first, share))));
  }
  sizes.back() = n_units;
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  return sizes;
}

std::size_t count_units(const Dataset& data, const Split& split, std::string_view over) {
  return training_units(data, split, over).in_training.size();
}

Split curve_split(const Dataset& data, const Split& split, std::string_view over, std::size_t size,
                  std::uint64_t seed) {
  Units units = training_units(data, split, over);
  if (size >= units.in_training.size()) return split;
  Rng rng(seed, "learning_curve:" + split.name + ":" + std::string(over),
          (std::uint64_t{split.repeat} << 32) | split.fold);
  rng.shuffle(std::span(units.in_training));
  std::vector<std::uint8_t> kept(
      *std::max_element(units.of_sample.begin(), units.of_sample.end()) + std::size_t{1}, 0);
  for (std::size_t i = 0; i < size; ++i) kept[units.in_training[i]] = 1;

  Split subset = split;
  subset.parameters += ";learning_curve=" + std::string(over) + ":" + std::to_string(size);
  subset.reasons.emplace_back("learning_curve");
  const auto reason = static_cast<std::uint8_t>(subset.reasons.size() - 1);
  for (std::size_t i = 0; i < subset.role.size(); ++i) {
    if (subset.role[i] != Role::train || kept[units.of_sample[i]] != 0) continue;
    subset.role[i] = Role::left_out;
    if (!subset.reason.empty()) subset.reason[i] = reason;
  }
  return subset;
}

}  // namespace cupel
