#include "area/potency/split_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "similarity/entity_similarity.hpp"
#include "similarity/fingerprint.hpp"
#include "split/leakage_words.hpp"
#include "split/overlap_profile.hpp"

namespace cupel::potency {
namespace {

using Codes = std::vector<std::uint32_t>;

/// Ligands with a row of one of the roles, ascending.
Codes ligands_of(const Entity& ligand, const Split& split, std::span<const Role> roles) {
  std::vector<std::uint8_t> has(ligand.ids.size(), 0);
  for (std::size_t i = 0; i < split.role.size(); ++i) {
    if (std::find(roles.begin(), roles.end(), split.role[i]) != roles.end()) {
      has[ligand.code_of_sample[i]] = 1;
    }
  }
  Codes codes;
  for (std::uint32_t code = 0; code < has.size(); ++code) {
    if (has[code] != 0) codes.push_back(code);
  }
  return codes;
}

/// Test ligands whose level of a label some training ligand has too; a ligand without a level has
/// nothing in common with anyone.
double count_shared(const LabelBlock& label, const Codes& test, const Codes& train) {
  std::vector<std::uint8_t> known(label.levels.size(), 0);
  for (const auto code : train) {
    if (label.code[code] != LabelBlock::kUnknown) known[label.code[code]] = 1;
  }
  return static_cast<double>(std::count_if(test.begin(), test.end(), [&](auto code) {
    return label.code[code] != LabelBlock::kUnknown && known[label.code[code]] != 0;
  }));
}

double count_known(const Codes& test, const Codes& train) {
  return static_cast<double>(std::count_if(test.begin(), test.end(), [&](auto code) {
    return std::binary_search(train.begin(), train.end(), code);
  }));
}

/// Adds `value` to a sum that is NaN until something is added.
void add(double& sum, double value) { sum = std::isnan(sum) ? value : sum + value; }

void add_nearest(const FeatureBlock& block, const Codes& test, const Codes& train,
                 const Context& context, SplitFacts& sum) {
  const auto similarity = fingerprint_similarity(
      packed_rows(block, test), std::make_unique<PackedBits>(packed_rows(block, train)), {});
  const TestOverlap items = measure_test_items(*similarity, context);
  const OverlapProfile profile = summarise_overlap(items, train.size(), SplitFacts::kNear);
  const auto n = static_cast<double>(test.size());
  add(sum.nearest_mean, n * profile.nearest_mean);
  add(sum.nearest_median, n * profile.nearest_median);
  add(sum.share_near, n * profile.share_with_neighbour);
  add(sum.share_copy, static_cast<double>(std::count_if(items.nearest.begin(), items.nearest.end(),
                                                        [](double s) { return s >= 1.0; })));
}

}  // namespace

SplitFacts measure_split(const Dataset& data, std::span<const Split> folds,
                         const Context& context) {
  const Entity& ligand = data.entity("ligand");
  const FeatureBlock* block = ligand.find_features("fingerprint");
  constexpr Role kTest[] = {Role::test};
  constexpr Role kTrain[] = {Role::train, Role::validation};
  SplitFacts facts;
  for (const auto& split : folds) {
    const Codes test = ligands_of(ligand, split, kTest);
    const Codes train = ligands_of(ligand, split, kTrain);
    if (test.empty() || train.empty()) continue;
    facts.n_test += test.size();
    facts.share_ligand += count_known(test, train);
    if (block != nullptr) add_nearest(*block, test, train, context, facts);
    if (const auto* parent = ligand.find_label("parent")) {
      add(facts.share_parent, count_shared(*parent, test, train));
    }
    if (const auto* scaffold = ligand.find_label("scaffold")) {
      add(facts.share_scaffold, count_shared(*scaffold, test, train));
    }
  }
  const auto n = static_cast<double>(std::max<std::size_t>(facts.n_test, 1));
  for (double* sum :
       {&facts.nearest_mean, &facts.nearest_median, &facts.share_near, &facts.share_copy,
        &facts.share_ligand, &facts.share_parent, &facts.share_scaffold}) {
    *sum /= n;
  }
  return facts;
}

std::string facts_words(const SplitFacts& facts) {
  std::string text = fmt::format("{} test molecules", facts.n_test);
  if (!std::isnan(facts.nearest_mean)) {
    text += fmt::format(
        ": nearest training molecule at Tanimoto {:.3f} on average (median {:.3f}), {} have one "
        ">= {}, {} one with the same fingerprint",
        facts.nearest_mean, facts.nearest_median, percent_text(facts.share_near), SplitFacts::kNear,
        percent_text(facts.share_copy));
  }
  if (facts.share_ligand > 0.0) {
    text += fmt::format("; {} are in training themselves", percent_text(facts.share_ligand));
  }
  if (!std::isnan(facts.share_parent)) {
    text += fmt::format("; {} share their parent with training", percent_text(facts.share_parent));
  }
  if (!std::isnan(facts.share_scaffold)) {
    text += fmt::format("; {} their scaffold", percent_text(facts.share_scaffold));
  }
  return text;
}

}  // namespace cupel::potency
