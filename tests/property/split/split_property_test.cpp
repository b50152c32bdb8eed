// What must hold for every split of every data set.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "../../unit/split/toy.hpp"
#include "cupel/error.hpp"
#include "split/files.hpp"
#include "split/inner.hpp"
#include "split/leaks.hpp"
#include "split/make.hpp"
#include "split/units.hpp"

namespace cupel {
namespace {

struct Case {
  Dataset data;
  SplitSpec spec;
  std::uint64_t seed = 0;
};

Case draw_case() {
  Case made;
  test::ToyOptions options;
  options.n_drugs = *rc::gen::inRange(2U, 15U);
  options.n_cells = *rc::gen::inRange(4U, 25U);
  options.n_tissues = *rc::gen::inRange(2U, 5U);
  options.replicate_every = *rc::gen::inRange(0U, 6U);
  options.skip_every = *rc::gen::element(0U, 5U, 9U);
  made.data = test::toy_dataset(options);
  made.spec.scheme = *rc::gen::element<std::string>("mixed", "cancer_blind", "drug_blind",
                                                    "both_blind", "tissue_blind");
  made.spec.folds = 2;
  made.spec.repeats = *rc::gen::inRange(1U, 3U);
  made.spec.validation = *rc::gen::element(0.0, 0.1, 0.3);
  made.seed = *rc::gen::arbitrary<std::uint64_t>();
  return made;
}

/// Splits of a case; sparse data may leave a both-blind fold without rows, which is refused.
std::vector<Split> splits_of(const Case& made, unsigned n_threads = 1) {
  try {
    return make_splits(made.data, made.spec, {}, {.n_threads = n_threads, .seed = made.seed});
  } catch (const Error&) {
    RC_DISCARD("refused");
  }
}

Units units_of(const Case& made) {
  if (made.spec.scheme == "mixed") return pair_units(made.data);
  if (made.spec.scheme == "drug_blind") return entity_units(made.data, "drug");
  if (made.spec.scheme == "tissue_blind") return label_units(made.data, "cell", "tissue");
  return entity_units(made.data, "cell");
}

bool crosses(const Units& units, const Split& split, Role a, Role b) {
  std::vector<std::uint8_t> seen(units.count, 0);
  for (const auto row : split.rows(a)) seen[units.of_sample[row]] = 1;
  const auto rows = split.rows(b);
  return std::any_of(rows.begin(), rows.end(),
                     [&](auto row) { return seen[units.of_sample[row]] != 0; });
}

RC_GTEST_PROP(Splits, NoUnitCrosses, ()) {
  const Case made = draw_case();
  for (const auto& split : splits_of(made)) {
    std::vector<Units> all = {units_of(made), pair_units(made.data)};
    if (made.spec.scheme == "both_blind") all.push_back(entity_units(made.data, "drug"));
    for (const auto& units : all) {
      RC_ASSERT(!crosses(units, split, Role::train, Role::test));
      RC_ASSERT(!crosses(units, split, Role::validation, Role::test));
    }
    RC_ASSERT(find_leaks(made.data, split, {}).empty());
  }
}

RC_GTEST_PROP(Splits, EveryRowIsAccountedFor, ()) {
  const Case made = draw_case();
  for (const auto& split : splits_of(made)) {
    RC_ASSERT(split.role.size() == made.data.n_samples());
    std::uint64_t total = 0;
    for (const auto& line : count_source_rows(made.data, split)) {
      RC_ASSERT(line.role != "left_out" || !line.reason.empty());
      total += line.count;
    }
    RC_ASSERT(total == made.data.n_source_rows);
  }
}

RC_GTEST_PROP(Splits, EveryRowIsTestedOncePerRepeat, ()) {
  const Case made = draw_case();
  RC_PRE(made.spec.scheme != "both_blind");
  std::map<std::uint32_t, std::vector<int>> tested;
  for (const auto& split : splits_of(made)) {
    auto& counts = tested[split.repeat];
    counts.resize(made.data.n_samples(), 0);
    for (const auto row : split.rows(Role::test)) ++counts[row];
  }
  RC_ASSERT(tested.size() == made.spec.repeats);
  for (const auto& [repeat, counts] : tested) {
    for (const int n : counts) RC_ASSERT(n == 1);
  }
}

RC_GTEST_PROP(Splits, FoldSizesDifferByAtMostTheLargestUnit, ()) {
  const Case made = draw_case();
  RC_PRE(made.spec.scheme != "both_blind");
  std::vector<std::uint32_t> all(made.data.n_samples());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  const auto rows = count_rows(units_of(made), all);
  const auto largest = *std::max_element(rows.begin(), rows.end());
  std::map<std::uint32_t, std::vector<std::size_t>> sizes;
  for (const auto& split : splits_of(made)) {
    sizes[split.repeat].push_back(split.count(Role::test));
  }
  for (const auto& [repeat, counts] : sizes) {
    const auto [low, high] = std::minmax_element(counts.begin(), counts.end());
    RC_ASSERT(*high - *low <= largest);
  }
}

RC_GTEST_PROP(Splits, SameSeedSameSplitForAnyNumberOfThreads, ()) {
  const Case made = draw_case();
  const auto once = splits_of(made, 1);
  const auto again = splits_of(made, 3);
  RC_ASSERT(once.size() == again.size());
  for (std::size_t i = 0; i < once.size(); ++i) RC_ASSERT(once[i].sha256() == again[i].sha256());
}

RC_GTEST_PROP(Splits, InnerSplitIsDisjointAndBlindLikeTheOuterOne, ()) {
  const Case made = draw_case();
  for (const auto& split : splits_of(made)) {
    const auto rows = split.rows(Role::train);
    const auto inner = hold_out_units(made.data, rows, split.blind_to, 0.2, made.seed);
    std::set<std::uint32_t> all(inner.train.begin(), inner.train.end());
    all.insert(inner.validation.begin(), inner.validation.end());
    all.insert(inner.left_out.begin(), inner.left_out.end());
    RC_ASSERT(all.size() == rows.size());
    RC_ASSERT(inner.train.size() + inner.validation.size() + inner.left_out.size() == rows.size());
    RC_ASSERT(!inner.train.empty() || rows.size() < 2);
    const auto is_unseen = [&](const char* entity) {
      std::set<std::uint32_t> seen;
      const auto& codes = made.data.entity(entity).code_of_sample;
      for (const auto row : inner.train) seen.insert(codes[row]);
      return std::none_of(inner.validation.begin(), inner.validation.end(),
                          [&](auto row) { return seen.count(codes[row]) > 0; });
    };
    if (inner.unit.starts_with("drug")) RC_ASSERT(is_unseen("drug"));
    if (inner.unit.find("cell") != std::string::npos) RC_ASSERT(is_unseen("cell"));
  }
}

}  // namespace
}  // namespace cupel
