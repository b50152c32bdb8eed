#include "area/perturbation/splits.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <set>

#include "area/perturbation/baseline_parts.hpp"
#include "area/perturbation/split_parts.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "split/from_spec.hpp"
#include "split/make.hpp"
#include "split/make_overlap.hpp"
#include "split/units.hpp"

namespace cupel::perturbation {
namespace {

constexpr std::uint32_t kNoFold = LabelBlock::kUnknown;

/// Some training rows become validation, by perturbation.
void add_validation(const Dataset& data, const SplitSpec& spec, Split& split) {
  if (spec.validation <= 0.0 || split.count(Role::validation) > 0) return;
  const auto train = split.rows(Role::train);
  const Units units = entity_units(data, "perturbation");
  Rng rng(split.seed, "validation of perturbations",
          (std::uint64_t{split.repeat} << 32U) | split.fold);
  const auto drawn = draw_units(count_rows(units, train), spec.validation, rng);
  for (const auto row : train) {
    if (drawn[units.of_sample[row]] != 0) split.role[row] = Role::validation;
  }
}

/// Perturbations of the wanted kind dealt to folds; kNoFold for the others.
std::vector<std::uint32_t> deal_perturbations(const Dataset& data, const SplitSpec& spec,
                                              bool only_combinations, Rng& rng) {
  const auto& members = profile_data(data).members;
  std::vector<std::uint32_t> codes;
  for (std::uint32_t p = 0; p < members.size(); ++p) {
    if (!only_combinations || members[p].size() > 1) codes.push_back(p);
  }
  if (codes.size() < std::max(spec.folds, 2U) || spec.folds < 2) {
    fail_input("there are " + std::to_string(codes.size()) +
                   (only_combinations ? " combinations" : " perturbations") + " for " +
                   std::to_string(spec.folds) + " folds",
               {}, "ask for two folds or more, and no more than there are");
  }
  std::vector<std::uint32_t> n_rows(members.size(), 0);
  for (std::uint32_t row = 0; row < data.n_samples(); ++row) ++n_rows[perturbation_of(data, row)];
  std::vector<std::uint32_t> rows_of_unit;
  for (const auto p : codes) rows_of_unit.push_back(n_rows[p]);
  const auto dealt = deal_units(rows_of_unit, spec.folds, rng);
  std::vector<std::uint32_t> fold(members.size(), kNoFold);
  for (std::size_t i = 0; i < codes.size(); ++i) fold[codes[i]] = dealt[i];
  return fold;
}

/// Combinations of which a member is a tested single.
bool holds_tested_single(const Dataset& data, std::uint32_t perturbation,
                         std::span<const std::uint32_t> fold, std::uint32_t tested) {
  const auto& members = profile_data(data).members[perturbation];
  return members.size() > 1 && std::ranges::any_of(members, [&](const std::string& member) {
           const auto code = single_code(data, member);
           return code != LabelBlock::kUnknown && fold[code] == tested;
         });
}

std::vector<Split> perturbation_folds(const Dataset& data, const SplitSpec& spec,
                                      std::uint64_t seed, std::uint32_t repeat) {
  const bool combinations = spec.scheme == "unseen_combination";
  Rng rng(seed, spec.scheme, repeat);
  const auto fold = deal_perturbations(data, spec, combinations, rng);
  std::vector<Split> splits;
  for (std::uint32_t f = 0; f < spec.folds; ++f) {
    Split split = empty_split(data, spec, seed);
    split.fold = f;
    split.repeat = repeat;
    split.parameters = "folds=" + std::to_string(spec.folds);
    for (std::uint32_t row = 0; row < data.n_samples(); ++row) {
      const auto p = perturbation_of(data, row);
      if (fold[p] == f) {
        split.role[row] = Role::test;
      } else if (!combinations && holds_tested_single(data, p, fold, f)) {
        leave_out(split, row, "holds_tested_single");
      }
    }
    splits.push_back(std::move(split));
  }
  return splits;
}

std::vector<Split> context_folds(const Dataset& data, const SplitSpec& spec, std::uint64_t seed,
                                 std::uint32_t repeat) {
  const auto n_contexts = static_cast<std::uint32_t>(data.entities[1].ids.size());
  if (n_contexts < 2) {
    fail_input("unseen_context needs several contexts, and the data have one", {},
               "name the column: columns: {context: cell_type}");
  }
  std::vector<std::uint32_t> fold(n_contexts);
  std::iota(fold.begin(), fold.end(), 0U);
  const bool dealt = spec.folds_given && spec.folds < n_contexts;
  if (dealt) {
    Rng rng(seed, spec.scheme, repeat);
    fold = deal_units(count_rows(entity_units(data, "context"),
                                 [&] {
                                   std::vector<std::uint32_t> rows(data.n_samples());
                                   std::iota(rows.begin(), rows.end(), 0U);
                                   return rows;
                                 }()),
                      spec.folds, rng);
  }
  std::vector<Split> splits;
  for (std::uint32_t f = 0; f < (dealt ? spec.folds : n_contexts); ++f) {
    Split split = empty_split(data, spec, seed);
    split.fold = f;
    split.repeat = repeat;
    split.parameters =
        dealt ? "folds=" + std::to_string(spec.folds) : "context=" + data.entities[1].ids[f];
    for (std::uint32_t row = 0; row < data.n_samples(); ++row) {
      if (fold[context_of(data, row)] == f) split.role[row] = Role::test;
    }
    splits.push_back(std::move(split));
  }
  return splits;
}

/// Pairs of a perturbation go to different folds, one after another from a random one.
std::vector<std::uint32_t> deal_pairs(const Dataset& data, const SplitSpec& spec, Rng& rng) {
  std::vector<std::vector<std::uint32_t>> rows_of(data.entities[0].ids.size());
  for (std::uint32_t row = 0; row < data.n_samples(); ++row) {
    rows_of[perturbation_of(data, row)].push_back(row);
  }
  std::vector<std::uint32_t> fold(data.n_samples(), kNoFold);
  std::size_t n_pairs = 0;
  for (auto& rows : rows_of) {
    if (rows.size() < 2) continue;
    rng.shuffle(std::span(rows));
    const std::uint32_t start = rng.below(spec.folds);
    for (std::uint32_t i = 0; i < rows.size(); ++i) fold[rows[i]] = (start + i) % spec.folds;
    n_pairs += rows.size();
  }
  if (n_pairs > 0 && spec.folds >= 2) return fold;
  fail_input(
      "unseen_pair needs perturbations that were measured in several contexts, and two folds", {},
      "name the column: columns: {context: cell_type}");
}

std::vector<Split> pair_folds(const Dataset& data, const SplitSpec& spec, std::uint64_t seed,
                              std::uint32_t repeat) {
  Rng rng(seed, spec.scheme, repeat);
  const auto fold = deal_pairs(data, spec, rng);
  std::vector<Split> splits;
  for (std::uint32_t f = 0; f < spec.folds; ++f) {
    Split split = empty_split(data, spec, seed);
    split.fold = f;
    split.repeat = repeat;
    split.parameters = "folds=" + std::to_string(spec.folds);
    std::set<std::uint32_t> trained;
    for (std::uint32_t row = 0; row < data.n_samples(); ++row) {
      if (fold[row] != f) trained.insert(context_of(data, row));
    }
    for (std::uint32_t row = 0; row < data.n_samples(); ++row) {
      if (fold[row] != f) continue;
      split.role[row] = Role::test;
      if (!trained.contains(context_of(data, row))) leave_out(split, row, "context_unseen");
    }
    splits.push_back(std::move(split));
  }
  return splits;
}

/// Entities with one more view, "profile": mean log2 fold change over the contexts.
Dataset with_profiles_as_features(const Dataset& data) {
  Dataset light;
  light.area = data.area;
  light.name = data.name;
  light.entities = data.entities;
  light.targets = Matrix<double>(data.n_samples(), 1);
  light.source_row = data.source_row;
  light.n_source_rows = data.n_source_rows;
  std::vector<std::uint32_t> all(data.n_samples());
  std::iota(all.begin(), all.end(), 0U);
  const Responses responses = responses_of(data, all);
  const std::size_t n = data.entities[0].ids.size();
  FeatureBlock block{.name = "profile",
                     .values = Matrix<float>(n, data.n_outputs()),
                     .feature_names = data.output_names,
                     .present = std::vector<std::uint8_t>(n, 1)};
  for (std::uint32_t p = 0; p < n; ++p) {
    const Vector& response = responses.of_perturbation.at(p);
    for (std::size_t j = 0; j < response.size(); ++j) {
      block.values(p, j) = static_cast<float>(response[j] / std::numbers::ln2);
    }
  }
  light.entities[0].features.push_back(std::move(block));
  return light;
}

std::vector<Split> overlap_splits(const Dataset& data, SplitSpec spec, std::uint64_t seed,
                                  const Context& context) {
  if (spec.overlap.entity.empty()) spec.overlap.entity = "perturbation";
  const bool own = spec.overlap.entity == "perturbation";
  if (own && spec.overlap.features.empty()) spec.overlap.features = "profile";
  if (own && spec.overlap.features == "profile" && spec.overlap.similarity.empty()) {
    spec.overlap.similarity = "cosine";
  }
  const bool of_profiles = own && spec.overlap.features == "profile";
  return of_profiles ? make_overlap_splits(with_profiles_as_features(data), spec, {}, seed, context)
                     : make_overlap_splits(data, spec, {}, seed, context);
}

/// Only combinations are tested, none is trained on, and a member of one of them is.
bool is_blind_to_combinations(const Dataset& data, const Split& split) {
  const auto& members = profile_data(data).members;
  std::set<std::uint32_t> trained;
  for (const auto row : split.rows(Role::train)) trained.insert(perturbation_of(data, row));
  bool member_seen = false;
  for (const auto row : split.rows(Role::test)) {
    const auto p = perturbation_of(data, row);
    if (members[p].size() < 2 || trained.contains(p)) return false;
    for (const auto& member : members[p]) {
      member_seen = member_seen || trained.contains(single_code(data, member));
    }
  }
  return member_seen;
}

std::filesystem::path path_of(const SplitSpec& spec, const std::string& base_folder) {
  const std::filesystem::path given(spec.file);
  return given.is_absolute() ? given : std::filesystem::path(base_folder) / given;
}

std::vector<Split> given_splits(const LoadedData& loaded, const SplitSpec& spec, std::uint64_t seed,
                                const std::string& base_folder, const Context& context) {
  const Dataset& data = loaded.data;
  if (!spec.file.empty()) {
    auto named = named_file_splits(data, spec, seed, path_of(spec, base_folder), context);
    if (!named.empty()) {
      for (auto& split : named) add_validation(data, spec, split);
      return named;
    }
  }
  const auto given = read_given(data, spec, &loaded.samples, base_folder, context);
  if (!given) {
    fail_input("split \"" + spec_name(spec) + "\" names neither a scheme, a file nor a column", {},
               "add scheme: (" + join(perturbation_split_schemes(), ", ") +
                   "), or fold_column:, role_column: or file:");
  }
  return splits_from_given(data, spec, seed, *given,
                           [&](Split& split) { add_validation(data, spec, split); });
}

std::vector<Split> scheme_splits(const Dataset& data, const SplitSpec& spec, std::uint64_t seed,
                                 std::uint32_t repeat, const std::string& base_folder) {
  if (spec.scheme == "unseen_perturbation" || spec.scheme == "unseen_combination") {
    return perturbation_folds(data, spec, seed, repeat);
  }
  if (spec.scheme == "unseen_context") return context_folds(data, spec, seed, repeat);
  if (spec.scheme == "unseen_pair") return pair_folds(data, spec, seed, repeat);
  std::vector<Split> one;
  if (spec.scheme == "gears_simulation") {
    one.push_back(gears_split(data, spec, seed + repeat));
    one.back().repeat = repeat;
    return one;
  }
  if (spec.scheme == "cell_load") {
    if (spec.file.empty()) {
      fail_input("the scheme cell_load needs the TOML file", {}, "file: split.toml");
    }
    one.push_back(cell_load_split(data, spec, seed, path_of(spec, base_folder)));
    return one;
  }
  const auto schemes = perturbation_split_schemes();
  const std::string near = nearest_word(spec.scheme, schemes);
  fail_input(
      "there is no split scheme \"" + spec.scheme + "\" of perturbations", {},
      (near.empty() ? "" : "did you mean \"" + near + "\"? ") + ("known: " + join(schemes, ", ")));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> perturbation_split_meanings() {
  return {
      {"unseen_perturbation", "Perturbations of the test set are unseen in training"},
      {"unseen_combination", "Combinations of the test set are unseen; all singles are trained on"},
      {"unseen_context", "The cell type (donor, condition) of the test set is unseen in training"},
      {"unseen_pair", "Perturbation and context are both known, their pair is not"},
      {"gears_simulation", "GEARS' simulation split, by its own random numbers"},
      {"cell_load", "Contexts and perturbations as a TOML file of cell-load has them"},
      {"overlap", "A series: unseen perturbations whose responses are less and less similar"},
      {"file", "Roles or folds as given in a file or a column"}};
}

std::string scheme_in_words(std::string_view scheme) {
  if (scheme == "unseen_perturbation") return "perturbations not seen in training";
  if (scheme == "unseen_combination") return "combinations not seen in training";
  if (scheme == "unseen_context") return "contexts not seen in training";
  if (scheme == "unseen_pair") return "known perturbations in contexts new to them";
  if (scheme == "gears_simulation") return "GEARS' simulation split";
  return {};
}

std::vector<std::string> perturbation_split_schemes() {
  std::vector<std::string> names;
  for (const auto& [name, meaning] : perturbation_split_meanings()) names.push_back(name);
  return names;
}

std::vector<Split> make_perturbation_splits(const LoadedData& loaded, const SplitSpec& wanted,
                                            const std::string& base_folder,
                                            const Context& context) {
  check_validation(wanted);
  const Dataset& data = loaded.data;
  const std::uint64_t seed = wanted.seed.value_or(context.seed);
  SplitSpec spec = wanted;
  spec.only_folds.clear();
  std::vector<Split> splits;
  const bool given = !spec.fold_column.empty() || !spec.role_column.empty() ||
                     (!spec.file.empty() && spec.scheme != "cell_load") || spec.scheme.empty() ||
                     spec.scheme == "file";
  if (given) {
    splits = given_splits(loaded, spec, seed, base_folder, context);
  } else if (spec.scheme == "overlap") {
    splits = overlap_splits(data, spec, seed, context);
    for (auto& split : splits) add_validation(data, spec, split);
  } else {
    for (std::uint32_t repeat = 0; repeat < std::max(spec.repeats, 1U); ++repeat) {
      for (auto& split : scheme_splits(data, spec, seed, repeat, base_folder)) {
        add_validation(data, spec, split);
        splits.push_back(std::move(split));
      }
    }
  }
  std::vector<std::uint32_t> folds;
  for (const auto& split : splits) folds.push_back(split.fold);
  check_wanted_folds(wanted, folds);
  std::erase_if(splits, [&](const Split& split) { return !is_wanted(wanted, split.fold); });
  for (auto& split : splits) {
    check_not_empty(split);
    split.blind_to = measure_blindness(data, split);
    if (is_blind_to_combinations(data, split)) split.blind_to.emplace_back("combination");
  }
  return splits;
}

}  // namespace cupel::perturbation
