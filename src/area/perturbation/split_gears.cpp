#include "area/perturbation/split_gears.hpp"

#include <algorithm>
#include <set>

#include "area/perturbation/baseline_parts.hpp"
#include "area/perturbation/split_parts.hpp"
#include "area/perturbation/splits.hpp"
#include "split/from_spec.hpp"
#include "split/python_random.hpp"

namespace cupel::perturbation {
namespace {

/// np.random.choice(values, int(len * share), replace=False) right after np.random.seed(seed).
std::set<std::string> choose(const std::vector<std::string>& values, double share,
                             std::uint32_t seed) {
  const auto n = static_cast<std::uint32_t>(values.size());
  const auto n_chosen = static_cast<std::size_t>(static_cast<double>(n) * share);
  const auto order = numpy_permutation(seed, n);
  std::set<std::string> chosen;
  for (std::size_t i = 0; i < n_chosen; ++i) chosen.insert(values[order[i]]);
  return chosen;
}

}  // namespace

std::vector<GearsGroup> gears_simulation(std::span<const GearsPerturbation> perturbations,
                                         double gene_share, double combo_share,
                                         std::uint32_t seed) {
  std::set<std::string> all_genes;
  for (const auto& one : perturbations) all_genes.insert(one.members.begin(), one.members.end());
  const std::vector<std::string> genes(all_genes.begin(), all_genes.end());
  const auto trained = choose(genes, gene_share, seed);
  const auto n_trained = [&](const GearsPerturbation& one) {
    return static_cast<std::size_t>(std::ranges::count_if(
        one.members, [&](const std::string& gene) { return trained.contains(gene); }));
  };
  std::set<std::string> both_trained;
  for (const auto& one : perturbations) {
    if (one.members.size() > 1 && n_trained(one) == one.members.size()) {
      both_trained.insert(one.label);
    }
  }
  const auto combos = choose({both_trained.begin(), both_trained.end()}, combo_share, seed);
  std::vector<GearsGroup> groups;
  for (const auto& one : perturbations) {
    const std::size_t n = n_trained(one);
    if (one.members.size() < 2) {
      groups.push_back(n == 1 ? GearsGroup::train : GearsGroup::unseen_single);
    } else if (n == one.members.size()) {
      groups.push_back(combos.contains(one.label) ? GearsGroup::train : GearsGroup::combo_seen2);
    } else {
      groups.push_back(n == 0 ? GearsGroup::combo_seen0 : GearsGroup::combo_seen1);
    }
  }
  return groups;
}

Split gears_split(const Dataset& data, const SplitSpec& spec, std::uint64_t seed) {
  const auto labels = labels_as_written(data);
  std::vector<GearsPerturbation> all;
  for (std::size_t p = 0; p < labels.size(); ++p) {
    all.push_back({.label = labels[p], .members = profile_data(data).members[p]});
  }
  const auto seed32 = static_cast<std::uint32_t>(seed);
  constexpr double kTrain = 0.75;
  constexpr double kOfTrain = 0.9;
  const auto outer = gears_simulation(all, kTrain, kTrain, seed32);
  std::vector<Role> role(all.size(), Role::test);
  std::vector<GearsPerturbation> train;
  std::vector<std::size_t> code;
  for (std::size_t p = 0; p < all.size(); ++p) {
    if (outer[p] != GearsGroup::train) continue;
    train.push_back(all[p]);
    code.push_back(p);
  }
  const auto inner = gears_simulation(train, kOfTrain, kOfTrain, seed32);
  for (std::size_t i = 0; i < code.size(); ++i) {
    role[code[i]] = inner[i] == GearsGroup::train ? Role::train : Role::validation;
  }
  Split split = empty_split(data, spec, seed);
  split.parameters = "train_gene_set_size=0.75;combo_seen2_train_frac=0.75;validation=0.9,0.9";
  for (std::uint32_t row = 0; row < data.n_samples(); ++row) {
    split.role[row] = role[perturbation_of(data, row)];
  }
  return split;
}

}  // namespace cupel::perturbation
