#include "area/potency/splits.hpp"

#include <algorithm>
#include <set>

#include "area/potency/split_schemes.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "cupel/error.hpp"
#include "split/from_spec.hpp"
#include "split/make.hpp"
#include "split/make_overlap.hpp"
#include "split/units.hpp"

namespace cupel::potency {
namespace {

/// Moves a share of the training rows to validation: groups where the scheme has some, else items.
void hold_out(Split& split, const AssayItems& items, std::span<const std::int32_t> group,
              double share) {
  if (share <= 0.0) return;
  const auto unit_of = [&](std::size_t i) {
    const auto item = items.item_of_row[i];
    return group.empty() ? item : static_cast<std::uint32_t>(group[item]);
  };
  std::vector<std::uint32_t> rows_of_unit;
  const auto& rows = items.task.rows;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (split.role[rows[i]] != Role::train) continue;
    if (unit_of(i) >= rows_of_unit.size()) rows_of_unit.resize(unit_of(i) + std::size_t{1}, 0);
    ++rows_of_unit[unit_of(i)];
  }
  Rng rng(split.seed, "validation: " + split.task,
          (std::uint64_t{split.repeat} << 32U) | split.fold);
  const auto drawn = draw_units(rows_of_unit, share, rng);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (split.role[rows[i]] == Role::train && drawn[unit_of(i)] != 0) {
      split.role[rows[i]] = Role::validation;
    }
  }
}

ItemKind kind_of(const SplitSpec& spec, ItemKind wanted) {
  return wanted == ItemKind::compound && !spec.merge_compounds ? ItemKind::ligand : wanted;
}

// Given rows ---------------------------------------------------------------------------------

std::vector<Split> given_splits(const Dataset& data, const SplitSpec& spec, std::uint64_t seed,
                                const GivenRows& given, std::span<const TaskRows> tasks) {
  std::vector<Split> splits;
  for (const auto& task : tasks) {
    const AssayItems items = assay_items(data, task, kind_of(spec, ItemKind::compound));
    const auto add_validation = [&](Split& split) { hold_out(split, items, {}, spec.validation); };
    for (auto& split : splits_from_given(data, spec, seed, given, add_validation, &task)) {
      splits.push_back(std::move(split));
    }
  }
  // Fold numbers that no two assays share are kept, so that a fold file comes back as it was.
  std::set<std::uint32_t> numbers;
  for (const auto& split : splits) numbers.insert(split.fold);
  if (numbers.size() == splits.size()) return splits;
  for (std::uint32_t i = 0; i < splits.size(); ++i) splits[i].fold = i;
  return splits;
}

// Schemes ------------------------------------------------------------------------------------

bool makes_folds(const Scheme& scheme, const SplitSpec& spec) {
  if (scheme.folds == Folds::never && spec.folds_given) {
    fail_input("the scheme " + scheme.name + " has one test set per repeat, and no folds", {},
               "leave folds out, or use random, stratified, groups, butina, kmeans, components, "
               "guaranteed or hi");
  }
  if (spec.folds_given && spec.parts.test) {
    fail_input("split \"" + spec_name(spec) + "\" asks for folds and for the share of a test set",
               {}, "keep one of folds and test");
  }
  if (scheme.folds == Folds::on_demand) return spec.folds_given;
  return scheme.folds == Folds::unless_test && !spec.parts.test;
}

PartRequest request_of(const Scheme& scheme, const SplitSpec& spec) {
  const bool has_part = scheme.parts_validation && !makes_folds(scheme, spec);
  PartRequest request =
      makes_folds(scheme, spec)
          ? fold_request(spec.folds)
          : role_request(spec.parts.test.value_or(scheme.test), has_part ? spec.validation : 0.0);
  request.tolerance = spec.parts.tolerance;
  return request;
}

std::string parameters_of(const Scheme& scheme, const SplitSpec& spec, const PartRequest& request,
                          const AssayItems& items) {
  std::string text = request.are_folds ? "folds=" + std::to_string(request.share.size())
                                       : "test=" + format_double(request.share.back());
  text += ";validation=" + format_double(spec.validation);
  const auto kind = kind_of(spec, scheme.items);
  text += kind == ItemKind::row      ? ";unit=row"
          : kind == ItemKind::ligand ? ";unit=ligand"
                                     : ";unit=compound";
  const auto add = [&](const char* key, const std::string& value) {
    text += std::string(";") + key + "=" + value;
  };
  if (!spec.parts.column.empty()) add("column", spec.parts.column);
  if (spec.parts.threshold) add("threshold", format_double(*spec.parts.threshold));
  if (spec.parts.clusters > 0) add("clusters", std::to_string(spec.parts.clusters));
  if (scheme.name.starts_with("stratified")) add("bins", std::to_string(spec.parts.bins));
  if (!items.task.task.empty()) add("assay", items.task.task);
  return text;
}

/// The split that tests `tested`, or the only one of parts that are roles.
Split split_of(const SchemeInput& input, const ItemParts& parts, std::int32_t tested) {
  const auto& items = input.items;
  Split split = empty_split(input.data(), input.spec, input.seed, &items.task);
  split.repeat = input.repeat;
  const auto& rows = items.task.rows;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto item = items.item_of_row[i];
    const auto part = parts.part[item];
    if (part == kNoPart) {
      leave_out(split, rows[i], parts.reasons[parts.reason[item]]);
    } else if (part == tested) {
      split.role[rows[i]] = Role::test;
    } else if (!input.request.are_folds && part == 1) {
      split.role[rows[i]] = Role::validation;
    }
  }
  return split;
}

