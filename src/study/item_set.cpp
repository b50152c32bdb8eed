#include "study/item_set.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "base/hash.hpp"
#include "cupel/error.hpp"
#include "io/rdkit_fingerprint.hpp"
#include "similarity/items_read.hpp"
#include "similarity/kmers.hpp"
#include "similarity/mutation_sets.hpp"
#include "split/leakage.hpp"

namespace cupel {
namespace {

SparseRows from_tokens(const TokenSets& sets) {
  return {.begin = sets.begin, .column = sets.token, .value = {}, .n_columns = sets.n_tokens};
}

SparseRows from_bits(const PackedBits& bits) {
  SparseRows out{.n_columns = bits.n_bits};
  for (std::size_t i = 0; i < bits.rows; ++i) {
    for (std::size_t b = 0; b < bits.n_bits; ++b) {
      if (bits.test(i, b)) out.column.push_back(static_cast<std::uint32_t>(b));
    }
    out.begin.push_back(out.column.size());
  }
  return out;
}

SparseRows from_numbers(const Matrix<double>& table) {
  SparseRows out{.n_columns = table.cols};
  for (std::size_t i = 0; i < table.rows; ++i) {
    for (std::size_t j = 0; j < table.cols; ++j) {
      if (table(i, j) == 0.0) continue;
      out.column.push_back(static_cast<std::uint32_t>(j));
      out.value.push_back(table(i, j));
    }
    out.begin.push_back(out.column.size());
  }
  return out;
}

SparseRows count_of(const TokenSets& sets) {
  SparseRows out{.n_columns = 1};
  for (std::size_t i = 0; i < sets.n_items(); ++i) {
    out.column.push_back(0);
    out.value.push_back(static_cast<double>(sets.size(i)));
    out.begin.push_back(out.column.size());
  }
  return out;
}

/// 3-mers that occur, once each; the alphabet does not matter.
SparseRows three_mers(const std::vector<std::string>& texts) {
  std::map<std::string, std::uint32_t, std::less<>> known;
  SparseRows out;
  for (const auto& text : texts) {
    std::set<std::uint32_t> seen;
    for (std::size_t i = 0; i + 3 <= text.size(); ++i) {
      const auto next = static_cast<std::uint32_t>(known.size());
      seen.insert(known.try_emplace(text.substr(i, 3), next).first->second);
    }
    out.column.insert(out.column.end(), seen.begin(), seen.end());
    out.begin.push_back(out.column.size());
  }
  out.n_columns = known.size();
  return out;
}

/// One-hot sites and regions.
SparseRows sites_of(const Items& items, const std::string& separator) {
  std::map<std::string, std::uint32_t, std::less<>> known;
  SparseRows out;
  for (const auto& text : items.texts) {
    std::set<std::uint32_t> seen;
    const auto see = [&](std::string_view token) {
      const auto next = static_cast<std::uint32_t>(known.size());
      seen.insert(known.try_emplace(std::string(token), next).first->second);
    };
    for (const std::string_view mutation : split_mutations(text, separator)) {
      const std::size_t digit = mutation.find_last_of("0123456789");
      if (digit != std::string_view::npos) see(mutation.substr(0, digit + 1));
      const std::size_t bracket = mutation.find(']');
      if (bracket != std::string_view::npos) see(mutation.substr(0, bracket + 1));
    }
    out.column.insert(out.column.end(), seen.begin(), seen.end());
    out.begin.push_back(out.column.size());
  }
  out.n_columns = known.size();
  return out;
}

void add_features(ItemSet& set, const Context& context) {
  switch (set.kind->form) {
    case ItemForm::mutations: {
      const auto given = set.options.find("separator");
      set.separator = given == set.options.end() || given->second == "auto"
                          ? detect_mutation_separator({&set.items})
                          : given->second;
      const MutationSets sets = mutation_sets(set.items, nullptr, set.separator);
      set.features = from_tokens(sets.rows);
      set.features_title = "mutations";
      set.counts = count_of(sets.rows);
      set.sites = sites_of(set.items, set.separator);
      break;
    }
    case ItemForm::sequence:
      set.features = three_mers(set.items.texts);
      set.features_title = "3-mers";
      break;
    case ItemForm::smiles:
      set.features = from_bits(ecfp(set.items.texts, {}, context).bits);
      set.features_title = "fingerprint bits";
      break;
    case ItemForm::bits:
      set.features = from_bits(set.items.bits);
      set.features_title = "fingerprint bits";
      break;
    case ItemForm::vector:
      set.features = from_numbers(set.items.vectors);
      set.features_title = "features";
      break;
    case ItemForm::matrix:
      break;
  }
}

void add_units(ItemSet& set) {
  std::map<std::string_view, std::uint32_t> known;
  for (std::uint32_t i = 0; i < set.size(); ++i) {
    if (set.items.texts.empty()) {
      set.unit.push_back(i);
    } else {
      const auto next = static_cast<std::uint32_t>(known.size());
      set.unit.push_back(known.try_emplace(set.items.texts[i], next).first->second);
    }
  }
}

std::vector<std::uint32_t> rows_with_target(const Items& items) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < items.size(); ++i) {
    if (std::isfinite(items.targets[i])) rows.push_back(i);
  }
  return rows;
}

}  // namespace

std::unique_ptr<Similarity> ItemSet::between(std::span<const std::uint32_t> test,
                                             std::span<const std::uint32_t> train,
                                             const Context& context) const {
  if (whole) {
    return std::make_unique<SimilarityBlock>(
        *whole, std::vector<std::uint32_t>(test.begin(), test.end()),
        std::vector<std::uint32_t>(train.begin(), train.end()), false);
  }
  const Items rows = select_items(items, test);
  const Items cols = select_items(items, train);
  return kind->make(rows, &cols, options, context);
}

