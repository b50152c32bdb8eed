#include "split/make.hpp"

#include <algorithm>
#include <numeric>

#include "base/text.hpp"
#include "cupel/error.hpp"
#include "split/from_spec.hpp"
#include "split/inner.hpp"
#include "split/make_overlap.hpp"
#include "split/units.hpp"

namespace cupel {
namespace {

/// Turns a share of the non-test rows into the validation set, by the unit the split is blind to.
void add_validation(Split& split, const Dataset& data, const SplitSpec& spec,
                    std::span<const std::string> blind_to, const SplitSources& sources) {
  if (spec.validation <= 0.0) return;
  const auto compounds =
      spec.merge_compounds ? std::span(sources.compound_of_drug) : std::span<const std::uint32_t>{};
  const std::uint64_t seed =
      Rng(split.seed, "validation", (std::uint64_t{split.repeat} << 32U) | split.fold).next64();
  const auto rows = split.rows(Role::train);
  const auto inner = hold_out_units(data, rows, blind_to, spec.validation, seed, compounds);
  for (const auto row : inner.validation) split.role[row] = Role::validation;
  for (const auto row : inner.left_out) leave_out(split, row, "shares_a_unit_with_validation");
}

std::string parameters_of(const SplitSpec& spec, std::uint32_t n_folds, const std::string& unit) {
  return "folds=" + std::to_string(n_folds) + ";unit=" + unit +
         ";validation=" + format_double(spec.validation);
}

/// One fold of a scheme over one kind of unit.
void set_test_units(Split& split, const Units& units, std::span<const std::uint32_t> fold_of_unit,
                    const std::string& reason_without_unit) {
  for (std::size_t i = 0; i < split.role.size(); ++i) {
    const auto unit = units.of_sample[i];
    if (unit == Units::kNone) {
      leave_out(split, i, reason_without_unit);
    } else if (fold_of_unit[unit] == split.fold) {
      split.role[i] = Role::test;
    }
  }
}

void set_both_blind(Split& split, const Units& drugs, std::span<const std::uint32_t> fold_of_drug,
                    const Units& cells, std::span<const std::uint32_t> fold_of_cell) {
  for (std::size_t i = 0; i < split.role.size(); ++i) {
    const bool test_drug = fold_of_drug[drugs.of_sample[i]] == split.fold;
    const bool test_cell = fold_of_cell[cells.of_sample[i]] == split.fold;
    if (test_drug && test_cell)
      split.role[i] = Role::test;
    else if (test_drug)
      leave_out(split, i, "test_drug_on_training_cell");
    else if (test_cell)
      leave_out(split, i, "training_drug_on_test_cell");
  }
}

struct SchemeUnits {
  Units units;       ///< drugs for both_blind
  Units second;      ///< cells for both_blind
  std::string name;  ///< for parameters and messages: "drug"
  std::vector<std::string> blind_to;
};

SchemeUnits scheme_units(const Dataset& data, const SplitSpec& spec, const SplitSources& sources) {
  const bool merge = spec.merge_compounds && !sources.compound_of_drug.empty();
  const auto compounds =
      merge ? std::span(sources.compound_of_drug) : std::span<const std::uint32_t>{};
  const std::string drug = merge ? "compound" : "drug";
  if (spec.scheme == "mixed") return {pair_units(data), {}, "pair", {}};
  if (spec.scheme == "cancer_blind") return {entity_units(data, "cell"), {}, "cell", {"cell"}};
  if (spec.scheme == "drug_blind") {
    return {entity_units(data, "drug", compounds), {}, drug, {"drug"}};
  }
  if (spec.scheme == "both_blind") {
    return {entity_units(data, "drug", compounds),
            entity_units(data, "cell"),
            drug + " and cell",
            {"drug", "cell"}};
  }
  if (spec.scheme == "tissue_blind") {
    if (data.entity("cell").find_label("tissue") == nullptr) {
      fail_input("the scheme tissue_blind needs the tissue of each cell line", {},
                 "name its column in the study: cells: {file: ..., id: ..., tissue: COLUMN}");
    }
    return {label_units(data, "cell", "tissue"), {}, "tissue", {"cell", "cell.tissue"}};
  }
  const auto known = split_schemes();
  const std::string near = nearest_word(spec.scheme, known);
  fail_input(
      "unknown split scheme \"" + spec.scheme + "\"", {},
      (near.empty() ? "" : "did you mean \"" + near + "\"? ") + "schemes: " + join(known, ", "));
}

std::uint32_t checked_folds(const SplitSpec& spec, const SchemeUnits& scheme) {
  std::uint32_t n_units = scheme.units.count;
  if (spec.scheme == "both_blind") n_units = std::min(n_units, scheme.second.count);
  const std::uint32_t folds =
      spec.scheme == "tissue_blind" && spec.folds == 0 ? n_units : spec.folds;
  if (folds >= 2 && folds <= n_units) return folds;
  fail_input("split \"" + spec_name(spec) + "\" asks for " + std::to_string(folds) +
                 " folds, but the data have " + std::to_string(n_units) + " units (" + scheme.name +
                 ") to deal",
             {}, "use at least 2 folds and at most one per unit");
}

std::vector<Split> make_scheme(const Dataset& data, const SplitSpec& spec,
                               const SplitSources& sources, std::uint64_t seed) {
  const SchemeUnits scheme = scheme_units(data, spec, sources);
  const std::uint32_t n_folds = checked_folds(spec, scheme);
  std::vector<std::uint32_t> all(data.n_samples());
  std::iota(all.begin(), all.end(), 0U);
  std::vector<std::uint32_t> folds(n_folds);
  std::iota(folds.begin(), folds.end(), 0U);
  check_wanted_folds(spec, folds);
  const auto rows_of_unit = count_rows(scheme.units, all);
  const auto rows_of_second =
      count_rows(scheme.second, scheme.second.count > 0 ? all : decltype(all){});
  std::vector<Split> splits;
  for (std::uint32_t repeat = 0; repeat < std::max(spec.repeats, 1U); ++repeat) {
    Rng rng(seed, "split: " + scheme.name, repeat);
    const auto fold_of_unit = deal_units(rows_of_unit, n_folds, rng);
    const auto fold_of_second = deal_units(rows_of_second, n_folds, rng);
    for (const auto fold : folds) {
      if (!is_wanted(spec, fold)) continue;
      Split split = empty_split(data, spec, seed);
      split.fold = fold;
      split.repeat = repeat;
      split.parameters = parameters_of(spec, n_folds, scheme.name);
      if (spec.scheme == "both_blind") {
        set_both_blind(split, scheme.units, fold_of_unit, scheme.second, fold_of_second);
      } else {
        set_test_units(split, scheme.units, fold_of_unit, "tissue_unknown");
      }
      add_validation(split, data, spec, scheme.blind_to, sources);
      splits.push_back(std::move(split));
    }
  }
  return splits;
}

std::vector<Split> make_overlap(const Dataset& data, const SplitSpec& spec,
                                const SplitSources& sources, std::uint64_t seed,
                                const Context& context) {
  const bool merge = spec.merge_compounds && spec.overlap.entity == "drug";
  const auto groups =
      merge ? std::span(sources.compound_of_drug) : std::span<const std::uint32_t>{};
  auto splits = make_overlap_splits(data, spec, groups, seed, context);
  const std::string blind_to[] = {spec.overlap.entity};
  for (auto& split : splits) add_validation(split, data, spec, blind_to, sources);
  return splits;
}

std::vector<Split> make_any(const Dataset& data, const SplitSpec& spec, const SplitSources& sources,
                            std::uint64_t seed, const Context& context) {
  if (const auto given = read_given(data, spec, sources.responses, sources.base_folder, context)) {
    return splits_from_given(data, spec, seed, *given, [&](Split& split) {
      add_validation(split, data, spec, measure_blindness(data, split), sources);
    });
  }
  if (spec.scheme == "file" || spec.scheme.empty()) {
    fail_input("split \"" + spec_name(spec) + "\" names neither a scheme, a file nor a column", {},
               "add scheme: (" + join(split_schemes(), ", ") +
                   "), or fold_column:, role_column: or file:");
  }
  if (spec.scheme == "overlap") return make_overlap(data, spec, sources, seed, context);
  return make_scheme(data, spec, sources, seed);
}

/// Members of `units` that occur in test rows and in training or validation rows.
bool shares_units(const Units& units, const Split& split) {
  std::vector<std::uint8_t> known(units.count, 0);
  for (std::size_t i = 0; i < split.role.size(); ++i) {
    if (split.role[i] != Role::train && split.role[i] != Role::validation) continue;
    if (units.of_sample[i] == Units::kNone) return true;
    known[units.of_sample[i]] = 1;
  }
  for (std::size_t i = 0; i < split.role.size(); ++i) {
    if (split.role[i] != Role::test) continue;
    if (units.of_sample[i] == Units::kNone || known[units.of_sample[i]] != 0) return true;
  }
  return false;
}

}  // namespace

std::vector<Split> make_splits(const Dataset& data, const SplitSpec& spec,
                               const SplitSources& sources, const Context& context) {
  check_validation(spec);
  const std::uint64_t seed = spec.seed.value_or(context.seed);
  auto splits = make_any(data, spec, sources, seed, context);
  for (auto& split : splits) {
    check_not_empty(split);
    split.blind_to = measure_blindness(data, split);
  }
  return splits;
}

std::vector<std::string> measure_blindness(const Dataset& data, const Split& split) {
  std::vector<std::string> blind;
  for (const auto& entity : data.entities) {
    if (!shares_units(entity_units(data, entity.name), split)) blind.push_back(entity.name);
  }
  const Entity* cell = data.find_entity("cell");
  if (cell != nullptr && cell->find_label("tissue") != nullptr &&
      !shares_units(label_units(data, "cell", "tissue"), split)) {
    blind.emplace_back("cell.tissue");
  }
  return blind;
}

std::vector<std::string> split_schemes() {
  return {"mixed", "cancer_blind", "drug_blind", "both_blind", "tissue_blind", "overlap", "file"};
}

}  // namespace cupel