void add_splits(const Scheme& scheme, const SchemeInput& input, const Context& context,
                std::uint32_t& next_fold, std::vector<Split>& splits) {
  const ItemParts parts = scheme.make(input, context);
  const auto n_parts = static_cast<std::int32_t>(input.request.share.size());
  const bool drawn_after = input.request.are_folds || !scheme.parts_validation;
  const bool all_grouped = std::all_of(parts.group.begin(), parts.group.end(),
                                       [](std::int32_t group) { return group >= 0; });
  const auto groups = all_grouped ? std::span(parts.group) : std::span<const std::int32_t>{};
  for (std::int32_t tested = input.request.are_folds ? 0 : n_parts - 1; tested < n_parts;
       ++tested) {
    Split split = split_of(input, parts, tested);
    split.fold = next_fold++;
    split.parameters = parameters_of(scheme, input.spec, input.request, input.items);
    if (drawn_after) hold_out(split, input.items, groups, input.spec.validation);
    splits.push_back(std::move(split));
  }
}

std::vector<Split> scheme_splits(const LoadedData& loaded, const SplitSpec& spec,
                                 std::uint64_t seed, std::span<const TaskRows> tasks,
                                 const Context& context) {
  const Scheme& scheme = find_scheme(spec.scheme);
  if (!scheme.is_random && spec.repeats > 1) {
    fail_input("the scheme " + scheme.name + " is not random: its repeats would all be the same",
               {}, "leave repeats out");
  }
  const PartRequest request = request_of(scheme, spec);
  std::vector<AssayItems> items;
  for (const auto& task : tasks) {
    items.push_back(assay_items(loaded.data, task, kind_of(spec, scheme.items)));
    if (items.back().size() >= request.share.size()) continue;
    fail_input("the assay \"" + task.task + "\" has " + std::to_string(items.back().size()) +
                   " molecules for " + std::to_string(request.share.size()) + " parts",
               {}, "leave the assay out, or use fewer folds");
  }
  std::vector<Split> splits;
  for (std::uint32_t repeat = 0; repeat < std::max(spec.repeats, 1U); ++repeat) {
    std::uint32_t next_fold = 0;
    for (const auto& one : items) {
      context.check_cancelled();
      add_splits(scheme,
                 {.loaded = loaded,
                  .spec = spec,
                  .items = one,
                  .request = request,
                  .seed = seed,
                  .repeat = repeat},
                 context, next_fold, splits);
    }
  }
  return splits;
}

// An overlap series ----------------------------------------------------------------------------

std::vector<Split> overlap_splits(const Dataset& data, SplitSpec spec, std::uint64_t seed,
                                  std::span<const TaskRows> tasks, const Context& context) {
  if (tasks.size() > 1) {
    fail_input(
        "an overlap series is made of one assay, and the data have " + std::to_string(tasks.size()),
        {}, "give the file of one assay, and make a study per assay");
  }
  if (spec.overlap.entity.empty()) spec.overlap.entity = "ligand";
  if (spec.overlap.similarity.empty() && spec.overlap.features.empty()) {
    spec.overlap.features = "fingerprint";  // the area's natural one, beside maccs and physchem
  }
  const AssayItems items = assay_items(data, tasks.front(), kind_of(spec, ItemKind::compound));
  std::vector<std::uint32_t> group(data.entity(spec.overlap.entity).ids.size());
  for (std::uint32_t i = 0; i < items.size() && spec.overlap.entity == "ligand"; ++i) {
    for (const auto code : items.ligands[i]) group[code] = i;
  }
  if (spec.overlap.entity != "ligand" || items.size() == group.size()) group.clear();
  auto splits = make_overlap_splits(data, spec, group, seed, context);
  for (auto& split : splits) {
    split.task = tasks.front().task;
    hold_out(split, items, {}, spec.validation);
  }
  return splits;
}

void keep_wanted(const SplitSpec& spec, std::vector<Split>& splits) {
  std::vector<std::uint32_t> folds;
  for (const auto& split : splits) folds.push_back(split.fold);
  std::sort(folds.begin(), folds.end());
  check_wanted_folds(spec, folds);
  std::erase_if(splits, [&](const Split& split) { return !is_wanted(spec, split.fold); });
}

}  // namespace

std::vector<Split> make_potency_splits(const LoadedData& loaded, const SplitSpec& wanted,
                                       const std::string& base_folder, const Context& context) {
  check_validation(wanted);
  SplitSpec spec = wanted;
  spec.only_folds.clear();  // numbered over all assays: chosen at the end
  const Dataset& data = loaded.data;
  const std::uint64_t seed = spec.seed.value_or(context.seed);
  const auto tasks = assays_of(data);
  const auto given = read_given(data, spec, &loaded.samples, base_folder, context);
  if (!given && (spec.scheme.empty() || spec.scheme == "file" || spec.scheme == "given")) {
    fail_input("split \"" + spec_name(spec) + "\" names neither a scheme, a file nor a column", {},
               "add scheme: (" + join(potency_split_schemes(), ", ") +
                   "), or fold_column:, role_column: or file:");
  }
  std::vector<Split> splits;
  if (given) {
    splits = given_splits(data, spec, seed, *given, tasks);
  } else if (spec.scheme == "overlap") {
    splits = overlap_splits(data, spec, seed, tasks, context);
  } else {
    splits = scheme_splits(loaded, spec, seed, tasks, context);
  }
  keep_wanted(wanted, splits);
  for (auto& split : splits) {
    check_not_empty(split);
    split.blind_to = measure_blindness(data, split);
  }
  return splits;
}

std::vector<std::string> potency_split_schemes() {
  std::vector<std::string> names = {"given"};
  for (const auto& scheme : schemes()) names.push_back(scheme.name);
  names.emplace_back("overlap");
  return names;
}

}  // namespace cupel::potency