std::unique_ptr<Similarity> ItemSet::among(const Context& context) const {
  return kind->make(items, nullptr, options, context);
}

double ItemSet::set_jaccard(std::span<const std::uint32_t> test,
                            std::span<const std::uint32_t> train) const {
  if (counts.n_columns == 0) return OverlapProfile::kNone;
  std::vector<std::uint8_t> seen(features.n_columns, 0);
  const auto mark = [&](std::span<const std::uint32_t> rows, std::uint8_t bit) {
    for (const std::uint32_t row : rows) {
      for (std::uint64_t k = features.begin[row]; k < features.begin[row + 1]; ++k) {
        seen[features.column[k]] |= bit;
      }
    }
  };
  mark(test, 1);
  mark(train, 2);
  const auto n_both = static_cast<double>(std::ranges::count(seen, 3));
  const auto n_none = static_cast<double>(std::ranges::count(seen, 0));
  return n_both / (static_cast<double>(seen.size()) - n_none);
}

ItemSet make_item_set(Items items, const SimilarityKind& kind, const KindOptions& options,
                      double threshold, const Context& context) {
  if (items.targets.empty()) {
    fail_input("no column with the target was found", {.file = items.source},
               "name it: `target:` in a study file, --target-column on the command line");
  }
  if (!items.target_levels.empty() && items.target_levels.size() != 2) {
    fail_input("the target is a class label with " + std::to_string(items.target_levels.size()) +
                   " classes; a spectrum needs numbers, or two classes",
               {.file = items.source, .column_name = items.target_name},
               "code the classes as numbers, or name another column");
  }
  ItemSet set{.kind = &kind, .options = options};
  const std::vector<std::uint32_t> known = rows_with_target(items);
  if (known.size() < items.size() && kind.form == ItemForm::matrix) {
    fail_input("items of a matrix without a target cannot be left out", {.file = items.source},
               "give a target for every item of the matrix");
  }
  if (known.size() < items.size()) {
    std::vector<std::uint64_t> missing;
    for (std::uint32_t i = 0; i < items.size(); ++i) {
      if (!std::isfinite(items.targets[i])) missing.push_back(items.row_of(i));
    }
    Items kept = select_items(items, known);
    kept.n_source_rows = items.n_source_rows == 0 ? items.size() : items.n_source_rows;
    kept.left_out = items.left_out;
    kept.left_out.push_back({.reason = "target_missing", .source_rows = std::move(missing)});
    kept.inputs = items.inputs;
    kept.diagnostics = items.diagnostics;
    items = std::move(kept);
  }
  set.items = std::move(items);
  set.targets = set.items.targets;
  if (set.targets.empty()) fail_input("no item has a target", {.file = set.items.source});
  set.has_labels = std::ranges::all_of(set.targets, [](double y) { return y == 0.0 || y == 1.0; });
  set.threshold = std::isnan(threshold) ? kind.default_threshold : threshold;
  if (kind.form == ItemForm::matrix) set.whole = set.among(context);
  add_features(set, context);
  add_units(set);
  const std::vector<std::uint32_t> first{0};
  set.parameters = set.between(first, first, context)->parameters();
  return set;
}

Dataset as_dataset(const ItemSet& set, const std::string& name) {
  Dataset data{.area = "items", .name = name};
  const std::size_t n = set.size();
  data.targets = Matrix<double>(n, 1);
  data.targets.values = set.targets;
  data.target_name = set.items.target_name;
  Entity entity{.name = "item", .ids = set.items.ids};
  std::ranges::sort(entity.ids);
  entity.ids.erase(std::ranges::unique(entity.ids).begin(), entity.ids.end());
  if (entity.ids.size() != n) {
    fail_input("ids are not unique: " + std::to_string(n) + " items have " +
                   std::to_string(entity.ids.size()) + " ids",
               {.file = set.items.source}, "name the column of unique ids with `id:`");
  }
  LabelBlock texts{.name = "text", .code = std::vector<std::uint32_t>(n, LabelBlock::kUnknown)};
  if (!set.items.texts.empty()) {
    texts.levels = set.items.texts;
    std::ranges::sort(texts.levels);
    texts.levels.erase(std::ranges::unique(texts.levels).begin(), texts.levels.end());
  }
  for (std::size_t i = 0; i < n; ++i) {
    const auto code = static_cast<std::uint32_t>(
        std::ranges::lower_bound(entity.ids, set.items.ids[i]) - entity.ids.begin());
    entity.code_of_sample.push_back(code);
    if (!set.items.texts.empty()) {
      texts.code[code] = static_cast<std::uint32_t>(
          std::ranges::lower_bound(texts.levels, set.items.texts[i]) - texts.levels.begin());
    }
    data.source_row.push_back(set.items.row_of(i));
  }
  entity.labels.push_back(std::move(texts));
  data.entities.push_back(std::move(entity));
  data.n_source_rows = set.items.n_source_rows == 0 ? n : set.items.n_source_rows;
  data.left_out = set.items.left_out;
  // Trials are named by ids, targets, texts and this: vectors and bits are known by their file.
  Sha256 hash;
  for (const auto& input : set.items.inputs) hash.field(input.sha256);
  data.sha256 = hash.hex();
  data.area += "-" + data.sha256;
  data.diagnostics = set.items.diagnostics;
  return data;
}

}  // namespace cupel
